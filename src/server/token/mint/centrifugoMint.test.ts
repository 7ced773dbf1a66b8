import { Centrifuge } from 'centrifuge';
import {
  decodeProtectedHeader,
  errors,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  jwtVerify,
  type CryptoKey,
  type JWK,
} from 'jose';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { centrifugoMint, type CentrifugoMintOptions } from './centrifugoMint.ts';
import type { Mint, MintContext } from './types.ts';

const SECRET = 'f8c1b3a0-6d5e-4c7f-9a2b-0123456789ab';
const TOKEN_EXPIRED = 109;
const INVALID_TOKEN = 3500;

const context = (over: Partial<MintContext> = {}): MintContext => ({
  user: { id: 'ada' },
  ttlSeconds: 300,
  now: Date.now(),
  body: {},
  signal: new AbortController().signal,
  ...over,
});

interface Command {
  id: number;
  connect?: { token?: string };
}

/** Answers a connect command as Centrifugo's documentation says: 109 for an expired token, a close with 3500 for an invalid one. */
class ScriptedCentrifugo {
  readonly accepted: Record<string, unknown>[] = [];
  readonly headers: unknown[] = [];
  readonly #server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  readonly #key: Uint8Array | CryptoKey;

  constructor(key: Uint8Array | CryptoKey) {
    this.#key = key;
    this.#server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => void this.#answer(socket, data.toString()));
    });
  }

  static async start(key: Uint8Array | CryptoKey): Promise<ScriptedCentrifugo> {
    const started = new ScriptedCentrifugo(key);
    await once(started.#server, 'listening');
    return started;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/connection/websocket`;
  }

  async #answer(socket: WebSocket, data: string): Promise<void> {
    for (const line of data.split('\n').filter(Boolean)) {
      const { id, connect } = JSON.parse(line) as Command;
      if (connect === undefined) continue;
      try {
        const token = connect.token ?? '';
        const { payload } = await jwtVerify(token, this.#key, {
          algorithms: this.#key instanceof Uint8Array ? ['HS256'] : ['ES256'],
          audience: 'centrifugo',
          issuer: 'my_app',
        });
        this.accepted.push(payload);
        this.headers.push(decodeProtectedHeader(token));
        const ttl = (payload.exp ?? 0) - Math.floor(Date.now() / 1000);
        socket.send(JSON.stringify({ id, connect: { client: 'c1', version: '6', expires: true, ttl, ping: 25 } }));
      } catch (error) {
        if (error instanceof errors.JWTExpired) {
          socket.send(JSON.stringify({ id, error: { code: TOKEN_EXPIRED, message: 'token expired' } }));
        } else socket.close(INVALID_TOKEN, 'invalid token');
      }
    }
  }

  close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

const claims = { audience: 'centrifugo', issuer: 'my_app' };

describe('the centrifuge client at a scripted server that checks by the published rules (npm has no verifier of Centrifugo’s)', () => {
  let server: ScriptedCentrifugo;
  let client: Centrifuge | undefined;
  let pair: { publicKey: CryptoKey; privateKey: CryptoKey };

  beforeAll(async () => {
    pair = await generateKeyPair('ES256', { extractable: true });
  });
  beforeEach(async () => {
    server = await ScriptedCentrifugo.start(new TextEncoder().encode(SECRET));
  });
  afterEach(async () => {
    client?.disconnect();
    await server.close();
  });

  function connect(mint: Mint, nows: number[] = []): Centrifuge {
    client = new Centrifuge(server.url, {
      websocket: WebSocket,
      minReconnectDelay: 1,
      maxReconnectDelay: 5,
      getToken: async () => (await mint(context({ now: nows.shift() ?? Date.now() }))).token,
    });
    client.connect();
    return client;
  }

  test('HS256: it connects, with sub, exp, iat, jti, aud, iss, channels and info', async () => {
    const mint = centrifugoMint({
      secret: SECRET,
      ...claims,
      channels: ({ id }) => ['news', `personal:#${id}`],
      info: { name: 'Ada' },
    });
    await connect(mint).ready(5_000);
    expect(server.headers).toEqual([{ alg: 'HS256', typ: 'JWT' }]);
    const [payload] = server.accepted;
    expect(payload).toEqual({
      sub: 'ada',
      exp: (payload?.iat as number) + 300,
      iat: expect.any(Number) as number,
      jti: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      aud: 'centrifugo',
      iss: 'my_app',
      channels: ['news', 'personal:#ada'],
      info: { name: 'Ada' },
    });
  });

  test.each(['PEM', 'JWK'])('ES256 by a key as %s: it connects', async (form) => {
    await server.close();
    server = await ScriptedCentrifugo.start(pair.publicKey);
    const jwk = { ...(await exportJWK(pair.privateKey)), kid: 'key-1' };
    const privateKey = form === 'PEM' ? await exportPKCS8(pair.privateKey) : jwk;
    await connect(centrifugoMint({ privateKey, ...claims })).ready(5_000);
    expect(server.headers).toEqual([{ alg: 'ES256', typ: 'JWT', ...(form === 'JWK' && { kid: 'key-1' }) }]);
    expect(server.accepted[0]).toMatchObject({ sub: 'ada' });
  });

  test('an expired token is answered 109, the client asks again, and the next one connects', async () => {
    const mint = centrifugoMint({ secret: SECRET, ...claims });
    await connect(mint, [Date.now() - 3_600_000]).ready(5_000);
    expect(server.accepted).toHaveLength(1);
  });

  test('a token by another secret, or for another audience, is not let in', async () => {
    for (const options of [
      { secret: SECRET.toUpperCase(), ...claims },
      { secret: SECRET, ...claims, audience: 'elsewhere' },
    ]) {
      const refused = connect(centrifugoMint(options));
      const code = await new Promise((resolve) => refused.once('disconnected', (event) => resolve(event.code)));
      expect(code).toBe(INVALID_TOKEN);
    }
    expect(server.accepted).toEqual([]);
  });
});

describe('claims', () => {
  test('T61 two within one second differ', async () => {
    const mint = centrifugoMint({ secret: SECRET });
    const now = Date.now();
    expect((await mint(context({ now }))).token).not.toBe((await mint(context({ now }))).token);
  });

  test('nothing about the person beyond the id, unless the app says so', async () => {
    const user = { id: 'ada', name: 'Ada', avatarUrl: 'https://example.com/ada.png' };
    const { token } = await centrifugoMint({ secret: SECRET })(context({ user }));
    const { payload } = await jwtVerify(token, new TextEncoder().encode(SECRET));
    expect(Object.keys(payload).sort()).toEqual(['exp', 'iat', 'jti', 'sub']);
  });
});

describe('what is refused', () => {
  let p256: JWK;
  let p384Pem: string;
  beforeAll(async () => {
    p256 = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
    p384Pem = await exportPKCS8((await generateKeyPair('ES384', { extractable: true })).privateKey);
  });

  const refused = (options: object, option: string) =>
    expect(() => centrifugoMint(options as CentrifugoMintOptions)).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        message: expect.stringContaining(`centrifugoMint: ${option} `) as string,
      }),
    );

  test.each([undefined, '', '  ', 'undefined', 'short', `${SECRET}\n`])('the secret %j, at creation', (secret) => {
    refused({ secret }, 'secret');
  });

  test('keys that cannot sign ES256, at creation', () => {
    refused({ privateKey: 'no key' }, 'privateKey');
    refused({ privateKey: p384Pem }, 'privateKey');
    refused({ privateKey: '-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----' }, 'privateKey');
    refused({ privateKey: '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----' }, 'privateKey');
    refused({ privateKey: null }, 'privateKey');
    refused({ privateKey: { ...p256, d: undefined } }, 'privateKey');
    refused({ privateKey: { ...p256, crv: 'P-384' } }, 'privateKey');
    refused({ privateKey: { ...p256, x: 'AA' } }, 'privateKey');
    refused({ privateKey: p256, secret: SECRET }, 'secret');
    refused({ secret: SECRET, channels: 'news' }, 'channels');
  });

  test('a key that only looks right: at the first mint, and the error does not quote it', async () => {
    const broken = { ...p256, d: p256.d?.replace(/^..../, 'AAAA'), y: p256.x };
    const error: unknown = await centrifugoMint({ privateKey: broken })(context()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'invalid_options' });
    expect(error).not.toHaveProperty('cause');
    expect(String((error as Error).stack)).not.toContain(broken.d);
  });
});
