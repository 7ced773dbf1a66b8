import { describe, expect, it } from 'vitest';
import { createHttpTokenFetcher } from './http-token-fetcher.ts';

function setup(answer: () => Response | Promise<Response>, url = '/chat/') {
  const requests: { url: string; init: RequestInit }[] = [];
  const fetchToken = createHttpTokenFetcher({
    url,
    now: () => Date.parse('2026-01-01T00:00:00Z'),
    fetch: (input, init) => {
      requests.push({ url: input as string, init: init ?? {} });
      return Promise.resolve(answer());
    },
  });
  const ask = () => fetchToken({ reason: 'initial', signal: new AbortController().signal });
  return { ask, requests };
}

describe('createHttpTokenFetcher', () => {
  it('posts JSON with the app’s cookies, and follows no redirect', async () => {
    const { ask, requests } = setup(() => Response.json({ token: 'abc', expires_in: 60 }));
    expect(await ask()).toEqual({ token: 'abc', expires_in: 60 });
    expect(requests[0]?.url).toBe('/chat/token');
    expect(requests[0]?.init).toMatchObject({
      method: 'POST',
      credentials: 'include',
      redirect: 'manual',
      cache: 'no-store',
    });
    expect(new Headers(requests[0]?.init.headers).get('content-type')).toBe('application/json');
  });

  it.each([
    [401, 'unauthenticated', false],
    [403, 'forbidden', false],
    [404, 'token_endpoint_unavailable', true],
    [408, 'token_endpoint_timeout', true],
    [429, 'rate_limited', true],
    [503, 'token_endpoint_unavailable', true],
  ] as const)('T22 T24 %d → %s', async (status, code, retryable) => {
    const { ask } = setup(() => Response.json({ code: 'because' }, { status }));
    await expect(ask()).rejects.toMatchObject({
      code,
      retryable,
      status,
      message: `The token endpoint answered ${status} (because).`,
    });
  });

  it.each([
    ['7', 7_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
  ])('T23 reads Retry-After: %s', async (header, retryAfterMs) => {
    const { ask } = setup(() => new Response('', { status: 429, headers: { 'retry-after': header } }));
    await expect(ask()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs });
  });

  it.each<[string, () => Response]>([
    ['an HTML page', () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })],
    ['an empty body', () => new Response('')],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: '/login' } })],
    [
      'an opaque redirect',
      () =>
        Object.defineProperties(new Response(null), {
          type: { value: 'opaqueredirect' },
          status: { value: 0 },
          ok: { value: false },
        }),
    ],
  ])('T30 %s is an invalid_token_response', async (_name, answer) => {
    await expect(setup(answer).ask()).rejects.toMatchObject({ code: 'invalid_token_response' });
  });
});
