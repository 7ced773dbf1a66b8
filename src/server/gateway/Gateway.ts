import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type Server as SocketServer, type ServerOptions } from 'ws';
import { MAX_FRAME_BYTES } from '../../protocol/index.ts';
import { topics } from '../fanout/Fanout.ts';
import { Addresses } from './Addresses.ts';
import { clientAddress } from './clientAddress.ts';
import { Connection } from './Connection.ts';
import { UiStreams } from './ui-stream/UiStreams.ts';
import { EventStreams, type Refusal } from './EventStreams.ts';
import type { GatewayPorts } from './GatewayPorts.ts';
import { People } from './People.ts';
import { ChatSocket, SocketTransport } from './SocketTransport.ts';
import { spreadOf } from './spreadOf.ts';
import type { Transport } from './Transport.ts';

/** A frame of 64 KB has no reason to come in more pieces: they and the chunks in which they come take memory of their own. */
const MAX_FRAGMENTS = 64;
const MAX_BUFFERED_CHUNKS = 1_024;
/** How long a client that was turned away at the door had better wait. */
const RETRY_AFTER_SECONDS = 5;

/** Takes clients in over either transport, counts them, and sends them home. */
export class Gateway {
  readonly #ports: GatewayPorts;
  readonly #sockets: SocketServer<typeof ChatSocket>;
  readonly #streams: EventStreams;
  readonly #uiStreams: UiStreams;
  readonly #connections = new Set<Connection>();
  /** Without an accepted token, the longest waiting first. */
  readonly #unauthenticated = new Set<Connection>();
  readonly #people: People;
  readonly #addresses: Addresses;
  #hearing: Promise<() => void> | null = null;
  #draining = false;
  #onEmpty: () => void = () => {};

  constructor(ports: GatewayPorts) {
    this.#ports = ports;
    this.#people = new People(ports.limits);
    this.#addresses = new Addresses(ports.limits.connectionsPerAddress);
    const door = {
      refusal: (address: string | null) => this.#refusal(address),
      accept: (transport: Transport, address: string | null) => this.#accept(transport, address),
    };
    this.#streams = new EventStreams(ports, door);
    this.#uiStreams = new UiStreams(ports, door);
    // Newer than the types of ws.
    const bounds = { maxFragments: MAX_FRAGMENTS, maxBufferedChunks: MAX_BUFFERED_CHUNKS } as ServerOptions<
      typeof ChatSocket
    >;
    this.#sockets = new WebSocketServer({
      ...bounds,
      noServer: true,
      WebSocket: ChatSocket,
      maxPayload: MAX_FRAME_BYTES,
      // Off: it costs memory per connection, and a few bytes can unpack to many.
      perMessageDeflate: false,
    });
  }

  /** Connections over either transport, those without an accepted token too. */
  get size(): number {
    return this.#connections.size;
  }

  /** Answers an HTTP upgrade to the chat's socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { origin, host = '', 'x-forwarded-for': forwarded } = request.headers;
    // Browsers always send it, and a page cannot change it; a program without one has no cookies that somebody could ride on.
    if (origin !== undefined && !this.#ports.origins.trusts(origin, host)) {
      this.#ports.logger.warn('A socket was refused: its page’s origin is not in allowedOrigins.', { origin });
      return refuseUpgrade(socket, '403 Forbidden');
    }
    const forwardedFor = Array.isArray(forwarded) ? forwarded.join() : forwarded;
    const address = clientAddress(request.socket.remoteAddress, forwardedFor, this.#ports.trustProxy);
    const refusal = this.#refusal(address);
    if (refusal) {
      return refuseUpgrade(socket, refusal === 'address_full' ? '429 Too Many Requests' : '503 Service Unavailable');
    }
    this.#sockets.handleUpgrade(request, socket, head, (accepted) => {
      this.#accept(new SocketTransport(accepted, socket), address);
    });
  }

  /**
   * Answers the requests of the event stream, and those of other protocols' clients; null for one that is about something else.
   * @param path below the chat's base
   * @param peer address that the request came from, where it is known
   */
  fetch(request: Request, path: string, peer?: string): Promise<Response> | null {
    const address = clientAddress(peer, request.headers.get('x-forwarded-for'), this.#ports.trustProxy);
    if (path === '/events') return this.#streams.open(request, address);
    if (path === '/frames') return this.#streams.receive(request);
    return this.#uiStreams.fetch(request, path, address);
  }

  /** Sends every client away with 1012 and waits for them, at most `closeTimeoutMs`. */
  async close(): Promise<void> {
    this.#draining = true;
    const { clock, limits } = this.#ports;
    const cancel = clock.setTimer(() => this.#connections.forEach((each) => each.terminate()), limits.closeTimeoutMs);
    const spreadMs = spreadOf(this.#connections.size);
    // Not awaited: a request that hangs must not hold up the others, nor the restart.
    for (const connection of this.#connections) void connection.drain(spreadMs);
    if (this.#connections.size > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
    cancel();
    this.#sockets.close();
    const stop = await this.#hearing?.catch(() => null);
    stop?.();
  }

  /** Resolves when every revocation from here on is heard of, on whichever node it was made. */
  #hearRevocations(): Promise<unknown> {
    this.#hearing ??= this.#ports.fanout
      .subscribe(topics.revocations, (event) => {
        if (event.type !== 'tokens.revoked') return;
        for (const connection of this.#connections) connection.revoke(event.revocation);
      })
      .catch((error: unknown) => {
        this.#hearing = null; // the next connection tries again
        throw error;
      });
    return this.#hearing;
  }

  #refusal(address: string | null): Refusal | null {
    if (this.#draining) return 'draining';
    if (address !== null && this.#addresses.isFull(address)) {
      const hint = 'If that is a proxy of yours, set trustProxy; else limits.connectionsPerAddress.';
      this.#ports.logger.warn(`A connection was refused: its address has too many. ${hint}`, { address });
      return 'address_full';
    }
    return this.#unauthenticated.size < this.#ports.limits.unauthenticated || this.#makeRoom() ? null : 'full';
  }

  /** Who idles without a token makes room: a good client shows its own within a moment, so no idler can keep it out. */
  #makeRoom(): boolean {
    for (const connection of this.#unauthenticated) {
      if (!connection.isWaiting) continue;
      this.#unauthenticated.delete(connection);
      connection.close('too_many_connections');
      return true;
    }
    return false;
  }

  #accept(transport: Transport, address: string | null): Connection {
    const { clock } = this.#ports;
    let userId: string | null = null;
    const connection = new Connection(transport, this.#ports, {
      hearRevocations: () => this.#hearRevocations(),
      onAuthenticated: (id) => {
        const bucket = this.#people.enter(id, clock.now());
        if (!bucket) return null;
        userId = id;
        this.#ports.presence?.enter(id);
        this.#unauthenticated.delete(connection);
        return bucket;
      },
      onClosed: () => {
        this.#connections.delete(connection);
        this.#unauthenticated.delete(connection);
        if (address !== null) this.#addresses.leave(address);
        if (userId !== null) {
          this.#people.leave(userId, clock.now());
          this.#ports.presence?.leave(userId);
        }
        if (this.#connections.size === 0) this.#onEmpty();
      },
    });
    if (address !== null) this.#addresses.enter(address);
    this.#connections.add(connection);
    this.#unauthenticated.add(connection);
    return connection;
  }
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => {});
  const retry = status.startsWith('403') ? '' : `Retry-After: ${RETRY_AFTER_SECONDS}\r\n`;
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${retry}Content-Length: 0\r\n\r\n`);
}
