import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { createTokenEndpoint, type TokenEndpointOptions } from './createTokenEndpoint.ts';
import { createTokenVerifier } from './createTokenVerifier.ts';

const SECRET = 'a-secret-for-tests-of-at-least-32-bytes';
const NOW = Date.UTC(2030, 0, 1);
const quiet = { error: () => {}, warn: () => {}, info: () => {} };

function endpoint(options: Partial<TokenEndpointOptions> = {}) {
  return createTokenEndpoint({
    secret: SECRET,
    authenticate: () => ({ id: 'ada', sessionId: 's1' }),
    logger: quiet,
    now: () => NOW,
    ...options,
  } as TokenEndpointOptions);
}

function post(headers: Record<string, string> = {}, init: RequestInit = {}) {
  return new Request('https://app.example/chat/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...init,
  });
}

const body = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('minting', () => {
  it('T60 answers token, type, lifetime and times in seconds, and is never cached', async () => {
    const response = await endpoint()(post());
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const answer = await body(response);
    expect(answer).toEqual({
      token: expect.any(String) as string,
      token_type: 'Bearer',
      expires_in: 300,
      expires_at: NOW / 1000 + 300,
      server_time: NOW / 1000,
    });
  });

  it('T67 signs HS256 with a kid, typ chat+jwt and exactly these claims', async () => {
    const { token } = await body(await endpoint({ ttl: 60 })(post()));
    expect(decodeProtectedHeader(token as string)).toEqual({
      alg: 'HS256',
      typ: 'chat+jwt',
      kid: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    expect(decodeJwt(token as string)).toEqual({
      sub: 'ada',
      sid: 's1',
      aud: 'latchkit',
      iss: 'latchkit',
      scope: 'chat',
      jti: expect.any(String) as string,
      iat: NOW / 1000,
      exp: NOW / 1000 + 60,
    });
  });

  it('T61 two mints within one second differ', async () => {
    const mint = endpoint();
    const [first, second] = await Promise.all([mint(post()), mint(post())]);
    expect((await body(first)).token).not.toBe((await body(second)).token);
  });

  it('keeps one sid for a person whose app tells no sessions apart, so that a renewal is accepted', async () => {
    const mint = endpoint({ authenticate: () => ({ id: 'ada' }) });
    const sids = await Promise.all(
      [1, 2].map(async () => decodeJwt((await body(await mint(post()))).token as string).sid),
    );
    expect(sids[0]).toBe(sids[1]);
  });

  it('T63 a token never outlives the app’s own session', async () => {
    const mint = (left: number) =>
      endpoint({ authenticate: () => ({ id: 'ada', sessionExpiresAt: NOW + left }) })(post());
    expect((await body(await mint(42_500))).expires_in).toBe(42);
    expect((await mint(4_000)).status).toBe(401);
    expect((await mint(-1)).status).toBe(401);
    expect((await mint(Number.NaN)).status).toBe(401);
  });

  it.each([14, 901, 60.5, Number.NaN])('T63 a ttl of %s is refused at start-up', (ttl) => {
    expect(() => endpoint({ ttl })).toThrow(expect.objectContaining({ code: 'invalid_options' }));
  });

  it.each([
    [undefined, 'secret_missing'],
    ['', 'secret_missing'],
    ['x'.repeat(31), 'secret_too_short'],
  ])('T67 the secret %j is refused at start-up, with the way out', (secret, code) => {
    expect(() => endpoint({ secret })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('npx latchkit secret') as string }),
    );
  });

  it('counts the secret in bytes, not characters', () => {
    expect(() => endpoint({ secret: 'ü'.repeat(16) })).not.toThrow();
  });
});

describe('refusals', () => {
  it('T60 other methods get 405 with Allow', async () => {
    const response = await endpoint()(new Request('https://app.example/chat/token'));
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    [null, 401, 'unauthenticated'],
    ['forbidden' as const, 403, 'forbidden'],
    [{ id: 'has space' }, 500, 'internal'],
    [{ id: '' }, 500, 'internal'],
  ])('T62 authenticate returning %j answers %i %s', async (user, status, code) => {
    const response = await endpoint({ authenticate: () => user })(post());
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await body(response)).toMatchObject({ status, code, title: expect.any(String) as string });
  });

  it('T62 a failing session store is 503 with Retry-After, opaque outside and logged with its cause inside', async () => {
    const error = vi.fn();
    const response = await endpoint({
      authenticate: () => {
        throw new Error('connect ECONNREFUSED sessions.internal:6379');
      },
      logger: { ...quiet, error },
    })(post());
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'auth_unavailable', retryable: true });
    expect(text).not.toContain('sessions.internal');
    expect(JSON.stringify(error.mock.calls)).toContain('sessions.internal');
  });

  it('gives no token out when the profile cannot be stored', async () => {
    const response = await endpoint({ onAuthenticated: () => Promise.reject(new Error('disk full')) })(post());
    expect(response.status).toBe(503);
    expect((await body(response)).code).toBe('auth_unavailable');
  });

  it('T65 limits by person and session, says when to come back, and lets them', async () => {
    let now = NOW;
    let id = 'ada';
    const mint = endpoint({
      authenticate: () => ({ id, sessionId: 's1' }),
      rateLimit: { max: 2, windowMs: 10_000 },
      now: () => now,
    });
    expect((await mint(post())).status).toBe(200);
    expect((await mint(post())).status).toBe(200);
    now += 4_000;
    const refused = await mint(post());
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('6');
    expect(await body(refused)).toMatchObject({ code: 'rate_limited', retryable: true });
    id = 'grace';
    expect((await mint(post())).status).toBe(200);
    id = 'ada';
    now += 6_000;
    expect((await mint(post())).status).toBe(200);
  });
});

describe('T64 cross-site requests', () => {
  const mint = endpoint({ allowedOrigins: ['https://web.example', 'https://sub.app.example'] });

  it.each([
    ['its own page', { origin: 'https://app.example', 'sec-fetch-site': 'same-origin' }, 200],
    ['its own page, an old browser', { origin: 'https://app.example' }, 200],
    ['a program', {}, 200],
    ['a listed page', { origin: 'https://web.example', 'sec-fetch-site': 'cross-site' }, 200],
    ['a listed subdomain', { origin: 'https://sub.app.example', 'sec-fetch-site': 'same-site' }, 200],
    ['another page', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
    ['another page, an old browser', { origin: 'https://evil.example' }, 403],
    ['another subdomain', { origin: 'https://blog.app.example', 'sec-fetch-site': 'same-site' }, 403],
    ['cross-site without an origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['a listed origin as a suffix', { origin: 'https://evil-web.example' }, 403],
    ['a listed origin as a prefix', { origin: 'https://web.example.evil.example' }, 403],
    ['another port', { origin: 'https://app.example:8443' }, 403],
  ])('%s', async (_, headers, status) => {
    const response = await mint(post(headers));
    expect(response.status).toBe(status);
    if (status === 403) {
      expect((await body(response)).code).toBe('cross_site_refused');
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('takes JSON or the header x-latchkit, and no form', async () => {
    expect((await mint(post({ 'content-type': 'application/json; charset=utf-8' }))).status).toBe(200);
    expect((await mint(post({ 'content-type': 'text/plain', 'x-latchkit': '1' }))).status).toBe(200);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const response = await mint(post({ 'content-type': type }));
      expect(response.status).toBe(415);
      expect((await body(response)).code).toBe('unsupported_media_type');
    }
  });

  it('answers a preflight of a listed origin with exactly it, and of another with nothing', async () => {
    const preflight = (origin: string) =>
      mint(new Request('https://app.example/chat/token', { method: 'OPTIONS', headers: { origin } }));
    const good = await preflight('https://web.example');
    expect(good.status).toBe(204);
    expect(good.headers.get('access-control-allow-origin')).toBe('https://web.example');
    expect(good.headers.get('access-control-allow-credentials')).toBe('true');
    expect(good.headers.get('access-control-allow-headers')).toContain('x-latchkit');
    expect(good.headers.get('vary')).toBe('Origin');
    const bad = await preflight('https://evil.example');
    expect(bad.status).toBe(403);
    expect([...bad.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('lets a listed page read a refusal', async () => {
    const response = await endpoint({ authenticate: () => null, allowedOrigins: ['https://web.example'] })(
      post({ origin: 'https://web.example' }),
    );
    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://web.example');
  });

  it.each(['*', 'null', 'app.example', 'https://app.example/', 'https://app.example/path'])(
    'refuses %j in allowedOrigins at start-up',
    (origin) => {
      expect(() => endpoint({ allowedOrigins: [origin] })).toThrow(
        expect.objectContaining({
          code: 'invalid_options',
          message: expect.stringContaining('allowedOrigins') as string,
        }),
      );
    },
  );
});

it('mints what the verifier takes', async () => {
  const { token } = await body(await endpoint()(post()));
  const verified = await createTokenVerifier({ secret: SECRET, now: () => NOW }).verify(token as string);
  expect(verified).toEqual({
    userId: 'ada',
    sessionId: 's1',
    tokenId: expect.any(String) as string,
    issuedAt: NOW,
    expiresAt: NOW + 300_000,
  });
});
