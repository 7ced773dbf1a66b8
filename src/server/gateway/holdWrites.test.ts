import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { holdWrites } from './holdWrites.ts';

/** Tells each time that it is written to, and with what. */
function recorder(): { stream: Writable; writes: string[][] } {
  const writes: string[][] = [];
  const stream = new Writable({
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)));
      done();
    },
  });
  return { stream, writes };
}

function write(stream: Writable, text: string): void {
  holdWrites(stream);
  stream.write(text);
}

it('what is written in one turn leaves at once at its end, in its order', async () => {
  const { stream, writes } = recorder();
  write(stream, 'a');
  await Promise.resolve();
  write(stream, 'b');
  stream.write('c');
  expect(writes).toEqual([]);
  await turn();
  expect(writes).toEqual([['a', 'b', 'c']]);
  write(stream, 'd');
  await turn();
  expect(writes).toEqual([['a', 'b', 'c'], ['d']]);
});

it('each stream has its own', async () => {
  const [one, two] = [recorder(), recorder()];
  write(one.stream, 'a');
  write(two.stream, 'b');
  write(one.stream, 'c');
  await turn();
  expect([one.writes, two.writes]).toEqual([[['a', 'c']], [['b']]]);
});

it('what ends in the same turn is written before the end; what is destroyed harms nobody', async () => {
  const [ended, destroyed, after] = [recorder(), recorder(), recorder()];
  write(ended.stream, 'last words');
  ended.stream.end();
  write(destroyed.stream, 'never');
  destroyed.stream.destroy();
  write(after.stream, 'a');
  await turn();
  expect(ended.writes).toEqual([['last words']]);
  expect(ended.stream.writableFinished).toBe(true);
  expect(destroyed.writes).toEqual([]);
  expect(after.writes).toEqual([['a']]);
});
