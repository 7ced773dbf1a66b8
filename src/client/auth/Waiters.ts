import type { ChatError } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import type { ChatToken } from './ChatToken.ts';
import { elapsed, instant } from './lifetime.ts';
import type { Instant } from './lifetime.ts';

interface Waiter {
  since: Instant;
  resolve(token: ChatToken): void;
  reject(error: ChatError): void;
}

/** Those who wait for the next token. */
export class Waiters {
  readonly #clock: Clock;
  readonly #all = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#all.size;
  }

  add(resolve: (token: ChatToken) => void, reject: (error: ChatError) => void): void {
    this.#all.add({ since: instant(this.#clock), resolve, reject });
  }

  resolve(token: ChatToken): void {
    for (const waiter of this.#all) waiter.resolve(token);
    this.#all.clear();
  }

  /** Rejects those who have waited for more than `longerThan` ms; all by default. */
  reject(error: ChatError, longerThan = -1): void {
    for (const waiter of this.#all) {
      if (elapsed(this.#clock, waiter.since) <= longerThan) continue;
      this.#all.delete(waiter);
      waiter.reject(error);
    }
  }
}
