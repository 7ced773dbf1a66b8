import type { Clock } from '../clock.ts';
import type { Scope } from './Scope.ts';

/** Silence after which the other side is asked for a sign of life. The server does the same at this pace. */
const SILENCE_MS = 25_000;
/** A line that slept or changed its network is either there at once or gone. */
const PROBE_MS = 2_000;
/** In quiet times a slow network is given longer: a needless reconnect costs it more than the wait. */
const ANSWER_MS = 5_000;
/**
 * After so much silence by the wall clock the machine slept, and the server, which asks for signs of life too, has given the line up.
 * Longer than the minute at which a hidden page's timers run.
 */
const SLEPT_MS = 120_000;

/**
 * Finds a half-open socket. Each message heard arms the next ping, so that no chain of timers runs that a hidden page would
 * throttle.
 */
export class Heartbeat {
  readonly #scope: Scope;
  readonly #clock: Clock;
  readonly #ping: () => void;
  readonly #lost: (probed: boolean) => void;
  #cancel: (() => void) | undefined;
  #probing = false;
  #heardAt = 0;

  /** `lost`: with whether somebody had just asked by {@link probe}. */
  constructor(scope: Scope, clock: Clock, on: { ping: () => void; lost: (probed: boolean) => void }) {
    this.#scope = scope;
    this.#clock = clock;
    this.#ping = on.ping;
    this.#lost = on.lost;
    this.heard();
  }

  /** Any message is a sign of life. */
  heard(): void {
    this.#probing = false;
    this.#heardAt = this.#clock.now();
    this.#arm(() => this.#ask(ANSWER_MS), SILENCE_MS);
  }

  /** Asks now: the line may have died while nobody looked. After a sleep it has. */
  probe(): void {
    if (this.#probing) return;
    this.#probing = true;
    if (this.#clock.now() - this.#heardAt > SLEPT_MS) return this.#lost(true);
    this.#ask(PROBE_MS);
  }

  #ask(deadlineMs: number): void {
    this.#arm(() => this.#lost(this.#probing), deadlineMs);
    this.#ping();
  }

  #arm(fn: () => void, ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#scope.timer(fn, ms);
  }
}
