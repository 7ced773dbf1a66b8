import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, TEST_SECRET, type TestServer } from '../../test/support/chat-server.ts';
import { createChatServer } from './createChatServer.ts';
import type { ChatServerOptions } from './types.ts';

const servers: TestServer[] = [];
async function start(options: Partial<ChatServerOptions> = {}) {
  const server = await startTestServer(options);
  servers.push(server);
  return server;
}
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

describe('options', () => {
  const good = { secret: TEST_SECRET, authenticate: () => null, database: ':memory:' };

  it.each([
    ['basePath', { basePath: 'chat' }],
    ['basePath', { basePath: '/chat/' }],
    ['basePath', { basePath: '/' }],
    ['database', { database: '' }],
    ['authenticate', { authenticate: undefined }],
    ['authorize', { authorize: true }],
    ['logger', { logger: { error: () => {} } }],
    ['presence', { presence: 'no' }],
    ['ttl', { ttl: 5 }],
    ['allowedOrigins', { allowedOrigins: 'https://a.example' }],
  ])('a wrong %s is refused by name: %j', (name, wrong) => {
    expect(() => createChatServer({ ...good, ...wrong } as unknown as ChatServerOptions)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining(name) as string }),
    );
  });

  it.each([
    [undefined, 'secret_missing'],
    ['short', 'secret_too_short'],
  ])('the secret %j is refused at once', (secret, code) => {
    expect(() => createChatServer({ ...good, secret })).toThrow(expect.objectContaining({ code }));
  });
});

describe('presence', () => {
  const subscribe = async (server: TestServer) => {
    const members = ['ada', 'bob'];
    await server.chat.threads.upsert({ id: 'pair', title: '', members });
    const [ada] = [await server.connect('ada'), await server.connect('bob')];
    return (await ada.request({ type: 'presence.subscribe', userIds: ['bob'] }, 'presence.listed')).presences;
  };

  it('is told, unless it is switched off', async () => {
    expect(await subscribe(await start())).toEqual([{ userId: 'bob', online: true, lastSeenAt: null }]);
    expect(await subscribe(await start({ presence: false }))).toEqual([]);
  });
});

describe('routes', () => {
  it('answers its own and leaves the app’s to the app', async () => {
    const { url } = await start();
    expect((await fetch(`${url}/chat/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/chat/healthz`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/chat/token`)).status).toBe(405);
    const unknown = await fetch(`${url}/chat/nothing`);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ code: 'not_found', status: 404 });
    expect(await (await fetch(`${url}/chatter`)).text()).toBe('the app');
    expect(await (await fetch(`${url}/`)).text()).toBe('the app');
  });

  it('can be mounted elsewhere', async () => {
    const { url } = await start({ basePath: '/api/talk' });
    expect((await fetch(`${url}/api/talk/healthz`)).status).toBe(200);
    expect(await (await fetch(`${url}/chat/healthz`)).text()).toBe('the app');
  });

  it('answers by web standards alone', async () => {
    const { chat } = await start();
    expect((await chat.fetch(new Request('http://x/chat/healthz'))).status).toBe(200);
    expect((await chat.fetch(new Request('http://x/elsewhere'))).status).toBe(404);
  });

  it('answers 404 where the app has no listener of its own', async () => {
    const chat = createChatServer({ secret: TEST_SECRET, authenticate: () => null, database: ':memory:' });
    const http = createServer();
    chat.attach(http);
    http.listen(0);
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    expect((await fetch(`http://localhost:${port}/anything`)).status).toBe(404);
    await chat.close();
    http.close();
  });

  it('T64 does not believe x-forwarded-host', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/chat/token`, {
      method: 'POST',
      headers: {
        'x-latchkit': '1',
        'x-user': 'ada',
        origin: 'https://evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
      },
    });
    expect(response.status).toBe(403);
  });

  it('a body over 64 KB is refused', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/chat/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-user': 'ada' },
      body: 'x'.repeat(100_000),
    });
    expect(response.status).toBe(413);
  });
});

describe('the whole', () => {
  it('others see the name that authenticate gave, and only a picture that is https', async () => {
    const names = ['Ada\nLovelace', 'x'.repeat(500)];
    const { mint, chat, connect } = await start({
      authenticate: () => ({ id: 'ada', name: names.shift(), avatarUrl: 'javascript:alert(1)', sessionId: 's' }),
    });
    await chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
    const ada = await connect('ada');
    const { author } = (await ada.sendText('open', 'hello')).message;
    expect(author).toEqual({ id: 'ada', name: 'Ada Lovelace', avatarUrl: null });
    await mint('ada');
    expect((await ada.sendText('open', 'again')).message.author.name).toHaveLength(200);
  });

  it.each([
    ['id', { id: 'has space', title: 'T' }],
    ['title', { id: 't', title: 'x'.repeat(201) }],
    ['access', { id: 't', title: 'T', access: 'everybody' }],
    ['members', { id: 't', title: 'T', members: ['has space'] }],
  ])('threads.upsert refuses a wrong %s by name', async (field, thread) => {
    const { chat } = await start();
    await expect(chat.threads.upsert(thread as never)).rejects.toEqual(
      expect.objectContaining({ code: 'bad_request', message: expect.stringContaining(field) as string }),
    );
  });

  it('threads.page reads what a person sees on opening it, and nothing that they may not', async () => {
    const { chat, connect } = await start();
    await chat.threads.upsert({ id: 'team', title: 'Team', members: [{ id: 'ada', role: 'owner' }, 'ben'] });
    const ben = await connect('ben');
    ben.send({
      type: 'message.send',
      requestId: 1,
      threadId: 'team',
      messageId: 'm1',
      parts: [{ type: 'text', text: 'Hi' }],
    });
    await ben.take('message.accepted');
    const page = await chat.threads.page('team', 'ada');
    expect(page).toMatchObject({ hasOlder: false, gap: false, lastSeq: 1, thread: { title: 'Team', role: 'owner' } });
    expect(page?.messages).toEqual([
      expect.objectContaining({ id: 'm1', author: expect.objectContaining({ id: 'ben' }) as object }),
    ]);
    expect(await chat.threads.page('team', 'eve')).toBeNull();
    expect(await chat.threads.page('nothing', 'ada')).toBeNull();
    await expect(chat.threads.page('team', 'a b')).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('threads.page asks the app’s own rule', async () => {
    const { chat } = await start({
      authorize: ({ user, action }) => (user.id === 'ada' && action === 'thread.read' ? false : undefined),
    });
    await chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
    expect(await chat.threads.page('open', 'ada')).toBeNull();
    expect(await chat.threads.page('open', 'ben')).toMatchObject({ thread: { id: 'open', role: null } });
  });

  it('close sends everybody away with 1012, gives the server back, and may be called twice', async () => {
    const { chat, connect, url } = await start();
    const ada = await connect('ada');
    await Promise.all([chat.close(), chat.close()]);
    expect(await ada.closed).toBe(1012);
    expect(await (await fetch(`${url}/chat/healthz`)).text()).toBe('the app');
    await expect(chat.ready()).rejects.toEqual(expect.objectContaining({ code: 'disposed' }));
  });

  it('a database that cannot be reached fails ready(), health and tokens, and is tried again', async () => {
    const error = vi.fn();
    const { chat, url } = await start({
      database: 'postgres://app:hunter2@127.0.0.1:1/chat',
      logger: { error, warn: () => {}, info: () => {} },
    });
    await expect(chat.ready()).rejects.toEqual(expect.objectContaining({ code: 'database_unavailable' }));
    // The process lives all the same, and is not to be restarted for it.
    expect((await fetch(`${url}/chat/healthz`)).status).toBe(200);
    const health = await fetch(`${url}/chat/readyz`);
    expect(health.status).toBe(503);
    expect(await health.text()).not.toContain('127.0.0.1');
    const headers = { 'x-latchkit': '1', 'x-user': 'ada' };
    const token = await fetch(`${url}/chat/token`, { method: 'POST', headers });
    expect(token.status).toBe(503);
    expect(token.headers.get('retry-after')).not.toBeNull();
    expect(JSON.stringify(error.mock.calls)).toContain('127.0.0.1:1');
    expect(JSON.stringify(error.mock.calls)).not.toContain('hunter2');
  });
});
