import type { Clock } from './clock.ts';

/**
 * Full jitter: a random wait below a ceiling that doubles from `baseMs` to `capMs`. Of all jitters it spreads a crowd best
 * (AWS Architecture Blog, "Exponential Backoff and Jitter").
 */
export function fullJitter(clock: Clock, attempt: number, baseMs: number, capMs: number): number {
  return clock.random() * ceiling(attempt, baseMs, capMs);
}

/**
 * Between a quarter of the ceiling and the whole. Where a crowd waits for one server, full jitter's many short waits would all
 * end in the moment that it is back; measured by the restart rows of `bench/tokens`.
 */
export function flooredJitter(clock: Clock, attempt: number, baseMs: number, capMs: number): number {
  return ceiling(attempt, baseMs, capMs) * (0.25 + 0.75 * clock.random());
}

/** What the jitters stay below. */
export function ceiling(attempt: number, baseMs: number, capMs: number): number {
  return Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
}
