import { expect, it } from 'vitest';
import { createMemoryRevocations, toRevocationEntry, type Revocation } from './Revocations.ts';
import { createTokenEndpoint } from './createTokenEndpoint.ts';
import { createTokenVerifier } from './createTokenVerifier.ts';

const SECRET = 'a-secret-for-tests-of-at-least-32-bytes';
const NOW = Date.UTC(2030, 0, 1) + 400;

function setUp() {
  let time = NOW;
  const now = () => time;
  const revocations = createMemoryRevocations({ now });
  let session = 's1';
  const endpoint = createTokenEndpoint({
    secret: SECRET,
    authenticate: () => ({ id: 'ada', sessionId: session }),
    revocations,
    now,
  });
  const verifier = createTokenVerifier({ secret: SECRET, revocations, now });
  return {
    revocations,
    verifier,
    pass: (ms: number) => (time += ms),
    async mint(sessionId = 's1') {
      session = sessionId;
      const request = new Request('http://x/token', { method: 'POST', headers: { 'x-latchkit': '1' } });
      const response = await endpoint(request);
      return { status: response.status, token: ((await response.json()) as { token: string }).token };
    },
  };
}
const revoked = expect.objectContaining({ code: 'token_revoked', status: 401, retryable: false }) as Error;

it('T70 a revoked session’s tokens are refused and no new one is made; another session goes on', async () => {
  const { revocations, verifier, mint } = setUp();
  const [one, two] = [await mint('s1'), await mint('s2')];
  revocations.revoke({ sessionId: 's1' });
  await expect(verifier.verify(one.token)).rejects.toEqual(revoked);
  await expect(verifier.verify(two.token)).resolves.toBeDefined();
  expect((await mint('s1')).status).toBe(401);
  expect((await mint('s2')).status).toBe(200);
});

it('T70 a person’s older tokens are refused in every session; one asked for in the same second is good', async () => {
  const { revocations, verifier, mint, pass } = setUp();
  const old = [await mint('s1'), await mint('s2')];
  pass(200);
  revocations.revoke({ userId: 'ada' });
  for (const { token } of old) await expect(verifier.verify(token)).rejects.toEqual(revoked);
  await expect(verifier.verify((await mint('s1')).token)).resolves.toMatchObject({ userId: 'ada' });
});

it('T70 “before” spares what was issued later', async () => {
  const { revocations, verifier, mint, pass } = setUp();
  const old = await mint();
  pass(10_000);
  const later = await mint();
  revocations.revoke({ userId: 'ada', before: NOW + 5_000 });
  await expect(verifier.verify(old.token)).rejects.toEqual(revoked);
  await expect(verifier.verify(later.token)).resolves.toBeDefined();
  revocations.revoke({ userId: 'ada', before: NOW - 60_000 }); // reaches less far, and takes nothing back
  await expect(verifier.verify(old.token)).rejects.toEqual(revoked);
});

it('is forgotten when the last token that it is about has expired', async () => {
  const { revocations, mint, pass } = setUp();
  revocations.revoke({ sessionId: 's1' });
  pass(905_000);
  expect((await mint()).status).toBe(401);
  pass(5_000);
  expect((await mint()).status).toBe(200);
});

it('when it cannot be asked nobody is let in, and the token is not called bad', async () => {
  const { mint } = setUp();
  const { token } = await mint();
  const revocations = { revokedBefore: () => Promise.reject(new Error('redis is down')) };
  const verifier = createTokenVerifier({ secret: SECRET, revocations, now: () => NOW });
  await expect(verifier.verify(token)).rejects.toEqual(
    expect.objectContaining({ code: 'auth_unavailable', retryable: true }),
  );
});

it.each([
  {},
  { sessionId: 's1', userId: 'ada' },
  { sessionId: '' },
  { sessionId: 7 },
  { userId: 'a b' },
  { userId: 'ada', before: NOW + 1 },
  { userId: 'ada', before: Number.NaN },
  { userId: 'ada', before: -1 },
  { userId: 'ada', before: '2030' },
])('%j is no revocation', (wrong) => {
  expect(() => toRevocationEntry(wrong as unknown as Revocation, NOW)).toThrow(
    expect.objectContaining({ code: 'bad_request' }),
  );
});
