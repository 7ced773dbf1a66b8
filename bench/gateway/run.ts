import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import { startPostgres } from '../../test/support/postgres.ts';
import { compare } from './compare.ts';
import { notes } from './notes.ts';
import { renderReport } from './report.ts';
import { scenarios } from './Scenario.ts';

const ROOT = new URL('../../', import.meta.url);
const RESULT = new URL('bench/results/gateway.md', ROOT);

const { values: args } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
});
const rounds = Number(args.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error(`--rounds wants a whole number, not ${args.rounds}.`);

// More than the number of cores: others were at work, too, and the figures are lower and less even than on a quiet machine.
const [load = 0] = loadavg();
const postgres = await startPostgres();
try {
  const results = await compare({
    scenarios,
    rounds,
    createDatabase: postgres ? () => postgres.createDatabase() : undefined,
    // Shows at once what was measured: the whole run takes minutes.
    onMeasured: ({ id }, contestant, { deliveries, cpuSeconds, p50, p99 }) =>
      console.error(
        `${id} ${contestant.id}: ${Math.round(deliveries / cpuSeconds)} per CPU second, p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}`,
      ),
  });
  const report = renderReport({
    results,
    scenarios,
    rounds,
    machine: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}, load ${load.toFixed(1)} when it began`,
    versions: new Map(['ws', 'socket.io', 'pg'].map((name) => [name, versionOf(name)])),
    notes,
  });
  console.log(`\n${report}`);
  if (args.write) {
    const options = await prettier.resolveConfig(RESULT);
    await mkdir(new URL('.', RESULT), { recursive: true });
    await writeFile(RESULT, await prettier.format(report, { ...options, parser: 'markdown' }));
  }
} finally {
  await postgres?.stop();
}

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, ROOT), 'utf8')) as {
    version: string;
  };
  return version;
}
