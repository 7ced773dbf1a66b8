import type { ChatError, ChatUser, Presence, Thread, UploadLimits } from '../protocol/index.ts';
import type { TabsPort } from './auth/types.ts';
import type { FetchToken, TokenEvent, TokenManager } from './auth/types.ts';
import type { BackendActions, ChatBackend, ThreadPage, MessageSearch, SearchPage } from './backends/ChatBackend.ts';
import type { TransportName } from './backends/latchkit.ts';
import type { Clock } from './clock.ts';
import type { ConnectionState, ConnectionStatus } from './connection/ConnectionState.ts';
import type { Drafts } from './conversation/Drafts.ts';
import type { OutboxStore } from './conversation/OutboxStore.ts';
import type { NewThread, PagedReadable, ThreadHandle, ThreadListState } from './conversation/types.ts';
import type { PageSignals } from './PageSignals.ts';
import type { Readable } from './store.ts';

export interface ChatClientOptions {
  /** A LatchKit server's base, absolute or relative to the page: `POST {url}/token`, `WS {url}/socket`, `GET {url}/events`. Default `/chat`. */
  url?: string;
  /** Whose chat this is. */
  userId: string;
  /** Replaces `POST {url}/token`. */
  fetchToken?: FetchToken;
  /**
   * How frames travel to a LatchKit server. Default `auto`: by WebSocket, or by event stream where WebSockets do not go through.
   * `websocket` and `event-stream`: always that way.
   */
  transport?: TransportName | undefined;
  /** Replaces the LatchKit server. */
  backend?: ChatBackend;
  clock?: Clock;
  /** When the page is shown, hidden, online. Default: the browser's own; nothing outside of browsers. */
  signals?: PageSignals;
  /** Through what tabs share tokens and sign-outs. Default: BroadcastChannel, unless `fetchToken` is given; then pass `browserTabs(name)`. */
  tabs?: TabsPort | false;
  /**
   * Where unsent messages outlive a reload, for this person alone; erased by a sign-out. Default: IndexedDB, where there is one and the
   * backend has an `address`. `false`: only in memory.
   */
  outbox?: OutboxStore | false;
  /** Pages that the person's own server read for them, e.g. while it rendered: shown at once, and brought up to date from there. */
  initialThreads?: readonly ThreadPage[] | undefined;
  /** Told of what went wrong out of anybody's call. */
  onError?: (error: ChatError) => void;
  /** Told of every mint, renewal, refusal and failure of the token. Never with a token in it. */
  onTokenEvent?: (event: TokenEvent) => void;
}

/** What happens to the token, and to the connection that lives by it. */
export type ChatEvent = TokenEvent | { type: 'connection'; status: ConnectionStatus; error: ChatError | null };

export interface ChatEventEntry {
  /** Counts up from 1, without gaps. */
  id: number;
  /** Wall-clock time, ms since 1970. */
  at: number;
  event: ChatEvent;
}

/** Resolves with the words. Rejects with a `ChatError`. */
export type Transcribe = (audio: Blob, options: { signal: AbortSignal }) => Promise<string>;

/** Resolves with the best matches first. Rejects with a `ChatError`. */
export type SearchMentions = (query: string, context: { threadId: string; signal: AbortSignal }) => Promise<ChatUser[]>;

/** One person's chat: token, connection and conversations. Knows no React. */
export interface ChatClient {
  readonly userId: string;
  readonly tokens: TokenManager;
  readonly connection: Readable<ConnectionState>;
  /** Whether this kind of backend can do it at all; whether it will for this person, it says when it is asked. */
  can(action: keyof BackendActions): boolean;
  /** Whether a message may answer another one: `replyTo` of `send`. */
  readonly canQuote: boolean;
  /** Whether what people send is answered as a rule, as by a model. */
  readonly expectsAnswers: boolean;
  /** The last 200 events since the client was made, oldest first: for devtools and reports. Watching them changes nothing. */
  readonly events: Readable<readonly ChatEventEntry[]>;
  /** The person as the server shows them; until it has, by their id. */
  readonly user: Readable<ChatUser>;
  /** Which files can be uploaded; null where none are taken, and until the first connection. */
  readonly uploads: Readable<UploadLimits | null>;
  /** What is written and not sent; as a store, the places that hold some. Kept on the device where the unsent is. */
  readonly drafts: Drafts;
  /** The person's conversations, but for those that they have archived; asked for while somebody subscribes. */
  readonly threads: PagedReadable<ThreadListState>;
  /** Those that the person has archived, which are in no other list; asked for while somebody subscribes. */
  readonly archivedThreads: PagedReadable<ThreadListState>;
  /** Has the backend say what is said in a recording; null where it cannot. */
  readonly transcribe: Transcribe | null;
  /** Asks the backend who or what a message may mention; null where those are the members of the conversation. */
  readonly searchMentions: SearchMentions | null;
  /** The same handle for the same id. */
  thread(threadId: string): ThreadHandle;
  /**
   * Whether somebody is here, and when they last were: asked for while somebody subscribes. Null while it is not known: without a connection,
   * and of whom one is in no conversation with.
   */
  presence(userId: string): Readable<Presence | null>;
  /**
   * Makes a conversation, with this person as its owner. Waits for no connection.
   * @throws {ChatError} `connection_lost`, `action_forbidden`, `thread_conflict` …
   */
  createThread(thread: NewThread): Promise<Thread>;
  /**
   * Looks for messages, the newest first: words, "words in this order", from:name. Waits for no connection.
   * @throws {ChatError} `connection_lost`, `rate_limited`, `thread_forbidden` …
   */
  search(search: MessageSearch): Promise<SearchPage>;
  /**
   * Looks for people whom one can add to a conversation, the best matches first; an empty query asks whom the server suggests. Waits for no
   * connection.
   * @throws {ChatError} `connection_lost`, `rate_limited` …
   */
  searchPeople(query: string): Promise<ChatUser[]>;
  /** Opens the connection and keeps it until as many returned functions were called. Opens nothing before. */
  retain(): () => void;
  /** Tries to connect at once, skipping a wait. */
  reconnect(): void;
  /** Ends the connection in the same tick, forgets the token, and erases everything unsent, also from the device. */
  signOut(): void;
  /** Ends everything for good. What is unsent stays on the device, for this person's next visit. */
  dispose(): void;
}
