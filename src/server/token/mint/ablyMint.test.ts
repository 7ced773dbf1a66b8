import Ably from 'ably';
import fc from 'fast-check';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ablyMint, type AblyCapability, type AblyMintOptions, type AblyTokenRequest } from './ablyMint.ts';
import type { MintContext } from './types.ts';

const KEY_NAME = 'I2E_JQ.OqUdfg';
const KEY_SECRET = 'EVKVTCBlzLBPYJiCZTsIW_pqylJ9WVRB5K9P19Ap1y0';
const API_KEY = `${KEY_NAME}:${KEY_SECRET}`;
const CAPABILITY: AblyCapability = { 'chat:general': ['subscribe', 'publish'], 'a:*': ['presence', 'history'] };
const CANONICAL = '{"a:*":["history","presence"],"chat:general":["publish","subscribe"]}';

const context = (over: Partial<MintContext> = {}): MintContext => ({
  user: { id: 'ada' },
  ttlSeconds: 300,
  now: Date.now(),
  body: {},
  signal: new AbortController().signal,
  ...over,
});

async function requestOf(options: Partial<AblyMintOptions> = {}, over: Partial<MintContext> = {}) {
  const { fields, token } = await ablyMint({ apiKey: API_KEY, kind: 'tokenRequest', ...options })(context(over));
  const request = fields?.tokenRequest as AblyTokenRequest;
  expect(JSON.parse(token)).toEqual(request);
  return request;
}

describe('token requests against ably', () => {
  const vendor = new Ably.Rest({ key: API_KEY });

  test('the same mac and the same object as Auth.createTokenRequest, whatever person and capability', async () => {
    const id = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 64 })
      .filter((text) => /^[^\s*\p{Cc}]+$/u.test(text));
    const operations = fc.uniqueArray(
      fc.constantFrom<Ably.capabilityOp[]>('publish', 'subscribe', 'presence', 'history'),
      { minLength: 1 },
    );
    const capability = fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), operations, { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(id, capability, fc.integer({ min: 15, max: 900 }), async (clientId, allowed, ttlSeconds) => {
        const ours = await requestOf({ capability: allowed }, { user: { id: clientId }, ttlSeconds });
        const { timestamp, nonce } = ours;
        const theirs = await vendor.auth.createTokenRequest({
          clientId,
          ttl: ttlSeconds * 1000,
          capability: allowed,
          timestamp,
          nonce,
        });
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 50 },
    );
  });

  test('without a capability it is left out, and its line is signed empty', async () => {
    const ours = await requestOf();
    const { clientId, ttl, timestamp, nonce } = ours;
    expect(ours).toEqual(await vendor.auth.createTokenRequest({ clientId, ttl, timestamp, nonce }));
    expect(ours).not.toHaveProperty('capability');
  });

  test('a capability is put in order without touching the app’s own object', async () => {
    const own = structuredClone(CAPABILITY);
    expect((await requestOf({ capability: own })).capability).toBe(CANONICAL);
    expect(own).toEqual(CAPABILITY);
  });

  test('no two have the same nonce, which Ably takes only once', async () => {
    const nonces = await Promise.all(Array.from({ length: 50 }, async () => (await requestOf()).nonce));
    expect(new Set(nonces).size).toBe(50);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('ably’s client on the loopback', () => {
  let server: Server;
  let received: { request: IncomingMessage; body: string }[];

  beforeEach(async () => {
    received = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        received.push({ request, body });
        const isToken = request.url?.includes('/requestToken');
        const answer = isToken
          ? { token: 'issued', issued: Date.now(), expires: Date.now() + 60_000, capability: '{}', clientId: 'ada' }
          : [];
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const local = () => ({
    endpoint: '127.0.0.1',
    tls: false,
    port: (server.address() as AddressInfo).port,
    useBinaryProtocol: false,
    fallbackHosts: [],
  });

  test('takes a token request from authCallback and posts it to the key’s address', async () => {
    const mint = ablyMint({ apiKey: API_KEY, kind: 'tokenRequest', capability: CAPABILITY });
    let given: unknown;
    const client = new Ably.Rest({
      ...local(),
      authCallback: (_, done) => {
        void mint(context()).then(({ fields }) => {
          given = fields?.tokenRequest;
          done(null, given as AblyTokenRequest & { capability: string });
        });
      },
    });
    expect(await client.auth.requestToken()).toMatchObject({ token: 'issued' });
    expect(received[0]?.request.url).toBe(`/keys/${KEY_NAME}/requestToken`);
    expect(JSON.parse(received[0]?.body ?? '')).toEqual(given);
  });

  test('sends the JWT from authCallback; checked by Ably’s published rules, not by Ably', async () => {
    const mint = ablyMint({
      apiKey: API_KEY,
      kind: 'jwt',
      capability: ({ id }) => ({ [`chat:${id}`]: ['subscribe', 'publish'] }),
    });
    const client = new Ably.Rest({
      ...local(),
      authCallback: (_, done) => void mint(context()).then(({ token }) => done(null, token)),
    });
    await client.channels.get('chat:ada').history();

    const [scheme, credentials = ''] = received[0]?.request.headers.authorization?.split(' ') ?? [];
    expect(scheme).toBe('Bearer');
    const jwt = atob(credentials);
    expect(decodeProtectedHeader(jwt)).toEqual({ typ: 'JWT', alg: 'HS256', kid: KEY_NAME });
    const { payload } = await jwtVerify(jwt, new TextEncoder().encode(KEY_SECRET), { algorithms: ['HS256'] });
    expect(payload).toMatchObject({
      'x-ably-clientId': 'ada',
      'x-ably-capability': '{"chat:ada":["publish","subscribe"]}',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });
});

describe('JWTs', () => {
  test('T61 two within one second differ', async () => {
    const mint = ablyMint({ apiKey: API_KEY, kind: 'jwt' });
    const now = Date.now();
    expect((await mint(context({ now }))).token).not.toBe((await mint(context({ now }))).token);
  });

  test('without a capability it says what the SDK’s default says: all that the key may', async () => {
    const { token } = await ablyMint({ apiKey: API_KEY, kind: 'jwt' })(context());
    const { payload } = await jwtVerify(token, new TextEncoder().encode(KEY_SECRET));
    expect(payload['x-ably-capability']).toBe('{"*":["*"]}');
  });
});

describe('what is refused', () => {
  test.each([
    ['apiKey', { apiKey: undefined }],
    ['apiKey', { apiKey: '' }],
    ['apiKey', { apiKey: KEY_NAME }],
    ['apiKey', { apiKey: `${KEY_NAME}:` }],
    ['apiKey', { apiKey: `nodot:${KEY_SECRET}` }],
    ['kind', { kind: 'JWT' }],
    ['capability', { capability: {} }],
    ['capability', { capability: '{"*":["*"]}' }],
    ['capability', { capability: { general: 'publish' } }],
    ['capability', { capability: { general: [] } }],
  ])('at creation: a wrong %s, named, the secret not quoted', (option, over) => {
    const make = () => ablyMint({ apiKey: API_KEY, kind: 'jwt', ...over } as AblyMintOptions);
    expect(make).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        message: expect.stringContaining(`ablyMint: ${option} `) as string,
      }),
    );
    expect(make).not.toThrow(KEY_SECRET);
  });

  test('an id with Ably’s wildcard: the browser could be anyone', async () => {
    const mint = ablyMint({ apiKey: API_KEY, kind: 'jwt' });
    await expect(mint(context({ user: { id: '*' } }))).rejects.toMatchObject({ code: 'invalid_options' });
  });

  test('a capability function that throws is 503; one that returns none is not taken for everything', async () => {
    const throwing = ablyMint({ apiKey: API_KEY, kind: 'jwt', capability: () => Promise.reject(new Error('down')) });
    await expect(throwing(context())).rejects.toMatchObject({ code: 'auth_unavailable' });
    const none = ablyMint({ apiKey: API_KEY, kind: 'jwt', capability: () => undefined as unknown as AblyCapability });
    await expect(none(context())).rejects.toMatchObject({ code: 'invalid_options' });
  });
});
