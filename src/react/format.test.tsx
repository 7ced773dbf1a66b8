import { expect, test } from 'vitest';
import { formatWhen } from './format.ts';

const today = new Date(2026, 5, 10).getTime();
const at = (...parts: [number, number, number, number, number]) =>
  formatWhen(new Date(...parts).getTime(), today, 'en-GB');

test('a message is named by its time; one of another day by that day, too, and by the year where it is another', () => {
  expect(at(2026, 5, 10, 9, 5)).toBe('9:05');
  expect(at(2026, 5, 9, 23, 59)).toBe('Tuesday 9 June at 23:59');
  expect(at(2025, 11, 31, 9, 5)).toBe('Wednesday, 31 December 2025 at 09:05');
});
