import { cpus, totalmem } from 'node:os';
import type { ChaosResult } from './types.ts';

/** The runs as Markdown. */
export function renderReport(results: readonly ChaosResult[], command: string): string {
  const first = results[0]!.options;
  const rows: [what: string, read: (result: ChaosResult) => number | string][] = [
    ['Seed', ({ options }) => options.seed],
    ['Messages written', ({ counts }) => counts.written],
    ['Acknowledged to their writers', ({ counts }) => counts.acknowledged],
    ['Stored', ({ counts }) => counts.stored],
    ['Edits, deletions and reactions acknowledged', ({ counts }) => counts.changes],
    ['Still visibly unsent or refused at the end', ({ counts }) => counts.unsent + counts.unsaved],
    ['`kill -9` of the server', ({ counts }) => counts.kills],
    ['Other faults', ({ counts }) => Object.values(counts.faults).reduce((sum, count) => sum + count, 0)],
    ['Reconnects', ({ counts }) => counts.reconnects],
    ['Resumes of a thread', ({ counts }) => counts.resumes],
    ['… with a gap', ({ counts }) => counts.resumesWithGap],
    ['Rows compared with the storage', ({ compared }) => compared],
    ['Clients at rest after the last fault, s', ({ quietAfterMs }) => seconds(quietAfterMs)],
    ['Whole run, s', ({ totalMs }) => seconds(totalMs)],
    ['**Lost, doubled, reordered or made up**', ({ findings }) => `**${findings.length}**`],
  ];
  const faults = [...new Set(results.flatMap(({ counts }) => Object.keys(counts.faults)))].sort();
  return [
    '# Chaos run',
    `${first.clients} clients (${first.transport}) write in ${first.threads} threads, in ${first.processes} processes, through a ` +
      `network that breaks, while the server is killed (\`kill -9\`) ${first.kills} times; then each message of each ` +
      'thread on each client is held against what a fresh server reads from its database.',
    `Made by \`${command}\` on ${first.database.startsWith('postgres') ? 'PostgreSQL' : 'SQLite'}, Node ${process.versions.node}, ` +
      `${cpus().length} × ${cpus()[0]?.model.trim() || 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB.`,
    table(
      ['', ...results.map((_, n) => `Round ${n + 1}`)],
      rows.map(([what, read]) => [what, ...results.map(read)]),
    ),
    '## Faults of the network',
    table(
      ['', ...results.map((_, n) => `Round ${n + 1}`)],
      faults.map((name) => [name, ...results.map(({ counts }) => counts.faults[name] ?? 0)]),
    ),
    '## What clients reported meanwhile',
    table(
      ['Round', 'Error', 'Times'],
      results.flatMap(({ errors }, n) => errors.slice(0, 12).map(([what, count]) => [n + 1, what, count])),
    ),
    ...results.flatMap(({ findings, options }) =>
      findings.length > 0 ? [`## Findings with seed ${options.seed}`, findings.slice(0, 50).join('\n\n')] : [],
    ),
  ].join('\n\n');
}

function table(header: (string | number)[], rows: (string | number)[][]): string {
  return [header, header.map(() => '---'), ...rows]
    .map(
      (cells) =>
        `| ${cells.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)).join(' | ')} |`,
    )
    .join('\n');
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
