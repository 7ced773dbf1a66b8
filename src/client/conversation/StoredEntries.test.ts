import { expect, test } from 'vitest';
import { createFakeMessage } from '../../testing/index.ts';
import { EntryMaker, StoredEntries } from './StoredEntries.ts';

const message = (seq: number, author = 'ben') => createFakeMessage({ id: `m${seq}`, seq, author });
const listOf = (...seqs: number[]) =>
  new StoredEntries(
    seqs.map((seq) => message(seq)),
    new EntryMaker('ada'),
  );

test('an entry that somebody looked at is the one in the array of all, and in the lists that follow', () => {
  const list = listOf(1, 2, 3);
  const second = list.at(1);
  expect(list.all[1]).toBe(second);
  expect(list.all).toBe(list.all);
  const copy = message(3);
  for (const next of [list.with(2, 1, copy), list.lineUp([...list.messages.slice(0, 2), copy])]) {
    expect([next.at(0), next.at(1)]).toEqual([list.all[0], second]);
    expect(next.at(0)).toBe(list.all[0]);
    expect(next.all[1]).toBe(second);
    expect(next.at(2)).not.toBe(list.all[2]);
    expect(next.at(2)?.message).toBe(copy);
  }
});

test('nothing is made for who only counts, or looks at messages', () => {
  const maker = new EntryMaker('ada');
  const list = new StoredEntries([message(1), message(2, 'ada')], maker).with(2, 0, message(3));
  expect([list.length, list.messages[2]?.id, list.at(3)]).toEqual([3, 'm3', undefined]);
  const made = maker.make(list.messages[1]!);
  // It made another one each time: none was kept.
  expect(maker.make(list.messages[1]!)).not.toBe(made);
  expect(list.at(1)).toEqual(made);
  expect(list.at(1)).toMatchObject({ mine: true, delivery: 'sent' });
});
