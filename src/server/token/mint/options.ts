import { ChatError } from '../../../protocol/index.ts';
import type { AuthenticatedUser } from '../../types.ts';
import type { MintContext } from './types.ts';

/** A fixed value, or what the app works out for one person, at each mint. */
export type PerUser<T> = T | ((user: AuthenticatedUser) => T | Promise<T>);

/** Names the mint, the option and the remedy; never quotes the value, which may be a secret. */
export function invalidOption(mint: string, option: string, why: string, fix: string): ChatError {
  return new ChatError('invalid_options', `${mint}: ${option} ${why}. ${fix}`);
}

/**
 * Text that must be there, such as a secret of the app's own making.
 * @throws {ChatError} `invalid_options` when it is missing or blank
 */
export function requireText(mint: string, option: string, value: unknown, fix: string): string {
  if (value === undefined || value === null) throw invalidOption(mint, option, 'is missing', fix);
  if (typeof value !== 'string') throw invalidOption(mint, option, `is no text but a ${typeof value}`, fix);
  if (value.trim() === '') throw invalidOption(mint, option, 'is blank', fix);
  // What `${process.env.X}` makes of a variable that is not set.
  if (value === 'undefined' || value === 'null') {
    throw invalidOption(mint, option, `is the word "${value}", so its environment variable is not set`, fix);
  }
  if (value !== value.trim()) {
    throw invalidOption(mint, option, 'begins or ends with a blank or a line break', 'Take them away, then: ' + fix);
  }
  return value;
}

/**
 * A key or secret that a service's dashboard shows: visible ASCII, so that it can travel in a header.
 * @throws {ChatError} `invalid_options` when it is missing, blank or cannot be such a key
 */
export function requireCredential(mint: string, option: string, value: unknown, fix: string): string {
  const text = requireText(mint, option, value, fix);
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw invalidOption(mint, option, 'holds a blank, a line break or a character that no key has', fix);
}

/**
 * Asks the app for one person's value.
 * @throws {ChatError} `auth_unavailable` when the app's function throws: the token can be asked for again
 */
export async function resolvePerUser<T>(
  mint: string,
  option: string,
  value: PerUser<T>,
  user: AuthenticatedUser,
): Promise<T> {
  if (typeof value !== 'function') return value;
  try {
    return await (value as (user: AuthenticatedUser) => T | Promise<T>)(user);
  } catch (cause) {
    throw new ChatError('auth_unavailable', `${mint}: ${option}() threw, so no token was made.`, { cause });
  }
}

/** The claims' times in whole seconds, so that a service's verifier and the browser read the same lifetime. */
export function lifetimeOf({ ttlSeconds, now }: Pick<MintContext, 'ttlSeconds' | 'now'>): {
  issuedAt: number;
  expiresAt: number;
  seconds: number;
} {
  const seconds = Math.floor(ttlSeconds);
  const issuedAt = Math.floor(now / 1000);
  // The second half is for NaN and Infinity, which JSON would turn into a token without an end.
  if (seconds < 1 || !Number.isSafeInteger(issuedAt + seconds)) {
    throw new ChatError('token_ttl_too_short', `A token cannot live for ${ttlSeconds} s from ${now}.`);
  }
  return { issuedAt, expiresAt: issuedAt + seconds, seconds };
}
