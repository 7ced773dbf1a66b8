import type { Clock } from '../clock.ts';

interface HeartbeatEvents {
  ping(): void;
  /** Nothing came back since the last ping. */
  onSilent(): void;
}

/** Finds a peer that vanished without a goodbye by its silence. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #events: HeartbeatEvents;
  #heard = true;
  #cancel: () => void = () => {};

  constructor(clock: Clock, everyMs: number, events: HeartbeatEvents) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#events = events;
    this.#arm();
  }

  heard(): void {
    this.#heard = true;
  }

  end(): void {
    this.#cancel();
  }

  #arm(): void {
    this.#cancel = this.#clock.setTimer(() => {
      if (!this.#heard) return this.#events.onSilent();
      this.#heard = false;
      this.#arm();
      this.#events.ping();
    }, this.#everyMs);
  }
}
