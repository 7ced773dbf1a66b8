import type { ChatError } from '../../protocol/index.ts';
import { fullJitter } from '../backoff.ts';
import type { Clock } from '../clock.ts';

const BASE_MS = 1_000;
const CAP_MS = 30_000;

/** One thing to be tried again while connected. A reconnect does not wait for it. */
export class Retry {
  readonly #clock: Clock;
  #attempts = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a try is set for later. */
  get waiting(): boolean {
    return this.#cancel !== undefined;
  }

  /** Calls `fn` after the backoff, or later where the server named a time. */
  later(fn: () => void, error: ChatError): void {
    this.stop();
    const ms = Math.max(fullJitter(this.#clock, this.#attempts, BASE_MS, CAP_MS), error.retryAfterMs ?? 0);
    this.#attempts += 1;
    this.#cancel = this.#clock.setTimer(() => {
      this.#cancel = undefined;
      fn();
    }, ms);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** It worked, or the connection is another one. */
  reset(): void {
    this.stop();
    this.#attempts = 0;
  }
}
