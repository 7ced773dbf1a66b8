import { jwtDecode } from 'jwt-decode';
import { ChatError } from '../../protocol/index.ts';
import type { TokenClaims } from './ChatToken.ts';
import { safetyMargin } from './lifetime.ts';

/** A token with its lifetime, as read from an answer. */
export interface TokenGrant {
  raw: string;
  claims: TokenClaims | null;
  lifetimeMs: number;
}

const MAX_TOKEN_LENGTH = 8_192;
// RFC 6750, 2.1 (b68token): no quotes, blanks or markup, so an HTML page or a twice-encoded string is seen at once.
const TOKEN = /^[\w.~+/-]+=*$/;
const NOT_TOKENS = new Set(['undefined', 'null', 'true', 'false', 'NaN']);
// Seconds until the year 5138; a larger number was written in milliseconds.
const MAX_SECONDS = 1e11;

/**
 * Reads what a token fetcher returned.
 * @throws {ChatError} `invalid_token_response`, `token_ttl_too_short`
 */
export function readTokenResponse(answer: unknown): TokenGrant {
  const { token, expiresIn } = unpack(answer);
  if (typeof token !== 'string') throw invalid(`The token is no string but ${kindOf(token)}.`);
  if (token.length > MAX_TOKEN_LENGTH) throw invalid(`The token is longer than ${MAX_TOKEN_LENGTH} characters.`);
  if (!TOKEN.test(token) || NOT_TOKENS.has(token)) {
    throw invalid('The answer is not a token: empty, an HTML page, or encoded as JSON twice.');
  }
  const claims = readClaims(token);
  const lifetimeMs = lifetimeOf(claims, expiresIn) * 1_000;
  if (lifetimeMs <= safetyMargin(lifetimeMs)) {
    throw new ChatError(
      'token_ttl_too_short',
      `The token lives for ${lifetimeMs} ms, too short to be renewed in time.`,
    );
  }
  return { raw: token, claims, lifetimeMs };
}

function unpack(answer: unknown): { token: unknown; expiresIn: unknown } {
  if (typeof answer !== 'object' || answer === null) return { token: answer, expiresIn: undefined };
  if (!('token' in answer)) throw invalid('The answer has no `token`.');
  return { token: answer.token, expiresIn: 'expires_in' in answer ? answer.expires_in : undefined };
}

/** Null for an opaque token. */
function readClaims(token: string): TokenClaims | null {
  try {
    const claims: unknown = jwtDecode(token);
    return typeof claims === 'object' && claims !== null ? (claims as TokenClaims) : null;
  } catch {
    return null;
  }
}

/** In seconds. */
function lifetimeOf(claims: TokenClaims | null, expiresIn: unknown): number {
  for (const name of ['exp', 'iat'] as const) {
    const value: unknown = claims?.[name];
    if (value !== undefined && !isSeconds(value)) throw invalid(`The claim \`${name}\` is not in seconds since 1970.`);
  }
  if (expiresIn !== undefined) {
    if (isSeconds(expiresIn)) return expiresIn;
    throw invalid('`expires_in` is not a number of seconds.');
  }
  if (claims?.exp !== undefined && claims.iat !== undefined) return claims.exp - claims.iat;
  // `exp` alone would have to be compared with this device's clock, which may be wrong by years.
  throw invalid('The lifetime is not known: give `expires_in`, or a JWT with both `iat` and `exp`.');
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < MAX_SECONDS;
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}

function invalid(message: string): ChatError {
  return new ChatError('invalid_token_response', message);
}
