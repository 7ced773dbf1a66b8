/** Time and chance as a port, so that a test can hold both in its hand. All times in milliseconds. */
export interface Clock {
  /** Wall-clock time since 1970-01-01T00:00Z. May jump, in both directions. */
  now(): number;
  /** Time that only goes forward; may stand still while the machine sleeps. */
  monotonic(): number;
  /** Calls `fn` once after `ms`; returns what cancels it. */
  setTimer(fn: () => void, ms: number): () => void;
  /** A number in [0, 1). */
  random(): number;
}

/** The platform's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(fn, ms) {
    const id = setTimeout(fn, ms);
    return () => clearTimeout(id);
  },
  random: () => Math.random(),
};
