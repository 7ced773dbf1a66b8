import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION } from '../../../src/protocol/index.ts';
import { createTokenEndpoint, createTokenVerifier } from '../../../src/server/token/index.ts';
import { startTestServer, TEST_SECRET, type TestServer } from '../../support/chat-server.ts';
import { TestSocket } from '../../support/socket.ts';

/** Any token of ours, or of anybody's: `{"` in base64url, and enough behind it to be one. */
const CANARY = /eyJ[\w-]{10}/;

/** Everything that was logged, by an app's logger or past it. */
const logged: string[] = [];
const collect = (...args: unknown[]) => {
  // Errors show nothing of themselves as JSON; a logger of an app's prints them whole.
  const whole = (_: string, value: unknown): unknown =>
    value instanceof Error
      ? { ...value, name: value.name, message: value.message, stack: value.stack, cause: value.cause }
      : value;
  logged.push(JSON.stringify(args, whole));
};
const logger = { error: collect, warn: collect, info: collect };

let server: TestServer;
let token: string;
let failing = false;

beforeAll(async () => {
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, level).mockImplementation(collect);
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    vi.spyOn(stream, 'write').mockImplementation((...args: unknown[]) => {
      if (typeof args[0] === 'string') logged.push(args[0]);
      return write(...args);
    });
  }
  server = await startTestServer({
    logger,
    authenticate(request) {
      // An app that is careless with what it throws.
      if (failing) throw new Error(`No session for ${request.headers.get('authorization')}`, { cause: { token } });
      const id = request.headers.get('x-user');
      return id === null ? null : { id, sessionId: 's1' };
    },
    authorize({ threadId }) {
      if (threadId === 'broken') throw new Error(`The policy of ${token} cannot be read`, { cause: new Error(token) });
      return undefined;
    },
  });
  await server.chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
  await server.chat.threads.upsert({ id: 'broken', title: 'Broken', access: 'open' });
  token = await server.mint('ada');
});

afterAll(async () => {
  await server.stop();
  vi.restoreAllMocks();
});

async function say(frame: unknown, query = ''): Promise<number> {
  const socket = await TestSocket.connect(`${server.socketUrl}${query}`);
  socket.raw.on('error', () => {});
  socket.send(frame);
  return socket.closed;
}
const opening = (raw: unknown) => ({ type: 'auth.open', protocol: PROTOCOL_VERSION, token: raw });

test('the canary sings: it finds a token that is logged', () => {
  expect(token).toMatch(CANARY);
  expect(JSON.stringify({ cause: `Bearer ${token}` })).toMatch(CANARY);
});

test('T71 no token is in any log, after everything that a client can do with one', async () => {
  // Signing in, talking, renewing
  const ada = await TestSocket.open(server.socketUrl, token);
  await ada.sendText('open', `My token is ${token}`);
  await ada.request({ type: 'auth.renew', token: await server.mint('ada') }, 'auth.renewed');
  await ada.request({ type: 'thread.subscribe', threadId: 'broken' }, 'request.refused');
  await ada.request({ type: token, token }, 'request.refused');
  await ada.request({ type: 'message.send', threadId: token, messageId: token, parts: [] }, 'request.refused');
  ada.close();

  // Tokens that are refused, and frames that are none
  const [header, payload, signature] = token.split('.') as [string, string, string];
  for (const bad of [`${header}.${payload}.AAAA`, `${header}.${payload}`, `${token}x`, token.repeat(20), ` ${token}`]) {
    await say(opening(bad));
  }
  await say({ ...opening(token), protocol: token });
  await say(opening({ token }));
  await say(opening([token]));
  await say(`{"type":"auth.open","token":"${token}"`);
  await say(token);
  await say(`"${token}"`);
  await say({ type: token });
  await say({ type: 'auth.renew', requestId: 1, token });
  await say(opening(`${token}x`), `?token=${token}`);
  await say(JSON.stringify({ ...opening(token), pad: token.repeat(300) }));

  // Upgrades that are refused, with tokens wherever a client may put them
  for (const options of [
    {
      headers: {
        origin: `https://${signature
          .slice(0, 20)
          .toLowerCase()
          .replace(/[^a-z]/g, 'a')}.example/${token}`,
      },
    },
    { headers: { origin: token, authorization: `Bearer ${token}`, cookie: `token=${token}` } },
    { headers: { origin: `https://evil.example?token=${token}`, 'sec-websocket-protocol': token } },
  ]) {
    const raw = new WebSocket(`${server.socketUrl}?token=${token}`, options);
    await new Promise((resolve) => raw.on('error', resolve));
  }

  // Requests to the endpoint, good and bad
  const headers = { authorization: `Bearer ${token}`, cookie: `session=${token}`, 'x-latchkit': '1', 'x-user': 'ada' };
  const ask = (init: RequestInit, path = `/chat/token?token=${token}`) => fetch(`${server.url}${path}`, init);
  await ask({ method: 'POST', headers });
  await ask({ method: 'POST', headers, body: `{"token":"${token}"` });
  await ask({ method: 'POST', headers, body: JSON.stringify({ token: token.repeat(50) }) });
  await ask({ method: 'POST', headers: { ...headers, origin: `https://evil.example/${token}` } });
  await ask({ method: 'GET', headers }, `/chat/${token}`);
  failing = true;
  const refused = await ask({ method: 'POST', headers });
  failing = false;
  expect(refused.status).toBe(503);
  expect(await refused.text()).not.toMatch(CANARY);

  // A mint, a profile store and a list of revocations that fail with the token in hand
  const reasons = [
    new Error(`upstream said: ${token}`),
    token,
    { token },
    Object.assign(new Error('x'), { response: { token } }),
  ];
  for (const reason of reasons) {
    const fail = vi.fn<() => Promise<never>>().mockRejectedValue(reason);
    const settings = { authenticate: () => ({ id: 'ada' }), logger };
    const post = new Request('http://x/chat/token', { method: 'POST', headers: { 'x-latchkit': '1' } });
    await createTokenEndpoint({ ...settings, mint: fail })(post.clone());
    await createTokenEndpoint({ ...settings, secret: TEST_SECRET, onAuthenticated: fail })(post.clone());
    await createTokenEndpoint({ ...settings, secret: TEST_SECRET, revocations: { revokedBefore: fail } })(post.clone());
  }

  // What a verifier throws is logged by apps, too, whole.
  for (const bad of [`${header}.${payload}.AAAA`, `${header}.${payload}`, `${token}x`, token.repeat(20)]) {
    await createTokenVerifier({ secret: TEST_SECRET })
      .verify(bad)
      .catch((error: unknown) => collect(error));
  }

  await server.chat.revoke({ sessionId: 's1' });
  await say(opening(token));

  expect(logged.length).toBeGreaterThan(15);
  expect(logged.filter((line) => CANARY.test(line))).toEqual([]);
  const { jti } = decodeJwt(token);
  expect(logged.filter((line) => line.includes(signature) || line.includes(jti!))).toEqual([]);
});
