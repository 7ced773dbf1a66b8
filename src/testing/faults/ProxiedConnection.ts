import type { Socket } from 'node:net';
import type { FaultRules } from './FaultRules.ts';
import type { FaultConnection, FaultDirection } from './types.ts';
import { Wire } from './Wire.ts';

/** One direction of it, as far as this file knows: something that may hold things back. */
interface Flow {
  flush(): void;
  end(): void;
}

/** One client's TCP connection, with everything that hangs on it. */
export class ProxiedConnection implements FaultConnection {
  readonly id: number;
  readonly rules: FaultRules;
  readonly wire: Wire;
  readonly forwarded: Record<FaultDirection, number> = { up: 0, down: 0 };
  readonly lanes = new Set<Flow>();
  path = '';
  kind: FaultConnection['kind'] = 'http';
  /** Closes a WebSocket as the server would; null while there is none. */
  closeWebSocket: ((code: number, reason: string) => void) | null = null;
  /** Each ends something on the server's side. */
  readonly #ends = new Set<() => void>();

  constructor(id: number, socket: Socket, rules: FaultRules, onEnded: (connection: ProxiedConnection) => void) {
    this.id = id;
    this.rules = rules;
    this.wire = new Wire(socket, () => {
      this.#endFarSide();
      onEnded(this);
    });
    this.update();
  }

  /** Ends `end` with the connection, unless it is told in time that it ended by itself. */
  whenEnded(end: () => void): () => void {
    this.#ends.add(end);
    return () => this.#ends.delete(end);
  }

  /** The faults are other ones now. */
  update(): void {
    this.wire.setSpeed(this.rules.readingSpeed(this));
    this.wire.setStill(this.rules.halfOpen(this));
    for (const lane of [...this.lanes]) lane.flush();
  }

  /** Both sides hear a reset; the client's only once the line is no longer half-open. */
  reset(): void {
    this.#endFarSide();
    this.wire.reset();
  }

  /** Nothing is left of it. */
  kill(): void {
    this.#endFarSide();
    this.wire.kill();
  }

  #endFarSide(): void {
    for (const lane of [...this.lanes]) lane.end();
    for (const end of this.#ends) end();
    this.#ends.clear();
  }
}
