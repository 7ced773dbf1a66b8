import * as v from 'valibot';
import { ChatError, closeAction, closeError, PROTOCOL_VERSION, serverFrameSchema } from '../../protocol/index.ts';
import type { ClientFrame, ServerFrame, ServerFrameOf } from '../../protocol/index.ts';
import type { ChatToken } from '../auth/ChatToken.ts';
import type { TokenManager } from '../auth/types.ts';
import { flooredJitter } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import type { PageSignal, PageSignals } from '../PageSignals.ts';
import type { ConnectionState, ConnectionStatus } from './ConnectionState.ts';
import { Heartbeat } from './Heartbeat.ts';
import { PendingRequests } from './PendingRequests.ts';
import type { AnswerTo, RequestFrame, RequestType } from './PendingRequests.ts';
import { Scope } from './Scope.ts';
import type { SocketEvent, SocketLike } from './socket.ts';

/** From the first byte to `auth.accepted`. Without it, a server that accepts and then says nothing would hold the client for ever. */
const HANDSHAKE_MS = 10_000;
/** Only a connection that lived this long clears the backoff: one that is accepted and dropped at once must not be retried hot. */
const STABLE_MS = 10_000;
/** Shorter, and the clients of a server that was away for some seconds come back as one herd. A person's Retry, a wake and `online` skip it. */
const BACKOFF_BASE_MS = 6_000;
const BACKOFF_CAP_MS = 30_000;
/** A restarted server's clients come back within this time, evenly spread. */
const SPREAD_MS = 5_000;
/** Going away, lost, service restart (RFC 6455, 7.4.1, and the IANA registry): what a restart looks like from here. */
const RESTART_CODES: ReadonlySet<number> = new Set([1001, 1006, 1012]);
/** The device may be wrong about its network, so it is tried now and then all the same. */
const OFFLINE_RETRY_MS = 30_000;
/** One skipped wait in this time: a burst of page signals is one wake. */
const SKIP_EVERY_MS = 5_000;

export interface ConnectionOptions {
  /** Opens a socket; called per attempt. What it throws ends the connection. */
  openSocket(): SocketLike;
  userId: string;
  tokens: TokenManager;
  clock: Clock;
  signals: PageSignals;
  onState(state: ConnectionState): void;
  /** Each frame that is no answer. */
  onFrame(frame: ServerFrame): void;
  /** After `connected`; `again` after a loss. */
  onConnected(again: boolean): void;
}

type Phase =
  | { name: 'idle' }
  /** Waits for the token. */
  | { name: 'asking' }
  /** Opens the socket and presents the token. */
  | { name: 'opening' }
  /** The server has accepted the token. */
  | { name: 'open' }
  /** Until the next attempt. */
  | { name: 'waiting'; offline: boolean }
  | { name: 'closed' };

/**
 * One authenticated WebSocket, opened again for as long as that can help. Explicit states; each owns its timers in a scope, and
 * what comes late for a state that was left is ignored.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #requests: PendingRequests;
  #phase: Phase = { name: 'idle' };
  #scope: Scope;
  #socket: SocketLike | null = null;
  #heartbeat: Heartbeat | null = null;
  /** By which the connection lives, or tries to. */
  #token: ChatToken | null = null;
  /** Refused by the server, to be replaced before the next attempt. */
  #refused: ChatToken | null = null;
  /** A refused token was replaced at once; the next one waits. Until the connection is stable. */
  #renewedAtOnce = false;
  #failures = 0;
  #wasConnected = false;
  #error: ChatError | null = null;
  #skippedAt = -Infinity;
  #stopListening: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#requests = new PendingRequests(options.clock);
    this.#scope = new Scope(options.clock);
  }

  start(): void {
    if (this.#phase.name === 'idle') this.#ask();
  }

  /** Tries now, also when the device thinks that it is offline, and after a refusal. */
  reconnect(): void {
    if (this.#phase.name === 'open') return this.#heartbeat?.probe();
    const refused = this.#phase.name === 'closed' && this.#error !== null;
    if (this.#phase.name === 'waiting' || refused) this.#ask();
  }

  /** Sends and waits for the answer, at most 10 s. Rejects with `connection_lost` while not connected. */
  request<T extends RequestType>(frame: RequestFrame<T>): Promise<AnswerTo<T>> {
    if (this.#phase.name !== 'open') return Promise.reject(lost('There is no connection.'));
    return this.#requests.start(frame, (complete) => this.send(complete));
  }

  /** Sends what is not answered; does nothing while not connected. */
  send(frame: ClientFrame): void {
    if (this.#phase.name === 'open') this.#write(frame);
  }

  /** Closes for good, in this very tick. */
  close(): void {
    this.#end(null, lost('The connection was closed.'));
  }

  #enter(phase: Phase): Scope {
    this.#scope.end();
    this.#scope = new Scope(this.#options.clock);
    this.#phase = phase;
    this.#stopListening ??= this.#options.signals.subscribe((signal) => this.#onSignal(signal));
    return this.#scope;
  }

  /** The manager is asked before every attempt: no token is kept from one to the next. */
  #ask(): void {
    const scope = this.#enter({ name: 'asking' });
    const { tokens } = this.#options;
    this.#publish(this.#wasConnected ? 'reconnecting' : 'connecting');
    if (scope.ended) return;
    const answer = this.#refused ? tokens.forceRefresh(this.#refused) : tokens.get();
    answer.then(
      (token) => {
        if (!scope.ended) this.#open(token);
      },
      (thrown: unknown) => {
        if (scope.ended) return;
        const error = ChatError.is(thrown) ? thrown : new ChatError('internal', 'No token.', { cause: thrown });
        if (error.retryable) this.#wait(error);
        else this.#end(error);
      },
    );
  }

  #open(token: ChatToken): void {
    const scope = this.#enter({ name: 'opening' });
    this.#refused = null;
    this.#token = token;
    let socket: SocketLike;
    try {
      socket = this.#options.openSocket();
    } catch (thrown) {
      const cause = { cause: thrown };
      return this.#end(
        ChatError.is(thrown) ? thrown : new ChatError('invalid_options', 'No socket opens there.', cause),
      );
    }
    this.#socket = socket;
    const listen = (name: 'open' | 'message' | 'close', handle: (event: SocketEvent) => void) =>
      socket.addEventListener(name, (event) => {
        if (this.#socket === socket) handle(event);
      });
    // The close that follows says what is to be done; but Node's sockets throw an error that nobody listens to.
    socket.addEventListener('error', () => {});
    listen('open', () => this.#write({ type: 'auth.open', protocol: PROTOCOL_VERSION, token: token.raw() }));
    listen('message', (event) => this.#onMessage(event.data));
    listen('close', (event) => this.#onClose(event.code ?? 1006));
    scope.timer(() => this.#drop(lost('The server did not accept the connection in time.')), HANDSHAKE_MS);
  }

  #onMessage(data: unknown): void {
    if (this.#phase.name === 'open') this.#heartbeat?.heard();
    const frame = readFrame(data);
    if (!frame) return;
    if (this.#phase.name === 'opening') {
      if (frame.type === 'auth.accepted') this.#onAccepted(frame);
    } else if (frame.type === 'auth.expiring') {
      // The subscription sends the newer token. A failure is the manager's to retry, and to report.
      if (this.#token) this.#options.tokens.renew(this.#token).catch(() => {});
    } else if (!this.#requests.settle(frame)) {
      this.#options.onFrame(frame);
    }
  }

  #onAccepted(frame: ServerFrameOf<'auth.accepted'>): void {
    if (frame.user.id !== this.#options.userId) {
      return this.#end(new ChatError('user_mismatch', 'The server knows this token as another user’s.'));
    }
    const scope = this.#enter({ name: 'open' });
    this.#heartbeat = new Heartbeat(scope, {
      ping: () => this.#write({ type: 'ping' }),
      lost: () => this.#drop(lost('The server fell silent.')),
    });
    scope.timer(() => {
      this.#failures = 0;
      this.#renewedAtOnce = false;
    }, STABLE_MS);
    const again = this.#wasConnected;
    this.#wasConnected = true;
    this.#error = null;
    this.#publish('connected');
    if (scope.ended) return;
    scope.onEnd(this.#options.tokens.subscribe(() => this.#followToken(scope)));
    this.#followToken(scope);
    if (!scope.ended) this.#options.onConnected(again);
  }

  /** The manager has a newer token: the open connection goes on with it. Or it has none any more. */
  #followToken(scope: Scope): void {
    if (scope.ended) return;
    const { token, error } = this.#options.tokens.getSnapshot();
    if (token && token !== this.#token) {
      this.#token = token;
      // Unanswered or refused, the server ends the connection when the older token lapses, and says so.
      this.request({ type: 'auth.renew', token: token.raw() }).catch(() => {});
    } else if (!token && error && !error.retryable) {
      this.#end(error.code === 'signed_out' || error.code === 'disposed' ? null : error, error);
    }
  }

  #onClose(code: number): void {
    const error = new ChatError(closeError(code), `The connection was closed (${code}).`);
    const action = closeAction(code);
    if (action === 'stop') return this.#end(error);
    if (action === 'backoff') return this.#drop(error, code);
    this.#refused = this.#token;
    if (this.#renewedAtOnce) return this.#drop(error, code);
    this.#renewedAtOnce = true;
    this.#error = error;
    this.#hangUp(error);
    this.#ask();
  }

  /** The line is gone; comes back after a wait. */
  #drop(error: ChatError, code = 1006): void {
    const afterRestart = this.#phase.name === 'open' && this.#failures === 0 && RESTART_CODES.has(code);
    this.#hangUp(error);
    this.#wait(error, afterRestart ? this.#options.clock.random() * SPREAD_MS : undefined);
  }

  #wait(error: ChatError, firstMs?: number): void {
    const { clock, signals } = this.#options;
    const backoff = firstMs ?? flooredJitter(clock, this.#failures, BACKOFF_BASE_MS, BACKOFF_CAP_MS);
    this.#failures += 1;
    const offline = !signals.online();
    const ms = Math.max(backoff, error.retryAfterMs ?? 0, offline ? OFFLINE_RETRY_MS : 0);
    const scope = this.#enter({ name: 'waiting', offline });
    scope.timer(() => this.#ask(), ms);
    this.#error = error;
    if (offline) this.#publish('offline');
    else this.#publish(this.#wasConnected ? 'reconnecting' : 'connecting', clock.now() + ms);
  }

  #onSignal(signal: PageSignal): void {
    const { clock } = this.#options;
    // Offline is a hint too: an open line is asked whether it still lives.
    if (this.#phase.name === 'open') return this.#heartbeat?.probe();
    if (this.#phase.name !== 'waiting' || signal === 'offline') return;
    if (signal === 'wake' && !this.#options.signals.online()) return;
    const backOnline = signal === 'online' && this.#phase.offline;
    if (!backOnline && clock.monotonic() - this.#skippedAt < SKIP_EVERY_MS) return;
    this.#skippedAt = clock.monotonic();
    this.#ask();
  }

  /** For good: coming back cannot help, or nobody wants it. */
  #end(error: ChatError | null, pending: ChatError = error ?? lost('The connection was closed.')): void {
    if (this.#phase.name === 'closed' && error === this.#error) return;
    this.#enter({ name: 'closed' });
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#hangUp(pending);
    this.#token = this.#refused = null;
    this.#renewedAtOnce = false;
    this.#failures = 0;
    this.#error = error;
    this.#publish('closed');
  }

  #hangUp(error: ChatError): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
    this.#requests.rejectAll(error.retryable || error.code === 'signed_out' ? error : lost(error.message, error));
  }

  #write(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  #publish(status: ConnectionStatus, retryAt: number | null = null): void {
    this.#options.onState({ status, error: this.#error, retryAt });
  }
}

/** Null for what this version does not know: a newer server may say more. */
function readFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const parsed = v.safeParse(serverFrameSchema, JSON.parse(data));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** What is pending when a connection ends may be asked again on the next one, whatever ended this one. */
function lost(message: string, cause?: ChatError): ChatError {
  return new ChatError('connection_lost', message, { cause });
}
