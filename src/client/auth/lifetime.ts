import type { Clock } from '../clock.ts';

/** One moment, by both clocks. */
export interface Instant {
  wall: number;
  mono: number;
}

export function instant(clock: Clock): Instant {
  return { wall: clock.now(), mono: clock.monotonic() };
}

/** Time since a moment by the clock that went further: the wall clock sees a sleep, the monotonic one a wall clock set back. */
export function elapsed(clock: Clock, since: Instant): number {
  return Math.max(clock.now() - since.wall, clock.monotonic() - since.mono);
}

/** Before this much of its end a token is no longer used: it must still be good when it arrives. */
export function safetyMargin(lifetimeMs: number): number {
  return Math.max(1_000, Math.min(5_000, 0.1 * lifetimeMs));
}

// A wall clock may be slewed by up to 500 ppm and read coarsely; more than this against the monotonic clock is a jump back.
const SLEW = 0.001;
const COARSE_MS = 1_000;

/** Whether the wall clock was set back between two looks. */
export function wentBack(before: Instant, now: Instant): boolean {
  return now.wall - before.wall < (now.mono - before.mono) * (1 - SLEW) - COARSE_MS;
}

/** How long ago a moment was. */
export class Age {
  readonly since: Instant;
  readonly #clock: Clock;
  #lastLook: Instant;
  #unknown = false;

  constructor(clock: Clock, since: Instant = instant(clock)) {
    this.#clock = clock;
    this.since = this.#lastLook = since;
  }

  /** By the clock that went further, ms. */
  atLeast(): number {
    return elapsed(this.#clock, this.since);
  }

  /** The same, or infinity once the wall clock was seen set back: the monotonic clock may have slept, so nobody knows. */
  atMost(): number {
    const now = instant(this.#clock);
    if (wentBack(this.#lastLook, now)) this.#unknown = true;
    this.#lastLook = now;
    return this.#unknown ? Infinity : this.atLeast();
  }
}

/** How far one token's life has gone, counted from the moment that it was asked for and never by the server's clock. */
export class TokenLifetime {
  readonly #age: Age;
  readonly #refreshAfter: number;
  readonly #usableAfter: number;
  readonly #floor: number;

  constructor(clock: Clock, age: Age, lifetimeMs: number) {
    this.#age = age;
    this.#usableAfter = lifetimeMs - safetyMargin(lifetimeMs);
    // Jittered, so that tabs and people who began together do not renew together.
    this.#refreshAfter = Math.min(this.#usableAfter, lifetimeMs * (0.7 + 0.1 * clock.random()));
    this.#floor = Math.max(1_000, Math.min(5_000, lifetimeMs / 4));
  }

  /** Time since it was asked for. */
  age(): number {
    return this.#age.atLeast();
  }

  /** Milliseconds until it should be renewed; ≤ 0 when due. */
  refreshIn(): number {
    return this.#refreshAfter - this.#age.atMost();
  }

  /** Milliseconds for which it may still be used; ≤ 0 when lapsed. */
  usableFor(): number {
    return this.#usableAfter - this.#age.atMost();
  }

  /** Milliseconds until the next mint is allowed. */
  floorIn(): number {
    return this.#floor - this.age();
  }
}
