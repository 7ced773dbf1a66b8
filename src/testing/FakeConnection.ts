import type { BackendContext, ConnectionState, ConnectionStatus } from '../client/index.ts';
import { ChatError } from '../protocol/index.ts';
import { toChatError } from './fake-errors.ts';
import type { FakeRequest } from './fake-types.ts';
import type { FakeWorld } from './fake-world.ts';

/** A request that reached the far side and has no answer yet. */
interface Flight {
  /** Answers it, unless a fault holds it back. */
  answer(): void;
  fail(reason: ChatError): void;
}

/** A token that could not be had for a passing reason is asked for again after this time. */
const RETRY_MS = 1000;

/** One client's line to the fake: its state, and the requests that wait for an answer. */
export class FakeConnection {
  readonly #world: FakeWorld;
  readonly #context: BackendContext;
  readonly #onBreak: () => void;
  readonly #flights = new Set<Flight>();
  #state: ConnectionState = { status: 'idle', error: null, retryAt: null };
  #everConnected = false;
  #left = false;
  /** Counts attempts: what an older one brings is dropped. */
  #attempt = 0;
  #cancelRetry: (() => void) | undefined;

  /** @param onBreak what was opened over the line is open no longer */
  constructor(world: FakeWorld, context: BackendContext, onBreak: () => void) {
    this.#world = world;
    this.#context = context;
    this.#onBreak = onBreak;
    void this.#connect();
  }

  get isConnected(): boolean {
    return this.#state.status === 'connected';
  }

  reconnect(): void {
    if (!this.#left && !this.isConnected) void this.#connect();
  }

  close(): void {
    this.#left = true;
    this.#break('closed', null);
  }

  /** It is another one now. */
  changed(): void {
    const { status, error } = this.#world.line;
    if (status === 'connected') this.reconnect();
    else this.#break(status, error);
  }

  /** A fault was set or lifted: what was held back may be answered now. */
  faultsChanged(): void {
    for (const flight of [...this.#flights]) flight.answer();
  }

  /** Rejects with `connection_lost` while not connected, as a server's session does: waiting is the client's part. */
  request<T>(request: Omit<FakeRequest, 'userId'>, run: () => T): Promise<T> {
    const named = Object.entries(request).filter(([, value]) => value !== undefined);
    this.#world.requests.push({ ...(Object.fromEntries(named) as typeof request), userId: this.#context.userId });
    if (!this.isConnected) return Promise.reject(toChatError('connection_lost'));
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
    this.#context.onEvent({
      type: 'connected',
      user: this.#world.log.user(this.#context.userId),
      uploads: this.#world.uploads ?? undefined,
    });
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
    this.#onBreak();
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

  async #latency(): Promise<void> {
    const { latencyMs, clock } = this.#world;
    if (latencyMs > 0) await new Promise<void>((resolve) => clock.setTimer(resolve, latencyMs));
  }
}
