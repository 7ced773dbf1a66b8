import { uuidv7 } from './uuidv7.ts';
import { ChatError } from '../protocol/index.ts';
import type { ChatUser, OwnThreadState, Presence, Thread, UploadLimits } from '../protocol/index.ts';
import type { FileToUpload, Upload } from './attachments/types.ts';
import { createHttpTokenFetcher } from './auth/http-token-fetcher.ts';
import { createTokenManager } from './auth/TokenManager.ts';
import type { TokenManager } from './auth/types.ts';
import type {
  BackendActions,
  BackendEvent,
  BackendSession,
  ChatBackend,
  ThreadPage,
  MessageSearch,
  SearchPage,
} from './backends/ChatBackend.ts';
import { latchkitBackend } from './backends/latchkit.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { ConnectionState } from './connection/ConnectionState.ts';
import { ask } from './conversation/ask.ts';
import { Drafts } from './conversation/Drafts.ts';
import { deviceOutboxStore } from './conversation/deviceOutboxStore.ts';
import type { Line } from './conversation/Line.ts';
import { isArchived, threadListStore } from './conversation/lists.ts';
import type { ThreadListStore } from './conversation/lists.ts';
import { Outbox } from './conversation/Outbox.ts';
import { noOutboxStore } from './conversation/OutboxStore.ts';
import type { OutboxStore } from './conversation/OutboxStore.ts';
import { OwnStates } from './conversation/OwnStates.ts';
import { openThread } from './conversation/openThread.ts';
import { Presences } from './conversation/Presences.ts';
import type { ThreadHost, ThreadStore } from './conversation/ThreadStore.ts';
import type { ClientPart } from './conversation/ClientPart.ts';
import type { NewThread, ThreadHandle } from './conversation/types.ts';
import { EventLog } from './EventLog.ts';
import { Store, type Readable } from './store.ts';
import type { ChatClient, ChatClientOptions, SearchMentions, Transcribe } from './types.ts';

const DEFAULT_URL = '/chat';
/** Where nothing is drawn, as on a server or in a test. */
const FRAME_MS = 16;
/** So many conversations that nobody looks at keep what was read of them. */
const MAX_IDLE_THREADS = 20;
const IDLE: ConnectionState = { status: 'idle', error: null, retryAt: null };
const CLOSED: ConnectionState = { status: 'closed', error: null, retryAt: null };

/** Makes one person's chat. Opens nothing and asks for nothing before `retain()`, so that it may be made while rendering on a server. */
export function createChatClient(options: ChatClientOptions): ChatClient {
  return new Client(options);
}

class Client implements ChatClient, Line, ThreadHost {
  readonly userId: string;
  readonly tokens: TokenManager;
  readonly clock: Clock;
  readonly connection = new Store<ConnectionState>(IDLE);
  readonly events: EventLog;
  readonly threads: ThreadListStore;
  readonly archivedThreads: ThreadListStore;
  /** What was added to it (`inboxOf`). */
  readonly parts: ClientPart[] = [];
  readonly user: Store<ChatUser>;
  readonly uploads = new Store<UploadLimits | null>(null);
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly own: OwnStates;
  readonly #backend: ChatBackend;
  readonly #presences = new Presences(this);
  readonly #onError: ((error: ChatError) => void) | undefined;
  readonly #threads = new Map<string, ThreadStore & ThreadHandle>();
  /** Pages to begin with, by thread. */
  readonly #initial: Map<string, ThreadPage>;
  /** Told of before it was known whether the person has archived them. */
  readonly #unlisted = new Map<string, Thread>();
  /** Files that are under way. */
  readonly #uploads = new Set<Upload>();
  /** Those that nobody watches, the longest unwatched first. */
  readonly #idle = new Set<ThreadStore>();
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
    this.user = new Store<ChatUser>({ id: userId, name: userId, avatarUrl: null });
    this.#onError = options.onError;
    this.#initial = new Map(options.initialThreads?.map((page) => [page.thread.id, page]));
    this.#backend = options.backend ?? latchkitBackend({ url, signals, transport: options.transport });
    this.tokens = createTokenManager({
      fetchToken: options.fetchToken ?? createHttpTokenFetcher({ url, now: () => clock.now() }),
      userId,
      clock,
      signals,
      tabs: options.tabs,
      onEvent: (event) => {
        // In another tab: here, too, the conversations close before anybody is told.
        if (event.type === 'signed-out' && !this.#over) this.#finish({ erase: true });
        this.events.add(event);
        options.onTokenEvent?.(event);
      },
    });
    this.own = new OwnStates(this, this);
    const { address } = this.#backend;
    const keepsDrafts = address && options.outbox !== false;
    this.drafts = new Drafts(keepsDrafts ? () => `${address()} ${options.userId}` : null);
    const complete = (thread: Thread) => this.own.complete(thread);
    this.threads = threadListStore(this, false, complete);
    this.archivedThreads = threadListStore(this, true, complete);
    this.outbox = new Outbox(this, outboxStore(options, this.#backend), {
      changed: (threadId) => this.#threads.get(threadId)?.onOutbox(),
      saved: (message) => {
        this.#learnUser(message.author);
        this.#threads.get(message.threadId)?.onSaved(message);
      },
    });
  }

  get me(): ChatUser {
    return this.user.get();
  }

  /** The session while it is connected: the one that the stores may ask. */
  get session(): BackendSession | null {
    return this.connection.get().status === 'connected' ? (this.#open?.session ?? null) : null;
  }

  can(action: keyof BackendActions): boolean {
    return this.#backend.actions?.includes(action) ?? true;
  }

  get canQuote(): boolean {
    return this.#backend.quotes ?? this.can('listReplies');
  }

  get expectsAnswers(): boolean {
    return this.#backend.expectsAnswers ?? false;
  }

  thread(threadId: string): ThreadHandle {
    let store = this.#threads.get(threadId);
    if (!store) {
      store = openThread(threadId, this, this, this.#initial.get(threadId));
      this.#threads.set(threadId, store);
      this.onWatched(store, false);
    }
    return store;
  }

  async createThread({ title, access = 'members', memberIds = [], threadId = uuidv7() }: NewThread): Promise<Thread> {
    const thread = await ask(this, (session) => session.createThread?.({ threadId, title, access, memberIds }));
    this.onThread(thread);
    return thread;
  }

  presence(userId: string): Readable<Presence | null> {
    return this.#presences.of(userId);
  }

  search(search: MessageSearch): Promise<SearchPage> {
    return ask(this, (session) => session.searchMessages?.(search));
  }

  searchPeople(query: string): Promise<ChatUser[]> {
    return ask(this, (session) => session.searchPeople?.(query));
  }

  get searchMentions(): SearchMentions | null {
    const backend = this.#backend;
    return backend.searchMentions ? (query, context) => backend.searchMentions!(query, context) : null;
  }

  get transcribe(): Transcribe | null {
    const backend = this.#backend;
    if (!backend.transcribe) return null;
    return async (audio, { signal }) => backend.transcribe!(audio, { tokens: this.tokens, signal });
  }

  upload(file: FileToUpload): Upload {
    if (this.#over) throw new ChatError('disposed', 'This client was signed out or closed.');
    const upload = this.#backend.upload?.(file, this);
    if (!upload) throw new ChatError('action_forbidden', 'This kind of backend takes no files.');
    this.#uploads.add(upload);
    upload.subscribe(() => {
      const { status } = upload.get();
      if (status === 'done' || status === 'canceled') this.#uploads.delete(upload);
    });
    return upload;
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
    this.#finish({ erase: true });
    this.tokens.signOut();
  }

  dispose(): void {
    this.#finish({ erase: false });
    this.tokens.dispose();
  }

  frame(fn: () => void): void {
    // Hidden pages draw nothing, and nobody sees what grows there.
    if (typeof requestAnimationFrame === 'function') requestAnimationFrame(() => fn());
    else this.clock.setTimer(fn, FRAME_MS);
  }

  report(error: ChatError): void {
    this.#onError?.(error);
  }

  onThread(told: Thread): void {
    const thread = this.own.complete(told);
    this.#threads.get(thread.id)?.onThread(thread);
    // What may be archived is in no list until that is known.
    if (!thread.own && this.own.isAsking(thread.id) && !this.#listed(thread.id)) this.#unlisted.set(thread.id, thread);
    else this.#list(thread);
  }

  onUnknown(threadId: string): void {
    const thread = this.#unlisted.get(threadId);
    if (thread) this.#list(thread);
  }

  onOwnState(threadId: string, own: OwnThreadState): void {
    this.#threads.get(threadId)?.onOwnState(own);
    const thread = this.#listed(threadId);
    if (thread) this.#list({ ...thread, own });
  }

  #listed(threadId: string): Thread | undefined {
    return this.threads.find(threadId) ?? this.archivedThreads.find(threadId);
  }

  /** A thread is in one of the two lists: what is put away, or comes back by a message, goes from one to the other. */
  #list(thread: Thread): void {
    const [here, gone] = isArchived(thread)
      ? [this.archivedThreads, this.threads]
      : [this.threads, this.archivedThreads];
    this.#unlisted.delete(thread.id);
    gone.remove(thread.id);
    here.put(thread);
  }

  onDeleted(threadId: string): void {
    this.#onRemoved(threadId);
  }

  onLeft(threadId: string): void {
    const thread = this.#threads.get(threadId)?.get().thread;
    // An open one goes on to be readable.
    if (thread?.access === 'open') this.onThread({ ...thread, role: null });
    else this.#onRemoved(threadId);
  }

  /** Handles stay, since somebody may hold one; what the least recently watched ones hold is read again when it is wanted. */
  onWatched(store: ThreadStore, watched: boolean): void {
    this.#idle.delete(store);
    if (watched) return;
    this.#idle.add(store);
    const [oldest] = this.#idle;
    if (this.#idle.size <= MAX_IDLE_THREADS || !oldest) return;
    this.#idle.delete(oldest);
    oldest.forget();
  }

  /** Forgets before it closes, so that what the closing rejects finds nothing to keep. */
  #finish({ erase }: { erase: boolean }): void {
    this.#over = true;
    this.#cancelClose?.();
    if (erase) this.drafts.erase();
    if (erase) this.outbox.erase();
    else this.outbox.close();
    for (const upload of [...this.#uploads]) upload.cancel();
    this.#initial.clear();
    this.#unlisted.clear();
    this.own.forget();
    for (const store of this.#stores()) store.forget();
    this.#closeSession(CLOSED);
  }

  #openSession(): void {
    if (this.#open || this.#over) return;
    // Until open() has returned there is no session, though a backend may tell of its state; and an ended one may still talk.
    const open: { session: BackendSession | null } = { session: null };
    this.#open = open;
    this.outbox.start();
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
    if (this.session) this.#onConnected();
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
    if (before === 'connected' && state.status !== 'connected') this.#onLost();
    if (before !== 'connected' && this.session) this.#onConnected();
    if (state.status === 'closed' && state.error) this.report(state.error);
  }

  #onConnected(): void {
    for (const store of this.#stores()) store.onConnected();
    this.own.onConnected();
    this.#presences.onConnected();
    this.outbox.resume();
  }

  #onLost(): void {
    this.outbox.pause();
    this.own.onLost();
    this.#presences.onLost();
    for (const store of this.#stores()) store.onLost();
  }

  #onEvent(event: BackendEvent): void {
    for (const part of this.parts) part.onEvent(event);
    switch (event.type) {
      case 'connected':
        this.#learnUser(event.user);
        this.#learnUploads(event.uploads ?? null);
        break;
      case 'reconnected':
        for (const store of this.#stores()) store.onReconnected();
        this.own.onConnected();
        this.#presences.onConnected();
        this.outbox.resume();
        break;
      case 'message.created':
      case 'message.updated':
        this.#learnUser(event.message.author);
        this.#threads.get(event.message.threadId)?.onMessage(event.message);
        break;
      case 'answer.streamed':
        this.#threads.get(event.threadId)?.onStreamed(event);
        break;
      case 'member.updated':
        this.#threads.get(event.member.threadId)?.onMember(event.member);
        break;
      case 'member.removed':
        this.#threads.get(event.threadId)?.onMemberRemoved(event.userId);
        break;
      case 'receipt.updated':
        this.#threads.get(event.threadId)?.onReceipts(event.receipts);
        break;
      case 'report.updated':
        this.#threads.get(event.threadId)?.reports.again();
        break;
      case 'presence.updated':
        this.#presences.onTold(event.presence);
        break;
      case 'typing.updated':
        this.#threads.get(event.threadId)?.typing.onTold(event.user, event.active);
        break;
      case 'thread.updated':
        this.onThread(event.thread);
        break;
      case 'thread.reset':
        this.#threads.get(event.threadId)?.onReset();
        break;
      case 'thread.removed':
        this.#onRemoved(event.threadId);
        break;
      case 'inbox.updated': // Its own part's.
    }
  }

  #onRemoved(threadId: string): void {
    this.#threads.get(threadId)?.onRemoved();
    this.#unlisted.delete(threadId);
    this.threads.remove(threadId);
    this.archivedThreads.remove(threadId);
  }

  /** How the server shows this person: the next unsent message is shown the same way. */
  #learnUser(user: ChatUser): void {
    const { me } = this;
    if (user.id !== me.id || (user.name === me.name && user.avatarUrl === me.avatarUrl)) return;
    this.user.set(user);
  }

  #learnUploads(limits: UploadLimits | null): void {
    if (JSON.stringify(limits) !== JSON.stringify(this.uploads.get())) this.uploads.set(limits);
  }

  #stores(): (ThreadStore | ThreadListStore)[] {
    return [this.threads, this.archivedThreads, ...this.parts.flatMap(({ lists }) => lists), ...this.#threads.values()];
  }
}

/** The device's storage where it is known whose and from where; what cannot be told apart is not kept. */
function outboxStore({ outbox, userId }: ChatClientOptions, backend: ChatBackend): OutboxStore {
  if (outbox !== undefined) return outbox === false ? noOutboxStore : outbox;
  const { address } = backend;
  return address ? deviceOutboxStore(() => `${address()} ${userId}`) : noOutboxStore;
}
