import { CLOSE_CODES, type ClientFrame, type ServerFrame } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../types.ts';
import { debug } from './debug.ts';
import { silentTelemetry, type Telemetry } from './Telemetry.ts';

export type TransportName = 'websocket' | 'events' | 'ui-stream';

interface WatchPorts {
  telemetry?: Telemetry;
  logger: Logger;
  clock: Clock;
}

/** Standard codes (RFC 6455, 7.4.1) that a connection of ours can end with. */
const STANDARD_CODES = [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013];
// A peer may close with any number that it likes, and each would be a series of its own.
const KNOWN_CODES: ReadonlySet<number> = new Set([
  ...STANDARD_CODES,
  ...Object.values(CLOSE_CODES).map(({ code }) => code),
]);
const BY_CLIENT: ReadonlySet<number> = new Set([1000, 1001, 1005, 1006]);

const codeLabel = (code: number) => (KNOWN_CODES.has(code) ? String(code) : 'other');

let lastNumber = 0;

/** Counts, times and logs what happens on one connection, so that the connection itself says each in one call. */
export class ConnectionWatch {
  readonly #ports: WatchPorts;
  readonly #telemetry: Telemetry;
  readonly #transport: TransportName;
  /** Tells connections of one process apart in its log. */
  readonly #number = ++lastNumber;
  readonly #openedAt: number;
  #userId: string | null = null;
  #closedWith: number | null = null;
  #received = 0;
  #sent = 0;

  constructor(ports: WatchPorts, transport: TransportName) {
    this.#ports = ports;
    this.#telemetry = ports.telemetry ?? silentTelemetry;
    this.#transport = transport;
    this.#openedAt = ports.clock.now();
    this.#move('unauthenticated', 1);
  }

  /** Runs a handshake: from the token to `auth.accepted`, or to its refusal. */
  handshake(work: () => Promise<void>): Promise<void> {
    const { tracer } = this.#telemetry;
    if (!tracer.active) return work();
    return tracer.span('latchkit handshake', 'server', { 'latchkit.transport': this.#transport }, async (span) => {
      await work();
      if (this.#closedWith !== null) span.fail(codeLabel(this.#closedWith));
    });
  }

  authenticated(userId: string): void {
    this.#userId = userId;
    this.#move('unauthenticated', -1);
    this.#move('authenticated', 1);
    this.#count('latchkit_handshakes_total', { transport: this.#transport, outcome: 'accepted' });
    debug(this.#ports.logger, 'connection.opened', 'A connection was opened.', this.#who());
  }

  /** Only types that the protocol knows are named: a client can make up others without end. */
  received(decoded: { kind: 'frame'; frame: ClientFrame } | { kind: 'refused' | 'malformed' }): void {
    this.#received += 1;
    const type = decoded.kind === 'frame' ? decoded.frame.type : 'invalid';
    this.#telemetry.meter.count('latchkit_frames_received_total', { type });
  }

  sent(frame: ServerFrame): void {
    this.#sent += 1;
    this.#telemetry.meter.count('latchkit_frames_sent_total', { type: frame.type });
    if (frame.type === 'request.refused') this.#refused(frame.error.code);
  }

  /** For {@link stored}: when a request arrived. */
  now(): number {
    return this.#telemetry.stopwatch();
  }

  /** Runs a request: from its turn to its answer. What it rejects with is passed on. */
  handle(type: ClientFrame['type'], work: () => Promise<void>): Promise<void> {
    const { tracer } = this.#telemetry;
    if (!tracer.active) return work();
    return tracer.span(`latchkit ${type}`, 'server', { 'latchkit.transport': this.#transport }, work);
  }

  /** A message was stored and acknowledged. */
  stored(receivedAt: number): void {
    const { meter } = this.#telemetry;
    meter.count('latchkit_messages_stored_total', {});
    meter.observe('latchkit_message_ack_seconds', {}, (this.now() - receivedAt) / 1000);
  }

  tooSlow(bufferedBytes: number): void {
    this.#count('latchkit_slow_readers_total', { transport: this.#transport });
    const details = { event: 'connection.slow', ...this.#who(), bufferedBytes };
    this.#ports.logger.warn('A connection was cut off: it reads too slowly.', details);
  }

  /** The server ends it: what the peer says afterwards is an echo. */
  closing(code: number): void {
    this.#closedWith ??= code;
  }

  closed(peersCode: number): void {
    const code = this.#closedWith ?? peersCode;
    const isOpen = this.#userId !== null;
    this.#closedWith = code;
    this.#move(isOpen ? 'authenticated' : 'unauthenticated', -1);
    this.#count('latchkit_connections_closed_total', { transport: this.#transport, code: codeLabel(code) });
    if (!isOpen) {
      const outcome = BY_CLIENT.has(code) ? 'abandoned' : codeLabel(code);
      this.#count('latchkit_handshakes_total', { transport: this.#transport, outcome });
    }
    debug(this.#ports.logger, 'connection.closed', 'A connection ended.', {
      ...this.#who(),
      code,
      durationMs: this.#ports.clock.now() - this.#openedAt,
      framesReceived: this.#received,
      framesSent: this.#sent,
    });
  }

  #refused(code: string): void {
    this.#telemetry.meter.count('latchkit_requests_refused_total', { code });
    debug(this.#ports.logger, 'request.refused', 'A request was refused.', { ...this.#who(), code });
  }

  #who() {
    const who = { connection: this.#number, transport: this.#transport };
    return this.#userId === null ? who : { ...who, userId: this.#userId };
  }

  #move(state: 'unauthenticated' | 'authenticated', by: 1 | -1): void {
    this.#telemetry.meter.move('latchkit_connections', { transport: this.#transport, state }, by);
  }

  #count: Telemetry['meter']['count'] = (name, labels) => this.#telemetry.meter.count(name, labels);
}
