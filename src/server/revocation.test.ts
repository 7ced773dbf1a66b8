import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../test/support/chat-server.ts';
import { TestSocket } from '../../test/support/socket.ts';
import { CLOSE_CODES, PROTOCOL_VERSION } from '../protocol/index.ts';
import { LocalFanout } from './fanout/LocalFanout.ts';
import type { ChatServerOptions } from './types.ts';

const servers: TestServer[] = [];
async function start(options: Partial<ChatServerOptions> = {}) {
  const server = await startTestServer(options);
  servers.push(server);
  return server;
}
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

async function closeCodeOfOpening(server: TestServer, token: string): Promise<number> {
  const socket = await TestSocket.connect(server.socketUrl);
  socket.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token });
  return socket.closed;
}

async function connectAs(server: TestServer, userId: string, sessionId: string) {
  const token = await server.mint(userId, { 'x-session': sessionId });
  return { token, socket: await TestSocket.open(server.socketUrl, token) };
}

describe('T70 revoking', () => {
  it('a session: its sockets close within a second, its tokens open nothing, it gets no new one; others go on', async () => {
    const server = await start();
    const [one, again, other, bob] = await Promise.all([
      connectAs(server, 'ada', 's1'),
      connectAs(server, 'ada', 's1'),
      connectAs(server, 'ada', 's2'),
      connectAs(server, 'bob', 's3'),
    ]);
    const since = performance.now();
    await server.chat.revoke({ sessionId: 's1' });
    expect(await one.socket.closed).toBe(CLOSE_CODES.token_refused.code);
    expect(await again.socket.closed).toBe(CLOSE_CODES.token_refused.code);
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(await closeCodeOfOpening(server, one.token)).toBe(CLOSE_CODES.token_refused.code);
    await expect(server.mint('ada', { 'x-session': 's1' })).rejects.toThrow('401');
    for (const { socket } of [other, bob]) {
      socket.send({ type: 'ping' });
      await socket.take('pong');
    }
  });

  it('a person: every session’s sockets close, and signing in again in the same second works', async () => {
    const server = await start();
    const [one, two, bob] = await Promise.all([
      connectAs(server, 'ada', 's1'),
      connectAs(server, 'ada', 's2'),
      connectAs(server, 'bob', 's3'),
    ]);
    await server.chat.revoke({ userId: 'ada' });
    expect(await one.socket.closed).toBe(CLOSE_CODES.token_refused.code);
    expect(await two.socket.closed).toBe(CLOSE_CODES.token_refused.code);
    expect(await closeCodeOfOpening(server, two.token)).toBe(CLOSE_CODES.token_refused.code);
    await connectAs(server, 'ada', 's4');
    bob.socket.send({ type: 'ping' });
    await bob.socket.take('pong');
  });

  it('a person’s tokens from before a moment: a connection whose token is newer stays', async () => {
    const server = await start();
    const { socket } = await connectAs(server, 'ada', 's1');
    await server.chat.revoke({ userId: 'ada', before: Date.now() - 60_000 });
    socket.send({ type: 'ping' });
    await socket.take('pong');
  });

  it('a renewal by a revoked token closes', async () => {
    const server = await start();
    const { socket } = await connectAs(server, 'ada', 's1');
    const newer = await server.mint('ada', { 'x-session': 's1' });
    // As if another node had revoked it, and its announcement were lost on the way: fan-out promises no more.
    const publish = vi.spyOn(LocalFanout.prototype, 'publish').mockResolvedValue();
    await server.chat.revoke({ sessionId: 's1' });
    publish.mockRestore();
    socket.send({ type: 'auth.renew', requestId: 1, token: newer });
    expect(await socket.closed).toBe(CLOSE_CODES.token_refused.code);
  });

  it.each(Array.from({ length: 8 }, (_, n) => n))(
    'a revocation in the middle of an opening finds the connection, whoever is first (%i)',
    async (delay) => {
      const server = await start();
      const token = await server.mint('ada', { 'x-session': 's1' });
      const socket = await TestSocket.connect(server.socketUrl);
      socket.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token });
      for (let turn = 0; turn < delay * 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      await server.chat.revoke({ sessionId: 's1' });
      expect(await socket.closed).toBe(CLOSE_CODES.token_refused.code);
    },
  );

  it('outlives a restart of the server', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkit-'));
    const database = join(folder, 'chat.db');
    const first = await start({ database });
    const token = await first.mint('ada', { 'x-session': 's1' });
    await first.chat.revoke({ sessionId: 's1' });
    await first.stop();
    const second = await start({ database });
    expect(await closeCodeOfOpening(second, token)).toBe(CLOSE_CODES.token_refused.code);
    await second.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('what names neither or both is refused', async () => {
    const { chat } = await start();
    for (const wrong of [{}, { sessionId: 's', userId: 'u' }, { userId: 'has space' }]) {
      await expect(chat.revoke(wrong as never)).rejects.toEqual(expect.objectContaining({ code: 'bad_request' }));
    }
  });
});

describe('a server with a key pair', () => {
  it('publishes its public key, and lets in who has a token signed by the private one', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    const jwk = await exportJWK(privateKey);
    const server = await start({ keys: { signing: { kid: 'k1', alg: 'EdDSA', privateKey: jwk } }, secret: undefined });
    await server.connect('ada');
    const response = await fetch(`${server.url}/chat/jwks.json`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({
      keys: [{ kty: 'OKP', crv: 'Ed25519', x: jwk.x, kid: 'k1', alg: 'EdDSA', use: 'sig' }],
    });
    expect(text).not.toContain(jwk.d);
  });

  it('one with a secret publishes none', async () => {
    const { url } = await start();
    expect((await fetch(`${url}/chat/jwks.json`)).status).toBe(404);
  });

  it('secret and keys together are refused at start-up', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    const keys = { signing: { kid: 'k1', alg: 'EdDSA', privateKey } };
    const both = { keys, secret: 'x'.repeat(32) } as unknown as Partial<ChatServerOptions>;
    await expect(start(both)).rejects.toEqual(expect.objectContaining({ code: 'invalid_options' }));
  });
});
