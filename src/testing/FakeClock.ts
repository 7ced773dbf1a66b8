import type { Clock } from '../client/index.ts';

export interface FakeClockOptions {
  /** Wall-clock time at the start, ms since 1970. Default: 2026-01-01T00:00Z. */
  now?: number;
  /** Seeds `random()`. Without a seed it always answers 0.5. */
  seed?: number;
}

interface Timer {
  at: number;
  fn: () => void;
}

// Taken when the module loads, so that a test runner's own fake timers do not hold it up.
const immediate: (fn: () => void) => void =
  typeof setImmediate === 'function'
    ? setImmediate
    : (fn) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          fn();
        };
        port2.postMessage(null);
      };

/** A clock that stands still until the test moves it: time, timers and chance for tokens, connections and conversations. */
export class FakeClock implements Clock {
  #wall: number;
  #mono = 0;
  #seed: number | null;
  readonly #timers = new Set<Timer>();
  /** The longest time that a timer was ever armed for, ms. */
  longestTimer = 0;

  constructor(options: FakeClockOptions = {}) {
    this.#wall = options.now ?? Date.UTC(2026, 0, 1);
    this.#seed = options.seed ?? null;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#mono;
  }

  setTimer(fn: () => void, ms: number): () => void {
    const timer: Timer = { at: this.#mono + Math.max(0, ms), fn };
    this.longestTimer = Math.max(this.longestTimer, ms);
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  random(): number {
    if (this.#seed === null) return 0.5;
    // mulberry32: small, and good enough to spread things in a test.
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets promises run, without moving time. */
  async settle(): Promise<void> {
    await new Promise<void>((resolve) => immediate(resolve));
  }

  /** Moves both clocks by `ms`, running each timer at its moment and the promises after it. */
  async advance(ms: number): Promise<void> {
    const end = this.#mono + ms;
    await this.settle();
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#move(Math.max(this.#mono, timer.at));
      timer.fn();
      await this.settle();
    }
    this.#move(end);
  }

  /** The machine sleeps: the wall clock goes on, the monotonic clock and all timers stand still. */
  sleep(ms: number): void {
    this.#wall += ms;
  }

  /** Somebody sets the wall clock, by `ms` forward or (negative) back. */
  shiftWall(ms: number): void {
    this.#wall += ms;
  }

  #move(mono: number): void {
    this.#wall += mono - this.#mono;
    this.#mono = mono;
  }

  /** The timer due first, until `end`; the one armed first where two are due together. */
  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= end && (!first || timer.at < first.at)) first = timer;
    return first;
  }
}
