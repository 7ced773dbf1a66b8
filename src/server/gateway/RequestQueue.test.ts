import { expect, it } from 'vitest';
import { RequestQueue } from './RequestQueue.ts';

/** A job that ends when it is told to. */
function job(log: string[], name: string) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async () => {
    log.push(`${name} begins`);
    await ended;
    log.push(`${name} ends`);
  };
  return { run, end };
}

it('runs one after the other, the first at once', async () => {
  const log: string[] = [];
  const queue = new RequestQueue(10);
  const [a, b] = [job(log, 'a'), job(log, 'b')];
  queue.push(a.run);
  queue.push(b.run);
  expect(log).toEqual(['a begins']);
  b.end();
  a.end();
  await queue.idle();
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

it('what runs counts until it is done, and afterwards there is room again', async () => {
  const log: string[] = [];
  const queue = new RequestQueue(2);
  const [a, b] = [job(log, 'a'), job(log, 'b')];
  expect([queue.push(a.run), queue.push(b.run), queue.push(a.run)]).toEqual([true, true, false]);
  a.end();
  b.end();
  await queue.idle();
  expect(queue.push(a.run)).toBe(true);
  await queue.idle();
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'a begins', 'a ends']);
});

it('is idle with nothing to do', async () => {
  await expect(new RequestQueue(1).idle()).resolves.toBeUndefined();
});
