import { median, table, type Measurements, type Run } from '../harness/harness.ts';

interface Column {
  measure: string;
  n?: number;
  figure: string;
  title: string;
  digits?: number;
  /** For figures of many events: what one of them costs. */
  per?: (run: Run) => number;
}

const COLUMNS: Column[] = [
  { measure: 'B', n: 100, figure: 'threadMs', title: 'Mount of 100, CPU ms' },
  { measure: 'B', n: 10_000, figure: 'threadMs', title: 'Mount of 10,000, CPU ms' },
  { measure: 'B', n: 100_000, figure: 'threadMs', title: 'Mount of 100,000, CPU ms' },
  { measure: 'B', n: 10_000, figure: 'heapMB', title: 'Heap after 10,000, MB', digits: 1 },
  { measure: 'B', n: 10_000, figure: 'dom', title: 'Elements with 10,000' },
  { measure: 'D', figure: 'threadMs', title: '1,000 arrivals at 100/s, CPU ms each', digits: 2, per: fed },
  { measure: 'C', n: 10_000, figure: 'threadMs', title: 'Fling through 10,000, CPU ms' },
  { measure: 'C', n: 10_000, figure: 'dropped', title: 'Fling, frames dropped' },
  { measure: 'C', n: 10_000, figure: 'blankFrames', title: 'Fling, frames blank' },
  { measure: 'C', n: 100_000, figure: 'threadMs', title: 'Fling through 100,000, CPU ms' },
  { measure: 'C', n: 100_000, figure: 'p50', title: 'The same, a frame in the middle, ms', digits: 1 },
  { measure: 'C', n: 100_000, figure: 'dropped', title: 'The same, frames dropped of 300' },
  { measure: 'C', n: 100_000, figure: 'blankFrames', title: 'The same, frames blank' },
  { measure: 'Cw', n: 10_000, figure: 'blankFrames', title: 'Whole list in 5 s, frames without text' },
  { measure: 'F', figure: 'jumpMax', title: '20 prepends at 150 px, worst drift, px', digits: 1 },
  { measure: 'F0', figure: 'jumpMax', title: '20 prepends at the top, worst drift, px', digits: 1 },
  { measure: 'G', figure: 'growthKB', title: '50 mounts after 60, heap kept, KB per cycle', digits: 1, per: () => 50 },
  { measure: 'G', figure: 'listeners', title: '50 mounts after 60, listeners kept' },
];

function fed(run: Run): number {
  return Number(run['fed'] ?? 1_000);
}

/** The report as Markdown: medians, and how they stand beside virtua's, which is the bare list. */
export function renderReport({ runs, sizes, names, machine }: Measurements, command: string): string {
  const figure = (name: string, column: Column): number | null => {
    const found = runs.filter(
      (run) => run.spec === name && run.measure === column.measure && run.n === column.n && run.error === undefined,
    );
    return median(found.map((run) => Number(run[column.figure]) / (column.per?.(run) ?? 1)));
  };
  const rows = COLUMNS.filter((column) => names.some((name) => figure(name, column) !== null)).map((column) => [
    column.title,
    ...names.map((name) => {
      const value = figure(name, column);
      if (value === null) return 'not run';
      const bare = figure('virtua', column);
      const ratio =
        name !== 'virtua' && bare && column.title.includes('CPU') ? ` (${(value / bare).toFixed(2)} ×)` : '';
      return `${value.toFixed(column.digits ?? 0)}${ratio}`;
    }),
  ]);
  const loaded = (['js', 'lazy', 'css', 'lazyCss'] as const).map((kind) => [
    {
      js: 'First JS, gzip KB, without React',
      lazy: 'Later JS, gzip KB',
      css: 'First CSS, gzip KB',
      lazyCss: 'Later CSS, gzip KB',
    }[kind],
    ...names.map((name) => {
      const size = sizes[name];
      return size ? (size.withoutReact[kind].gz / 1024).toFixed(1) : 'not run';
    }),
  ]);
  return [
    '# Rendering benchmark',
    `Made by \`${command}\`, ${machine}. Medians; in brackets, beside virtua alone: a bare list of text, without a chat around it. ` +
      'CPU is time of the main thread.',
    table(['Figure', ...names], [...rows, ...loaded]),
    '## How it was run',
    [
      '- LatchKit runs as an app uses it: `ChatProvider` and `ChatWindow` of the built package (header, list, composer, token), over a backend through the public `ChatBackend` port. All messages of a mount come with the first page; prepended pages are given when the list asks for them.',
      '- What is loaded is that of the smallest app of each kit. LatchKit’s imports `latchkit/styles/first.css` and loads the other sheet by `loadStyles`; what is measured in time has all its styles in the page.',
      '- Every list finds its messages made: the bare list as objects, LatchKit as its backend has them. Neither the time to make them nor their heap is counted.',
      '- Each measurement has a fresh browser; repetitions are interleaved. Where others are at work on the machine, ratios under 1.3 say nothing, and dropped frames say more about them.',
    ].join('\n'),
  ].join('\n\n');
}
