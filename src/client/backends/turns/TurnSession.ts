import { ChatError, type ChatUser, type Message, type Rating, type Thread } from '../../../protocol/index.ts';
import type {
  BackendContext,
  BackendEvent,
  BackendSession,
  Clock,
  HistoryPage,
  MessageToSend,
  PartAction,
  PageSignals,
  ThreadListPage,
  ThreadPage,
  ThreadToCreate,
  ToolDecision,
} from '../../index.ts';
import { authorizedFetch, type AuthorizedFetch } from './authorizedFetch.ts';
import { ThreadLog } from './ThreadLog.ts';
import type { TurnPort } from './TurnPort.ts';
import type { ThreadHost } from './ThreadHost.ts';
import { TurnThread } from './TurnThread.ts';

export interface SessionOptions {
  port: TurnPort;
  /** Outlive the session: a page that comes back finds its conversations. */
  logs: Map<string, ThreadLog>;
  /** What the person thinks of answers, as long as the page: no such server says it again. */
  ratings: Map<string, Rating>;
  me: ChatUser;
  /** The title of a conversation of which the far side says none. */
  title: string;
  authorization: boolean;
  fetch: () => typeof globalThis.fetch;
  signals: PageSignals;
  silenceMs: number;
}

/** One person's session with a server that is asked turn by turn. It is connected while the device has a network and a token can be had. */
export class TurnSession implements BackendSession, ThreadHost {
  readonly port: TurnPort;
  readonly clock: Clock;
  readonly me: ChatUser;
  readonly fetch: AuthorizedFetch;
  readonly silenceMs: number;
  readonly #options: SessionOptions;
  readonly #context: BackendContext;
  readonly #threads = new Map<string, TurnThread>();
  readonly #end = new AbortController();
  readonly #stopListening: () => void;
  #isListed = false;
  #refused: ChatError | null = null;
  #wasConnected = false;

  constructor(options: SessionOptions, context: BackendContext) {
    this.port = options.port;
    this.clock = context.clock;
    this.me = options.me;
    this.silenceMs = options.silenceMs;
    this.#options = options;
    this.#context = context;
    this.fetch = authorizedFetch(options.authorization ? context.tokens : null, options.fetch);
    this.#stopListening = options.signals.subscribe((signal) => {
      if (signal !== 'wake') this.#look();
    });
    this.#look();
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  async listThreads({
    cursor,
    archived = false,
  }: { cursor?: string; archived?: boolean } = {}): Promise<ThreadListPage> {
    const { port, fetch, signal } = this;
    this.#checkOpen();
    if (archived) return { threads: [], nextCursor: null };
    this.#isListed = true;
    let nextCursor: string | null = null;
    try {
      const listed = await port.listThreads?.({ fetch, signal }, cursor);
      nextCursor = listed?.nextCursor ?? null;
      const threads = (listed?.threads ?? []).map(({ id, title, updatedAt, isClosed }): Thread => {
        const known = this.#options.logs.get(id);
        known?.tell({ isClosed });
        if (known) return { ...known.thread, title: known.title || title };
        const log = new ThreadLog(id, { title, people: this.#people, now: () => updatedAt });
        log.tell({ isClosed });
        return log.thread;
      });
      const ids = new Set(threads.map(({ id }) => id));
      const own = cursor === undefined ? [...this.#options.logs.values()].filter(({ id }) => !ids.has(id)) : [];
      threads.push(...own.map(({ thread }) => thread));
      return { threads: threads.sort((a, b) => b.updatedAt - a.updatedAt), nextCursor };
    } catch (thrown) {
      throw this.failed(thrown);
    }
  }

  async openThread(threadId: string, { afterSeq }: { afterSeq?: number } = {}): Promise<ThreadPage> {
    this.#checkOpen();
    const page = await this.#thread(threadId).open(afterSeq);
    this.#checkOpen();
    return page;
  }

  closeThread(threadId: string): void {
    const thread = this.#threads.get(threadId);
    if (thread) thread.isOpen = false;
  }

  async loadOlder(threadId: string, range: { beforeSeq: number; limit: number }): Promise<HistoryPage> {
    this.#checkOpen();
    return this.#thread(threadId).older(range);
  }

  async sendMessage(message: MessageToSend): Promise<Message> {
    this.#checkOpen();
    const sent = await this.#thread(message.threadId).send(message);
    this.changed(message.threadId);
    return sent;
  }

  async stopAnswer(threadId: string, messageId: string): Promise<Message> {
    this.#checkOpen();
    return this.#thread(threadId).stop(messageId);
  }

  async retryAnswer(threadId: string, messageId: string): Promise<Message> {
    this.#checkOpen();
    return this.#thread(threadId).retry(messageId);
  }

  async resumeAnswer(threadId: string, messageId: string): Promise<Message> {
    this.#checkOpen();
    return Promise.resolve(this.#thread(threadId).resume(messageId));
  }

  async decideTool(threadId: string, messageId: string, decision: ToolDecision): Promise<Message> {
    this.#checkOpen();
    return this.#thread(threadId).decide(messageId, decision);
  }

  async actOnPart(threadId: string, messageId: string, action: PartAction): Promise<Message> {
    this.#checkOpen();
    if (!this.port.actions?.includes('actOnPart'))
      throw new ChatError('action_forbidden', 'This kind of server is not told what is done to a part of an answer.');
    return this.#thread(threadId).act(messageId, action);
  }

  async rateAnswer(threadId: string, messageId: string, rating?: Rating): Promise<Rating> {
    this.#checkOpen();
    const { port, fetch, signal } = this;
    if (!port.rate) throw new ChatError('action_forbidden', 'This kind of server is not told what people think.');
    if (rating) {
      const told = port.rate({ threadId, fetch, signal }, messageId, rating);
      await told.catch((thrown: unknown) => {
        throw this.failed(thrown);
      });
      this.#options.ratings.set(messageId, rating);
    }
    return this.#options.ratings.get(messageId) ?? { value: null, reason: null };
  }

  async fetchThread(threadId: string): Promise<Thread> {
    this.#checkOpen();
    await this.#thread(threadId).load();
    return this.#log(threadId).thread;
  }

  async sendReceipt(threadId: string, readSeq: number): Promise<Thread> {
    this.#checkOpen();
    const log = this.#log(threadId);
    log.read(readSeq);
    return Promise.resolve(log.thread);
  }

  async createThread({ threadId, title }: ThreadToCreate): Promise<Thread> {
    this.#checkOpen();
    const isNew = !this.#options.logs.has(threadId);
    const log = this.#log(threadId);
    if (isNew) {
      log.title = title;
      this.#threads.set(threadId, new TurnThread(log, this, true));
    }
    return Promise.resolve(log.thread);
  }

  async renameThread(threadId: string, title: string): Promise<Thread> {
    this.#checkOpen();
    await this.#thread(threadId).rename(title);
    this.changed(threadId);
    return this.#log(threadId).thread;
  }

  async deleteThread(threadId: string): Promise<void> {
    this.#checkOpen();
    await this.#thread(threadId).remove();
    this.#threads.delete(threadId);
    this.#options.logs.delete(threadId);
  }

  reconnect(): void {
    this.#refused = null;
    if (!this.signal.aborted) this.#look();
  }

  close(): void {
    if (this.signal.aborted) return;
    this.#stopListening();
    this.#end.abort();
    for (const thread of this.#threads.values()) thread.close();
    this.#context.onState({ status: 'closed', error: null, retryAt: null });
  }

  emit(event: BackendEvent): void {
    this.#context.onEvent(event);
    if (event.type === 'message.created' || event.type === 'message.updated') this.changed(event.message.threadId);
  }

  failed(thrown: unknown): ChatError {
    const error = ChatError.is(thrown) ? thrown : new ChatError('internal', 'The backend failed.', { cause: thrown });
    const isRefusal = ['unauthenticated', 'forbidden', 'signed_out', 'server_rejects_fresh_token', 'user_mismatch'];
    if (!isRefusal.includes(error.code) || this.signal.aborted) return error;
    this.#refused = error;
    this.#look();
    // The message is kept: it is sent once the person is signed in again.
    return new ChatError('connection_lost', 'The server could not be asked: nobody is signed in.', { cause: error });
  }

  get #people() {
    return { me: this.me, assistant: this.port.assistant };
  }

  /** Tells what the line is now. */
  #look(): void {
    const context = this.#context;
    if (this.#refused) return context.onState({ status: 'closed', error: this.#refused, retryAt: null });
    if (!this.#options.signals.online()) return context.onState({ status: 'offline', error: null, retryAt: null });
    context.onState({ status: 'connected', error: null, retryAt: null });
    if (!this.#wasConnected) context.onEvent({ type: 'connected', user: this.me, uploads: this.port.uploads });
    this.#wasConnected = true;
  }

  changed(threadId: string): void {
    const isTold = this.#isListed || this.#threads.get(threadId)?.isOpen === true;
    if (isTold && !this.signal.aborted)
      this.#context.onEvent({ type: 'thread.updated', thread: this.#log(threadId).thread });
  }

  #checkOpen(): void {
    if (this.signal.aborted) throw new ChatError('disposed', 'This session was closed.');
  }

  #thread(threadId: string): TurnThread {
    let thread = this.#threads.get(threadId);
    if (!thread) {
      const isKnown = this.#options.logs.has(threadId) && !this.port.load;
      thread = new TurnThread(this.#log(threadId), this, isKnown);
      this.#threads.set(threadId, thread);
    }
    return thread;
  }

  #log(threadId: string): ThreadLog {
    const { logs, title } = this.#options;
    let log = logs.get(threadId);
    if (!log) {
      log = new ThreadLog(threadId, { title, people: this.#people, now: () => this.clock.now() });
      logs.set(threadId, log);
    }
    return log;
  }
}
