import type { Clock } from '../clock.ts';

/** What one state owns: its timers and listeners, all gone when the state is left. Results that come later ask `ended`. */
export class Scope {
  readonly #clock: Clock;
  readonly #cleanups = new Set<() => void>();
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get ended(): boolean {
    return this.#ended;
  }

  timer(fn: () => void, ms: number): () => void {
    const stop = this.#clock.setTimer(() => {
      this.#cleanups.delete(stop);
      fn();
    }, ms);
    this.#cleanups.add(stop);
    return () => {
      if (this.#cleanups.delete(stop)) stop();
    };
  }

  /** Runs `cleanup` when the state is left. */
  onEnd(cleanup: () => void): void {
    this.#cleanups.add(cleanup);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const cleanups = [...this.#cleanups];
    this.#cleanups.clear();
    for (const cleanup of cleanups) cleanup();
  }
}
