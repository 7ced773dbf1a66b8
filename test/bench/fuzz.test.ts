import { beforeAll, describe, expect, it } from 'vitest';
import { fuzz, type FuzzResult } from '../../bench/fuzz/fuzz.ts';
import { isFlat, slope, type Sample } from '../../bench/fuzz/memory.ts';

const MB = 2 ** 20;

// A share of what `node bench/fuzz/run.ts --frames 1000000` fires; its own seed, so that the two look in different places.
describe('G12 thousands of mutated frames over real sockets', () => {
  let result: FuzzResult;

  beforeAll(async () => {
    result = await fuzz({ frames: 3_000, seed: 2, sampleEvery: 1_000 });
  });

  it('crash nothing, and a well-behaved client goes on', () => {
    expect(result.frames).toBe(3_000);
    expect(result.serverErrors).toEqual([]);
  });

  it('each is answered as the protocol says: by a frame, a registered error or a registered close code', () => {
    expect(result.violations).toEqual([]);
    // They got through to what they were aimed at.
    for (const code of ['bad_request', 'unknown_frame', 'thread_forbidden', 'message_not_found']) {
      expect(result.refusals.get(code), code).toBeGreaterThan(10);
    }
    for (const code of ['4001', '4002', '4100']) expect(result.closes.get(code), code).toBeGreaterThan(1);
  });

  it('leave memory as it was', () => {
    const [first, ...rest] = result.samples;
    expect(Math.max(...rest.map(({ heapUsed }) => heapUsed)) - first!.heapUsed).toBeLessThan(30 * MB);
  });
});

describe('memory', () => {
  const samples = (rss: (frames: number) => number): Sample[] =>
    Array.from({ length: 21 }, (_, n) => {
      const frames = n * 1_000;
      return { frames, rss: rss(frames), heapTotal: 0, heapUsed: 0, external: 0, handles: 7 };
    });

  it('grows by what it grows per frame, once it has warmed up', () => {
    const leak = samples((frames) => 5 * MB + frames * 30);
    expect(slope(leak, 'rss')).toBeCloseTo(30);
    expect(isFlat(leak)).toBe(false);
  });

  it('is flat when it grew in the first half alone', () => {
    const warmUp = samples((frames) => Math.min(frames, 9_000) * 10_000);
    expect(slope(warmUp, 'rss')).toBeCloseTo(0);
    expect(isFlat(warmUp)).toBe(true);
  });
});
