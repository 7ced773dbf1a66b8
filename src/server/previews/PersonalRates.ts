import { TokenBucket } from '../gateway/TokenBucket.ts';

/** Between two looks for people who may be forgotten. */
const SWEEP_AT = 1_000;

/** How much each person may ask for per minute, all of it at once if they like. */
export class PersonalRates {
  readonly #perMinute: number;
  readonly #buckets = new Map<string, TokenBucket>();
  #sweepAt = SWEEP_AT;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Takes one; false where there is none left. */
  take(userId: string, now: number): boolean {
    let bucket = this.#buckets.get(userId);
    if (!bucket) {
      this.#sweep(now);
      bucket = new TokenBucket(this.#perMinute, this.#perMinute / 60, now);
      this.#buckets.set(userId, bucket);
    }
    return bucket.take(now) === 0;
  }

  /** Who has all of it back is as good as new. */
  #sweep(now: number): void {
    if (this.#buckets.size < this.#sweepAt) return;
    for (const [userId, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(userId);
    this.#sweepAt = Math.max(SWEEP_AT, this.#buckets.size * 2);
  }
}
