import { expect, test } from 'vitest';
import { formatDuration } from './format-duration.ts';

const minutes = (count: number) => count * 60_000;

test.each([
  [0, '0 min'],
  [minutes(1) - 1, '0 min'],
  [minutes(5), '5 min'],
  [minutes(59.9), '59 min'],
  [minutes(60), '1 hr'],
  [minutes(60 * 30), '1 day'],
])('%i ms are %s', (ms, words) => {
  expect(formatDuration(ms, 'en')).toBe(words);
});

test('in the reader’s language', () => {
  expect(formatDuration(minutes(5), 'de')).toBe('5 Min.');
  expect(formatDuration(minutes(5), 'ar-EG')).toContain('٥');
});
