import { decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createJwksHandler } from './createJwksHandler.ts';
import { createTokenEndpoint } from './createTokenEndpoint.ts';
import { createTokenVerifier, type TokenVerifierOptions } from './createTokenVerifier.ts';
import type { SigningAlgorithm, TokenKeySet } from './key-set.ts';
import type { SigningOptions } from './keys.ts';
import type { Secret } from './secret-keys.ts';

const NOW = Date.UTC(2030, 0, 1);
const TTL_SECONDS = 60;
let now = NOW;
beforeEach(() => void (now = NOW));

const refusal = (code: string) => expect.objectContaining({ code }) as Error;

async function mint(signing: SigningOptions): Promise<string> {
  const endpoint = createTokenEndpoint({
    ...signing,
    ttl: TTL_SECONDS,
    authenticate: () => ({ id: 'ada' }),
    now: () => now,
  });
  const response = await endpoint(new Request('http://x/token', { method: 'POST', headers: { 'x-latchkit': '1' } }));
  return ((await response.json()) as { token: string }).token;
}
const verify = (token: string, options: TokenVerifierOptions) =>
  createTokenVerifier({ ...options, now: () => now }).verify(token);

interface Pair {
  privateJwk: JWK;
  publicJwk: JWK;
}
async function makePair(kid: string, alg: SigningAlgorithm): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const [privateJwk, publicJwk] = await Promise.all([exportJWK(privateKey), exportJWK(publicKey)]);
  return { privateJwk, publicJwk: { ...publicJwk, kid, alg } };
}

describe('T67 signing with a key pair', () => {
  it.each(['EdDSA', 'ES256'] as const)(
    '%s: kid and algorithm in the header, checked by the public key alone',
    async (alg) => {
      const { privateJwk, publicJwk } = await makePair('k1', alg);
      const keys: TokenKeySet = { signing: { kid: 'k1', alg, privateKey: privateJwk } };
      const token = await mint({ keys });
      expect(decodeProtectedHeader(token)).toEqual({ alg, kid: 'k1', typ: 'chat+jwt' });
      await expect(verify(token, { keys })).resolves.toMatchObject({ userId: 'ada' });
      await expect(verify(token, { keys: { verifying: [publicJwk] } })).resolves.toMatchObject({ userId: 'ada' });
      const stranger = await makePair('k1', alg);
      await expect(verify(token, { keys: { verifying: [stranger.publicJwk] } })).rejects.toEqual(
        refusal('token_invalid'),
      );
    },
  );

  it('a CryptoKey that cannot be exported signs, with its public half beside it', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: false });
    const publicJwk = { ...(await exportJWK(publicKey)), kid: 'k1' };
    const signing = { kid: 'k1', alg: 'ES256' as const, privateKey };
    await expect(mint({ keys: { signing, verifying: [publicJwk] } })).resolves.toBeTypeOf('string');
    expect(() => createTokenVerifier({ keys: { signing } })).toThrow(refusal('invalid_options'));
  });

  it('a CryptoKey that can be exported needs nothing else', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    const keys: TokenKeySet = { signing: { kid: 'k1', alg: 'EdDSA', privateKey } };
    await expect(verify(await mint({ keys }), { keys })).resolves.toMatchObject({ userId: 'ada' });
    expect(await published(keys)).toEqual([
      { kty: 'OKP', crv: 'Ed25519', x: expect.any(String) as string, kid: 'k1', alg: 'EdDSA', use: 'sig' },
    ]);
  });

  it('what cannot be a key set is refused at start-up, by name and without the key', async () => {
    const { privateJwk, publicJwk } = await makePair('k1', 'ES256');
    const other = await makePair('k1', 'ES256');
    const signing = { kid: 'k1', alg: 'ES256', privateKey: privateJwk };
    const wrong: [unknown, string][] = [
      [{}, 'keys has no key'],
      [{ signing: { ...signing, kid: '' } }, 'keys.signing needs a kid'],
      [{ signing: { ...signing, kid: 'a\nb' } }, 'keys.signing needs a kid'],
      [{ signing: { ...signing, alg: 'HS256' } }, 'keys.signing.alg'],
      [{ signing: { ...signing, alg: 'constructor' } }, 'keys.signing.alg'],
      [{ signing: { ...signing, alg: 'EdDSA' } }, 'keys.signing.privateKey'],
      [{ signing: { ...signing, privateKey: publicJwk } }, 'keys.signing.privateKey'],
      [{ signing: { ...signing, privateKey: null } }, 'keys.signing.privateKey'],
      [{ signing, verifying: {} }, 'keys.verifying'],
      [{ signing, verifying: [{ ...publicJwk, kid: undefined }] }, 'keys.verifying[0]'],
      [{ signing, verifying: [{ kty: 'oct', k: 'x', kid: 'k2' }] }, 'keys.verifying[0]'],
      [
        {
          signing,
          verifying: [
            { ...publicJwk, kid: 'k2' },
            { ...publicJwk, kid: 'k2' },
          ],
        },
        'two keys with one kid',
      ],
      [{ signing, verifying: [other.publicJwk] }, 'another key under the kid'],
    ];
    for (const [keys, message] of wrong) {
      const start = () => createTokenVerifier({ keys: keys as TokenKeySet });
      expect(start, message).toThrow(expect.objectContaining({ code: 'invalid_options' }));
      expect(start).toThrow(message);
      expect(start).not.toThrow(privateJwk.d);
    }
  });
});

const published = async (keys: TokenKeySet) => {
  const response = await createJwksHandler(keys)(new Request('http://x/chat/jwks.json'));
  return ((await response.json()) as { keys: JWK[] }).keys;
};

describe('the published key set', () => {
  it('has the public halves only, even of a private key that was listed by mistake, and may be cached', async () => {
    const [one, two] = [await makePair('k1', 'EdDSA'), await makePair('k2', 'ES256')];
    const keys: TokenKeySet = {
      signing: { kid: 'k1', alg: 'EdDSA', privateKey: one.privateJwk },
      verifying: [{ ...two.privateJwk, kid: 'k2' }],
    };
    const response = await createJwksHandler(keys)(new Request('http://x/chat/jwks.json'));
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(response.headers.get('content-type')).toBe('application/jwk-set+json');
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({
      keys: [
        { ...one.publicJwk, use: 'sig' },
        { ...two.publicJwk, use: 'sig' },
      ],
    });
    expect(text).not.toContain('"d"');
  });

  it('is only read', async () => {
    const { publicJwk } = await makePair('k1', 'EdDSA');
    const response = await createJwksHandler({ verifying: [publicJwk] })(new Request('http://x', { method: 'POST' }));
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });
});

/** Every node signs and checks by itself; while a step is being rolled out, two steps run side by side. */
async function rollOut<Step>(
  steps: Step[],
  signing: (step: Step) => SigningOptions,
  pass: (token: string, at: string) => void,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    const neighbours = [steps[index - 1], step].filter((each) => each !== undefined);
    for (const minting of neighbours) {
      const token = await mint(signing(minting));
      for (const verifying of neighbours) {
        await expect(verify(token, signing(verifying)), `step ${index}`).resolves.toBeDefined();
      }
      pass(token, `step ${index}`);
    }
  }
}

describe('T69 rotation with overlap, node by node', () => {
  it('a secret: [old] → [old, new] → [new, old] → [new]; no good token is refused at any step, and the old one ends', async () => {
    const [old, next] = ['old-secret-'.repeat(4), 'new-secret-'.repeat(4)];
    const steps: Secret[] = [old, [old, next], [next, old]];
    const tokens: string[] = [];
    await rollOut(
      steps,
      (secret) => ({ secret }),
      (token) => tokens.push(token),
    );
    const last = await mint({ secret: [old, next] });
    now += (TTL_SECONDS + 4) * 1000; // the last moment at which the old secret is needed
    await expect(verify(last, { secret: [next, old] })).resolves.toBeDefined();
    now += 2_000;
    await expect(verify(last, { secret: [next, old] })).rejects.toEqual(refusal('token_expired'));
    await expect(verify(await mint({ secret: [next, old] }), { secret: next })).resolves.toBeDefined();
    await expect(verify(await mint({ secret: old }), { secret: next })).rejects.toEqual(refusal('token_invalid'));
    expect(new Set(tokens.map((token) => decodeProtectedHeader(token).kid)).size).toBe(2);
  });

  it.each(['EdDSA', 'ES256'] as const)(
    'a key pair (%s): published before use, kept until the last old token is over',
    async (alg) => {
      const [old, next] = [await makePair('2030-01', alg), await makePair('2030-02', alg)];
      const oldSigning = { kid: '2030-01', alg, privateKey: old.privateJwk };
      const newSigning = { kid: '2030-02', alg, privateKey: next.privateJwk };
      const steps: TokenKeySet[] = [
        { signing: oldSigning },
        { signing: oldSigning, verifying: [next.publicJwk] },
        { signing: newSigning, verifying: [old.publicJwk] },
      ];
      await rollOut(
        steps,
        (keys) => ({ keys }),
        () => {},
      );
      for (const step of steps.slice(1)) {
        expect((await published(step)).map(({ kid }) => kid).sort()).toEqual(['2030-01', '2030-02']);
      }
      const last = await mint({ keys: steps[1]! });
      now += (TTL_SECONDS + 4) * 1000;
      await expect(verify(last, { keys: steps[2]! })).resolves.toBeDefined();
      now += 2_000;
      await expect(verify(last, { keys: steps[2]! })).rejects.toEqual(refusal('token_expired'));
      await expect(verify(await mint({ keys: steps[2]! }), { keys: { signing: newSigning } })).resolves.toBeDefined();
    },
  );

  it.each([[[]], [[undefined]], [['']], [['x'.repeat(32), 'short']]])(
    'the secrets %j are refused at start-up',
    (secret) => {
      expect(() => createTokenVerifier({ secret: secret as string[] })).toThrow(/npx latchkit secret/);
    },
  );

  it('a token that names no key is checked only where there is no choice', async () => {
    const [old, next] = ['old-secret-'.repeat(4), 'new-secret-'.repeat(4)];
    const seconds = NOW / 1000;
    const claims = {
      sub: 'ada',
      sid: 's',
      jti: 'j',
      iss: 'latchkit',
      aud: 'latchkit',
      scope: 'chat',
      iat: seconds,
      exp: seconds + 60,
    };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'chat+jwt' })
      .sign(new TextEncoder().encode(next));
    await expect(verify(token, { secret: next })).resolves.toBeDefined();
    await expect(verify(token, { secret: [next, old] })).rejects.toEqual(refusal('token_invalid'));
  });
});

describe('T69 a remote key set', () => {
  let pair: Pair;
  let answer: () => Promise<Response>;
  const fetches = vi.fn(() => answer());
  const jwksUrl = 'https://app.example/chat/jwks.json';
  const signing = () => ({ kid: 'k1', alg: 'ES256' as const, privateKey: pair.privateJwk });
  const withKid = (kid: string | undefined) =>
    new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid, typ: 'chat+jwt' }).sign(stray);
  let stray: CryptoKey;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW }); // jose's cooldown runs on the platform's own clock
    pair = await makePair('k1', 'ES256');
    stray = (await generateKeyPair('ES256')).privateKey;
    fetches.mockClear();
    answer = () => createJwksHandler({ signing: signing() })(new Request(jwksUrl));
  });
  afterEach(() => vi.useRealTimers());

  const remote = () => createTokenVerifier({ jwksUrl, fetch: fetches, now: () => now });

  it('is fetched once, for many tokens at once', async () => {
    const token = await mint({ keys: { signing: signing() } });
    const verifier = remote();
    await Promise.all(Array.from({ length: 50 }, () => verifier.verify(token)));
    await verifier.verify(token);
    expect(fetches).toHaveBeenCalledTimes(1);
  });

  it('1,000 tokens with made-up kids cost one fetch, and one more per cooldown', async () => {
    const verifier = remote();
    const tokens = await Promise.all(Array.from({ length: 1_000 }, (_, n) => withKid(`made-up-${n}`)));
    const storm = () =>
      Promise.all(tokens.map((token) => expect(verifier.verify(token)).rejects.toEqual(refusal('token_invalid'))));
    await storm();
    expect(fetches).toHaveBeenCalledTimes(1);
    vi.setSystemTime(NOW + 29_000);
    await storm();
    expect(fetches).toHaveBeenCalledTimes(1);
    vi.setSystemTime(NOW + 31_000);
    await storm();
    expect(fetches).toHaveBeenCalledTimes(2);
  });

  it('tokens without a kid, with a long one or with a shared-secret algorithm cost none', async () => {
    const verifier = remote();
    const hs256 = await new SignJWT({}).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(new Uint8Array(32));
    for (const token of [await withKid(undefined), await withKid('x'.repeat(200)), hs256]) {
      await expect(verifier.verify(token)).rejects.toEqual(refusal('token_invalid'));
    }
    expect(fetches).not.toHaveBeenCalled();
  });

  it('a next key is picked up after the cooldown, with no restart', async () => {
    const verifier = remote();
    await verifier.verify(await mint({ keys: { signing: signing() } }));
    const next = await makePair('k2', 'ES256');
    const keys: TokenKeySet = { signing: { kid: 'k2', alg: 'ES256', privateKey: next.privateJwk } };
    answer = () => createJwksHandler(keys)(new Request(jwksUrl));
    const token = await mint({ keys });
    await expect(verifier.verify(token)).rejects.toEqual(refusal('token_invalid'));
    vi.setSystemTime(NOW + 31_000);
    await expect(verifier.verify(token)).resolves.toMatchObject({ userId: 'ada' });
  });

  it.each([
    ['does not answer', () => Promise.reject(new Error('connect ECONNREFUSED'))],
    ['answers 500', () => Promise.resolve(new Response('', { status: 500 }))],
    ['answers HTML', () => Promise.resolve(new Response('<html>'))],
    ['answers no key set', () => Promise.resolve(Response.json({ keys: 7 }))],
  ])(
    'an issuer that %s makes no token look bad, is asked once in 5 s however many come, and recovers',
    async (_, failing) => {
      const good = answer;
      answer = failing;
      const verifier = remote();
      const token = await mint({ keys: { signing: signing() } });
      const storm = () =>
        Promise.all(
          Array.from({ length: 200 }, () =>
            expect(verifier.verify(token)).rejects.toEqual(refusal('auth_unavailable')),
          ),
        );
      await storm();
      await storm();
      expect(fetches).toHaveBeenCalledTimes(1);
      answer = good;
      vi.setSystemTime(NOW + 5_001);
      await expect(verifier.verify(token)).resolves.toBeDefined();
    },
  );

  it.each(['', 'jwks.json', 'ftp://x/jwks.json', 'file:///etc/passwd'])(
    'the address %j is refused at start-up',
    (url) => {
      expect(() => createTokenVerifier({ jwksUrl: url })).toThrow(refusal('invalid_options'));
    },
  );
});
