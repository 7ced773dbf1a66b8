const REDACTED = '[ChatToken]';
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Claims that LatchKit's tokens carry. Read for scheduling and display; nothing in a client trusts them. */
export interface TokenClaims {
  sub?: string;
  sid?: string;
  iss?: string;
  aud?: string | string[];
  jti?: string;
  /** Seconds since 1970, by the server's clock. */
  iat?: number;
  /** Seconds since 1970, by the server's clock. */
  exp?: number;
  scope?: string;
  [claim: string]: unknown;
}

/** Kept beside the objects, for a `#private` field is shown by Chromium's console: its preview of a logged object lists them. */
const RAW = new WeakMap<object, string>();

/**
 * A token that cannot leak by accident: the raw value is no part of the object, so that `String(token)`, JSON, `console`,
 * structured clones, a query cache's persister and devtools see none of it. Only {@link raw} gives it out.
 */
export class ChatToken {
  /** Null for an opaque token. */
  readonly claims: Readonly<TokenClaims> | null;
  /** When it was asked for, ms, local clock. */
  readonly issuedAt: number;
  /** When it lapses, ms, local clock: counted from the moment of the request, so a wrong clock does no harm. */
  readonly expiresAt: number;

  constructor(raw: string, options: { claims: TokenClaims | null; issuedAt: number; expiresAt: number }) {
    RAW.set(this, raw);
    this.claims = options.claims;
    this.issuedAt = options.issuedAt;
    this.expiresAt = options.expiresAt;
  }

  /** Tells a live token from what a cache may have restored in its place. */
  static is(value: unknown): value is ChatToken {
    return typeof value === 'object' && value !== null && RAW.has(value);
  }

  /** The token itself, for the one place that sends it. */
  raw(): string {
    const raw = RAW.get(this);
    if (raw === undefined) throw new TypeError('This is no live ChatToken: only its shape was copied.');
    return raw;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [INSPECT](): string {
    return REDACTED;
  }
}
