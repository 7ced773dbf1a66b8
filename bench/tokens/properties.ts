import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import { tokenProperty } from '../../test/support/token-property.ts';

/** Runs are reported and checked in batches, so that a long run shows how far it is and keeps its memory. */
const BATCH = 10_000;
const RESULT = new URL('../results/token-properties.md', import.meta.url);

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const runs = wholeNumber('runs', values.runs);
const seed = wholeNumber('seed', values.seed);

const started = performance.now();
for (let done = 0; done < runs; done += BATCH) {
  const numRuns = Math.min(BATCH, runs - done);
  // A failure throws here, with the batch's seed and the history.
  await fc.assert(tokenProperty, { numRuns, seed: seed + done / BATCH, endOnFailure: true });
  const minutes = (performance.now() - started) / 60_000;
  console.error(`${(done + numRuns).toLocaleString('en')} of ${runs.toLocaleString('en')}, ${minutes.toFixed(1)} min`);
}

const minutes = ((performance.now() - started) / 60_000).toFixed(1);
const batches = Math.ceil(runs / BATCH);
const report = `# Token properties

${runs.toLocaleString('en')} random histories of one to three tabs, of up to 40 steps each: calls, slow, failing and refused mints, sign-outs,
changes of user, messages between tabs (good, junk, old, another user’s; lost, doubled, late), clocks set back and forward, sleep, hidden
pages, lost networks. In each of them held, at every step: never a token that has lapsed by true time, never another user’s, one request at
a time per tab, a floor between a tab’s tokens, nothing after a sign-out, no timer beyond 30 s, nothing left after dispose().

| Histories | Failures | Seeds | Minutes | Machine |
| --: | --: | :-- | --: | :-- |
| ${runs.toLocaleString('en')} | 0 | ${seed} to ${seed + batches - 1}, one per ${BATCH.toLocaleString('en')} | ${minutes} | Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'} |

Run it again: \`node bench/tokens/properties.ts --runs ${runs} --seed ${seed}\`
`;
const options = await prettier.resolveConfig(RESULT);
await writeFile(RESULT, await prettier.format(report, { ...options, parser: 'markdown' }));

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`--${name} wants a whole number, not ${value}.`);
  return number;
}
