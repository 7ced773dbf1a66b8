import { jwtDecode } from 'jwt-decode';
import { expect, it, vi } from 'vitest';
import { systemClock } from '../client/index.ts';
import { createFakeFetchToken, createFakeToken } from './createFakeToken.ts';

const NOW = Date.UTC(2026, 5, 12, 10, 45);
const clock = { ...systemClock, now: () => NOW };
const signal = new AbortController().signal;

it('makes a token that a client can read', () => {
  const token = createFakeToken({ userId: 'zoë-✓', ttlSeconds: 60, now: NOW, claims: { scope: 'chat:read' } });
  expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(jwtDecode(token)).toMatchObject({ sub: 'zoë-✓', iat: NOW / 1000, exp: NOW / 1000 + 60, scope: 'chat:read' });
  expect(jwtDecode(token, { header: true })).toEqual({ alg: 'none', typ: 'chat+jwt' });
});

it('gives the same token for the same input, and a new one for each fetch', async () => {
  expect(createFakeToken({ userId: 'ada', now: NOW })).toBe(createFakeToken({ userId: 'ada', now: NOW }));
  const fetchToken = createFakeFetchToken({ userId: 'ada', clock });
  const [a, b] = [await fetchToken({ reason: 'initial', signal }), await fetchToken({ reason: 'refresh', signal })];
  expect(a).toMatchObject({ expires_in: 300 });
  expect(a).not.toEqual(b);
});

it('refuses with the error that was named', async () => {
  const fetchToken = createFakeFetchToken({ userId: 'ada', fault: 'forbidden' });
  await expect(fetchToken({ reason: 'initial', signal })).rejects.toMatchObject({ code: 'forbidden', status: 403 });
});

it('never answers until the caller gives up', async () => {
  const caller = new AbortController();
  const settled = vi.fn();
  const fetching = createFakeFetchToken({ userId: 'ada', fault: 'never-answers' })({
    reason: 'initial',
    signal: caller.signal,
  }).finally(settled);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(settled).not.toHaveBeenCalled();
  caller.abort(new Error('gave up'));
  await expect(fetching).rejects.toThrow('gave up');
});
