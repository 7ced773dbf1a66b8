/** What a process says of its memory, bytes. */
export interface Memory {
  /** Resident set. */
  rss: number;
  /** What V8 keeps for its heap, most of it room for what dies young. It grows to its bound in a server that is busy, and stays. */
  heapTotal: number;
  /** What lives in that heap. */
  heapUsed: number;
  /** Outside the heap and held by what is in it: buffers, the engine’s own tables. */
  external: number;
}

export interface Sample extends Memory {
  frames: number;
  /** Sockets, timers and servers that are open. */
  handles: number;
}

/** Growth in the second half that is none, bytes per frame: a leak of anything at all, once per frame, is more. */
const MOST_PER_FRAME = 16;

/** The growth of a figure in the second half, when all has warmed up: a least-squares line, bytes per frame. */
export function slope(samples: readonly Sample[], figure: keyof Memory): number {
  const last = samples.at(-1)?.frames ?? 0;
  const points = samples.filter(({ frames }) => frames >= last / 2);
  const mean = (of: (sample: Sample) => number) => points.reduce((sum, each) => sum + of(each), 0) / points.length;
  const [meanX, meanY] = [mean(({ frames }) => frames), mean((sample) => sample[figure])];
  const over = points.reduce((sum, each) => sum + (each.frames - meanX) * (each[figure] - meanY), 0);
  const under = points.reduce((sum, each) => sum + (each.frames - meanX) ** 2, 0);
  return under === 0 ? 0 : over / under;
}

/** Whether memory has levelled off. Says nothing of a short run, where V8 still grows into its room. */
export function isFlat(samples: readonly Sample[]): boolean {
  return (['rss', 'heapUsed'] as const).every((figure) => slope(samples, figure) <= MOST_PER_FRAME);
}
