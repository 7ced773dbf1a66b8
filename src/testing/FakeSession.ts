import type {
  BackendContext,
  BackendEvent,
  BackendSession,
  Clock,
  ConnectionState,
  ConnectionStatus,
  HistoryPage,
  ThreadPage,
} from '../client/index.ts';
import { ChatError, type Message, type MessagePart, type Thread } from '../protocol/index.ts';
import { toChatError } from './fake-errors.ts';
import type { FakeFault, FakeLine, FakeRequest, FakeRequestName } from './fake-types.ts';
import type { FakeLog } from './FakeLog.ts';

/** What all sessions of one fake backend share. */
export interface FakeWorld {
  readonly clock: Clock;
  readonly log: FakeLog;
  readonly sessions: Set<FakeSession>;
  readonly requests: FakeRequest[];
  readonly faults: Map<FakeRequestName, FakeFault>;
  latencyMs: number;
  line: { status: FakeLine; error: ChatError | null };
}

/** A request that reached the far side and has no answer yet. */
interface Flight {
  /** Answers it, unless a fault holds it back. */
  answer(): void;
  fail(reason: ChatError): void;
}

/** A token that could not be had for a passing reason is asked for again after this time. */
const RETRY_MS = 1000;

/** One client's line to the fake: its state, the threads that it has open, and the requests that wait for an answer. */
export class FakeSession implements BackendSession {
  readonly #world: FakeWorld;
  readonly #context: BackendContext;
  readonly #open = new Set<string>();
  readonly #flights = new Set<Flight>();
  #state: ConnectionState = { status: 'idle', error: null, retryAt: null };
  #everConnected = false;
  #listening = false;
  #left = false;
  /** Counts attempts: what an older one brings is dropped. */
  #attempt = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(world: FakeWorld, context: BackendContext) {
    this.#world = world;
    this.#context = context;
    world.sessions.add(this);
    void this.#connect();
  }

  get userId(): string {
    return this.#context.userId;
  }

  listThreads(): Promise<Thread[]> {
    return this.#request({ name: 'listThreads' }, () => {
      this.#listening = true;
      return this.#world.log.threadsOf(this.userId);
    });
  }

  openThread(threadId: string, { afterSeq }: { afterSeq?: number } = {}): Promise<ThreadPage> {
    return this.#request({ name: 'openThread', threadId, ...(afterSeq !== undefined && { afterSeq }) }, () => {
      const page = this.#world.log.page(threadId, this.userId, afterSeq);
      this.#open.add(threadId);
      return page;
    });
  }

  closeThread(threadId: string): void {
    this.#open.delete(threadId);
  }

  loadOlder(threadId: string, range: { beforeSeq: number; limit: number }): Promise<HistoryPage> {
    return this.#request({ name: 'loadOlder', threadId, beforeSeq: range.beforeSeq }, () =>
      this.#world.log.older(threadId, this.userId, range),
    );
  }

  sendMessage(sent: { threadId: string; messageId: string; parts: MessagePart[] }): Promise<Message> {
    const { threadId, messageId, parts } = sent;
    return this.#request({ name: 'sendMessage', threadId, messageId }, () => {
      const { message, stored } = this.#world.log.send({ threadId, id: messageId, parts, author: this.userId });
      // The echo comes before the answer: the harder of the two orders for a client.
      if (stored) announce(this.#world, message);
      return message;
    });
  }

  reconnect(): void {
    if (!this.#left && this.#state.status !== 'connected') void this.#connect();
  }

  close(): void {
    if (this.#left) return;
    this.#left = true;
    this.#world.sessions.delete(this);
    this.#break('closed', null);
  }

  /** The line is another one now. */
  lineChanged(): void {
    const { status, error } = this.#world.line;
    if (status === 'connected') this.reconnect();
    else this.#break(status, error);
  }

  /** A fault was set or lifted: what was held back may be answered now. */
  faultsChanged(): void {
    for (const flight of [...this.#flights]) flight.answer();
  }

  deliver(event: BackendEvent): void {
    if (this.#state.status !== 'connected') return;
    if (event.type === 'message.created' && !this.#open.has(event.message.threadId)) return;
    if (event.type === 'thread.updated' && !this.#listening) return;
    this.#context.onEvent(event);
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#cancelRetry?.();
    if (this.#world.line.status === 'offline') return this.#break('offline', this.#world.line.error);
    this.#set(this.#everConnected ? 'reconnecting' : 'connecting', this.#state.error);
    try {
      await this.#context.tokens.get();
    } catch (cause) {
      if (attempt === this.#attempt) this.#tokenFailed(ChatError.is(cause) ? cause : toChatError('internal'));
      return;
    }
    await this.#latency();
    if (attempt !== this.#attempt) return;
    const { status, error } = this.#world.line;
    if (status === 'connecting') return;
    if (status !== 'connected') return this.#break(status, error);
    const again = this.#everConnected;
    this.#everConnected = true;
    this.#set('connected', null);
    if (again) this.#context.onEvent({ type: 'reconnected' });
  }

  #tokenFailed(error: ChatError): void {
    if (!error.retryable) return this.#break('closed', error);
    const waitMs = error.retryAfterMs ?? RETRY_MS;
    this.#set(this.#state.status, error, this.#world.clock.now() + waitMs);
    this.#cancelRetry = this.#world.clock.setTimer(() => void this.#connect(), waitMs);
  }

  /** Ends what is under way; what was asked and not answered is refused, for nobody can say whether it arrived. */
  #break(status: ConnectionStatus, error: ChatError | null): void {
    this.#attempt++;
    this.#cancelRetry?.();
    this.#open.clear();
    this.#listening = false;
    const reason = error ?? toChatError('connection_lost');
    for (const flight of [...this.#flights]) flight.fail(reason);
    this.#set(status, error);
  }

  #set(status: ConnectionStatus, error: ChatError | null, retryAt: number | null = null): void {
    const { status: oldStatus, error: oldError, retryAt: oldRetryAt } = this.#state;
    if (status === oldStatus && error === oldError && retryAt === oldRetryAt) return;
    this.#state = { status, error, retryAt };
    this.#context.onState(this.#state);
  }

  /** Rejects with `connection_lost` while not connected, as a server's session does: waiting is the client's part. */
  #request<T>(request: Omit<FakeRequest, 'userId'>, run: () => T): Promise<T> {
    this.#world.requests.push({ ...request, userId: this.userId });
    if (this.#state.status !== 'connected') return Promise.reject(toChatError('connection_lost'));
    return new Promise<T>((resolve, reject) => {
      let due = false;
      const flight: Flight = {
        answer: () => {
          const fault = this.#world.faults.get(request.name);
          if (!due || fault === 'never-answers') return;
          this.#flights.delete(flight);
          try {
            if (fault) throw toChatError(fault);
            resolve(run());
          } catch (error) {
            reject(error instanceof Error ? error : toChatError('internal'));
          }
        },
        fail: (reason) => {
          this.#flights.delete(flight);
          reject(reason);
        },
      };
      this.#flights.add(flight);
      void this.#latency().then(() => {
        due = true;
        if (this.#flights.has(flight)) flight.answer();
      });
    });
  }

  async #latency(): Promise<void> {
    const { latencyMs, clock } = this.#world;
    if (latencyMs > 0) await new Promise<void>((resolve) => clock.setTimer(resolve, latencyMs));
  }
}

/** Tells everybody who may read the message of it. */
export function announce(world: FakeWorld, message: Message): void {
  const thread = world.log.view(message.threadId);
  for (const session of [...world.sessions]) {
    if (!world.log.mayRead(thread.id, session.userId)) continue;
    session.deliver({ type: 'message.created', message });
    session.deliver({ type: 'thread.updated', thread });
  }
}
