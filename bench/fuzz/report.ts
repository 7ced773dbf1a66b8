import type { FuzzResult } from './fuzz.ts';
import { isFlat, slope, type Memory } from './memory.ts';

interface Run {
  command: string;
  seed: number;
  machine: string;
}

/** Rows of the table of samples. */
const ROWS = 12;
const MB = 2 ** 20;
const mb = (bytes: number) => (bytes / MB).toFixed(1);

export function renderReport(result: FuzzResult, { command, seed, machine }: Run): string {
  const { samples } = result;
  const figure = (name: keyof Memory) => {
    const values = samples.map((sample) => sample[name]);
    const growth = mb(slope(samples, name) * 1_000_000);
    return `${mb(values[0] ?? 0)} | ${mb(Math.max(...values))} | ${mb(values.at(-1) ?? 0)} | ${growth}`;
  };
  const shown = samples.filter(
    (_, index) => index % Math.ceil(samples.length / ROWS) === 0 || index === samples.length - 1,
  );
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
    `Memory ${isFlat(samples) ? 'has levelled off' : 'HAS NOT LEVELLED OFF'}: what counts is the second half. Before, V8 grows into the room that it`,
    'allows itself for what dies young, and the allocator into what was needed at once.',
    '',
    '| Memory of the server, MB, after a collection | Start | Peak | End | Growth per million frames in the second half |',
    '| --- | --- | --- | --- | --- |',
    `| Resident set | ${figure('rss')} |`,
    `| V8’s heap, in use or not | ${figure('heapTotal')} |`,
    `| Heap in use | ${figure('heapUsed')} |`,
    `| Buffers and tables outside it | ${figure('external')} |`,
    '',
    '| After frames | Resident set, MB | V8’s heap, MB | In use, MB | Outside it, MB | Handles |',
    '| --- | --- | --- | --- | --- | --- |',
    ...shown.map(
      ({ frames, rss, heapTotal, heapUsed, external, handles }) =>
        `| ${[frames.toLocaleString('en'), mb(rss), mb(heapTotal), mb(heapUsed), mb(external), handles].join(' | ')} |`,
    ),
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
