import type { ChatError, ChatUser, Message } from '../protocol/index.ts';
import { createHttpTokenFetcher } from './auth/http-token-fetcher.ts';
import { createTokenManager } from './auth/TokenManager.ts';
import type { TokenManager } from './auth/types.ts';
import type { BackendEvent, BackendSession, ChatBackend } from './backends/ChatBackend.ts';
import { latchkitBackend } from './backends/latchkit.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { ConnectionState } from './connection/ConnectionState.ts';
import type { Line } from './conversation/Line.ts';
import { ThreadListStore } from './conversation/ThreadListStore.ts';
import { ThreadStore } from './conversation/ThreadStore.ts';
import { EventLog } from './EventLog.ts';
import { Store } from './store.ts';
import type { ChatClient, ChatClientOptions } from './types.ts';

const DEFAULT_URL = '/chat';
const IDLE: ConnectionState = { status: 'idle', error: null, retryAt: null };
const CLOSED: ConnectionState = { status: 'closed', error: null, retryAt: null };

/** Makes one person's chat. Opens nothing and asks for nothing before `retain()`, so that it may be made while rendering on a server. */
export function createChatClient(options: ChatClientOptions): ChatClient {
  return new Client(options);
}

class Client implements ChatClient, Line {
  readonly userId: string;
  readonly tokens: TokenManager;
  readonly clock: Clock;
  readonly connection = new Store<ConnectionState>(IDLE);
  readonly events: EventLog;
  readonly threads: ThreadListStore;
  me: ChatUser;
  readonly #backend: ChatBackend;
  readonly #onError: ((error: ChatError) => void) | undefined;
  readonly #threads = new Map<string, ThreadStore>();
  #open: { session: BackendSession | null } | null = null;
  #holders = 0;
  #cancelClose: (() => void) | undefined;
  /** After a sign-out or dispose(): nothing opens any more. */
  #over = false;

  constructor(options: ChatClientOptions) {
    const { userId, url = DEFAULT_URL, clock = systemClock, signals } = options;
    this.userId = userId;
    this.clock = clock;
    this.events = new EventLog(clock);
    this.me = { id: userId, name: userId, avatarUrl: null };
    this.#onError = options.onError;
    this.#backend = options.backend ?? latchkitBackend({ url, signals });
    this.tokens = createTokenManager({
      fetchToken: options.fetchToken ?? createHttpTokenFetcher({ url, now: () => clock.now() }),
      userId,
      clock,
      signals,
      tabs: options.tabs,
      onEvent: (event) => {
        // In another tab: here, too, the conversations close before anybody is told.
        if (event.type === 'signed-out' && !this.#over) this.#finish();
        this.events.add(event);
        options.onTokenEvent?.(event);
      },
    });
    this.threads = new ThreadListStore(this);
  }

  /** The session while it is connected: the one that the stores may ask. */
  get session(): BackendSession | null {
    return this.connection.get().status === 'connected' ? (this.#open?.session ?? null) : null;
  }

  thread(threadId: string): ThreadStore {
    let store = this.#threads.get(threadId);
    if (!store) this.#threads.set(threadId, (store = new ThreadStore(threadId, this)));
    return store;
  }

  retain(): () => void {
    this.#holders += 1;
    this.#cancelClose?.();
    this.#cancelClose = undefined;
    this.#openSession();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holders -= 1;
      // Not at once: React's StrictMode unmounts and mounts again in one go, and the socket stays.
      if (this.#holders === 0) this.#cancelClose = this.clock.setTimer(() => this.#closeSession(IDLE), 0);
    };
  }

  reconnect(): void {
    this.tokens.reset();
    this.#open?.session?.reconnect();
  }

  signOut(): void {
    if (this.#over) return;
    this.#finish();
    this.tokens.signOut();
  }

  dispose(): void {
    this.#finish();
    this.tokens.dispose();
  }

  report(error: ChatError): void {
    this.#onError?.(error);
  }

  /** Forgets before it closes, so that what the closing rejects finds nothing to keep. */
  #finish(): void {
    this.#over = true;
    this.#cancelClose?.();
    for (const store of this.#stores()) store.forget();
    this.#closeSession(CLOSED);
  }

  #openSession(): void {
    if (this.#open || this.#over) return;
    // Until open() has returned there is no session, though a backend may tell of its state; and an ended one may still talk.
    const open: { session: BackendSession | null } = { session: null };
    this.#open = open;
    open.session = this.#backend.open({
      userId: this.userId,
      tokens: this.tokens,
      clock: this.clock,
      onState: (state) => {
        if (this.#open === open) this.#onState(state);
      },
      onEvent: (event) => {
        if (this.#open === open) this.#onEvent(event);
      },
    });
    if (this.session) for (const store of this.#stores()) store.onConnected();
  }

  #closeSession(state: ConnectionState): void {
    this.#cancelClose = undefined;
    const open = this.#open;
    this.#open = null;
    open?.session?.close();
    this.#onState(state);
  }

  #onState(state: ConnectionState): void {
    const { status: before, error } = this.connection.get();
    this.connection.set(state);
    // A new time for the next attempt alone is no event.
    if (state.status !== before || state.error !== error) {
      this.events.add({ type: 'connection', status: state.status, error: state.error });
    }
    if (before === 'connected' && state.status !== 'connected') for (const store of this.#stores()) store.onLost();
    if (before !== 'connected' && this.session) for (const store of this.#stores()) store.onConnected();
    if (state.status === 'closed' && state.error) this.report(state.error);
  }

  #onEvent(event: BackendEvent): void {
    switch (event.type) {
      case 'message.created':
        this.#learnName(event.message);
        this.#threads.get(event.message.threadId)?.onMessage(event.message);
        break;
      case 'thread.updated':
        this.#threads.get(event.thread.id)?.onThread(event.thread);
        this.threads.onThread(event.thread);
        break;
      case 'reconnected':
        for (const store of this.#stores()) store.onReconnected();
    }
  }

  /** How the server shows this person: the next unsent message is shown the same way. */
  #learnName({ author }: Message): void {
    if (author.id === this.userId) this.me = author;
  }

  #stores(): (ThreadStore | ThreadListStore)[] {
    return [this.threads, ...this.#threads.values()];
  }
}
