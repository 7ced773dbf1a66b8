import type { Figure } from './Figure.ts';

export interface ReportOptions {
  figures: Figure[];
  /** Columns, LatchKit first. */
  contestants: string[];
  seed: number;
  /** Package → version. */
  versions: Map<string, string>;
  /** What was run, and what was not and why. */
  notes: string[];
}

const OURS = 'LatchKit';

/** The report as Markdown. */
export function renderReport({ figures, contestants, seed, versions, notes }: ReportOptions): string {
  const others = contestants.filter((name) => name !== OURS);
  const header = ['Figure', 'Target', OURS, '', ...others, 'Quoted from elsewhere'];
  const rows = figures.map((figure) => [
    figure.what,
    figure.max === undefined ? '' : figure.max === 0 ? '0' : `≤ ${figure.max}`,
    show(figure.values[OURS]),
    verdict(figure),
    ...others.map((name) => show(figure.values[name])),
    figure.quoted ?? '',
  ]);
  const missed = figures.filter((figure) => verdict(figure) === 'MISS').length;
  const held = figures.filter((figure) => verdict(figure) === 'pass').length;
  return [
    '# Token benchmark',
    `Made by \`npm run bench:tokens -- --write\` (\`node bench/tokens/run.ts --write\`) with seed ${seed}, Node ${process.versions.node}. ` +
      `LatchKit holds ${held} of ${held + missed} targets.`,
    [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    '## How it was run',
    notes.map((note) => `- ${note}`).join('\n'),
    '## Versions',
    [...versions].map(([name, version]) => `- ${name} ${version}`).join('\n'),
  ].join('\n\n');
}

function verdict({ max, values }: Figure): 'pass' | 'MISS' | '' {
  const value = values[OURS];
  if (max === undefined || value === undefined) return '';
  return typeof value === 'number' && value <= max ? 'pass' : 'MISS';
}

function show(value: number | string | undefined): string {
  if (value === undefined) return 'not run';
  return typeof value === 'number' ? value.toLocaleString('en') : value;
}
