import { generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import { createTokenVerifier } from './createTokenVerifier.ts';

const SECRET = 'a-secret-for-tests-of-at-least-32-bytes';
const KEY = new TextEncoder().encode(SECRET);
const NOW = Date.UTC(2030, 0, 1);
const SECONDS = NOW / 1000;
const GOOD: JWTPayload = {
  sub: 'ada',
  sid: 's1',
  jti: 'j1',
  iss: 'latchkit',
  aud: 'latchkit',
  scope: 'chat',
  iat: SECONDS,
  exp: SECONDS + 300,
};

function sign(claims: JWTPayload, header: Record<string, string> = {}, key: Uint8Array = KEY) {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'chat+jwt', ...header }).sign(key);
}

const verifier = (now = NOW) => createTokenVerifier({ secret: SECRET, now: () => now });
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

it('takes a good token', async () => {
  expect(await verifier().verify(await sign(GOOD))).toMatchObject({ userId: 'ada', sessionId: 's1', tokenId: 'j1' });
});

describe('T68 refuses', () => {
  it.each(['sub', 'sid', 'jti', 'iss', 'aud', 'iat', 'exp'])('a token without %s', async (claim) => {
    const { [claim]: _, ...claims } = GOOD;
    await expect(verifier().verify(await sign(claims))).rejects.toEqual(refusal('token_invalid'));
  });

  it.each([
    ['another issuer', { iss: 'other' }],
    ['another audience', { aud: 'other' }],
    ['a sub that is no text', { sub: 7 as unknown as string }],
    ['an empty sid', { sid: '' }],
    ['an age over the greatest', { iat: SECONDS - 906 }],
    ['a life over the greatest', { exp: SECONDS + 901 }],
    ['an iat in the future', { iat: SECONDS + 6 }],
    ['an nbf in the future', { nbf: SECONDS + 6 }],
  ])('%s', async (_, claims) => {
    await expect(verifier().verify(await sign({ ...GOOD, ...claims }))).rejects.toEqual(refusal('token_invalid'));
  });

  it('another typ, another kid, another secret, another algorithm and none', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const tokens = [
      await sign(GOOD, { typ: 'JWT' }),
      await sign(GOOD, { kid: 'unknown' }),
      await sign(GOOD, {}, new TextEncoder().encode('another-secret-of-at-least-32-bytes-!')),
      await new SignJWT(GOOD).setProtectedHeader({ alg: 'HS512', typ: 'chat+jwt' }).sign(new Uint8Array(64)),
      await new SignJWT(GOOD).setProtectedHeader({ alg: 'ES256', typ: 'chat+jwt' }).sign(privateKey),
      new UnsecuredJWT(GOOD).encode(),
      '',
      'not a token',
      'a.b.c',
    ];
    for (const token of tokens) await expect(verifier().verify(token)).rejects.toEqual(refusal('token_invalid'));
  });

  it('a changed payload', async () => {
    const [header, , signature] = (await sign(GOOD)).split('.');
    const payload = Buffer.from(JSON.stringify({ ...GOOD, sub: 'eve' })).toString('base64url');
    await expect(verifier().verify(`${header}.${payload}.${signature}`)).rejects.toEqual(refusal('token_invalid'));
  });

  it('an expired token, 5 s of tolerance granted', async () => {
    const token = await sign(GOOD);
    await expect(verifier(NOW + 304_000).verify(token)).resolves.toBeDefined();
    await expect(verifier(NOW + 306_000).verify(token)).rejects.toEqual(refusal('token_expired'));
  });

  it('over 4 KB, before it is parsed', async () => {
    const large = await sign({ ...GOOD, pad: 'x'.repeat(4_096) });
    await expect(verifier().verify(large)).rejects.toEqual(refusal('token_too_large'));
    const start = performance.now();
    await expect(verifier().verify('x'.repeat(50_000_000))).rejects.toEqual(refusal('token_too_large'));
    expect(performance.now() - start).toBeLessThan(50);
  });

  it('with an error that holds nothing of the token', async () => {
    const token = await sign({ ...GOOD, aud: 'other', email: 'ada@example.com' });
    const error: unknown = await verifier()
      .verify(token)
      .catch((thrown: unknown) => thrown);
    const seen = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).cause);
    expect(seen).not.toContain('ada@example.com');
    expect(seen).not.toContain(token);
  });
});
