import { decodeJwt } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { ChatError } from '../../protocol/index.ts';
import { createTokenEndpoint, type TokenEndpointOptions } from './createTokenEndpoint.ts';
import type { Mint, MintContext } from './mint/types.ts';
import { streamChatMint } from './mint/streamChatMint.ts';

const SECRET = 'a-secret-for-tests-of-at-least-32-bytes';
const NOW = Date.UTC(2030, 0, 1);
const quiet = { error: () => {}, warn: () => {}, info: () => {} };

function endpoint(mint: Mint, options: Partial<TokenEndpointOptions> = {}) {
  return createTokenEndpoint({
    authenticate: () => ({ id: 'ada', sessionId: 's1' }),
    logger: quiet,
    now: () => NOW,
    ...options,
    mint,
  });
}

const post = (body?: BodyInit, init: RequestInit & { duplex?: 'half' } = {}) =>
  new Request('https://app.example/chat/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    ...init,
  });
const json = async (response: Response) => (await response.json()) as Record<string, unknown>;

/** A mint that remembers what it was given. */
function recorder() {
  const seen: MintContext[] = [];
  const mint: Mint = (context) => {
    seen.push(context);
    return Promise.resolve({ token: 'opaque', expiresInSeconds: context.ttlSeconds });
  };
  return { seen, mint };
}

it('needs no secret of its own, and answers what the mint made', async () => {
  const response = await endpoint(streamChatMint({ apiSecret: 'stream-secret' }), { ttl: 60 })(post());
  const { token, ...rest } = await json(response);
  expect(decodeJwt(token as string)).toMatchObject({ user_id: 'ada', exp: NOW / 1000 + 60 });
  expect(rest).toEqual({
    token_type: 'Bearer',
    expires_in: 60,
    expires_at: NOW / 1000 + 60,
    server_time: NOW / 1000,
  });
  expect(response.headers.get('cache-control')).toBe('no-store');
});

it('gives the mint the person, what is left of the session, the body, and a signal that aborts with the request', async () => {
  const { seen, mint } = recorder();
  const user = { id: 'ada', sessionId: 's1', sessionExpiresAt: NOW + 42_500 };
  const gone = new AbortController();
  await endpoint(mint, { authenticate: () => user })(post('{"channel":"a"}', { signal: gone.signal }));
  expect(seen[0]).toMatchObject({ user, ttlSeconds: 42, now: NOW, body: { channel: 'a' } });
  gone.abort();
  expect(seen[0]?.signal.aborted).toBe(true);
});

it('merges the mint’s fields, never over its own', async () => {
  const fields = { client_secret: 'x', token: 'evil', expires_in: 9_999, server_time: 0, toString: 1 };
  const answer = await json(
    await endpoint(() => Promise.resolve({ token: 'opaque', expiresInSeconds: 60, fields }))(post()),
  );
  expect(answer).toMatchObject({ client_secret: 'x', token: 'opaque', expires_in: 60, server_time: NOW / 1000 });
});

it('T63 says that a token lapses with the app’s session, however long the service lets it live', async () => {
  const mint: Mint = () => Promise.resolve({ token: 'opaque', expiresInSeconds: 86_400 });
  const user = { id: 'ada', sessionExpiresAt: NOW + 30_000 };
  expect((await json(await endpoint(mint, { authenticate: () => user })(post()))).expires_in).toBe(30);
});

describe('the request’s body', () => {
  it.each([undefined, '', '{}'])('%j is an empty object', async (body) => {
    const { seen, mint } = recorder();
    expect((await endpoint(mint)(post(body))).status).toBe(200);
    expect(seen[0]?.body).toEqual({});
  });

  it.each(['{', '[]', 'null', '"text"', '7', 'undefined', new Uint8Array([0x7b, 0xff, 0x7d])])(
    '%j is refused as malformed, and nothing is minted',
    async (body) => {
      const { seen, mint } = recorder();
      const response = await endpoint(mint)(post(body));
      expect(response.status).toBe(400);
      expect(await json(response)).toMatchObject({ code: 'bad_request', retryable: false });
      expect(seen).toEqual([]);
    },
  );

  it('over 8 KB is 413, at once by its length and while it streams without one', async () => {
    const { seen, mint } = recorder();
    const fits = JSON.stringify({ pad: 'x'.repeat(8_192 - 10) });
    expect((await endpoint(mint)(post(fits))).status).toBe(200);
    expect((await endpoint(mint)(post(`${fits} `))).status).toBe(413);
    let pulled = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1_024).fill(0x20));
      },
    });
    const response = await endpoint(mint)(post(stream, { duplex: 'half' }));
    expect(response.status).toBe(413);
    expect(await json(response)).toMatchObject({ code: 'bad_request', status: 413 });
    expect(pulled).toBeLessThan(20);
    expect(seen).toHaveLength(1);
  });

  it('can be read by the app’s own authenticate as well', async () => {
    const { seen, mint } = recorder();
    const authenticate = async (request: Request) => ({
      id: (await json(request as unknown as Response)).as as string,
    });
    await endpoint(mint, { authenticate })(post('{"as":"grace"}'));
    expect(seen[0]).toMatchObject({ user: { id: 'grace' }, body: { as: 'grace' } });
  });
});

describe('a mint that fails', () => {
  it.each([
    [new ChatError('bad_request', 'SECRET'), 400, 'bad_request', null],
    [new ChatError('forbidden', 'SECRET'), 403, 'forbidden', null],
    [new ChatError('invalid_options', 'SECRET'), 500, 'invalid_options', null],
    [new ChatError('auth_unavailable', 'SECRET', { retryAfterMs: 6_400 }), 503, 'auth_unavailable', '7'],
    [new ChatError('auth_unavailable', 'SECRET'), 503, 'auth_unavailable', '2'],
    [new ChatError('rate_limited', 'SECRET', { status: 429, retryAfterMs: 1 }), 429, 'rate_limited', '1'],
    [new Error('SECRET'), 503, 'auth_unavailable', '2'],
    ['SECRET', 503, 'auth_unavailable', '2'],
  ])('by %s answers %i %s', async (thrown, status, code, retryAfter) => {
    const log = vi.fn();
    const mint = vi.fn<Mint>().mockRejectedValue(thrown);
    const response = await endpoint(mint, { logger: { error: log, warn: log, info: log } })(post());
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(retryAfter);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code, status });
    expect(text).not.toContain('SECRET');
    expect(JSON.stringify(log.mock.calls)).toContain('SECRET');
  });

  it.each([
    ['no token', { token: '', expiresInSeconds: 60 }],
    ['no text', { token: 7, expiresInSeconds: 60 }],
    ['no lifetime', { token: 'opaque' }],
    ['a lifetime of NaN', { token: 'opaque', expiresInSeconds: NaN }],
    ['a lifetime that is over', { token: 'opaque', expiresInSeconds: 0 }],
  ])('T62 to make one (%s) is never a 200', async (_, minted) => {
    const response = await endpoint(() => Promise.resolve(minted as never))(post());
    expect(response.status).toBe(500);
    expect((await json(response)).code).toBe('internal');
  });
});

it('a mint that is no function is refused at start-up', () => {
  expect(() => endpoint({} as Mint)).toThrow(expect.objectContaining({ code: 'invalid_options' }));
});

it('a session that was revoked gets no token of a service either', async () => {
  const { seen, mint } = recorder();
  const revocations = { revokedBefore: () => Promise.resolve(Number.MAX_SAFE_INTEGER) };
  expect((await endpoint(mint, { revocations })(post())).status).toBe(401);
  expect(seen).toEqual([]);
});

it('takes a secret, or keys, but not both', () => {
  const both = { secret: SECRET, keys: { signing: {} }, authenticate: () => null } as unknown as TokenEndpointOptions;
  expect(() => createTokenEndpoint(both)).toThrow(expect.objectContaining({ code: 'invalid_options' }));
  const typesRefuseIt = () =>
    // @ts-expect-error the two exclude each other
    createTokenEndpoint({ secret: SECRET, keys: both.keys!, authenticate: () => null });
  expect(typesRefuseIt).toThrow();
});
