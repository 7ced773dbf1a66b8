import type { AuthenticatedUser } from '../../types.ts';

/** What a mint is given for one request, after the endpoint has found out who asks. */
export interface MintContext {
  user: AuthenticatedUser;
  /** How long the token is to live at most: the endpoint's `ttl`, cut to the end of the app's own session. */
  ttlSeconds: number;
  /** ms since 1970. */
  now: number;
  /** The request's JSON body; an empty object when it had none. Not to be trusted. */
  body: Readonly<Record<string, unknown>>;
  /** Aborts when the browser went away. */
  signal: AbortSignal;
}

export interface MintedToken {
  /** What the browser uses: opaque to LatchKit. */
  token: string;
  /** How long it lives, in seconds. */
  expiresInSeconds: number;
  /** Further fields of the endpoint's answer, where a service wants them. */
  fields?: Readonly<Record<string, unknown>>;
}

/**
 * Makes a token for one person: LatchKit's own by default, or another service's.
 *
 * Throws a `ChatError`: `auth_unavailable` when it can be tried again (with `retryAfterMs` where the service named a wait),
 * `bad_request` and `forbidden` for what the browser asked, `invalid_options` where the app must be corrected. Only the code is for
 * the browser; message and cause are for the server's log.
 */
export type Mint = (context: MintContext) => Promise<MintedToken>;
