import { exportJWK, importJWK, type CryptoKey, type JWK } from 'jose';
import { ChatError } from '../../protocol/index.ts';
import type { TokenKey, TokenKeys } from './TokenKeys.ts';

const ALGORITHMS = {
  EdDSA: { kty: 'OKP', crv: 'Ed25519', name: 'Ed25519' },
  ES256: { kty: 'EC', crv: 'P-256', name: 'ECDSA' },
} as const;

export type SigningAlgorithm = keyof typeof ALGORITHMS;

/** A private key and the name under which others find its public half. */
export interface SigningKey {
  /** 1–128 visible ASCII characters. Never used again for another key. */
  kid: string;
  alg: SigningAlgorithm;
  /** As a JWK, or as a `CryptoKey` for `sign`. One that cannot be exported needs its public half, under the same `kid`, in `verifying`. */
  privateKey: JWK | CryptoKey;
}

/**
 * The keys of a server that signs. To change the key without refusing anybody, let every node go through three steps:
 * 1. add the next key's public half to `verifying`, and wait until whoever reads the JWKS has it (`max-age`, 5 minutes);
 * 2. make the next key `signing`, and keep the old one's public half in `verifying`;
 * 3. when the last old token has expired (`ttl` + 5 s), take the old one out.
 */
export interface TokenKeySet {
  signing: SigningKey;
  /** Public keys whose tokens are good as well, each with a `kid`: the next one, and the one before. */
  verifying?: readonly JWK[];
}

/** The keys of a server that only checks. */
export interface VerifyingKeySet {
  signing?: undefined;
  verifying: readonly JWK[];
}

/** A public key as it is published: nothing but these members ever leaves the server. */
interface PublicJwk {
  kty: string;
  crv: string;
  x: string;
  y?: string;
  kid: string;
  alg: SigningAlgorithm;
  use: 'sig';
}

/** @throws {ChatError} `invalid_options` at once, naming the key and what is wrong with it; never quotes it */
export function keysFromSet(set: TokenKeySet): TokenKeys;
export function keysFromSet(set: TokenKeySet | VerifyingKeySet): Omit<TokenKeys, 'signing'>;
export function keysFromSet(set: TokenKeySet | VerifyingKeySet): TokenKeys {
  const { signing } = set;
  const publish = publicKeysOf(set);
  let signer: Promise<TokenKey> | undefined;
  let verifiers: Promise<Map<string, TokenKey>> | undefined;
  return {
    signing() {
      if (!signing) throw invalid('keys.signing', 'is missing, so nothing can be signed');
      return (signer ??= importKey(signing.kid, signing.alg, signing.privateKey));
    },
    async find(kid) {
      const byKid = await (verifiers ??= publish().then(importPublic));
      if (kid !== undefined) return byKid.get(kid);
      const [only, ...others] = byKid.values();
      return others.length === 0 ? only : undefined;
    },
  };
}

/**
 * Checks a set, and gives what makes its public half: the signing key's first.
 * @throws {ChatError} `invalid_options`
 */
export function publicKeysOf({ signing, verifying = [] }: TokenKeySet | VerifyingKeySet): () => Promise<PublicJwk[]> {
  if (!Array.isArray(verifying)) throw invalid('keys.verifying', 'must be an array of public JWKs');
  const listed = (verifying as readonly JWK[]).map((jwk, index) => toPublic(`keys.verifying[${index}]`, jwk));
  const kids = new Set(listed.map(({ kid }) => kid));
  if (kids.size < listed.length) throw invalid('keys.verifying', 'has two keys with one kid');
  if (!signing) {
    if (listed.length === 0) throw invalid('keys', 'has no key');
    return () => Promise.resolve(listed);
  }
  checkSigning(signing);
  const { kid, alg, privateKey } = signing;
  if (isCryptoKey(privateKey)) {
    if (kids.has(kid)) return () => Promise.resolve(listed);
    if (!privateKey.extractable) {
      throw invalid(
        'keys.signing.privateKey',
        `cannot be exported: add its public JWK, with the kid ${kid}, to verifying`,
      );
    }
    return async () => [toPublic('keys.signing', { ...(await exportJWK(privateKey)), kid, alg }), ...listed];
  }
  const own = toPublic('keys.signing.privateKey', { ...privateKey, kid, alg });
  const same = listed.find((jwk) => jwk.kid === kid);
  if (same && (same.x !== own.x || same.y !== own.y)) {
    throw invalid('keys.verifying', `has another key under the kid of the signing one, ${kid}`);
  }
  return () => Promise.resolve([own, ...listed.filter((jwk) => jwk !== same)]);
}

function checkSigning({ kid, alg, privateKey }: SigningKey): void {
  requireKid('keys.signing', kid);
  if (!Object.hasOwn(ALGORITHMS, alg)) throw invalid('keys.signing.alg', 'must be EdDSA or ES256');
  const { name, kty, crv } = ALGORITHMS[alg];
  const where = 'keys.signing.privateKey';
  if (typeof privateKey !== 'object' || privateKey === null) throw invalid(where, 'must be a JWK or a CryptoKey');
  if (isCryptoKey(privateKey)) {
    const { algorithm, type, usages } = privateKey;
    const curve = 'namedCurve' in algorithm ? algorithm.namedCurve : crv;
    if (type !== 'private' || !usages.includes('sign') || algorithm.name !== name || curve !== crv) {
      throw invalid(where, `must be a private ${crv} key for signing, as ${alg} needs`);
    }
  } else if (privateKey.kty !== kty || privateKey.crv !== crv || typeof privateKey.d !== 'string') {
    throw invalid(where, `must be a private ${crv} key (kty ${kty}, with a d), as ${alg} needs`);
  }
}

/** Takes over only the members of a public key: a private one that was listed by mistake is not published. */
function toPublic(where: string, jwk: JWK): PublicJwk {
  if (typeof jwk !== 'object' || jwk === null) throw invalid(where, 'must be a JWK');
  const kid = requireKid(where, jwk.kid);
  const { kty, crv, x, y } = jwk;
  const alg = (['EdDSA', 'ES256'] as const).find(
    (each) => ALGORITHMS[each].kty === kty && ALGORITHMS[each].crv === crv,
  );
  if (alg === undefined || (jwk.alg !== undefined && jwk.alg !== alg && jwk.alg !== crv)) {
    throw invalid(where, 'must be a key for EdDSA (OKP, Ed25519) or ES256 (EC, P-256)');
  }
  if (typeof x !== 'string' || (alg === 'ES256' && typeof y !== 'string')) {
    throw invalid(where, `lacks ${alg === 'ES256' ? 'x or y' : 'x'}`);
  }
  const point = { kty: ALGORITHMS[alg].kty, crv: ALGORITHMS[alg].crv, x, ...(alg === 'ES256' && { y }) };
  return { ...point, kid, alg, use: 'sig' };
}

async function importPublic(keys: readonly PublicJwk[]): Promise<Map<string, TokenKey>> {
  const imported = await Promise.all(keys.map((jwk) => importKey(jwk.kid, jwk.alg, { ...jwk })));
  return new Map(imported.map((key) => [key.kid, key]));
}

async function importKey(kid: string, alg: SigningAlgorithm, key: JWK | CryptoKey): Promise<TokenKey> {
  try {
    return { kid, alg, key: isCryptoKey(key) ? key : await importJWK(key, alg) };
  } catch {
    // Not passed on as a cause: a runtime's error about a key may quote it.
    throw invalid('keys', `has a key, ${kid}, that cannot be read as ${alg}`);
  }
}

function requireKid(where: string, kid: unknown): string {
  if (typeof kid === 'string' && /^[\x21-\x7e]{1,128}$/.test(kid)) return kid;
  throw invalid(where, 'needs a kid of 1–128 visible ASCII characters');
}

function isCryptoKey(key: JWK | CryptoKey): key is CryptoKey {
  return key instanceof CryptoKey;
}

function invalid(where: string, why: string): ChatError {
  return new ChatError('invalid_options', `${where} ${why}.`);
}
