import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { TurnWriter } from './TurnWriter.ts';

/** Tells each time that its stream is written to, and with what. */
function recorder() {
  const writes: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      writes.push(String(chunk));
      done();
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(''));
      done();
    },
  });
  const writer = new TurnWriter(stream);
  return { stream, writer, writes, write: (text: string) => writer.write(Buffer.from(text)) };
}

it('what is written in one turn leaves at once at its end, in its order', async () => {
  const { writer, writes, write } = recorder();
  write('a');
  await Promise.resolve();
  write('bc');
  expect(writer.bufferedAmount).toBe(3);
  expect(writes).toEqual([]);
  await turn();
  expect(writes).toEqual(['abc']);
  expect(writer.bufferedAmount).toBe(0);
  write('d');
  await turn();
  expect(writes).toEqual(['abc', 'd']);
});

it('much in one turn leaves at once, too', async () => {
  const { writes, write } = recorder();
  const pieces = ['a', 'b', 'c'].map((letter) => letter.repeat(50_000));
  pieces.forEach(write);
  await turn();
  expect(writes).toEqual([pieces.join('')]);
});

it('each stream has its own', async () => {
  const [one, two] = [recorder(), recorder()];
  one.write('a');
  two.write('b');
  one.write('c');
  await turn();
  expect([one.writes, two.writes]).toEqual([['ac'], ['b']]);
});

it('flushes before its time, once; what was dropped or is destroyed harms nobody', async () => {
  const [flushed, dropped, destroyed, after] = [recorder(), recorder(), recorder(), recorder()];
  flushed.write('last words');
  flushed.writer.flush();
  flushed.stream.end();
  dropped.write('never');
  dropped.writer.drop();
  destroyed.write('never');
  destroyed.stream.destroy();
  after.write('a');
  await turn();
  expect(flushed.writes).toEqual(['last words']);
  expect(flushed.stream.writableFinished).toBe(true);
  expect([dropped.writes, destroyed.writes]).toEqual([[], []]);
  expect(after.writes).toEqual(['a']);
});

it('what is written again after a drop in the same turn is written once', async () => {
  const { writer, writes, write } = recorder();
  write('a');
  writer.drop();
  write('b');
  await turn();
  expect(writes).toEqual(['b']);
});
