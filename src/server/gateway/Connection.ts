import { ChatError, CLOSE_CODES, PROTOCOL_VERSION } from '../../protocol/index.ts';
import type { ChatUser, CloseName, ServerFrame } from '../../protocol/index.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import type { VerifiedToken } from '../token/createTokenVerifier.ts';
import { isRevokedBy, type RevocationEntry } from '../token/Revocations.ts';
import { ConnectionWatch } from '../observability/ConnectionWatch.ts';
import type { Decoded } from './decodeFrame.ts';
import { Dialogue } from './Dialogue.ts';
import { encodeFrame } from './encodeFrame.ts';
import type { GatewayPorts } from './GatewayPorts.ts';
import { Heartbeat } from './Heartbeat.ts';
import type { TokenBucket } from './TokenBucket.ts';
import type { Transport } from './Transport.ts';

/** RFC 6455, 7.4.1 and the IANA registry: the service restarts; try again later. */
const SERVICE_RESTART = 1012;
const TRY_AGAIN_LATER = 1013;
/** How long a client that was turned away had better wait, ms. */
const RETRY_AFTER_MS = 5_000;

interface ConnectionEvents {
  /** Resolves when {@link Connection.revoke} is called for every revocation from then on. */
  hearRevocations(): Promise<unknown>;
  /** The token is good: the person's own bucket. Null refuses the connection: they have too many. */
  onAuthenticated(userId: string): TokenBucket | null;
  onClosed(): void;
}

type Phase =
  | { name: 'waiting' }
  /** `token` is there once its signature was checked, so that a revocation announced in the meantime finds it. */
  | { name: 'verifying'; token: VerifiedToken | null }
  | { name: 'open'; dialogue: Dialogue }
  | { name: 'closing' };

/** One client's life from the first byte to the last, over whichever transport: who it is, and when it ends. */
export class Connection {
  readonly #transport: Transport;
  readonly #ports: GatewayPorts;
  readonly #events: ConnectionEvents;
  readonly #heartbeat: Heartbeat;
  readonly #watch: ConnectionWatch;
  #phase: Phase = { name: 'waiting' };
  #draining = false;
  #cancelAuthTimeout: () => void;
  #cancelGoodbye: () => void = () => {};
  #cancelPause: () => void = () => {};

  constructor(transport: Transport, ports: GatewayPorts, events: ConnectionEvents) {
    this.#transport = transport;
    this.#ports = ports;
    this.#events = events;
    this.#watch = new ConnectionWatch(ports, transport.name);
    const { clock, limits } = ports;
    this.#cancelAuthTimeout = clock.setTimer(() => this.#onAuthTimeout(), limits.authTimeoutMs);
    this.#heartbeat = new Heartbeat(clock, limits.pingMs, {
      ping: () => transport.ping(),
      onSilent: () => this.terminate(),
    });
    transport.listen({
      onFrame: (decoded) => this.#onFrame(decoded),
      onAlive: () => this.#heartbeat.heard(),
      onClosed: (code) => this.#onClosed(code),
    });
  }

  /** Whether no token was shown yet. */
  get isWaiting(): boolean {
    return this.#phase.name === 'waiting';
  }

  /** Whose connection it is, while it is open. */
  get userId(): string | null {
    return this.#phase.name === 'open' ? this.#phase.dialogue.token.userId : null;
  }

  /** Shows the token that the client came with. */
  authenticate(raw: string, protocol: number): Promise<void> {
    return this.#watch.handshake(() => this.#authenticate(raw, protocol));
  }

  async #authenticate(raw: string, protocol: number): Promise<void> {
    if (this.#phase.name !== 'waiting') return this.close('auth_repeated');
    if (protocol !== PROTOCOL_VERSION) return this.close('protocol_unsupported');
    this.#phase = { name: 'verifying', token: null };
    const token = await this.#verify(raw);
    // It may have closed, by itself or by us, while the token was checked.
    if (!token || this.#phase.name !== 'verifying') return;
    this.#phase.token = token;
    this.#cancelAuthTimeout();
    try {
      // In this order: a revocation is either stored before it is looked for, or announced after it is listened for.
      await this.#events.hearRevocations();
      const storage = await this.#ports.storage();
      const [user, revokedBefore] = await Promise.all([storage.getUser(token.userId), storage.revokedBefore(token)]);
      if (this.#phase.name !== 'verifying') return;
      if (token.issuedAt < revokedBefore) return this.#closeRevoked();
      this.#open(token, user, storage);
    } catch (cause) {
      this.#closeNotReady('A connection was refused: the database did not answer.', cause);
    }
  }

  /** @param error for who is told by an HTTP status */
  close(name: CloseName, error = new ChatError(CLOSE_CODES[name].error, `The connection is closed: ${name}.`)): void {
    this.#closeWith(CLOSE_CODES[name].code, name, error);
  }

  /** Ends the connection if its token was taken back. */
  revoke(revocation: RevocationEntry): void {
    const phase = this.#phase;
    const token = phase.name === 'open' ? phase.dialogue.token : phase.name === 'verifying' ? phase.token : null;
    if (token && isRevokedBy(token, revocation)) this.#closeRevoked();
  }

  /**
   * Lets what was begun finish, so that a stored message is acknowledged, then tells the client to come back.
   * @param spreadMs the time over which all clients are to come back, each at a random moment of it
   */
  async drain(spreadMs: number): Promise<void> {
    this.#draining = true;
    if (this.#phase.name === 'open') await this.#phase.dialogue.idle();
    const retryAfterMs = Math.random() * spreadMs;
    const error = new ChatError('connection_lost', 'The server restarts.', { retryAfterMs });
    this.#closeWith(SERVICE_RESTART, JSON.stringify({ spreadMs }), error);
  }

  terminate(): void {
    this.#transport.terminate();
  }

  #open(token: VerifiedToken, user: ChatUser, storage: ChatStorage): void {
    const bucket = this.#events.onAuthenticated(token.userId);
    if (!bucket) {
      const options = { retryAfterMs: RETRY_AFTER_MS };
      return this.close('too_many_connections', new ChatError('rate_limited', 'Too many connections.', options));
    }
    this.#watch.authenticated(token.userId);
    const dialogue = new Dialogue(
      this.#ports,
      { token, user, storage, bucket, watch: this.#watch },
      {
        send: (frame) => this.#send(frame),
        pause: (ms) => this.#pause(ms),
        close: (name, error) => {
          if (name !== 'token_lapsed' || this.#transport.isOneRequest !== true) this.close(name, error);
        },
        onBroken: (cause) =>
          this.#closeNotReady('A connection was closed: what it had missed could not be read.', cause),
      },
    );
    this.#phase = { name: 'open', dialogue };
    dialogue.start(this.#transport.connectionId);
  }

  #onFrame(decoded: Decoded): void {
    this.#heartbeat.heard();
    this.#watch.received(decoded);
    if (this.#phase.name === 'closing' || this.#draining) return;
    if (decoded.kind === 'malformed') return this.close('frame_malformed');
    if (this.#phase.name === 'open') return this.#phase.dialogue.take(decoded);
    // Nothing is kept for later of somebody who is not known yet.
    if (decoded.kind === 'refused' || decoded.frame.type !== 'auth.open') return this.close('frame_malformed');
    void this.authenticate(decoded.frame.token, decoded.frame.protocol);
  }

  #send(frame: ServerFrame): void {
    if (this.#phase.name !== 'open') return;
    // Asked before and not after: one large answer is no slow reader.
    const { bufferedAmount } = this.#transport;
    if (bufferedAmount > this.#ports.limits.bufferedBytes) {
      this.#watch.tooSlow(bufferedAmount);
      return this.close('too_slow');
    }
    this.#watch.sent(frame);
    this.#transport.send(encodeFrame(frame));
  }

  #pause(ms: number): void {
    this.#transport.pause();
    this.#cancelPause();
    this.#cancelPause = this.#ports.clock.setTimer(() => this.#transport.resume(), ms);
  }

  async #verify(raw: string): Promise<VerifiedToken | null> {
    try {
      return await this.#ports.verifier.verify(raw);
    } catch (error) {
      if (ChatError.is(error) && error.status === 401) this.close('token_refused', error);
      else this.#closeNotReady('A token could not be checked.', error);
      return null;
    }
  }

  #onAuthTimeout(): void {
    if (this.#phase.name === 'waiting') return this.close('auth_timeout');
    this.#closeNotReady('A connection was refused: its token could not be checked in time.');
  }

  #closeRevoked(): void {
    this.close('token_refused', new ChatError('token_revoked', 'The token was taken back.'));
  }

  #closeNotReady(message: string, cause?: unknown): void {
    this.#ports.logger.error(message, { cause });
    const options = { retryAfterMs: RETRY_AFTER_MS };
    const error = new ChatError('database_unavailable', 'The server is not ready.', options);
    this.#closeWith(TRY_AGAIN_LATER, 'the server is not ready', error);
  }

  #closeWith(code: number, reason: string, error: ChatError): void {
    if (this.#phase.name === 'closing') return;
    this.#watch.closing(code);
    this.#leavePhase();
    const { clock, limits } = this.#ports;
    // Whoever reads nothing does not read the goodbye either.
    this.#cancelGoodbye = clock.setTimer(() => this.terminate(), limits.closeTimeoutMs);
    this.#transport.close(code, reason, error);
  }

  #leavePhase(): void {
    this.#cancelAuthTimeout();
    this.#cancelPause();
    if (this.#phase.name === 'open') this.#phase.dialogue.end();
    this.#phase = { name: 'closing' };
  }

  #onClosed(code: number): void {
    this.#watch.closed(code);
    this.#heartbeat.end();
    this.#cancelGoodbye();
    this.#leavePhase();
    this.#events.onClosed();
  }
}
