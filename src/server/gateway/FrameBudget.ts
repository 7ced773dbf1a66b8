import type { ChatLimits } from './limits.ts';
import { TokenBucket } from './TokenBucket.ts';

/** What one connection may send: its own share, and its person's over all of their connections. */
export class FrameBudget {
  readonly #own: TokenBucket;
  readonly #persons: TokenBucket;
  readonly #patience: number;
  #refused = 0;

  constructor({ frameBurst, framesPerSecond }: ChatLimits, persons: TokenBucket, now: number) {
    this.#own = new TokenBucket(frameBurst, framesPerSecond, now);
    this.#persons = persons;
    this.#patience = frameBurst;
  }

  /** Takes one frame: 0 when it may pass, else the milliseconds to wait. */
  take(now: number): number {
    const waitMs = this.#own.take(now) || this.#persons.take(now);
    this.#refused = waitMs > 0 ? this.#refused + 1 : 0;
    return waitMs;
  }

  /** Whether the sender does not listen to the refusals: a whole burst was refused in a row. */
  get flooded(): boolean {
    return this.#refused >= this.#patience;
  }
}
