import { validate, version } from 'uuid';
import { afterEach, expect, test, vi } from 'vitest';
import { uuidv7 } from './uuidv7.ts';

afterEach(() => void vi.useRealTimers());

const timeOf = (id: string) => parseInt(id.replace('-', '').slice(0, 12), 16);

test('a UUID of version 7, with the time in it', () => {
  const before = Date.now();
  const ids = Array.from({ length: 1000 }, uuidv7);
  for (const id of ids) {
    expect(validate(id)).toBe(true);
    expect(version(id)).toBe(7);
    expect(id).toMatch(/^.{14}7.{4}[89ab]/);
  }
  expect(timeOf(ids[0]!)).toBeGreaterThanOrEqual(before);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ids.map((id) => id.slice(19))).size).toBe(ids.length);
});

test('they sort by when they were made, however many there are in a millisecond, and when the clock is set back', () => {
  vi.useFakeTimers({ now: new Date('2100-01-01') });
  const ids = Array.from({ length: 10_000 }, uuidv7);
  vi.setSystemTime(new Date('2099-01-01'));
  ids.push(uuidv7(), uuidv7());
  vi.setSystemTime(new Date('2101-01-01'));
  ids.push(uuidv7());
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(timeOf(ids.at(-1)!)).toBe(Date.UTC(2101, 0));
});
