import { ChatError, PROTOCOL_VERSION } from '../../protocol/index.ts';
import type { ChatUser, ClientFrame, CloseName, ServerFrame } from '../../protocol/index.ts';
import type { ConnectionWatch } from '../observability/ConnectionWatch.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import type { VerifiedToken } from '../token/createTokenVerifier.ts';
import type { Decoded } from './decodeFrame.ts';
import { FrameBudget } from './FrameBudget.ts';
import type { GatewayPorts } from './GatewayPorts.ts';
import { RequestQueue } from './RequestQueue.ts';
import { Session, type SessionFrame } from './Session.ts';
import type { TokenBucket } from './TokenBucket.ts';
import { TokenLease } from './TokenLease.ts';

const PONG: ServerFrame = { type: 'pong' };

interface DialogueEvents {
  /** Handed on as it is: on the way of every frame to every reader, each step counts. */
  send: (frame: ServerFrame) => void;
  /** Reads nothing for a while. */
  pause(ms: number): void;
  close(name: CloseName, error?: ChatError): void;
  /** What was missed cannot be caught up with: the client is to come again. */
  onBroken: (cause: unknown) => void;
}

interface Holder {
  token: VerifiedToken;
  user: ChatUser;
  storage: ChatStorage;
  /** What the person may send over all of their connections. */
  bucket: TokenBucket;
  /** Is told of the requests. */
  watch: ConnectionWatch;
}

/** What goes on over an open connection: frames are counted, tokens renewed, and requests run one after the other. */
export class Dialogue {
  readonly #ports: GatewayPorts;
  readonly #events: DialogueEvents;
  readonly #watch: ConnectionWatch;
  readonly #budget: FrameBudget;
  readonly #queue: RequestQueue;
  readonly #lease: TokenLease;
  readonly #session: Session;
  readonly #storage: ChatStorage;
  #token: VerifiedToken;
  #ended = false;

  constructor(ports: GatewayPorts, { token, user, storage, bucket, watch }: Holder, events: DialogueEvents) {
    this.#ports = ports;
    this.#events = events;
    this.#watch = watch;
    this.#token = token;
    this.#storage = storage;
    const { clock, limits } = ports;
    this.#budget = new FrameBudget(limits, bucket, clock.now());
    this.#queue = new RequestQueue(limits.queuedRequests);
    this.#session = new Session({ user, storage, ports }, events);
    this.#lease = new TokenLease(token, clock, {
      onExpiring: () => events.send({ type: 'auth.expiring', expiresInMs: this.#lease.leftMs() }),
      onLapsed: () => events.close('token_lapsed'),
    });
  }

  /** The newest token that it lives by. */
  get token(): VerifiedToken {
    return this.#token;
  }

  /** @param connectionId of an event stream */
  start(connectionId: string | undefined): void {
    this.#events.send({
      type: 'auth.accepted',
      protocol: PROTOCOL_VERSION,
      user: this.#session.user,
      expiresInMs: this.#lease.leftMs(),
      serverTime: this.#ports.clock.now(),
      ...(this.#ports.attachments && { uploads: this.#ports.attachments.limits }),
      ...(connectionId !== undefined && { connectionId }),
    });
  }

  /** Resolves when every request that was taken is answered. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  end(): void {
    this.#ended = true;
    this.#lease.end();
    this.#session.end();
  }

  take(decoded: Exclude<Decoded, { kind: 'malformed' }>): void {
    const requestId = decoded.kind === 'refused' ? decoded.requestId : requestIdOf(decoded.frame);
    const retryAfterMs = this.#budget.take(this.#ports.clock.now());
    if (retryAfterMs > 0) {
      this.#refuse(requestId, new ChatError('rate_limited', 'Too many frames.', { retryAfterMs }));
      // Refusals alone stop no flood, and each costs: what comes next is left in the sender's own memory for a while.
      if (this.#budget.flooded) this.#events.pause(retryAfterMs);
    } else if (decoded.kind === 'refused') {
      this.#refuse(requestId, decoded.error);
    } else {
      this.#dispatch(decoded.frame);
    }
  }

  #dispatch(frame: ClientFrame): void {
    switch (frame.type) {
      case 'auth.open':
        return this.#events.close('auth_repeated');
      case 'auth.renew':
        return void this.#renew(frame);
      case 'ping':
        return this.#events.send(PONG);
      default:
        return this.#enqueue(frame);
    }
  }

  async #renew({ requestId, token: raw }: Extract<ClientFrame, { type: 'auth.renew' }>): Promise<void> {
    let token: VerifiedToken;
    let revokedBefore: number;
    try {
      token = await this.#ports.verifier.verify(raw);
      revokedBefore = await this.#storage.revokedBefore(token);
    } catch (error) {
      if (this.#ended) return;
      if (ChatError.is(error) && error.status === 401) return this.#events.close('token_refused', error);
      // The token in hand is still good: keys or a database that are away for a moment end no connection.
      return this.#refuse(requestId, this.#asRefusal(error));
    }
    if (this.#ended) return;
    const { userId, sessionId } = this.#token;
    if (token.userId !== userId || token.sessionId !== sessionId) return this.#events.close('user_changed');
    if (token.issuedAt < revokedBefore) return this.#events.close('token_refused');
    this.#lease.renew(token);
    if (token.issuedAt > this.#token.issuedAt) this.#token = token;
    this.#events.send({ type: 'auth.renewed', requestId, expiresInMs: this.#lease.leftMs() });
  }

  #enqueue(frame: SessionFrame): void {
    const arrivedAt = this.#watch.now();
    if (this.#queue.push(() => this.#answer(frame, arrivedAt))) return;
    const error = new ChatError('rate_limited', 'Too many requests wait already.', { retryAfterMs: 1_000 });
    this.#refuse(requestIdOf(frame), error);
  }

  async #answer(frame: SessionFrame, arrivedAt: number): Promise<void> {
    if (this.#ended) return;
    try {
      await this.#watch.handle(frame.type, () => this.#session.handle(frame));
      if (frame.type === 'message.send') this.#watch.stored(arrivedAt);
    } catch (error) {
      this.#refuse(requestIdOf(frame), this.#asRefusal(error));
    }
  }

  #refuse(requestId: number | null, error: ChatError): void {
    if (!this.#ended) this.#events.send({ type: 'request.refused', requestId, error: error.toWire() });
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
