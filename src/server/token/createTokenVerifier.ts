import { errors, jwtVerify, type JWTPayload } from 'jose';
import { ChatError } from '../../protocol/index.ts';
import { CLOCK_TOLERANCE_SECONDS, isId, MAX_TTL_SECONDS, TOKEN_SCOPE, TOKEN_TYPE } from './claims.ts';
import { keysFromSet, type VerifyingKeySet } from './key-set.ts';
import { signingKeys, type SigningOptions } from './keys.ts';
import { remoteKeys, type RemoteKeysOptions } from './remote-keys.ts';
import { isRevoked, type Revocations } from './Revocations.ts';
import { checkClaimsText, FormError, readHeader } from './strict-jws.ts';
import type { VerifyingKeys } from './TokenKeys.ts';

/** Above this nothing is parsed: jose reads a token of 1.3 MB without a murmur. */
const MAX_TOKEN_BYTES = 4_096;

interface VerifierSettings {
  /** Default `latchkit`. */
  issuer?: string;
  /** Default `latchkit`. */
  audience?: string;
  /** Tokens that were taken back. Default: none were. */
  revocations?: Revocations;
  /** Wall clock, ms since 1970. */
  now?: () => number;
}

/** What to check signatures with: what the token endpoint signs with, or only its public keys, or where it publishes them. */
type KeySource =
  | (SigningOptions & { jwksUrl?: never; fetch?: never })
  | { keys: VerifyingKeySet; secret?: never; jwksUrl?: never; fetch?: never }
  | (RemoteKeysOptions & { secret?: never; keys?: never });

export type TokenVerifierOptions = VerifierSettings & KeySource;

/** What a good token says. Times in ms since 1970. */
export interface VerifiedToken {
  userId: string;
  sessionId: string;
  tokenId: string;
  issuedAt: number;
  expiresAt: number;
}

export interface TokenVerifier {
  /**
   * @throws {ChatError} `token_too_large`, `token_expired`, `token_revoked`, `token_invalid`; `auth_unavailable` when the keys or
   * the revocations cannot be asked, which says nothing about the token
   */
  verify(raw: string): Promise<VerifiedToken>;
}

/**
 * Checks tokens with nothing left to jose's defaults: form, algorithm, `typ`, issuer, audience, required claims, greatest age and
 * clock tolerance are pinned (RFC 8725, section 3).
 *
 * @throws {ChatError} at once: `secret_missing`, `secret_too_short`, `invalid_options`
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const keys = keysOf(options);
  const { issuer = 'latchkit', audience = 'latchkit', revocations, now = Date.now } = options;

  async function check(raw: string): Promise<VerifiedToken> {
    const { alg, kid } = readHeader(raw);
    const key = await keys.find(kid, alg);
    if (key === undefined) throw invalid('it is signed with a key that this server does not have');
    if (key.alg !== alg) throw invalid('its algorithm is not that of its key');
    const { payload } = await jwtVerify(raw, key.key, {
      algorithms: [key.alg],
      typ: TOKEN_TYPE,
      issuer,
      audience,
      requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp', 'scope'],
      maxTokenAge: MAX_TTL_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now()),
    });
    checkClaimsText(raw);
    return read(payload, audience);
  }

  return {
    async verify(raw) {
      if (typeof raw !== 'string') throw invalid('it is no string');
      // A UTF-16 code unit is at least one byte of UTF-8, and a good token is ASCII.
      if (raw.length > MAX_TOKEN_BYTES) {
        throw new ChatError(
          'token_too_large',
          `The token has ${raw.length} bytes; at most ${MAX_TOKEN_BYTES} are read.`,
        );
      }
      const token = await check(raw).catch((error: unknown) => {
        throw asChatError(error);
      });
      if (revocations && (await isRevoked(revocations, token))) {
        throw new ChatError('token_revoked', 'The token was taken back.');
      }
      return token;
    },
  };
}

function keysOf(options: KeySource): VerifyingKeys {
  const { secret, keys, jwksUrl } = options;
  if ([secret, keys, jwksUrl].filter((each) => each !== undefined).length > 1) {
    throw new ChatError('invalid_options', 'secret, keys and jwksUrl exclude each other: pass one of them.');
  }
  if (options.jwksUrl !== undefined) return remoteKeys(options);
  return options.keys === undefined ? signingKeys(options) : keysFromSet(options.keys);
}

function read({ sub, sid, jti, iat, exp, aud, scope }: JWTPayload, audience: string): VerifiedToken {
  if (!isId(sub) || !isId(sid) || !isId(jti)) {
    throw invalid('a claim that names the person, session or token is no id');
  }
  // jose takes a list that holds ours: such a token is good elsewhere as well, and whoever it was shown to there could use it here.
  if (aud !== audience) throw invalid('its claim "aud" names others as well');
  if (typeof scope !== 'string' || !scope.split(' ').includes(TOKEN_SCOPE)) {
    throw invalid('its claim "scope" does not hold');
  }
  if (!isTime(iat) || !isTime(exp) || exp <= iat) throw invalid('its times are none');
  if (exp - iat > MAX_TTL_SECONDS) throw invalid(`it lives longer than ${MAX_TTL_SECONDS} s`);
  return { userId: sub, sessionId: sid, tokenId: jti, issuedAt: iat * 1000, expiresAt: exp * 1000 };
}

function isTime(seconds: unknown): seconds is number {
  return Number.isSafeInteger(seconds) && (seconds as number) >= 0;
}

// jose's errors carry the payload, so they are not passed on as a cause.
function asChatError(error: unknown): ChatError {
  if (ChatError.is(error)) return error;
  if (error instanceof FormError) return invalid(error.message);
  if (error instanceof errors.JWTExpired && error.claim === 'exp') {
    return new ChatError('token_expired', 'The token has expired.');
  }
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) {
    return invalid(`its claim "${error.claim}" does not hold`);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid('its signature does not fit');
  return invalid('it cannot be read');
}

function invalid(why: string): ChatError {
  return new ChatError('token_invalid', `The token was refused: ${why}.`);
}
