import fc from 'fast-check';
import { it } from 'vitest';
import { tokenProperty } from '../../../test/support/token-property.ts';

const RUNS = Number(process.env.LATCHKIT_PROPERTY_RUNS ?? 10_000);

// On failure fast-check's report names the seed and the history. It is not made shorter: that may take longer than anybody waits.
it(
  `T4 T8 T9 T20 T37 T38 T41 T43 in ${RUNS} random histories of one to three tabs`,
  () => fc.assert(tokenProperty, { numRuns: RUNS, endOnFailure: true }),
  Math.max(120_000, RUNS * 12),
);
