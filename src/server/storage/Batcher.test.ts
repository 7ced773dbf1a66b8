import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Batcher } from './Batcher.ts';

const good = <O>(value: O): PromiseSettledResult<O> => ({ status: 'fulfilled', value });

it('what one turn asks for is one batch, in its order; nobody waits for the next', async () => {
  const batches: number[][] = [];
  const batcher = new Batcher<number, number>(
    (inputs) => {
      batches.push(inputs);
      return Promise.resolve(inputs.map((input) => good(input * 10)));
    },
    { max: 10, concurrent: 1 },
  );
  expect(await Promise.all([batcher.add(1), batcher.add(2), Promise.resolve().then(() => batcher.add(3))])).toEqual([
    10, 20, 30,
  ]);
  expect(await batcher.add(4)).toBe(40);
  expect(batches).toEqual([[1, 2, 3], [4]]);
});

it('while as many run as may, the others are gathered; no batch is larger than it may be', async () => {
  const batches: number[][] = [];
  const ends: (() => void)[] = [];
  const batcher = new Batcher<number, number>(
    async (inputs) => {
      batches.push(inputs);
      await new Promise<void>((resolve) => ends.push(resolve));
      return inputs.map(good);
    },
    { max: 2, concurrent: 2 },
  );
  const all = Promise.all([1, 2, 3, 4, 5, 6, 7].map((input) => batcher.add(input)));
  await turn();
  expect(batches).toEqual([
    [1, 2],
    [3, 4],
  ]);
  ends.shift()?.();
  await turn();
  await turn();
  expect(batches).toHaveLength(3);
  while (ends.length > 0) {
    ends.shift()?.();
    await turn();
    await turn();
  }
  expect(await all).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(batches.flat()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

it('one that fails fails alone; a batch that fails fails for each, and the next one runs', async () => {
  const batcher = new Batcher<number, number>(
    (inputs) => {
      if (inputs.includes(0)) return Promise.reject(new Error('all'));
      return Promise.resolve(
        inputs.map((input) => (input < 0 ? { status: 'rejected', reason: new Error('one') } : good(input))),
      );
    },
    { max: 10, concurrent: 1 },
  );
  const [one, other] = [batcher.add(-1), batcher.add(2)];
  await expect(one).rejects.toThrow('one');
  await expect(other).resolves.toBe(2);
  const failing = [batcher.add(0), batcher.add(3)];
  await expect(failing[0]).rejects.toThrow('all');
  await expect(failing[1]).rejects.toThrow('all');
  await expect(batcher.add(3)).resolves.toBe(3);
});

it('what is of one key runs in its order, and holds up nothing of another', async () => {
  const batches: string[][] = [];
  const ends: (() => void)[] = [];
  const batcher = new Batcher<string, string>(
    async (inputs) => {
      batches.push(inputs);
      await new Promise<void>((resolve) => ends.push(resolve));
      return inputs.map(good);
    },
    { max: 2, concurrent: 3, keyOf: (input) => input[0] ?? '' },
  );
  const all = Promise.all(['a1', 'a2', 'a3', 'a4', 'b1', 'a5'].map((input) => batcher.add(input)));
  await turn();
  expect(batches).toEqual([['a1', 'a2'], ['b1']]);
  while (ends.length > 0) {
    ends.pop()?.(); // the last one ends first
    await turn();
    await turn();
  }
  expect(await all).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'a5']);
  expect(batches.slice(2)).toEqual([['a3', 'a4'], ['a5']]);
});
