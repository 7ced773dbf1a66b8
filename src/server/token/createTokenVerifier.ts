import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { ChatError } from '../../protocol/index.ts';
import { MAX_TTL_SECONDS, TOKEN_TYPE } from './claims.ts';
import { keysFromSecret, type TokenKeys } from './keys.ts';

/** Above this nothing is parsed: jose reads a token of 1.3 MB without a murmur. */
const MAX_TOKEN_BYTES = 4_096;

/** How far the clocks of the minting and the verifying machine may be apart, seconds. */
export const CLOCK_TOLERANCE_SECONDS = 5;

export interface TokenVerifierOptions {
  /** The one that the token endpoint signs with. */
  secret: string | undefined;
  /** Default `latchkit`. */
  issuer?: string;
  /** Default `latchkit`. */
  audience?: string;
  /** Wall clock, ms since 1970. */
  now?: () => number;
}

/** What a good token says. Times in ms since 1970. */
export interface VerifiedToken {
  userId: string;
  sessionId: string;
  tokenId: string;
  issuedAt: number;
  expiresAt: number;
}

export interface TokenVerifier {
  /** @throws {ChatError} `token_too_large`, `token_expired`, `token_invalid`. */
  verify(raw: string): Promise<VerifiedToken>;
}

/**
 * Checks tokens with nothing left to jose's defaults: algorithm, `typ`, issuer, audience, required claims, greatest age and clock
 * tolerance are pinned (RFC 8725, section 3).
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  return verifierWithKeys(keysFromSecret(options.secret), options);
}

function verifierWithKeys(keys: TokenKeys, options: Omit<TokenVerifierOptions, 'secret'>): TokenVerifier {
  const { issuer = 'latchkit', audience = 'latchkit', now = Date.now } = options;
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
      try {
        const { kid } = decodeProtectedHeader(raw);
        const key = await keys.find(kid);
        if (key === undefined) throw invalid('it is signed with a key that this server does not have');
        const { payload } = await jwtVerify(raw, key.key, {
          algorithms: [key.alg],
          typ: TOKEN_TYPE,
          issuer,
          audience,
          requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
          maxTokenAge: MAX_TTL_SECONDS,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(now()),
        });
        return read(payload);
      } catch (error) {
        throw asChatError(error);
      }
    },
  };
}

function read({ sub, sid, jti, iat, exp }: JWTPayload): VerifiedToken {
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof jti !== 'string' || !sub || !sid || !jti) {
    throw invalid('a claim that names the person, session or token is no text');
  }
  if (iat === undefined || exp === undefined || exp - iat > MAX_TTL_SECONDS) {
    throw invalid(`it lives longer than ${MAX_TTL_SECONDS} s`);
  }
  return { userId: sub, sessionId: sid, tokenId: jti, issuedAt: iat * 1000, expiresAt: exp * 1000 };
}

// jose's errors carry the payload, so they are not passed on as a cause.
function asChatError(error: unknown): ChatError {
  if (ChatError.is(error)) return error;
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
