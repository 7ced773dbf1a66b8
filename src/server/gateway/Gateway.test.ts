import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, TEST_SECRET, type TestServer } from '../../../test/support/chat-server.ts';
import { TestSocket } from '../../../test/support/socket.ts';
import {
  CLOSE_CODES,
  MAX_FRAME_BYTES,
  MAX_TEXT_LENGTH,
  PROTOCOL_VERSION,
  type ServerFrameOf,
} from '../../protocol/index.ts';
import { createTokenEndpoint } from '../token/index.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ allowedOrigins: ['https://web.example'] });
  await server.chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
  await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada', 'bob'] });
});
afterEach(() => server.stop());

const subscribe = (socket: TestSocket, threadId: string, afterSeq?: number) =>
  socket.request({ type: 'thread.subscribe', threadId, afterSeq }, 'thread.subscribed');
const refused = (socket: TestSocket, frame: { type: string; [field: string]: unknown }) =>
  socket.request(frame, 'request.refused').then((answer) => answer.error);
const text = (value: string) => [{ type: 'text', text: value }];
const bodies = (frame: ServerFrameOf<'thread.subscribed'> | ServerFrameOf<'history.page'>) =>
  frame.messages.map((message) => message.parts[0]?.text);

async function upgradeStatus(headers: Record<string, string>): Promise<number> {
  const raw = new WebSocket(server.socketUrl, { headers });
  const status = await new Promise<number>((resolve) => {
    raw.on('open', () => resolve(101));
    raw.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
  });
  raw.on('error', () => {});
  raw.terminate();
  return status;
}

describe('a conversation', () => {
  it('two people talk: accepted to the sender, created to both, updated in both lists', async () => {
    const ada = await server.connect('ada');
    const bob = await server.connect('bob');
    await subscribe(ada, 'pair');
    const opened = await subscribe(bob, 'pair');
    expect(opened).toMatchObject({ messages: [], hasOlder: false, gap: false, lastSeq: 0 });
    const list = await bob.request({ type: 'thread.list' }, 'thread.listed');
    expect(list.threads.map((thread) => thread.id).sort()).toEqual(['open', 'pair']);

    const accepted = await ada.sendText('pair', 'hello', 'm1');
    expect(accepted.message).toMatchObject({
      id: 'm1',
      seq: 1,
      threadId: 'pair',
      author: { id: 'ada', name: 'Name of ada', avatarUrl: null },
      parts: text('hello'),
    });
    expect((await ada.take('message.created')).message).toEqual(accepted.message);
    expect((await bob.take('message.created')).message).toEqual(accepted.message);
    expect((await bob.take('thread.updated')).thread).toMatchObject({
      id: 'pair',
      lastMessage: { id: 'm1' },
      updatedAt: accepted.message.createdAt,
    });
    await bob.sendText('pair', 'hi');
    expect((await ada.take('message.created')).message).toMatchObject({ seq: 2, author: { id: 'bob' } });
  });

  it('messages sent in a row keep their order', async () => {
    const ada = await server.connect('ada');
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => ada.sendText('open', `${n}`)));
    expect(answers.map((answer) => answer.message.seq)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });

  it('S2 the same message sent again is accepted again and heard once', async () => {
    const ada = await server.connect('ada');
    await subscribe(ada, 'open');
    const first = await ada.sendText('open', 'hello', 'm1');
    expect((await ada.sendText('open', 'hello', 'm1')).message).toEqual(first.message);
    await ada.sendText('open', 'next', 'm2');
    expect((await ada.take('message.created')).message.id).toBe('m1');
    expect((await ada.take('message.created')).message.id).toBe('m2');
    const conflict = { type: 'message.send', threadId: 'open', messageId: 'm1', parts: text('other') };
    expect((await refused(ada, conflict)).code).toBe('message_conflict');
  });

  it('resumes after a seq, pages back, and tells a gap', async () => {
    const ada = await server.connect('ada');
    for (let n = 1; n <= 40; n++) await ada.sendText('open', `${n}`);
    const bob = await server.connect('bob');
    for (let n = 41; n <= 60; n++) await bob.sendText('open', `${n}`);
    const resumed = await subscribe(bob, 'open', 58);
    expect(resumed).toMatchObject({ gap: false, hasOlder: true, lastSeq: 60 });
    expect(bodies(resumed)).toEqual(['59', '60']);
    expect(await subscribe(bob, 'open', 60)).toMatchObject({ gap: false, messages: [], lastSeq: 60 });
    const far = await subscribe(bob, 'open', 3);
    expect(far).toMatchObject({ gap: true, hasOlder: true, lastSeq: 60 });
    expect(bodies(far)).toHaveLength(50);
    // A client that knows more than the server has come back to another database.
    expect(await subscribe(bob, 'open', 999)).toMatchObject({ gap: true, lastSeq: 60 });
    const older = await bob.request(
      { type: 'history.fetch', threadId: 'open', beforeSeq: 11, limit: 5 },
      'history.page',
    );
    expect(bodies(older)).toEqual(['6', '7', '8', '9', '10']);
    expect(older.hasOlder).toBe(true);
    const first = await bob.request(
      { type: 'history.fetch', threadId: 'open', beforeSeq: 6, limit: 9 },
      'history.page',
    );
    expect(first.hasOlder).toBe(false);
  });

  it('pages of long messages stay within one frame, and nothing is lost between them', async () => {
    const ada = await server.connect('ada');
    const long = '\u0001'.repeat(MAX_TEXT_LENGTH);
    for (let n = 0; n < 4; n++) await ada.sendText('open', long);
    const sizes: number[] = [];
    ada.raw.on('message', (data: Buffer) => sizes.push(data.byteLength));
    const seen = (await subscribe(ada, 'open')).messages;
    expect(seen.map((message) => message.seq)).toEqual([4]);
    await ada.request({ type: 'thread.list' }, 'thread.listed');
    while (seen[0]!.seq > 1) {
      const beforeSeq = seen[0]!.seq;
      const page = await ada.request({ type: 'history.fetch', threadId: 'open', beforeSeq, limit: 50 }, 'history.page');
      expect(page.hasOlder).toBe(page.messages[0]!.seq > 1);
      seen.unshift(...page.messages);
    }
    expect(seen.map((message) => message.seq)).toEqual([1, 2, 3, 4]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  });

  it('no message falls between the page and the live events, however they interleave', async () => {
    const ada = await server.connect('ada');
    for (let round = 0; round < 10; round++) {
      const bob = await server.connect(`reader-${round}`);
      const sends = Array.from({ length: 4 }, (_, n) => ada.sendText('open', `${round}.${n}`));
      const page = await subscribe(bob, 'open');
      await Promise.all(sends);
      const seqs = page.messages.map((message) => message.seq);
      while ((seqs.at(-1) ?? 0) < (round + 1) * 4) seqs.push((await bob.take('message.created')).message.seq);
      expect(seqs).toEqual(Array.from({ length: (round + 1) * 4 }, (_, n) => n + 1));
      bob.close();
    }
  });

  it('C17 subscribing twice delivers once; after unsubscribing nothing comes', async () => {
    const ada = await server.connect('ada');
    const bob = await server.connect('bob');
    await Promise.all([subscribe(bob, 'open'), subscribe(bob, 'open')]);
    await ada.sendText('open', 'one');
    await bob.take('message.created');
    bob.send({ type: 'thread.unsubscribe', threadId: 'open' });
    // Answered after the unsubscription was, because requests run in order.
    await bob.request({ type: 'thread.list' }, 'thread.listed');
    await ada.sendText('open', 'two');
    await bob.take('thread.updated');
    expect(bob.frames.filter((frame) => frame.type === 'message.created')).toEqual([]);
  });
});

describe('what one may do', () => {
  it('G9 a person who is no member may neither read nor write nor see the list entry', async () => {
    const eve = await server.connect('eve');
    const send = { type: 'message.send', threadId: 'pair', messageId: 'm1', parts: text('hi') };
    expect((await refused(eve, send)).code).toBe('thread_forbidden');
    expect((await refused(eve, { type: 'thread.subscribe', threadId: 'pair' })).code).toBe('thread_forbidden');
    const history = { type: 'history.fetch', threadId: 'pair', beforeSeq: 9, limit: 9 };
    expect((await refused(eve, history)).code).toBe('thread_forbidden');
    expect((await refused(eve, { ...send, threadId: 'nowhere' })).code).toBe('thread_not_found');
    const list = await eve.request({ type: 'thread.list' }, 'thread.listed');
    expect(list.threads.map((thread) => thread.id)).toEqual(['open']);
    await (await server.connect('ada')).sendText('pair', 'secret');
    await (await server.connect('ada')).sendText('open', 'public');
    expect((await eve.take('thread.updated')).thread.id).toBe('open');
    expect(eve.frames).toEqual([]);
  });

  it('G9 somebody taken out of a thread hears nothing more at once', async () => {
    const ada = await server.connect('ada');
    const bob = await server.connect('bob');
    await subscribe(bob, 'pair');
    await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada'] });
    await ada.sendText('pair', 'without bob');
    expect((await refused(bob, { type: 'thread.subscribe', threadId: 'pair' })).code).toBe('thread_forbidden');
    expect(bob.frames).toEqual([]);
  });

  it('somebody who stays in a changed thread goes on hearing', async () => {
    const ada = await server.connect('ada');
    const bob = await server.connect('bob');
    await subscribe(bob, 'pair');
    const upsert = server.chat.threads.upsert({ id: 'pair', title: 'Renamed', members: ['ada', 'bob', 'cy'] });
    await Promise.all([upsert, ada.sendText('pair', 'one'), ada.sendText('pair', 'two')]);
    expect((await bob.take('message.created')).message.seq).toBe(1);
    expect((await bob.take('message.created')).message.seq).toBe(2);
  });

  it('a thread that appears is told to whom it concerns', async () => {
    const ada = await server.connect('ada');
    await ada.request({ type: 'thread.list' }, 'thread.listed');
    await server.chat.threads.upsert({ id: 'new', title: 'New', members: ['ada'] });
    expect((await ada.take('thread.updated')).thread).toMatchObject({ id: 'new', title: 'New', lastMessage: null });
  });

  it('authorize decides at every action: false refuses, true allows, undefined leaves it to the thread', async () => {
    let verdict: boolean | undefined;
    const asked: string[] = [];
    const own = await startTestServer({
      authorize: ({ user, action, threadId }) => {
        asked.push(`${user.id} ${action} ${threadId}`);
        return verdict;
      },
    });
    await own.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada'] });
    const ada = await own.connect('ada');
    const eve = await own.connect('eve');
    await ada.sendText('pair', 'one');
    const send = { type: 'message.send', threadId: 'pair', messageId: 'm2', parts: text('two') };
    expect((await refused(eve, send)).code).toBe('thread_forbidden');
    verdict = true;
    await eve.sendText('pair', 'two', 'm2');
    verdict = false;
    expect((await refused(ada, { ...send, messageId: 'm3' })).code).toBe('thread_forbidden');
    expect((await ada.request({ type: 'thread.list' }, 'thread.listed')).threads).toEqual([]);
    expect(asked).toContain('eve message.send pair');
    await own.stop();
  });

  it('authorize throwing refuses, and says nothing of why', async () => {
    const own = await startTestServer({
      authorize: () => {
        throw new Error('policy.internal is down');
      },
    });
    await own.chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
    const error = await refused(await own.connect('ada'), { type: 'thread.subscribe', threadId: 'open' });
    expect(error).toMatchObject({ code: 'internal', retryable: true });
    expect(error.message).not.toContain('policy');
    await own.stop();
  });
});

describe('coming in', () => {
  it.each([
    ['a listed origin', { origin: 'https://web.example' }, 101],
    ['no origin', {}, 101],
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['a listed origin as a suffix', { origin: 'https://evil-web.example' }, 403],
  ])('G1 %s', async (_, headers, status) => {
    expect(await upgradeStatus(headers as Record<string, string>)).toBe(status);
  });

  it('G1 the server’s own page', async () => {
    expect(await upgradeStatus({ origin: server.url })).toBe(101);
  });

  it('another path’s upgrade is not taken', async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toContain('404');
  });

  it('C2 answers a good token with who one is and how long it lasts', async () => {
    const socket = await TestSocket.connect(server.socketUrl);
    socket.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token: await server.mint('ada') });
    const accepted = await socket.take('auth.accepted');
    expect(accepted).toMatchObject({ protocol: PROTOCOL_VERSION, user: { id: 'ada', name: 'Name of ada' } });
    expect(accepted.expiresInMs).toBeGreaterThan(295_000);
    expect(accepted.expiresInMs).toBeLessThanOrEqual(300_000);
    expect(Math.abs(accepted.serverTime - Date.now())).toBeLessThan(5_000);
  });

  it.each([
    ['a wrong token', { type: 'auth.open', protocol: PROTOCOL_VERSION, token: 'nonsense' }, 'token_refused'],
    ['a token over 4 KB', { type: 'auth.open', protocol: PROTOCOL_VERSION, token: 'x'.repeat(5_000) }, 'token_refused'],
    ['another protocol', { type: 'auth.open', protocol: 99, token: 'x' }, 'protocol_unsupported'],
    ['a request before the token', { type: 'thread.list', requestId: 1 }, 'frame_malformed'],
    ['an unknown frame before the token', { type: 'nonsense', requestId: 1 }, 'frame_malformed'],
    ['broken JSON', '{"type":', 'frame_malformed'],
    ['an array', '[]', 'frame_malformed'],
    ['an auth.open without a token', { type: 'auth.open', protocol: PROTOCOL_VERSION }, 'frame_malformed'],
  ] as const)('%s closes with its code', async (_, frame, name) => {
    const socket = await TestSocket.connect(server.socketUrl);
    socket.send(frame);
    expect(await socket.closed).toBe(CLOSE_CODES[name].code);
    expect(socket.frames).toEqual([]);
  });

  it('G8 a second auth.open closes, while the first is pending and after it', async () => {
    const token = await server.mint('ada');
    const opening = { type: 'auth.open', protocol: PROTOCOL_VERSION, token };
    const fast = await TestSocket.connect(server.socketUrl);
    fast.send(opening);
    fast.send(opening);
    expect(await fast.closed).toBe(CLOSE_CODES.auth_repeated.code);
    const late = await TestSocket.open(server.socketUrl, token);
    late.send(opening);
    expect(await late.closed).toBe(CLOSE_CODES.auth_repeated.code);
  });

  it('G4 a person has 20 sockets, and a place again when one closes', async () => {
    const token = await server.mint('ada');
    const sockets = await Promise.all(Array.from({ length: 20 }, () => TestSocket.open(server.socketUrl, token)));
    const extra = await TestSocket.connect(server.socketUrl);
    extra.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token });
    expect(await extra.closed).toBe(CLOSE_CODES.too_many_connections.code);
    await server.connect('bob');
    sockets[0]!.close();
    await sockets[0]!.closed;
    await expect.poll(() => TestSocket.open(server.socketUrl, token).catch(() => null)).not.toBeNull();
  });
});

describe('renewing in band', () => {
  it('a newer token of the same person and session keeps the connection', async () => {
    const ada = await server.connect('ada');
    await subscribe(ada, 'open');
    const token = await server.mint('ada');
    const renewed = await ada.request({ type: 'auth.renew', token }, 'auth.renewed');
    expect(renewed.expiresInMs).toBeGreaterThan(295_000);
    await ada.sendText('open', 'still here');
    await ada.take('message.created');
  });

  it.each([
    ['another person', () => server.mint('bob'), 'user_changed'],
    ['another session', () => server.mint('ada', { 'x-session': 's2' }), 'user_changed'],
    ['no token', () => Promise.resolve('nonsense'), 'token_refused'],
  ] as const)('%s’s token closes with its code', async (_, mint, name) => {
    const ada = await server.connect('ada');
    ada.send({ type: 'auth.renew', requestId: 1, token: await mint() });
    expect(await ada.closed).toBe(CLOSE_CODES[name].code);
  });

  it('a token signed by the endpoint alone, of an app that names no session, is renewed too', async () => {
    const endpoint = createTokenEndpoint({ secret: TEST_SECRET, authenticate: () => ({ id: 'cy' }) });
    const mint = async () => {
      const request = new Request('http://x/chat/token', { method: 'POST', headers: { 'x-latchkit': '1' } });
      return ((await (await endpoint(request)).json()) as { token: string }).token;
    };
    const cy = await TestSocket.open(server.socketUrl, await mint());
    await cy.request({ type: 'auth.renew', token: await mint() }, 'auth.renewed');
  });
});

describe('frames that are wrong', () => {
  it.each([
    ['a frame nobody knows', { type: 'thread.explode' }, 'unknown_frame'],
    ['a wrong field', { type: 'thread.subscribe', threadId: 'has space' }, 'bad_request'],
    ['a page that is too large', { type: 'history.fetch', threadId: 'open', beforeSeq: 1, limit: 101 }, 'bad_request'],
    ['no parts', { type: 'message.send', threadId: 'open', messageId: 'm', parts: [] }, 'bad_request'],
    [
      'an unknown part',
      { type: 'message.send', threadId: 'open', messageId: 'm', parts: [{ type: 'x' }] },
      'bad_request',
    ],
    ['white space', { type: 'message.send', threadId: 'open', messageId: 'm', parts: text(' \n\t') }, 'message_empty'],
    [
      'a long part',
      { type: 'message.send', threadId: 'open', messageId: 'm', parts: text('x'.repeat(MAX_TEXT_LENGTH + 1)) },
      'message_too_long',
    ],
    [
      'long parts together',
      {
        type: 'message.send',
        threadId: 'open',
        messageId: 'm',
        parts: [...text('x'.repeat(MAX_TEXT_LENGTH)), ...text('y')],
      },
      'message_too_long',
    ],
    ['a renewal without a token', { type: 'auth.renew' }, 'bad_request'],
  ])('%s is refused by its code, and the connection goes on', async (_, frame, code) => {
    const ada = await server.connect('ada');
    const error = await refused(ada, frame);
    expect(error).toMatchObject({ code, retryable: false });
    if (code === 'unknown_frame') expect(error.message).toContain('thread.explode');
    ada.send({ type: 'ping' });
    await ada.take('pong');
  });

  it('an unknown frame without an id is refused without one', async () => {
    const ada = await server.connect('ada');
    ada.send({ type: 'typing.start', threadId: 'open' });
    expect(await ada.take('request.refused')).toMatchObject({ requestId: null, error: { code: 'unknown_frame' } });
  });

  it.each([
    ['broken JSON', 'nonsense'],
    ['no object', '"text"'],
    ['no type', '{}'],
    ['a known frame that nothing would answer', '{"type":"thread.unsubscribe"}'],
    ['a request without an id', '{"type":"thread.list"}'],
  ])('%s closes as malformed', async (_, raw) => {
    const ada = await server.connect('ada');
    ada.send(raw);
    expect(await ada.closed).toBe(CLOSE_CODES.frame_malformed.code);
  });

  it('a binary frame closes as malformed', async () => {
    const ada = await server.connect('ada');
    ada.raw.send(Buffer.from('{"type":"ping"}'));
    expect(await ada.closed).toBe(CLOSE_CODES.frame_malformed.code);
  });

  it.each([MAX_FRAME_BYTES + 1, 5_000_000])('G3 a frame of %i bytes closes as too large', async (size) => {
    const ada = await server.connect('ada');
    ada.raw.on('error', () => {});
    ada.send('x'.repeat(size));
    expect(await ada.closed).toBe(CLOSE_CODES.frame_too_large.code);
  });

  it('G5 a flood is refused with the time to wait, and waiting helps', async () => {
    const ada = await server.connect('ada');
    for (let n = 0; n < 60; n++) ada.send({ type: 'thread.list', requestId: 1_000 + n });
    const refusal = await ada.take('request.refused');
    expect(refusal.error).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(refusal.requestId).toBeGreaterThanOrEqual(1_000);
    expect(refusal.error.retryAfterMs).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, (refusal.error.retryAfterMs ?? 0) + 50));
    await ada.request({ type: 'thread.list' }, 'thread.listed');
  });
});
