import { BARE_WS, contestants, LATCHKIT, SOCKET_IO } from './contestants.ts';
import type { Results } from './compare.ts';
import type { Measurement, Scenario } from './Scenario.ts';

/** The least that LatchKit with storage off is to deliver per CPU second, as a share of what another one does. */
const TARGETS: Record<string, number> = { [BARE_WS]: 0.8, [SOCKET_IO]: 1.7 };

/** Peers that do what LatchKit does at each message, and keep nothing either. */
const EQUALS = contestants.filter(({ id }) => id.endsWith('-chat'));

export interface ReportOptions {
  results: Results;
  scenarios: Scenario[];
  rounds: number;
  machine: string;
  /** Package → version. */
  versions: Map<string, string>;
  notes: string[];
}

/** The report as Markdown. */
export function renderReport({ results, scenarios, rounds, machine, versions, notes }: ReportOptions): string {
  const held: boolean[] = [];
  const sections = scenarios.flatMap((scenario) => {
    const found = results.get(scenario.id) ?? new Map<string, Measurement[]>();
    const targets = Object.entries(TARGETS).map(([peer, least]) => {
      const share = ratio(found.get(LATCHKIT), found.get(peer));
      held.push(share >= least);
      return `${share >= least ? 'pass' : 'MISS'}: ${share.toFixed(2)} × ${peer}, target ≥ ${least}`;
    });
    const equals = EQUALS.map(({ id, name }) => `${ratio(found.get(LATCHKIT), found.get(id)).toFixed(2)} × ${name}`);
    return [
      `## ${scenario.what}`,
      `${targets.join('; ')}.`,
      `Beside equal work: ${equals.join('; ')}.`,
      table(found),
      '### What keeping messages costs',
      kept(found),
    ];
  });
  return [
    '# Gateway benchmark',
    `Made by \`node bench/gateway/run.ts --write --rounds ${rounds}\`, Node ${process.versions.node}, ${machine}. LatchKit holds ` +
      `${held.filter(Boolean).length} of ${held.length} targets.`,
    ...sections,
    '## How it was run',
    notes.map((note) => `- ${note}`).join('\n'),
    '## Versions',
    [...versions].map(([name, version]) => `- ${name} ${version}`).join('\n'),
  ].join('\n\n');
}

function table(found: Map<string, Measurement[]>): string {
  const rows = contestants
    .filter(({ kind }) => kind !== 'kept')
    .map(({ id, name }) => {
      const measured = found.get(id);
      return [name, ...figures(measured), `${ratio(measured, found.get(BARE_WS)).toFixed(2)} ×`];
    });
  return markdown([...HEADER, 'Beside bare ws'], rows);
}

function kept(found: Map<string, Measurement[]>): string {
  const off = found.get(LATCHKIT);
  const rows = contestants
    .filter(({ kind }) => kind !== 'peer')
    .map(({ id, name }) => {
      const measured = found.get(id);
      if (!measured) return [name, 'not run', ...HEADER.slice(1).map(() => '')];
      return [name, ...figures(measured), `${ratio(measured, off).toFixed(2)} ×`];
    });
  return markdown([...HEADER, 'Beside storage off'], rows);
}

const HEADER = [
  'Server',
  'Deliveries per CPU second',
  'Messages per CPU second',
  'Deliveries per second',
  'Deliveries per CPU second at a fixed pace',
  'p50, ms',
  'p99, ms',
];

function figures(measured: Measurement[] | undefined): string[] {
  const show = (of: (each: Measurement) => number, digits = 0) =>
    median((measured ?? []).map(of)).toLocaleString('en', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  return [
    show(perCpuSecond),
    show((each) => each.messages / each.cpuSeconds),
    show((each) => each.deliveries / each.seconds),
    show((each) => each.pacedDeliveries / each.pacedCpuSeconds),
    show((each) => each.p50, 1),
    show((each) => each.p99, 1),
  ];
}

function perCpuSecond({ deliveries, cpuSeconds }: Measurement): number {
  return deliveries / cpuSeconds;
}

/** Round by round, so that both were measured within the same minute; of these, the median. */
function ratio(one: Measurement[] = [], other: Measurement[] = []): number {
  return median(
    one.flatMap((measurement, round) => {
      const beside = other[round];
      return beside ? [perCpuSecond(measurement) / perCpuSecond(beside)] : [];
    }),
  );
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

function markdown(header: string[], rows: string[][]): string {
  return [header, header.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
