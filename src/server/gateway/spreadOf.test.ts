import { expect, it } from 'vitest';
import { spreadOf } from './spreadOf.ts';

it.each([
  [1, 5_000],
  [1_000, 5_000],
  [2_000, 10_000],
  [12_000, 60_000],
  [1_000_000, 60_000],
])('G11 %i clients come back within %i ms', (clients, ms) => {
  expect(spreadOf(clients)).toBe(ms);
});
