import { systemClock } from '../../src/client/index.ts';
import { CLOSE_CODES, PROTOCOL_VERSION } from '../../src/protocol/index.ts';
import type { ClientFrame } from '../../src/protocol/index.ts';
import { TokenLease } from '../../src/server/gateway/TokenLease.ts';
import { createScriptedSockets } from '../../src/testing/index.ts';
import type { ScriptedSocket } from '../../src/testing/index.ts';
import { ROUND_TRIP_MS, TTL_S, USER } from './TokenEndpoint.ts';
import type { World } from './World.ts';

/** RFC 6455 registry: service restart. */
const SERVICE_RESTART = 1012;

/**
 * LatchKit's gateway as far as tokens go, at the other end of scripted sockets and half a round trip away. When a connection is
 * warned and when it ends is decided by the server's own code.
 */
export class Gateway {
  /** One per connection attempt of a client. */
  readonly sockets = createScriptedSockets((socket) => this.#serve(socket));
  /** How many connections were authenticated. */
  accepted = 0;
  #down = false;
  readonly #world: World;
  readonly #leases = new Map<ScriptedSocket, TokenLease>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Every connection ends; for `downMs` none is taken. */
  restart(downMs: number): void {
    this.#down = true;
    for (const socket of this.sockets.alive) this.#close(socket, SERVICE_RESTART);
    setTimeout(() => (this.#down = false), downMs);
  }

  #serve(socket: ScriptedSocket): void {
    later(() => (this.#down ? socket.drop() : socket.open()));
    socket.onFrame = (frame) => later(() => this.#answer(socket, frame));
  }

  #answer(socket: ScriptedSocket, frame: ClientFrame): void {
    if (socket.readyState !== 1) return;
    if (frame.type === 'ping') return later(() => socket.deliver({ type: 'pong' }));
    if (frame.type !== 'auth.open' && frame.type !== 'auth.renew') return;
    if (!this.#world.endpoint.accepts(frame.token)) return this.#close(socket, CLOSE_CODES.token_refused.code);
    const serverTime = this.#world.serverNow();
    const expiresAt = this.#world.endpoint.expiresAt(frame.token);
    const expiresInMs = expiresAt - serverTime;
    this.#lease(socket, { issuedAt: expiresAt - TTL_S * 1_000, expiresAt });
    if (frame.type === 'auth.renew') {
      return later(() => socket.deliver({ type: 'auth.renewed', requestId: frame.requestId, expiresInMs }));
    }
    this.accepted += 1;
    const user = { id: USER, name: USER, avatarUrl: null };
    later(() => socket.deliver({ type: 'auth.accepted', protocol: PROTOCOL_VERSION, user, expiresInMs, serverTime }));
  }

  #lease(socket: ScriptedSocket, life: { issuedAt: number; expiresAt: number }): void {
    const known = this.#leases.get(socket);
    if (known) return known.renew(life);
    const lease = new TokenLease(life, systemClock, {
      onExpiring: () => later(() => socket.deliver({ type: 'auth.expiring', expiresInMs: lease.leftMs() })),
      onLapsed: () => this.#close(socket, CLOSE_CODES.token_lapsed.code),
    });
    this.#leases.set(socket, lease);
  }

  #close(socket: ScriptedSocket, code: number): void {
    this.#leases.get(socket)?.end();
    this.#leases.delete(socket);
    later(() => socket.drop(code));
  }
}

function later(fn: () => void): void {
  setTimeout(fn, ROUND_TRIP_MS / 2);
}
