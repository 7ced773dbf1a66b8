import { ceiling } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import { elapsed, instant } from './lifetime.ts';
import type { Instant } from './lifetime.ts';

const BASE_MS = 500;
const CAP_MS = 30_000;
// However the dice fall and however often the network flaps: 30 attempts are all that the first ten minutes may cost.
const BUDGET = 30;
const BUDGET_STEP_MS = 20_500;
/** Least time between two skipped waits: a flapping network is no reason to hammer. */
const SKIP_EVERY_MS = 20_000;

/** Decides when to ask again after a failure. One for all callers, so that their number makes no difference. */
export class RetryGate {
  readonly #clock: Clock;
  #failures = 0;
  #first: Instant | null = null;
  #last: Instant | null = null;
  #skipped: Instant | null = null;
  #backoffMs = 0;
  /** What the server asked for, and what the budget demands: never skipped. */
  #heldMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds to wait from now; 0 when open. */
  waitMs(): number {
    if (!this.#last) return 0;
    return Math.max(0, Math.max(this.#backoffMs, this.#heldMs) - elapsed(this.#clock, this.#last));
  }

  /** Notes a failure; returns how long to wait. */
  fail(retryAfterMs = 0): number {
    const now = instant(this.#clock);
    this.#first ??= now;
    this.#last = now;
    this.#backoffMs = ceiling(this.#failures, BASE_MS, CAP_MS) * (0.75 + 0.25 * this.#clock.random());
    this.#failures += 1;
    const budget = this.#failures < BUDGET ? 0 : this.#failures * BUDGET_STEP_MS - elapsed(this.#clock, this.#first);
    this.#heldMs = Math.max(retryAfterMs, budget);
    return this.waitMs();
  }

  /** The network is back: the backoff is not waited for, a server's Retry-After is. */
  skip(): void {
    if (this.#skipped && elapsed(this.#clock, this.#skipped) < SKIP_EVERY_MS) return;
    this.#skipped = instant(this.#clock);
    this.#backoffMs = 0;
  }

  reset(): void {
    this.#failures = 0;
    this.#first = this.#last = null;
  }
}
