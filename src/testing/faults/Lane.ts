import type { ProxiedConnection } from './ProxiedConnection.ts';
import type { FaultDirection, FaultMessage } from './types.ts';

/** What may wait in a lane before its source is asked to pause: as little as a socket buffer, so that the far side feels it. */
const MAX_WAITING_BYTES = 65_536;

export interface LaneItem {
  /** Null for what faults on messages do not touch. */
  message: FaultMessage | null;
  /** Bytes that it weighs. */
  size: number;
  /** Waits until everything before it has left. */
  last?: boolean;
  /** Passes it on; `done` once it has left, also when it could not. */
  write(done: () => void): void;
  /** Passes on its first half, and ends the connection with it. */
  cut?(): void;
}

interface Source {
  pause(): void;
  resume(): void;
}

/** One direction of one connection: what came in, in order, until it may leave. */
export class Lane {
  readonly #connection: ProxiedConnection;
  readonly #direction: FaultDirection;
  readonly #source: Source;
  readonly #queue: (LaneItem & { at: number; holds: () => boolean; cuts: boolean })[] = [];
  #waitingBytes = 0;
  #underway = 0;
  #paused = false;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: ProxiedConnection, direction: FaultDirection, source: Source) {
    this.#connection = connection;
    this.#direction = direction;
    this.#source = source;
    connection.lanes.add(this);
  }

  push(item: LaneItem): void {
    if (this.#ended) return;
    const { rules } = this.#connection;
    const { copies, cut } = item.message ? rules.judge(item.message) : { copies: 1, cut: false };
    for (let copy = 0; copy < copies; copy++) {
      const { ms, holds } = rules.delay(this.#connection, this.#direction);
      this.#queue.push({ ...item, at: performance.now() + ms, holds, cuts: cut });
      this.#waitingBytes += item.size;
    }
    if (this.#waitingBytes > MAX_WAITING_BYTES && !this.#paused) {
      this.#paused = true;
      this.#source.pause();
    }
    this.flush();
  }

  /** Lets go whatever may leave by now. */
  flush(): void {
    clearTimeout(this.#timer);
    const { rules } = this.#connection;
    for (let item = this.#queue[0]; item && !this.#ended; item = this.#queue[0]) {
      if (rules.heldBack(this.#connection, this.#direction)) return;
      const wait = item.at - performance.now();
      if (wait > 0 && item.holds()) {
        this.#timer = setTimeout(() => this.flush(), Math.ceil(wait));
        return;
      }
      if (item.last && this.#underway > 0) return;
      this.#queue.shift();
      this.#leave(item);
    }
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#queue.length = 0;
    this.#connection.lanes.delete(this);
  }

  #leave(item: LaneItem & { cuts: boolean }): void {
    if (item.cuts && item.cut) {
      this.#connection.rules.totals.cut += 1;
      item.cut();
      return this.end();
    }
    this.#underway += 1;
    item.write(() => {
      this.#underway -= 1;
      this.#waitingBytes -= item.size;
      if (this.#paused && !this.#ended && this.#waitingBytes <= MAX_WAITING_BYTES) {
        this.#paused = false;
        this.#source.resume();
      }
      if (this.#queue[0]?.last) this.flush();
    });
    if (!item.message) return;
    this.#connection.forwarded[this.#direction] += 1;
    this.#connection.rules.onPassed(this.#connection, this.#direction);
  }
}
