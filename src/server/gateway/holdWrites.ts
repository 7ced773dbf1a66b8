import type { Writable } from 'node:stream';

const held = new Set<Writable>();

/**
 * Keeps what is written to a stream together until the end of this turn of the event loop, and then writes it at once: a system call
 * costs more than all that leads to it, and under load one turn brings several messages for the same reader.
 */
export function holdWrites(stream: Writable): void {
  if (held.has(stream)) return;
  if (held.size === 0) setImmediate(release);
  held.add(stream);
  stream.cork();
}

function release(): void {
  const streams = [...held];
  held.clear();
  for (const stream of streams) stream.uncork();
}
