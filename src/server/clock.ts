/** Time as a port, so that a test can hold it in its hand. All times in milliseconds. */
export interface Clock {
  /** Wall-clock time since 1970-01-01T00:00Z. */
  now(): number;
  /** Calls `fn` once after `ms`; returns what cancels it. */
  setTimer(fn: () => void, ms: number): () => void;
}

/** The platform's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(fn, ms) {
    const id = setTimeout(fn, ms);
    return () => clearTimeout(id);
  },
};
