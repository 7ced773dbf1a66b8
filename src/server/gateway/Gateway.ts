import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { CLOSE_CODES, MAX_FRAME_BYTES } from '../../protocol/index.ts';
import { topics } from '../fanout/Fanout.ts';
import { Connection } from './Connection.ts';
import type { GatewayPorts } from './GatewayPorts.ts';

const MESSAGE_TOO_BIG = 1009;

/** ws closes by itself, with the standard's code, when a frame is over `maxPayload`; clients are to get the protocol's. */
class ChatSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === MESSAGE_TOO_BIG) super.close(CLOSE_CODES.frame_too_large.code, 'frame_too_large');
    else super.close(code, reason);
  }
}

/** Takes sockets in, counts them, and sends them home. */
export class Gateway {
  readonly #ports: GatewayPorts;
  readonly #sockets: WebSocketServer;
  readonly #connections = new Set<Connection>();
  readonly #perUser = new Map<string, number>();
  #hearing: Promise<() => void> | null = null;
  #closed = false;
  #onEmpty: () => void = () => {};

  constructor(ports: GatewayPorts) {
    this.#ports = ports;
    this.#sockets = new WebSocketServer({
      noServer: true,
      WebSocket: ChatSocket,
      maxPayload: MAX_FRAME_BYTES,
      // Off: it costs memory per connection, and a few bytes can unpack to many.
      perMessageDeflate: false,
    });
  }

  /** Answers an HTTP upgrade to the chat's socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { origin, host = '' } = request.headers;
    // Browsers always send it, and a page cannot change it; a program without one has no cookies that somebody could ride on.
    if (origin !== undefined && !this.#ports.origins.trusts(origin, host)) {
      this.#ports.logger.warn('A socket was refused: its page’s origin is not in allowedOrigins.', { origin });
      return refuseUpgrade(socket, '403 Forbidden');
    }
    if (this.#closed || this.#unauthenticated() >= this.#ports.limits.unauthenticated) {
      return refuseUpgrade(socket, '503 Service Unavailable');
    }
    this.#sockets.handleUpgrade(request, socket, head, (accepted) => this.#accept(accepted));
  }

  /** Sends every client away with 1012 and waits for them, at most `closeTimeoutMs`. */
  async close(): Promise<void> {
    this.#closed = true;
    const { clock, limits } = this.#ports;
    const cancel = clock.setTimer(() => this.#connections.forEach((each) => each.terminate()), limits.closeTimeoutMs);
    // Not awaited: a request that hangs must not hold up the others, nor the restart.
    for (const connection of this.#connections) void connection.drain();
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

  #unauthenticated(): number {
    let authenticated = 0;
    for (const count of this.#perUser.values()) authenticated += count;
    return this.#connections.size - authenticated;
  }

  #accept(socket: WebSocket): void {
    let userId: string | null = null;
    const connection = new Connection(socket, this.#ports, {
      hearRevocations: () => this.#hearRevocations(),
      onAuthenticated: (id) => {
        const count = this.#perUser.get(id) ?? 0;
        if (count >= this.#ports.limits.connectionsPerUser) return false;
        this.#perUser.set(id, count + 1);
        userId = id;
        return true;
      },
      onClosed: () => {
        this.#connections.delete(connection);
        if (userId !== null) this.#leave(userId);
        if (this.#connections.size === 0) this.#onEmpty();
      },
    });
    this.#connections.add(connection);
  }

  #leave(userId: string): void {
    const count = (this.#perUser.get(userId) ?? 1) - 1;
    if (count === 0) this.#perUser.delete(userId);
    else this.#perUser.set(userId, count);
  }
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
