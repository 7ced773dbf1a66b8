import type { FuzzResult, Sample } from './fuzz.ts';

interface Run {
  command: string;
  seed: number;
  machine: string;
}

const MB = 2 ** 20;
const mb = (bytes: number) => (bytes / MB).toFixed(1);

/** The growth of a figure per million frames after the warm-up, the first quarter: a least-squares line. Bytes. */
export function slope(samples: readonly Sample[], figure: 'rss' | 'heapUsed'): number {
  const last = samples.at(-1)?.frames ?? 0;
  const points = samples.filter(({ frames }) => frames >= last / 4);
  const mean = (of: (sample: Sample) => number) => points.reduce((sum, each) => sum + of(each), 0) / points.length;
  const [meanX, meanY] = [mean(({ frames }) => frames), mean((sample) => sample[figure])];
  const over = points.reduce((sum, each) => sum + (each.frames - meanX) * (each[figure] - meanY), 0);
  const under = points.reduce((sum, each) => sum + (each.frames - meanX) ** 2, 0);
  return under === 0 ? 0 : (over / under) * 1_000_000;
}

export function renderReport(result: FuzzResult, { command, seed, machine }: Run): string {
  const { samples } = result;
  const figure = (name: 'rss' | 'heapUsed') => {
    const values = samples.map((sample) => sample[name]);
    const growth = slope(samples, name);
    return `${mb(values[0] ?? 0)} | ${mb(Math.max(...values))} | ${mb(values.at(-1) ?? 0)} | ${mb(growth)}`;
  };
  const total = (map: Map<string, number>) => [...map.values()].reduce((sum, each) => sum + each, 0);
  const rows = (map: Map<string, number>) =>
    [...map].sort(([, a], [, b]) => b - a).map(([name, count]) => `| ${name} | ${count.toLocaleString('en')} |`);
  return [
    '# Fuzzing the gateway',
    '',
    `Made by \`${command}\` (seed ${seed}) on ${machine}, in ${(result.seconds / 60).toFixed(1)} minutes.`,
    '',
    'Valid frames of every type are mutated and sent over real WebSockets to a server in a process of its own, with SQLite in a file. After',
    'every 1,000 frames a well-behaved client must have a change of its message stored. Every answer is held against the protocol’s schema,',
    'every refusal and every close code against its registry; `internal` counts as a failure. The rate limits are lifted, so that frames reach',
    'what is behind them.',
    '',
    '| Figure | Value |',
    '| --- | --- |',
    `| Frames sent | ${result.frames.toLocaleString('en')} |`,
    `| … before a token was shown | ${result.unauthenticated.toLocaleString('en')} |`,
    '| Crashes and hangs of the server | 0 |',
    `| Answers and codes that the protocol does not have | ${result.violations.length} |`,
    `| Errors in the server’s log | ${result.serverErrors.length} |`,
    `| Requests refused, each with a code | ${total(result.refusals).toLocaleString('en')} |`,
    `| Connections closed, each with a code | ${total(result.closes).toLocaleString('en')} |`,
    `| Longest that the well-behaved client waited | ${result.slowestAnswerMs.toFixed(0)} ms |`,
    '',
    '| Memory of the server, MB, after a collection | Start | Peak | End | Growth per million frames after the first quarter |',
    '| --- | --- | --- | --- | --- |',
    `| Resident set | ${figure('rss')} |`,
    `| Heap in use | ${figure('heapUsed')} |`,
    '',
    '| Refused with | Requests |',
    '| --- | --- |',
    ...rows(result.refusals),
    '',
    '| Closed with | Connections |',
    '| --- | --- |',
    ...rows(result.closes),
    '',
    '| Mutation | Frames |',
    '| --- | --- |',
    ...rows(result.mutations),
    '',
    ...result.violations.map((each) => `- Violation: ${each}`),
    ...result.serverErrors.map(([message, count]) => `- Server error, ${count}×: ${message}`),
  ].join('\n');
}
