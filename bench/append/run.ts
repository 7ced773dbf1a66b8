import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import { openPostgres } from '../../src/server/storage/postgres.ts';
import { openSqlite } from '../../src/server/storage/sqlite.ts';
import type { Engine } from '../../src/server/storage/Engine.ts';
import { startPostgres } from '../../test/support/postgres.ts';
import { measureAppend, withoutIndex, type AppendCost, type Pace } from './measure.ts';

const RESULT = new URL('../results/append.md', import.meta.url);
const PACES: Pace[] = [
  { id: 'one per turn', perTurn: 1, messages: 2_000 },
  { id: '100 per turn', perTurn: 100, messages: 10_000 },
];

const { values: args } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
});
const rounds = Number(args.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error(`--rounds wants a whole number, not ${args.rounds}.`);

const folder = mkdtempSync(join(tmpdir(), 'latchkit-append-'));
const postgres = await startPostgres();
let files = 0;
const engines: [name: string, open: () => Engine | Promise<Engine>][] = [
  ['SQLite in a file, synchronous = FULL', () => openSqlite(join(folder, `${(files += 1)}.db`))],
];
if (postgres) {
  engines.push([
    'PostgreSQL, synchronous_commit = on',
    async () => openPostgres(await postgres.createDatabase(), console.error),
  ]);
}

try {
  const rows: string[] = [];
  for (const [name, open] of engines) {
    for (const pace of PACES) {
      const measured: { with: AppendCost; without: AppendCost }[] = [];
      // In turn, so that a machine that is slower for a minute is slower for both.
      for (let round = 0; round < rounds; round += 1) {
        measured.push({
          with: await measureAppend(await open(), pace),
          without: await measureAppend(withoutIndex(await open()), pace),
        });
      }
      const figures = (figure: keyof AppendCost) => [
        median(measured.map((each) => each.with[figure])).toFixed(0),
        median(measured.map((each) => each.without[figure])).toFixed(0),
        `${median(measured.map((each) => each.with[figure] / each.without[figure])).toFixed(2)} ×`,
      ];
      rows.push(`| ${[name, pace.id, ...figures('cpuMicroseconds'), ...figures('wallMicroseconds')].join(' | ')} |`);
      console.error(rows.at(-1));
    }
  }
  const report = [
    '# What the search index costs when a message is written',
    `Made by \`node bench/append/run.ts --write --rounds ${rounds}\`, Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}.`,
    [
      '| Storage | Messages | CPU with it, µs per message | without, µs | Ratio | Time with it, µs per message | without, µs | Ratio |',
      '| --- | --- | --: | --: | --: | --: | --: | --: |',
      ...rows,
    ].join('\n'),
    'A message of twenty words is appended and durable before the next turn of the event loop begins. “Without” is the same storage whose index ' +
      'takes nothing in; LatchKit has no such setting. CPU is this process’s, in which SQLite runs; PostgreSQL’s own processes show in the time ' +
      'alone, and so does the wait for the disk. Each figure is the median of the rounds, each ratio the median of the rounds’ ratios; absolute ' +
      'figures are those of a machine on which others were at work, too.',
  ].join('\n\n');
  console.log(report);
  if (args.write) {
    const options = await prettier.resolveConfig(RESULT);
    await writeFile(RESULT, await prettier.format(report, { ...options, parser: 'markdown' }));
  }
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
