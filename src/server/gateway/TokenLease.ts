import type { Clock } from '../clock.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../token/claims.ts';

/**
 * What is left of a token's life when its renewal is asked for: late enough to be rare, early enough for a slow client.
 * Drawn anew for each token: lives begin on whole seconds, and a fixed share would have everybody of one second renew in the
 * same millisecond.
 */
const expiringAt = () => 0.25 + 0.05 * Math.random();

interface Life {
  issuedAt: number;
  expiresAt: number;
}

interface LeaseEvents {
  onExpiring(): void;
  onLapsed(): void;
}

/** The time that a token gives a connection: warns before its end, and ends it when no newer one came. */
export class TokenLease {
  readonly #clock: Clock;
  readonly #events: LeaseEvents;
  #life: Life;
  #cancelExpiring: () => void = () => {};
  #cancelLapse: () => void = () => {};

  constructor(life: Life, clock: Clock, events: LeaseEvents) {
    this.#life = life;
    this.#clock = clock;
    this.#events = events;
    this.#arm();
  }

  /** Takes the newer token's life; an older one's, arriving late, changes nothing. */
  renew(life: Life): void {
    if (life.expiresAt <= this.#life.expiresAt) return;
    this.end();
    this.#life = life;
    this.#arm();
  }

  /** What is left, ms. */
  leftMs(): number {
    return Math.max(0, this.#life.expiresAt - this.#clock.now());
  }

  end(): void {
    this.#cancelExpiring();
    this.#cancelLapse();
  }

  #arm(): void {
    const { issuedAt, expiresAt } = this.#life;
    const now = this.#clock.now();
    const warnsAt = expiresAt - (expiresAt - issuedAt) * expiringAt();
    const lapsesAt = expiresAt + CLOCK_TOLERANCE_SECONDS * 1000;
    this.#cancelExpiring = this.#clock.setTimer(() => this.#events.onExpiring(), Math.max(0, warnsAt - now));
    this.#cancelLapse = this.#clock.setTimer(() => this.#events.onLapsed(), Math.max(0, lapsesAt - now));
  }
}
