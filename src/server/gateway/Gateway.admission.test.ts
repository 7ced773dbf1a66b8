import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, TEST_SECRET, type TestServer } from '../../../test/support/chat-server.ts';
import { TestSocket } from '../../../test/support/socket.ts';
import { WIRES } from '../../../test/support/wires.ts';
import { CLOSE_CODES, PROTOCOL_VERSION } from '../../protocol/index.ts';
import { createTokenEndpoint } from '../token/index.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ allowedOrigins: ['https://web.example'] });
  await server.chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
});
afterEach(() => server.stop());

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
    const socket = connectTcp(Number(port), '127.0.0.1');
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
});

describe.each(WIRES)('renewing in band ($name)', (wire) => {
  const connect = async (userId: string) => wire.open(`${server.url}/chat`, await server.mint(userId));

  it('a newer token of the same person and session keeps the connection', async () => {
    const ada = await connect('ada');
    await ada.request({ type: 'thread.subscribe', threadId: 'open' }, 'thread.subscribed');
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
    const ada = await connect('ada');
    ada.send({ type: 'auth.renew', requestId: 1, token: await mint() });
    expect(await ada.closed).toBe(CLOSE_CODES[name].code);
  });

  it('a token signed by the endpoint alone, of an app that names no session, is renewed too', async () => {
    const endpoint = createTokenEndpoint({ secret: TEST_SECRET, authenticate: () => ({ id: 'cy' }) });
    const mint = async () => {
      const request = new Request('http://x/chat/token', { method: 'POST', headers: { 'x-latchkit': '1' } });
      return ((await (await endpoint(request)).json()) as { token: string }).token;
    };
    const cy = await wire.open(`${server.url}/chat`, await mint());
    await cy.request({ type: 'auth.renew', token: await mint() }, 'auth.renewed');
  });
});
