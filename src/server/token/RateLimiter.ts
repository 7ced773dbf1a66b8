/** Most keys remembered before those whose window is over are dropped. */
const SWEEP_AT = 10_000;

export interface RateLimit {
  /** How many within one window. */
  max: number;
  /** Length of the window, ms. */
  windowMs: number;
}

/** Counts by key in fixed windows, in this process's memory. */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #windows = new Map<string, { endsAt: number; count: number }>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Takes one turn: 0 when it was free, else the milliseconds until the next. */
  take(key: string, now: number): number {
    const current = this.#windows.get(key);
    if (current === undefined || now >= current.endsAt) {
      if (this.#windows.size >= SWEEP_AT) this.#sweep(now);
      this.#windows.set(key, { endsAt: now + this.#limit.windowMs, count: 1 });
      return 0;
    }
    current.count += 1;
    return current.count > this.#limit.max ? current.endsAt - now : 0;
  }

  #sweep(now: number): void {
    for (const [key, window] of this.#windows) if (now >= window.endsAt) this.#windows.delete(key);
  }
}
