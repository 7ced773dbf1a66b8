import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import { fuzz } from './fuzz.ts';
import { isFlat } from './memory.ts';
import { renderReport } from './report.ts';

const LONG_RUN = 500_000;
const RESULT = new URL('../results/fuzz.md', import.meta.url);

const { values: args } = parseArgs({
  options: {
    frames: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});
const [frames, seed] = [Number(args.frames), Number(args.seed)];
if (!Number.isSafeInteger(frames) || frames < 1) throw new Error(`--frames wants a whole number, not ${args.frames}.`);
if (!Number.isSafeInteger(seed)) throw new Error(`--seed wants a whole number, not ${args.seed}.`);

const result = await fuzz({
  frames,
  seed,
  sampleEvery: Math.max(1_000, Math.round(frames / 40_000) * 1_000),
  onSample: ({ frames: sent, rss, heapUsed }) => {
    console.error(`${sent} frames, rss ${(rss / 2 ** 20).toFixed(0)} MB, heap ${(heapUsed / 2 ** 20).toFixed(1)} MB`);
  },
});
const command = `node bench/fuzz/run.ts --frames ${frames} --seed ${seed}${args.write ? ' --write' : ''}`;
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}, ${process.platform}`;
const report = renderReport(result, { command, seed, machine });
console.log(report);
if (args.write) {
  const options = await prettier.resolveConfig(RESULT);
  await writeFile(RESULT, await prettier.format(report, { ...options, parser: 'markdown' }));
}
// A short run ends while V8 still grows into its room.
const leaks = frames >= LONG_RUN && !isFlat(result.samples);
if (result.violations.length > 0 || result.serverErrors.length > 0 || leaks) process.exitCode = 1;
