import { WebSocket, type RawData } from 'ws';
import {
  ChatError,
  CLOSE_CODES,
  PROTOCOL_VERSION,
  type ClientFrame,
  type CloseName,
  type ServerFrame,
} from '../../protocol/index.ts';
import type { VerifiedToken } from '../token/createTokenVerifier.ts';
import { isRevokedBy, type RevocationEntry } from '../token/Revocations.ts';
import { decodeFrame } from './decodeFrame.ts';
import type { GatewayPorts } from './GatewayPorts.ts';
import { Session, type SessionFrame } from './Session.ts';
import { TokenBucket } from './TokenBucket.ts';
import { TokenLease } from './TokenLease.ts';

/** RFC 6455: the service restarts; something unexpected; try again later. */
const SERVICE_RESTART = 1012;
const TRY_AGAIN_LATER = 1013;

interface ConnectionEvents {
  /** Resolves when {@link Connection.revoke} is called for every revocation from then on. */
  hearRevocations(): Promise<unknown>;
  /** The token is good. False refuses the connection: this person has too many. */
  onAuthenticated(userId: string): boolean;
  onClosed(): void;
}

type Phase =
  | { name: 'waiting' }
  /** `token` is there once its signature was checked, so that a revocation announced in the meantime finds it. */
  | { name: 'verifying'; token: VerifiedToken | null }
  | { name: 'open'; token: VerifiedToken; lease: TokenLease; session: Session }
  | { name: 'closing' };

/** One socket: who is on it, for how long, and what it may cost. What the person does is the {@link Session}'s. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #ports: GatewayPorts;
  readonly #events: ConnectionEvents;
  readonly #bucket: TokenBucket;
  #phase: Phase = { name: 'waiting' };
  #cancelAuthTimeout: () => void;
  #cancelPing: () => void = () => {};
  #cancelGoodbye: () => void = () => {};
  #heard = true;
  /** Requests run one after the other, so that two messages sent in a row keep their order. */
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;

  constructor(socket: WebSocket, ports: GatewayPorts, events: ConnectionEvents) {
    this.#socket = socket;
    this.#ports = ports;
    this.#events = events;
    const { clock, limits } = ports;
    this.#bucket = new TokenBucket(limits.frameBurst, limits.framesPerSecond, clock.now());
    this.#cancelAuthTimeout = clock.setTimer(() => this.close('auth_timeout'), limits.authTimeoutMs);
    this.#watchLife();
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('pong', () => (this.#heard = true));
    // What broke is in the close event that follows; unheard, the error would end the process.
    socket.on('error', () => {});
    socket.on('close', () => this.#onClosed());
  }

  close(name: CloseName): void {
    this.#closeWith(CLOSE_CODES[name].code, name);
  }

  /** Ends the connection if its token was taken back. */
  revoke(revocation: RevocationEntry): void {
    const token = 'token' in this.#phase ? this.#phase.token : null;
    if (token && isRevokedBy(token, revocation)) this.close('token_refused');
  }

  /** Lets what was begun finish, so that a stored message is acknowledged, then tells the client to come back. */
  async drain(): Promise<void> {
    this.#socket.removeAllListeners('message');
    await this.#queue;
    this.#closeWith(SERVICE_RESTART, 'the server restarts');
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #closeWith(code: number, reason: string): void {
    this.#leavePhase();
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.close(code, reason);
    const { clock, limits } = this.#ports;
    // Whoever reads nothing does not read the goodbye either.
    this.#cancelGoodbye = clock.setTimer(() => this.terminate(), limits.closeTimeoutMs);
  }

  #leavePhase(): void {
    this.#cancelAuthTimeout();
    if (this.#phase.name === 'open') {
      this.#phase.lease.end();
      this.#phase.session.end();
    }
    this.#phase = { name: 'closing' };
  }

  #onClosed(): void {
    this.#cancelPing();
    this.#cancelGoodbye();
    this.#leavePhase();
    this.#events.onClosed();
  }

  #send(frame: ServerFrame): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    // Asked before and not after: one large answer is no slow reader.
    if (this.#socket.bufferedAmount > this.#ports.limits.bufferedBytes) return this.close('too_slow');
    this.#socket.send(JSON.stringify(frame));
  }

  #refuse(requestId: number | null, error: ChatError): void {
    this.#send({ type: 'request.refused', requestId, error: error.toWire() });
  }

  /** A peer that vanished without a goodbye is found by its silence. */
  #watchLife(): void {
    this.#cancelPing = this.#ports.clock.setTimer(() => {
      if (!this.#heard) return this.terminate();
      this.#heard = false;
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
      this.#watchLife();
    }, this.#ports.limits.pingMs);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    this.#heard = true;
    if (this.#phase.name === 'closing') return;
    if (isBinary) return this.close('frame_malformed');
    const decoded = decodeFrame((data as Buffer).toString('utf8'));
    if (decoded.kind === 'malformed') return this.close('frame_malformed');
    const isOpening = decoded.kind === 'frame' && decoded.frame.type === 'auth.open';
    if (this.#phase.name !== 'open' && !isOpening) return this.close('frame_malformed');

    const requestId = decoded.kind === 'refused' ? decoded.requestId : requestIdOf(decoded.frame);
    const retryAfterMs = this.#bucket.take(this.#ports.clock.now());
    if (retryAfterMs > 0) {
      return this.#refuse(requestId, new ChatError('rate_limited', 'Too many frames.', { retryAfterMs }));
    }
    if (decoded.kind === 'refused') return this.#refuse(requestId, decoded.error);
    this.#dispatch(decoded.frame);
  }

  #dispatch(frame: ClientFrame): void {
    switch (frame.type) {
      case 'auth.open':
        return void this.#authenticate(frame);
      case 'auth.renew':
        return void this.#renew(frame);
      case 'ping':
        return this.#send({ type: 'pong' });
      case 'thread.list':
      case 'thread.subscribe':
      case 'thread.unsubscribe':
      case 'history.fetch':
      case 'message.send':
        return this.#enqueue(frame);
    }
  }

  async #authenticate(frame: Extract<ClientFrame, { type: 'auth.open' }>): Promise<void> {
    if (this.#phase.name !== 'waiting') return this.close('auth_repeated');
    if (frame.protocol !== PROTOCOL_VERSION) return this.close('protocol_unsupported');
    this.#phase = { name: 'verifying', token: null };
    const token = await this.#verify(frame.token);
    // The socket may have closed, by itself or by us, while the token was checked.
    if (!token || this.#phase.name !== 'verifying') return;
    this.#phase.token = token;
    this.#cancelAuthTimeout();
    try {
      // In this order: a revocation is either stored before it is looked for, or announced after it is listened for.
      await this.#events.hearRevocations();
      const storage = await this.#ports.storage();
      const [user, revokedBefore] = await Promise.all([storage.getUser(token.userId), storage.revokedBefore(token)]);
      if (this.#phase.name !== 'verifying') return;
      if (token.issuedAt < revokedBefore) return this.close('token_refused');
      this.#open(token, user);
    } catch (cause) {
      this.#ports.logger.error('A connection was refused: the database did not answer.', { cause });
      this.#closeWith(TRY_AGAIN_LATER, 'the server is not ready');
    }
  }

  #open(token: VerifiedToken, user: Session['user']): void {
    if (!this.#events.onAuthenticated(token.userId)) return this.close('too_many_connections');
    const { clock } = this.#ports;
    const session = new Session(user, this.#ports, {
      send: (frame) => this.#send(frame),
      onBroken: (cause) => {
        this.#ports.logger.error('A connection was closed: what it had missed could not be read.', { cause });
        this.#closeWith(TRY_AGAIN_LATER, 'the server is not ready');
      },
    });
    const lease = new TokenLease(token, clock, {
      onExpiring: () => this.#send({ type: 'auth.expiring', expiresInMs: lease.leftMs() }),
      onLapsed: () => this.close('token_lapsed'),
    });
    this.#phase = { name: 'open', token, lease, session };
    this.#send({
      type: 'auth.accepted',
      protocol: PROTOCOL_VERSION,
      user,
      expiresInMs: lease.leftMs(),
      serverTime: clock.now(),
    });
  }

  async #renew(frame: Extract<ClientFrame, { type: 'auth.renew' }>): Promise<void> {
    const token = await this.#verify(frame.token);
    if (!token || this.#phase.name !== 'open') return;
    const { token: current } = this.#phase;
    if (token.userId !== current.userId || token.sessionId !== current.sessionId) return this.close('user_changed');
    let revokedBefore: number;
    try {
      revokedBefore = await (await this.#ports.storage()).revokedBefore(token);
    } catch (error) {
      // The token in hand is still good: a database that is away for a moment ends no connection.
      return this.#refuse(frame.requestId, this.#asRefusal(error));
    }
    if (this.#phase.name !== 'open') return;
    if (token.issuedAt < revokedBefore) return this.close('token_refused');
    const { lease } = this.#phase;
    lease.renew(token);
    if (token.issuedAt > this.#phase.token.issuedAt) this.#phase.token = token;
    this.#send({ type: 'auth.renewed', requestId: frame.requestId, expiresInMs: lease.leftMs() });
  }

  async #verify(raw: string): Promise<VerifiedToken | null> {
    try {
      return await this.#ports.verifier.verify(raw);
    } catch (error) {
      if (!ChatError.is(error)) this.#ports.logger.error('A token could not be checked.', { cause: error });
      this.close('token_refused');
      return null;
    }
  }

  #enqueue(frame: SessionFrame): void {
    if (this.#queued >= this.#ports.limits.queuedRequests) {
      const error = new ChatError('rate_limited', 'Too many requests wait already.', { retryAfterMs: 1_000 });
      return this.#refuse(requestIdOf(frame), error);
    }
    this.#queued += 1;
    this.#queue = this.#queue.then(async () => {
      try {
        if (this.#phase.name === 'open') await this.#phase.session.handle(frame);
      } catch (error) {
        this.#refuse(requestIdOf(frame), this.#asRefusal(error));
      } finally {
        this.#queued -= 1;
      }
    });
  }

  /** What a person may know of it: the server's own troubles go to its log, with paths, hosts and causes, and not over the wire. */
  #asRefusal(error: unknown): ChatError {
    if (ChatError.is(error) && error.status < 500) return error;
    this.#ports.logger.error('A request failed.', { cause: error });
    const code = ChatError.is(error) && error.code === 'database_unavailable' ? error.code : 'internal';
    return new ChatError(code, 'The server could not do this just now.');
  }
}

function requestIdOf(frame: ClientFrame): number | null {
  return 'requestId' in frame ? frame.requestId : null;
}
