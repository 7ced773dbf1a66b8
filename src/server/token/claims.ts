import { MAX_ID_LENGTH } from '../../protocol/index.ts';

/** The `typ` header: a token of another kind, signed with the same secret, is not taken for one of these (RFC 8725, 3.11). */
export const TOKEN_TYPE = 'chat+jwt';
export const TOKEN_SCOPE = 'chat';
/** Shortest and longest life of a token, seconds. */
export const MIN_TTL_SECONDS = 15;
export const MAX_TTL_SECONDS = 900;
/** How far the clocks of the minting and the verifying machine may be apart, seconds. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * Whether a value can be an id: the protocol's rule, and no character that is not seen (`Cf`: zero width, text direction) nor half
 * of one (`Cs`, which storage would replace), by which two ids could look or become the same.
 */
export function isId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= MAX_ID_LENGTH &&
    /^[^\s\p{Cc}\p{Cf}\p{Cs}]+$/u.test(value)
  );
}

/**
 * The `sid` of a token. A renewal must keep it, so an app that does not tell sessions apart gets one stable session per person,
 * never a new one per token.
 */
export function sessionIdOf(user: { id: string; sessionId?: string }): string {
  return user.sessionId ?? `user:${user.id}`;
}
