import type { Clock } from './clock.ts';

/**
 * Full jitter: a random wait below a ceiling that doubles from `baseMs` to `capMs`. Of all jitters it spreads a crowd best
 * (AWS Architecture Blog, "Exponential Backoff and Jitter").
 */
export function fullJitter(clock: Clock, attempt: number, baseMs: number, capMs: number): number {
  return clock.random() * ceiling(attempt, baseMs, capMs);
}

/** What {@link fullJitter} stays below. */
export function ceiling(attempt: number, baseMs: number, capMs: number): number {
  return Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
}
