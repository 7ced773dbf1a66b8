import type { ChatLimits } from './limits.ts';
import { TokenBucket } from './TokenBucket.ts';

/** Entries after which those that say nothing any more are dropped. */
const SWEEP_AT = 10_000;

interface Person {
  connections: number;
  /** What they may still send, over all of their connections on this node. */
  bucket: TokenBucket;
}

/** The people on this node: how many connections each has, and what they may send over all of them. */
export class People {
  readonly #limits: ChatLimits;
  readonly #people = new Map<string, Person>();
  #sweepAt = SWEEP_AT;

  constructor(limits: ChatLimits) {
    this.#limits = limits;
  }

  /** Entries, those of people who left included. */
  get size(): number {
    return this.#people.size;
  }

  /** One connection more. Null when they have too many. */
  enter(userId: string, now: number): TokenBucket | null {
    let person = this.#people.get(userId);
    if (!person) {
      if (this.#people.size >= this.#sweepAt) this.#sweep(now);
      const { userFrameBurst, userFramesPerSecond } = this.#limits;
      person = { connections: 0, bucket: new TokenBucket(userFrameBurst, userFramesPerSecond, now) };
      this.#people.set(userId, person);
    }
    if (person.connections >= this.#limits.connectionsPerUser) return null;
    person.connections += 1;
    return person.bucket;
  }

  /** Who comes back at once finds the bucket as it was left: a new connection is no new share. */
  leave(userId: string, now: number): void {
    const person = this.#people.get(userId);
    if (!person) return;
    person.connections -= 1;
    if (person.connections === 0 && person.bucket.isFull(now)) this.#people.delete(userId);
  }

  #sweep(now: number): void {
    for (const [userId, { connections, bucket }] of this.#people) {
      if (connections === 0 && bucket.isFull(now)) this.#people.delete(userId);
    }
    // Doubled, so that many people at once do not make every newcomer sweep.
    this.#sweepAt = Math.max(SWEEP_AT, this.#people.size * 2);
  }
}
