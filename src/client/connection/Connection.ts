import { ChatError, closeAction, closeError } from '../../protocol/index.ts';
import type { ChatUser, ClientFrame, ServerFrame, ServerFrameOf, UploadLimits } from '../../protocol/index.ts';
import type { ChatToken } from '../auth/ChatToken.ts';
import type { TokenManager } from '../auth/types.ts';
import type { Clock } from '../clock.ts';
import type { PageSignal, PageSignals } from '../PageSignals.ts';
import type { ConnectionState, ConnectionStatus } from './ConnectionState.ts';
import { Credentials } from './Credentials.ts';
import { Heartbeat } from './Heartbeat.ts';
import { PendingRequests } from './PendingRequests.ts';
import type { AnswerTo, RequestFrame, RequestType } from './PendingRequests.ts';
import { readFrame } from '../frames/readFrame.ts';
import { ReturnPolicy, STABLE_MS } from './ReturnPolicy.ts';
import { Scope } from './Scope.ts';
import { UNANSWERED } from './Transport.ts';
import type { LineEnd, Transport, TransportLine } from './Transport.ts';

/** From the first byte to `auth.accepted`. Without it, a server that accepts and then says nothing would hold the client for ever. */
const HANDSHAKE_MS = 10_000;
const LOST: LineEnd = { code: 1006, reason: '' };

export interface ConnectionOptions {
  /** Opens a line; called per attempt. What it throws ends the connection. */
  transport: Transport;
  userId: string;
  tokens: TokenManager;
  clock: Clock;
  signals: PageSignals;
  onState(state: ConnectionState): void;
  /** Each frame that is no answer. */
  onFrame(frame: ServerFrame): void;
  /** After `connected`: how the server shows the person, which files it takes; `again` after a loss. */
  onConnected(connected: { user: ChatUser; uploads: UploadLimits | undefined; again: boolean }): void;
}

type Phase =
  | { name: 'idle' }
  /** Waits for the token. */
  | { name: 'asking' }
  /** Opens a line and presents the token. */
  | { name: 'opening' }
  /** The server has accepted the token. */
  | { name: 'open'; heartbeat: Heartbeat }
  /** Until the next attempt. */
  | { name: 'waiting'; offline: boolean }
  | { name: 'closed' };

/**
 * One authenticated line to the server, opened again for as long as that can help. Explicit states; each owns its timers in a
 * scope, and what comes late for a state that was left is ignored.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #requests: PendingRequests;
  readonly #policy: ReturnPolicy;
  readonly #credentials: Credentials;
  #phase: Phase = { name: 'idle' };
  #scope: Scope;
  #line: TransportLine | null = null;
  #wasConnected = false;
  #error: ChatError | null = null;
  #stopListening: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#requests = new PendingRequests(options.clock);
    this.#policy = new ReturnPolicy(options.clock);
    this.#credentials = new Credentials(options.tokens);
    this.#scope = new Scope(options.clock);
  }

  start(): void {
    if (this.#phase.name === 'idle') this.#ask();
  }

  /** Tries now, also when the device thinks that it is offline, and after a refusal. */
  reconnect(): void {
    if (this.#phase.name === 'open') return this.#phase.heartbeat.probe();
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
    if (this.#phase.name === 'open') this.#line?.send(frame);
  }

  /** Closes for good, in this very tick. */
  close(): void {
    this.#end(null, lost('The connection was closed.'));
  }

  #enter(makePhase: (scope: Scope) => Phase): Scope {
    this.#scope.end();
    this.#scope = new Scope(this.#options.clock);
    this.#phase = makePhase(this.#scope);
    this.#stopListening ??= this.#options.signals.subscribe((signal) => this.#onSignal(signal));
    return this.#scope;
  }

  #ask(): void {
    const scope = this.#enter(() => ({ name: 'asking' }));
    this.#publish(this.#wasConnected ? 'reconnecting' : 'connecting');
    if (scope.ended) return;
    this.#credentials.ask().then(
      (token) => {
        if (!scope.ended) this.#open(token);
      },
      (thrown: unknown) => {
        if (scope.ended) return;
        const error = ChatError.is(thrown) ? thrown : new ChatError('internal', 'No token.', { cause: thrown });
        if (error.retryable) this.#wait(error, { end: null, wasOpen: false });
        else this.#end(error);
      },
    );
  }

  #open(token: ChatToken): void {
    const scope = this.#enter(() => ({ name: 'opening' }));
    this.#credentials.use(token);
    let line: TransportLine;
    try {
      line = this.#options.transport.open(
        {
          onFrame: (data) => {
            if (this.#line === line) this.#onData(data);
          },
          onAlive: () => {
            if (this.#line === line) this.#heard();
          },
          onEnd: (end) => {
            if (this.#line === line) this.#onLineEnd(end);
          },
        },
        () => this.#credentials.current ?? token,
      );
    } catch (thrown) {
      const cause = { cause: thrown };
      return this.#end(
        ChatError.is(thrown) ? thrown : new ChatError('invalid_options', 'No connection opens there.', cause),
      );
    }
    this.#line = line;
    scope.timer(() => {
      this.#drop(lost('The server did not accept the connection in time.'), LOST, UNANSWERED);
    }, HANDSHAKE_MS);
  }

  #heard(): void {
    if (this.#phase.name === 'open') this.#phase.heartbeat.heard();
  }

  #onData(data: string): void {
    this.#heard();
    const frame = readFrame(data);
    if (!frame) return;
    if (this.#phase.name === 'opening') {
      if (frame.type === 'auth.accepted') this.#onAccepted(frame);
    } else if (frame.type === 'auth.expiring') {
      this.#credentials.renew();
    } else if (frame.type !== 'pong' && !this.#requests.settle(frame)) {
      this.#options.onFrame(frame);
    }
  }

  #onAccepted(frame: ServerFrameOf<'auth.accepted'>): void {
    if (frame.user.id !== this.#options.userId) {
      return this.#end(new ChatError('user_mismatch', 'The server knows this token as another user’s.'));
    }
    const scope = this.#enter((owner) => ({
      name: 'open',
      heartbeat: new Heartbeat(owner, this.#options.clock, {
        ping: () => this.#line?.send({ type: 'ping' }),
        lost: (probed) => this.#onSilence(probed),
      }),
    }));
    scope.timer(() => this.#policy.reset(), STABLE_MS);
    const again = this.#wasConnected;
    this.#wasConnected = true;
    this.#error = null;
    this.#publish('connected');
    if (scope.ended) return;
    const unfollow = this.#credentials.follow({
      // Unanswered or refused, the server ends the connection when the older token lapses, and says so.
      newer: (newer) => void this.request({ type: 'auth.renew', token: newer.raw() }).catch(() => {}),
      none: (error) => this.#end(error.code === 'signed_out' || error.code === 'disposed' ? null : error, error),
    });
    if (scope.ended) return unfollow();
    scope.onEnd(unfollow);
    this.#options.onConnected({ user: frame.user, uploads: frame.uploads, again });
  }

  #onLineEnd(end: LineEnd): void {
    const error = end.error ?? new ChatError(closeError(end.code), `The connection was closed (${end.code}).`);
    const action = closeAction(end.code);
    if (action === 'stop') return this.#end(error);
    if (action === 'renew') {
      this.#credentials.refuse();
      if (this.#policy.mayRenewAtOnce()) return this.#againAtOnce(error);
    }
    this.#drop(error, end);
  }

  /** `probed`: the page woke or its network came back, and the line had died meanwhile. Then nobody waits. */
  #onSilence(probed: boolean): void {
    const error = lost('The server fell silent.');
    const now = { online: this.#options.signals.online(), waitsForNetwork: false };
    if (probed && this.#policy.maySkip('wake', now)) return this.#againAtOnce(error);
    this.#drop(error, LOST, UNANSWERED);
  }

  /** The line is gone; comes back after a wait. */
  #drop(error: ChatError, end: LineEnd, closeCode = 1000): void {
    const wasOpen = this.#phase.name === 'open';
    this.#hangUp(error, closeCode);
    this.#wait(error, { end, wasOpen });
  }

  #againAtOnce(error: ChatError): void {
    this.#error = error;
    this.#hangUp(error);
    this.#ask();
  }

  #wait(error: ChatError, loss: { end: LineEnd | null; wasOpen: boolean }): void {
    const { clock, signals, transport } = this.#options;
    const offline = !signals.online();
    const ms = this.#policy.wait({ ...loss, offline, retryAfterMs: error.retryAfterMs });
    this.#error = error;
    if (loss.end && transport.hasUntriedWay && !offline) return this.#ask();
    const scope = this.#enter(() => ({ name: 'waiting', offline }));
    scope.timer(() => this.#ask(), ms);
    if (offline) this.#publish('offline');
    else this.#publish(this.#wasConnected ? 'reconnecting' : 'connecting', clock.now() + ms);
  }

  #onSignal(signal: PageSignal): void {
    // Offline is a hint too: an open line is asked whether it still lives.
    if (this.#phase.name === 'open') return this.#phase.heartbeat.probe();
    if (this.#phase.name !== 'waiting') return;
    const now = { online: this.#options.signals.online(), waitsForNetwork: this.#phase.offline };
    if (this.#policy.maySkip(signal, now)) this.#ask();
  }

  /** For good: coming back cannot help, or nobody wants it. */
  #end(error: ChatError | null, pending: ChatError = error ?? lost('The connection was closed.')): void {
    if (this.#phase.name === 'closed' && error === this.#error) return;
    this.#enter(() => ({ name: 'closed' }));
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#hangUp(pending);
    this.#credentials.forget();
    this.#policy.reset();
    this.#error = error;
    this.#publish('closed');
  }

  #hangUp(error: ChatError, closeCode = 1000): void {
    const line = this.#line;
    this.#line = null;
    line?.close(closeCode);
    this.#requests.rejectAll(error.retryable || error.code === 'signed_out' ? error : lost(error.message, error));
  }

  #publish(status: ConnectionStatus, retryAt: number | null = null): void {
    this.#options.onState({ status, error: this.#error, retryAt });
  }
}

/** What is pending when a connection ends may be asked again on the next one, whatever ended this one. */
function lost(message: string, cause?: ChatError): ChatError {
  return new ChatError('connection_lost', message, { cause });
}
