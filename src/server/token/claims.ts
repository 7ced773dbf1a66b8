import { MAX_ID_LENGTH } from '../../protocol/index.ts';
import type { AuthenticatedUser } from '../types.ts';

/** The `typ` header: a token of another kind, signed with the same secret, is not taken for one of these (RFC 8725, 3.11). */
export const TOKEN_TYPE = 'chat+jwt';
export const TOKEN_SCOPE = 'chat';
/** Shortest and longest life of a token, seconds. */
export const MIN_TTL_SECONDS = 15;
export const MAX_TTL_SECONDS = 900;

/** Whether a value can travel as an id: the same rule as the protocol's, without its validator. */
export function isId(value: unknown): value is string {
  return (
    typeof value === 'string' && value.length > 0 && value.length <= MAX_ID_LENGTH && /^[^\s\p{Cc}]+$/u.test(value)
  );
}

/**
 * The `sid` of a token. A renewal must keep it, so an app that does not tell sessions apart gets one stable session per person,
 * never a new one per token.
 */
export function sessionIdOf(user: AuthenticatedUser): string {
  return user.sessionId ?? `user:${user.id}`;
}
