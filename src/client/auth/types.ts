import type { ChatError } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import type { PageSignals } from '../PageSignals.ts';
import type { ChatToken } from './ChatToken.ts';

/** Why a token is asked for: the first one, a renewal in time, or because the server refused the one in hand. */
export type FetchReason = 'initial' | 'refresh' | 'rejected';

/** What a token fetcher may return: the bare token, or the token with its lifetime in seconds (OAuth 2.0's names). */
export type TokenResponse = string | { token: string; expires_in?: number };

export type FetchToken = (context: { reason: FetchReason; signal: AbortSignal }) => Promise<TokenResponse>;

/**
 * - `idle`: nobody has asked yet · `loading`: the first token is on its way
 * - `ready`: good · `refreshing`: good, the next one is on its way · `degraded`: good, but its renewal is failing
 * - `offline`: no usable token, and no network · `unauthenticated`, `forbidden`: the app said no; not tried again
 * - `error`: no usable token; `error` says why
 */
export type TokenStatus =
  'idle' | 'loading' | 'ready' | 'refreshing' | 'degraded' | 'offline' | 'unauthenticated' | 'forbidden' | 'error';

/** What is to be seen of a manager at one moment. A new object per change. */
export interface TokenSnapshot {
  status: TokenStatus;
  /** The usable token, else null. Never an expired one. */
  token: ChatToken | null;
  error: ChatError | null;
  /** How many tokens followed the first one. */
  renewals: number;
}

/** How the tabs of one browser talk with each other. Messages may be lost, late, doubled or junk: nothing rests on one arriving. */
export interface TabsPort {
  /** Joins the other tabs. `listener` hears what they post (a structured clone of it), and nothing of this tab's own. */
  open(listener: (message: unknown) => void): TabsChannel;
}

export interface TabsChannel {
  /** Sends to every other tab that is open now. Never throws. */
  post(message: unknown): void;
  /** Nothing is heard afterwards. */
  close(): void;
}

export interface TokenManagerOptions {
  fetchToken: FetchToken;
  /** Whose tokens: one with another `sub` is discarded (`user_mismatch`). Omit where the tokens are opaque. */
  userId?: string;
  clock?: Clock;
  /** When the page is shown, hidden, online. Default: the browser's own; nothing outside of browsers. */
  signals?: PageSignals;
  /**
   * Through what the tabs of one browser share each token, so that one of them asks for all, and a sign-out reaches all. Default: the
   * browser's BroadcastChannel where `fetchToken` is {@link createHttpTokenFetcher}'s and `userId` is given, else none: only then is it known
   * that the tabs' tokens are interchangeable. For a fetcher of your own pass `browserTabs(name)`. `false`: each tab for itself.
   */
  tabs?: TabsPort | false;
  /** Told of every mint, renewal, failure and sign-out, for logs and devtools. Never with a token in it. */
  onEvent?: (event: TokenEvent) => void;
}

export type TokenEvent =
  | { type: 'fetch'; reason: FetchReason; attempt: number }
  | { type: 'token'; reason: FetchReason; lifetimeMs: number }
  /** Another tab's token was taken. */
  | { type: 'adopted'; lifetimeMs: number }
  | { type: 'failure'; reason: FetchReason; error: ChatError; retryInMs: number | null }
  | { type: 'rejected' }
  | { type: 'signed-out' };

/** Owns one person's token at one endpoint: caches it, renews it before it lapses, and never hands out an expired one. */
export interface TokenManager {
  /**
   * A usable token: at once when there is one (and starts its renewal when due), else after the one flight that everybody shares.
   * Failures that may pass are retried behind it for up to 30 s; then it rejects with the last one (`retryable`).
   * @throws {ChatError} when there will be none: `unauthenticated`, `forbidden`, `signed_out`, `disposed`, `invalid_token_response` …
   * Such a refusal stands until {@link reset}.
   */
  get(): Promise<ChatToken>;
  /** The usable token in hand, without asking for one; null when there is none. */
  readonly current: ChatToken | null;
  readonly status: TokenStatus;
  /** The same object until something changes. */
  getSnapshot(): TokenSnapshot;
  /** The server refused `rejected`: returns the token in hand if it is another one, else fetches one. */
  forceRefresh(rejected: ChatToken): Promise<ChatToken>;
  /**
   * The server says that `expiring` lapses soon: returns the token in hand if it is another one, else renews it ahead of time, also in
   * a hidden page. `expiring` stays in use meanwhile.
   */
  renew(expiring: ChatToken): Promise<ChatToken>;
  /** Forgets a refusal (`unauthenticated` …), so that the next `get()` asks again: the person signed in once more. Not after `signOut`. */
  reset(): void;
  /** Forgets the token at once, in all tabs; whatever is under way is dropped when it arrives. */
  signOut(): void;
  /** Watches for changes, and keeps the token renewed while anybody watches. */
  subscribe(listener: () => void): () => void;
  /** Ends all timers and listeners. Every later call throws `disposed`. */
  dispose(): void;
}
