import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as prettier from 'prettier';
import { chromiumLaunch } from '../../scripts/chromium.mjs';
import { driveMeasures, isDriven } from './driver-measures.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const NAME = 'latchkit';

/** One measurement, as the benchmark writes it down. */
export interface Run {
  spec: string;
  measure: string;
  n?: number;
  error?: string;
  /** Messages in the thread before an answer streams. */
  thread?: number;
  /** How long the answer is, where several lengths are measured. */
  tokens?: number;
  [figure: string]: unknown;
}

interface Size {
  withoutReact: Record<'js' | 'lazy' | 'css' | 'lazyCss', { gz: number }>;
}

export interface Measurements {
  runs: Run[];
  sizes: Record<string, Size | undefined>;
  /** Of what was measured, LatchKit first. */
  names: string[];
  /** What it ran on, in words. */
  machine: string;
}

export interface HarnessOptions {
  /** A directory with the benchmark of chat kits in it, its packages installed. */
  directory: string;
  /** Names of measures, with commas between. */
  only: string;
  /** Names of contestants beside LatchKit, with commas between. */
  peers: string;
  reps: string;
  /** For the measures of a streamed answer: how many messages are there before it. */
  threads?: readonly number[];
  /** For the same: how long the answer is, in tokens, and how many come per second. Default: as the benchmark has it, 4,000 and 1,000. */
  answers?: { lengths: readonly number[]; perSecond: number };
}

/** Builds LatchKit as it is published, puts it into the benchmark beside the others, and measures all in one run. */
export async function measure(options: HarnessOptions): Promise<Measurements> {
  if (options.directory === '') {
    throw new Error('Name the directory of the benchmark: --harness <dir>, or LATCHKIT_RENDER_BENCH=<dir>.');
  }
  const directory = resolve(options.directory);
  const names = [NAME, ...options.peers.split(',').filter(Boolean)];
  const inHarness = (command: string, given: string[], env: Record<string, string | undefined> = {}): void => {
    const path = `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH']}`;
    execFileSync(command, given, { cwd: directory, env: { ...process.env, PATH: path, ...env }, stdio: 'inherit' });
  };

  install(directory, inHarness);
  // A contestant may be run in several ways, `name?way`; it is built once.
  inHarness('node', [adapted(directory, 'build'), ...new Set(names.map((name) => name.split('?', 1)[0] ?? name))]);
  const [load = 0] = loadavg();
  const { launchOptions } = await chromiumLaunch();
  const { executablePath, env } = launchOptions;
  const launch = { ...(executablePath && { executablePath }), ...(env && { env }) };
  const measures = options.only.split(',');
  const driven = measures.filter(isDriven);
  const own = measures.filter((measure) => !isDriven(measure));
  const runs: Run[] = [];
  for (const thread of options.threads ?? [undefined]) {
    for (const tokens of options.answers?.lengths ?? [undefined]) {
      const given = { ...(thread !== undefined && { thread }), ...(tokens !== undefined && { tokens }) };
      const found = await driveMeasures(driven, {
        directory,
        names,
        reps: Number(options.reps),
        launch,
        thread: thread ?? 200,
        tokens: tokens ?? 4_000,
        perSecond: options.answers?.perSecond ?? 1_000,
      });
      runs.push(...found.map((run) => ({ ...run, ...given })));
    }
  }
  if (own.length > 0) {
    const out = mkdtempSync(join(tmpdir(), 'latchkit-bench-'));
    const raw = join(out, 'raw.jsonl');
    const args = [adapted(directory, 'bench'), '--only', own.join(','), '--reps', options.reps, '--out', raw, ...names];
    inHarness('node', args, { ...env, ...(executablePath && { CHROME_PATH: executablePath }) });
    const lines = readFileSync(raw, 'utf8').trim().split('\n');
    runs.push(...lines.map((line) => JSON.parse(line) as Run));
    rmSync(out, { recursive: true });
  }
  return {
    runs,
    sizes: JSON.parse(readFileSync(join(directory, 'results/sizes.json'), 'utf8')) as Measurements['sizes'],
    names,
    machine: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}, load ${load.toFixed(1)} when it began`,
  };
}

/** What is changed in the benchmark's programs for every contestant, and why. */
const CHANGES: Record<'build' | 'bench', readonly { from: string; to: string }[]> = {
  build: [
    // As Vite does unless it is told otherwise, for the app whose size is taken: what is imported later has its styles in files of its own.
    { from: 'cssCodeSplit: false', to: "cssCodeSplit: kind === 'app'" },
    // Styles are counted as scripts are: those of the first load, and those that come later.
    {
      from: 'const t = {',
      to: 'const sheets = new Set([...initial].flatMap((f) => [...(by.get(f).viteMetadata?.importedCss ?? [])])); const t = { lazyCss: { raw: 0, gz: 0, br: 0 },',
    },
    {
      from: "o.fileName.endsWith('.css') ? 'css'",
      to: "o.fileName.endsWith('.css') ? (sheets.has(o.fileName) ? 'css' : 'lazyCss')",
    },
  ],
  bench: [
    // Whoever needs the messages in another shape makes it before the mount is measured, as the list of all is made.
    {
      from: "await p.run('prep', o.n);",
      to: "await p.run('prep', o.n); await p.pg.evaluate('window.bench.prepare?.(window.__ms)');",
    },
    // A fling through ten times as many, too.
    {
      from: "else if (m === 'C' || m === 'Cw')",
      to: "else if (m === 'C') { for (const n of [SCROLL_N, 100000]) for (const s of list) await job(s, m, { n: SCROLL_FALLBACK[s] ?? n }, rep); } else if (m === 'Cw')",
    },
  ],
};

function adapted(directory: string, name: keyof typeof CHANGES): string {
  let program = readFileSync(join(directory, `${name}.mjs`), 'utf8');
  for (const { from, to } of CHANGES[name]) {
    if (!program.includes(from)) throw new Error(`The benchmark does this in another way now: ${from}`);
    program = program.replace(from, to);
  }
  writeFileSync(join(directory, `${name}.adapted.mjs`), program);
  return `${name}.adapted.mjs`;
}

/** The package as it is published, in the place where the benchmark's bundles look for it. */
function install(directory: string, inHarness: (command: string, given: string[]) => void): void {
  const bin = join(ROOT, 'node_modules/.bin');
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
  execFileSync(join(bin, 'tsup'), ['--silent'], { cwd: ROOT, env: { ...env, LATCHKIT_BUILD: 'js' }, stdio: 'inherit' });
  const packages = mkdtempSync(join(tmpdir(), 'latchkit-pack-'));
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', packages], { cwd: ROOT, env })
    .toString()
    .trim()
    .split('\n')
    .at(-1);
  const { version } = JSON.parse(
    readFileSync(join(ROOT, 'node_modules/@tanstack/react-query/package.json'), 'utf8'),
  ) as { version: string };
  inHarness('npm', [
    'install',
    '--no-save',
    '--legacy-peer-deps',
    '--no-audit',
    '--no-fund',
    '--silent',
    join(packages, packed ?? ''),
    `@tanstack/react-query@${version}`,
  ]);
  rmSync(packages, { recursive: true });
  cpSync(join(import.meta.dirname, 'contestant'), join(directory, 'contestants', NAME), { recursive: true });
}

/** Of the figures that are numbers; null where there is none. */
export function median(values: number[]): number | null {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return null;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

export function table(header: string[], rows: string[][]): string {
  return [header, header.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** Shows a report, and keeps it where it is to be kept. @param file its name in `bench/results` */
export async function publish(report: string, file: string, write: boolean): Promise<void> {
  console.log(`\n${report}`);
  if (!write) return;
  const path = join(ROOT, 'bench/results', file);
  const options = await prettier.resolveConfig(path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await prettier.format(report, { ...options, parser: 'markdown' }));
}
