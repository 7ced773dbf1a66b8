import { SignJWT, importJWK, importPKCS8, type CryptoKey, type JWK } from 'jose';
import { fromBase64, toHex } from './hmac.ts';
import { invalidOption, lifetimeOf, requireText, resolvePerUser, type PerUser } from './options.ts';
import type { Mint } from './types.ts';

const NAME = 'centrifugoMint';
/** RFC 7518, section 3.2: a shorter secret can be found by trying, and every browser holds a token to try it on. */
const MIN_SECRET_BYTES = 32;
const PEM_FIX =
  'Make a pair with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem && openssl pkey -in key.pem -pubout';
const PEM = /^-----BEGIN PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----$/;
/** The name of the curve P-256 as it stands in a key's DER (OID 1.2.840.10045.3.1.7). */
const P256_IN_DER = '06082a8648ce3d030107';
const COORDINATE = /^[\w-]{43}$/;

interface CentrifugoClaimOptions {
  /** `aud`; the same as `client.token.audience` of the server, where that is set. */
  audience?: string | string[];
  /** `iss`; the same as `client.token.issuer` of the server, where that is set. */
  issuer?: string;
  /** Channels that the server subscribes the person to. Not a list of permissions. */
  channels?: PerUser<readonly string[]>;
  /** What other members of a channel see of the person. Default: nothing. */
  info?: PerUser<Readonly<Record<string, unknown>> | undefined>;
}

export type CentrifugoMintOptions = CentrifugoClaimOptions &
  (
    | {
        /** The server's `client.token.hmac_secret_key`; ≥ 32 bytes. Tokens are signed HS256. */
        secret: string | undefined;
        privateKey?: never;
      }
    | {
        /** A P-256 key as PKCS #8 PEM or JWK; the server has its public half. Tokens are signed ES256. */
        privateKey: string | JWK | undefined;
        secret?: never;
      }
  );

/**
 * Mints connection tokens for Centrifugo: a JWT with `sub`, `exp`, `iat`, a unique `jti`, and `aud`, `iss`, `channels`, `info` where
 * they are set. When the token ends, Centrifugo asks the client for a new one, and the connection stays open.
 *
 * In the browser: `new Centrifuge(url, { getToken: async () => (await tokens.get()).raw() })`.
 *
 * @throws {ChatError} `invalid_options` at once, when an option is missing or malformed
 * @see https://centrifugal.dev/docs/server/authentication
 */
export function centrifugoMint(options: CentrifugoMintOptions): Mint {
  const { audience, issuer, channels, info } = options;
  const signer = signerOf(options);
  if (channels !== undefined && typeof channels !== 'function') requireChannels(channels);

  return async function mint(context) {
    const { user } = context;
    const { issuedAt, expiresAt, seconds } = lifetimeOf(context);
    const theirChannels =
      channels === undefined ? undefined : requireChannels(await resolvePerUser(NAME, 'channels', channels, user));
    const theirInfo = await resolvePerUser(NAME, 'info', info, user);
    const { header, key } = await signer();
    const token = await new SignJWT({
      sub: user.id,
      exp: expiresAt,
      iat: issuedAt,
      jti: crypto.randomUUID(),
      ...(audience !== undefined && { aud: audience }),
      ...(issuer !== undefined && { iss: issuer }),
      ...(theirChannels !== undefined && { channels: theirChannels }),
      ...(theirInfo !== undefined && { info: theirInfo }),
    })
      .setProtectedHeader(header)
      .sign(key);
    return { token, expiresInSeconds: seconds };
  };
}

interface Signer {
  header: { alg: 'HS256' | 'ES256'; typ: 'JWT'; kid?: string };
  key: Uint8Array | CryptoKey;
}

function signerOf({ secret, privateKey }: CentrifugoMintOptions): () => Promise<Signer> {
  if (privateKey === undefined) {
    const signer: Signer = { header: { alg: 'HS256', typ: 'JWT' }, key: readSecret(secret) };
    return () => Promise.resolve(signer);
  }
  if (secret !== undefined) {
    throw invalidOption(NAME, 'secret', 'is given beside privateKey', 'Give the one that the server is set up with.');
  }
  const load = typeof privateKey === 'string' ? readPem(privateKey) : readJwk(privateKey);
  const kid = typeof privateKey === 'string' ? undefined : privateKey.kid;
  let imported: Promise<Signer> | undefined;
  // Imported at the first mint: an edge runtime allows no asynchronous work while a module loads.
  return () =>
    (imported ??= load().then(
      (key) => ({ header: { alg: 'ES256', typ: 'JWT', ...(kid !== undefined && { kid }) }, key }),
      // The reason is not passed on: a parser's error may quote the key.
      () => Promise.reject(invalidOption(NAME, 'privateKey', 'is not a whole P-256 private key', PEM_FIX)),
    ));
}

function readSecret(secret: unknown): Uint8Array {
  const fix = 'Make one with `npx latchkit secret`, and give it to Centrifugo as client.token.hmac_secret_key too.';
  const bytes = new TextEncoder().encode(requireText(NAME, 'secret', secret, fix));
  if (bytes.byteLength >= MIN_SECRET_BYTES) return bytes;
  throw invalidOption(NAME, 'secret', `has ${bytes.byteLength} bytes, and HS256 needs ${MIN_SECRET_BYTES}`, fix);
}

function readPem(pem: string): () => Promise<CryptoKey> {
  const text = requireText(NAME, 'privateKey', pem.trim(), PEM_FIX);
  if (text.includes('BEGIN EC PRIVATE KEY')) {
    throw invalidOption(
      NAME,
      'privateKey',
      'is in the older SEC 1 form',
      'Convert it: openssl pkcs8 -topk8 -nocrypt -in old.pem -out key.pem',
    );
  }
  const der = fromBase64(PEM.exec(text)?.[1]?.replace(/\s/g, '') ?? '');
  if (der === null || der.byteLength === 0) {
    throw invalidOption(NAME, 'privateKey', 'is not a private key in PKCS #8 PEM', PEM_FIX);
  }
  if (!toHex(der).includes(P256_IN_DER)) {
    throw invalidOption(NAME, 'privateKey', 'is not a key of the curve P-256', PEM_FIX);
  }
  return () => importPKCS8(text, 'ES256');
}

function readJwk(jwk: JWK | null): () => Promise<CryptoKey> {
  const fix = 'Pass a JWK with kty "EC", crv "P-256", x, y and d.';
  if (typeof jwk !== 'object' || jwk === null) throw invalidOption(NAME, 'privateKey', 'is neither PEM nor JWK', fix);
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256') throw invalidOption(NAME, 'privateKey', 'is not a P-256 key', fix);
  if (jwk.d === undefined) throw invalidOption(NAME, 'privateKey', 'is only the public half: it has no d', fix);
  if (![jwk.x, jwk.y, jwk.d].every((value) => typeof value === 'string' && COORDINATE.test(value))) {
    throw invalidOption(NAME, 'privateKey', 'has an x, y or d that is not 32 bytes in base64url', fix);
  }
  return async () => (await importJWK({ ...jwk, key_ops: undefined }, 'ES256')) as CryptoKey;
}

function requireChannels(channels: unknown): readonly string[] {
  if (Array.isArray(channels) && channels.every((name) => typeof name === 'string' && name !== '')) {
    return channels as string[];
  }
  throw invalidOption(NAME, 'channels', 'is not a list of names', 'Write it like ["news", "chat:general"].');
}
