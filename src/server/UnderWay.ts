import type { Clock } from './clock.ts';

/** Counts what was begun, so that a server that closes can wait for it. */
export class UnderWay {
  readonly #clock: Clock;
  #count = 0;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async track<T>(work: Promise<T>): Promise<T> {
    this.#count += 1;
    try {
      return await work;
    } finally {
      this.#count -= 1;
      if (this.#count === 0) for (const done of this.#waiting) done();
    }
  }

  /** Resolves when nothing is under way; false when that took longer than `timeoutMs`. */
  async idle(timeoutMs: number): Promise<boolean> {
    if (this.#count === 0) return true;
    return new Promise((resolve) => {
      const end = (isIdle: boolean) => {
        cancel();
        this.#waiting.delete(onIdle);
        resolve(isIdle);
      };
      const onIdle = () => end(true);
      const cancel = this.#clock.setTimer(() => end(false), timeoutMs);
      this.#waiting.add(onIdle);
    });
  }
}
