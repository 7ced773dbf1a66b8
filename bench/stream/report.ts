import { median, table, type Measurements } from '../harness/harness.ts';

interface Row {
  measure: 'E' | 'Eobs' | 'Eslow';
  figure: string;
  title: string;
  digits?: number;
  /** Whether it is shown how it stands beside plain text. */
  ratio?: boolean;
}

const ROWS: Row[] = [
  { measure: 'E', figure: 'threadMs', title: '1,000 tokens/s: CPU of the main thread, ms', ratio: true },
  { measure: 'E', figure: 'longTasks', title: '1,000/s: tasks over 50 ms' },
  { measure: 'E', figure: 'dropped', title: '1,000/s: frames dropped' },
  { measure: 'E', figure: 'fed', title: '1,000/s: tokens taken within 25 s' },
  { measure: 'Eobs', figure: 'updates', title: '1,000/s, watched: times that the shown text changed' },
  {
    measure: 'Eobs',
    figure: 'lagP95',
    title: '1,000/s, watched: age of the oldest token not yet shown, p95 ms',
    digits: 1,
  },
  { measure: 'Eslow', figure: 'threadMs', title: '200 tokens/s: CPU of the main thread, ms', ratio: true },
  { measure: 'Eslow', figure: 'longTasks', title: '200/s: tasks over 50 ms' },
];

/** What everybody is measured by: an answer as text, with nothing made of it. */
const PLAIN = 'react-plain';

/** The report as Markdown: medians, a table for each length of the thread. */
export function streamReport({ runs, sizes, names, machine }: Measurements, command: string): string {
  const threads = [...new Set(runs.map(({ thread }) => thread))].toSorted((a = 0, b = 0) => a - b);
  const tables = threads.map((thread) => {
    const of = runs.filter((run) => run.thread === thread);
    const figure = (name: string, row: Row): number | null =>
      median(
        of
          .filter((run) => run.spec === name && run.measure === row.measure && run.error === undefined)
          .map((run) => Number(run[row.figure])),
      );
    const rows = ROWS.filter((row) => names.some((name) => figure(name, row) !== null)).map((row) => [
      row.title,
      ...names.map((name) => cell(figure(name, row), row.ratio && name !== PLAIN ? figure(PLAIN, row) : null, row)),
    ]);
    const failed = of.flatMap(({ spec, measure, error }) => (error ? [`- ${spec}, ${measure}: ${error}`] : []));
    return [`## In a thread of ${thread} messages`, table(['Figure', ...names], rows), ...new Set(failed)].join('\n\n');
  });
  return [
    '# An answer that streams',
    `Made by \`${command}\`, ${machine}. Medians; in brackets, beside the same answer as plain text in a React list (\`${PLAIN}\`), which makes no Markdown of it. 4,000 tokens of mixed Markdown: headings, lists, a table, code, emphasis.`,
    ...tables,
    '## What is loaded for it',
    loadTable(sizes, names),
    '## How it was run',
    [
      '- LatchKit runs as an app uses it: `ChatProvider` and `ChatWindow` of the built package, over a backend through the public `ChatBackend` port that sends a chunk for each token, as a server does. The backend says that it answers (`expectsAnswers`), as those of AI protocols do: what shows answers is loaded while the page is idle, before the measure begins.',
      '- What is loaded is that of the smallest app of each kit. LatchKit’s imports `latchkit/styles/first.css` and loads the other sheet by `loadStyles`; what is measured in time has all its styles in the page.',
      '- `E` and `Eslow` measure time; `Eobs` is a pass of its own with an observer in the page, whose own cost would count otherwise.',
      '- Each measurement has a fresh browser; repetitions are interleaved. CPU is time of the main thread, which other work on the machine disturbs least; dropped frames are disturbed by it.',
    ].join('\n'),
  ].join('\n\n');
}

/** Of the smallest app that shows a working window, by each kit's own means. */
function loadTable(sizes: Measurements['sizes'], names: string[]): string {
  const own = names.map((name) => name.split('?', 1)[0] ?? name);
  const known = own.filter((name) => sizes[name]);
  const rows = (['js', 'lazy', 'css', 'lazyCss'] as const).map((kind) => [
    {
      js: 'First JavaScript, gzip KB, without React',
      lazy: 'Later JavaScript, gzip KB',
      css: 'First CSS, gzip KB',
      lazyCss: 'Later CSS, gzip KB',
    }[kind],
    ...known.map((name) => ((sizes[name]?.withoutReact[kind].gz ?? 0) / 1024).toFixed(1)),
  ]);
  return table(['', ...known], rows);
}

/** Whether the work for a token grows with the answer. */
export function curveReport({ runs, machine }: Measurements, command: string, perSecond: number): string {
  const lengths = [...new Set(runs.map(({ tokens = 0 }) => tokens))].toSorted((a, b) => a - b);
  const rows = lengths.map((tokens) => {
    const of = runs.filter((run) => run.tokens === tokens && run.error === undefined);
    const figure = (name: string) => median(of.map((run) => Number(run[name])));
    const cpu = figure('threadMs');
    return [
      tokens.toLocaleString('en'),
      cpu === null ? 'not run' : cpu.toFixed(0),
      cpu === null ? 'not run' : ((cpu / tokens) * 1_000).toFixed(0),
      String(figure('longTasks') ?? 'not run'),
      String(figure('fed') ?? 'not run'),
    ];
  });
  return [
    '# Work per token, by the length of the answer',
    `Made by \`${command}\`, ${machine}. ${perSecond.toLocaleString('en')} tokens of mixed Markdown a second into a thread of 200. What a frame costs however little it brings weighs on short answers most.`,
    table(['Tokens', 'CPU of the main thread, ms', 'µs per token', 'Tasks over 50 ms', 'Taken within 25 s'], rows),
  ].join('\n\n');
}

function cell(value: number | null, plain: number | null, { digits = 0 }: Row): string {
  if (value === null) return 'not run';
  return plain ? `${value.toFixed(digits)} (${(value / plain).toFixed(2)} ×)` : value.toFixed(digits);
}
