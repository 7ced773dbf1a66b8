import { Random } from '../../test/support/Random.ts';

/** Runs `fn` with a seeded `Math.random`, which every contestant uses for its jitter. */
export async function withSeed<T>(seed: number, fn: () => Promise<T>): Promise<T> {
  const original = Math.random;
  const random = new Random(seed);
  Math.random = () => random.next();
  try {
    return await fn();
  } finally {
    Math.random = original;
  }
}
