import type { ChatError } from '../protocol/index.ts';
import type { FetchToken, TokenEvent, TokenManager } from './auth/types.ts';
import type { ChatBackend } from './backends/ChatBackend.ts';
import type { Clock } from './clock.ts';
import type { ConnectionState } from './connection/ConnectionState.ts';
import type { ThreadHandle, ThreadListState } from './conversation/types.ts';
import type { PageSignals } from './PageSignals.ts';
import type { Readable } from './store.ts';

export interface ChatClientOptions {
  /** A LatchKit server's base, absolute or relative to the page: `POST {url}/token`, `WS {url}/socket`. Default `/chat`. */
  url?: string;
  /** Whose chat this is. */
  userId: string;
  /** Replaces `POST {url}/token`. */
  fetchToken?: FetchToken;
  /** Replaces the LatchKit server. */
  backend?: ChatBackend;
  clock?: Clock;
  /** When the page is shown, hidden, online. Default: the browser's own; nothing outside of browsers. */
  signals?: PageSignals;
  /** Told of what went wrong out of anybody's call. */
  onError?: (error: ChatError) => void;
  onTokenEvent?: (event: TokenEvent) => void;
}

/** One person's chat: token, connection and conversations. Knows no React. */
export interface ChatClient {
  readonly userId: string;
  readonly tokens: TokenManager;
  readonly connection: Readable<ConnectionState>;
  /** The person's conversations; asked for while somebody subscribes. */
  readonly threads: Readable<ThreadListState>;
  /** The same handle for the same id. */
  thread(threadId: string): ThreadHandle;
  /** Opens the connection and keeps it until as many returned functions were called. Opens nothing before. */
  retain(): () => void;
  /** Tries to connect at once, skipping a wait. */
  reconnect(): void;
  /** Ends the connection in the same tick, forgets the token and everything unsent. */
  signOut(): void;
  /** Ends everything for good. */
  dispose(): void;
}
