import type { FaultTime } from './types.ts';

/** mulberry32: a small seeded generator of numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A time from its range. A fixed one draws nothing. */
export function draw(time: FaultTime, random: () => number): number {
  if (typeof time === 'number') return time;
  const [min, max] = time;
  return min + random() * (max - min);
}
