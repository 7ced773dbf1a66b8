import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import { chromiumLaunch } from '../../scripts/chromium.mjs';
import { renderReport, type Run } from './report.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const RESULT = join(ROOT, 'bench/results/render.md');
const NAME = 'latchkit';

const { values: args } = parseArgs({
  options: {
    /** A directory with the benchmark of chat kits in it, its packages installed. */
    harness: { type: 'string', default: process.env['LATCHKIT_RENDER_BENCH'] ?? '' },
    only: { type: 'string', default: 'B,D,C,Cw,F,F0,G' },
    peers: { type: 'string', default: 'virtua' },
    reps: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});
if (args.harness === '') {
  throw new Error('Name the directory of the benchmark: --harness <dir>, or LATCHKIT_RENDER_BENCH=<dir>.');
}
const harness = resolve(args.harness);
const names = [NAME, ...args.peers.split(',').filter(Boolean)];

install();
inHarness('node', ['build.mjs', ...names]);
const [load = 0] = loadavg();
const out = join(mkdtempSync(join(tmpdir(), 'latchkit-render-')), 'raw.jsonl');
const { launchOptions } = await chromiumLaunch();
inHarness('node', ['bench.mjs', '--only', args.only, '--reps', args.reps, '--out', out, ...names], {
  ...launchOptions.env,
  ...(launchOptions.executablePath && { CHROME_PATH: launchOptions.executablePath }),
});

const runs = readFileSync(out, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Run);
const sizes = JSON.parse(readFileSync(join(harness, 'results/sizes.json'), 'utf8')) as Parameters<
  typeof renderReport
>[0]['sizes'];
const report = renderReport({
  runs,
  sizes,
  names,
  command: `node bench/render/run.ts --harness <dir> --only ${args.only} --peers ${args.peers} --reps ${args.reps} --write`,
  machine: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}, load ${load.toFixed(1)} when it began`,
});
console.log(`\n${report}`);
if (args.write) {
  const options = await prettier.resolveConfig(RESULT);
  await mkdir(resolve(RESULT, '..'), { recursive: true });
  await writeFile(RESULT, await prettier.format(report, { ...options, parser: 'markdown' }));
}

/** The package as it is published, in the place where the benchmark's bundles look for it. */
function install(): void {
  const bin = join(ROOT, 'node_modules/.bin');
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
  execFileSync(join(bin, 'tsup'), ['--silent'], { cwd: ROOT, env: { ...env, LATCHKIT_BUILD: 'js' }, stdio: 'inherit' });
  const dir = mkdtempSync(join(tmpdir(), 'latchkit-pack-'));
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', dir], { cwd: ROOT, env })
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
    join(dir, packed ?? ''),
    `@tanstack/react-query@${version}`,
  ]);
  rmSync(dir, { recursive: true });
  cpSync(join(import.meta.dirname, 'contestant'), join(harness, 'contestants', NAME), { recursive: true });
}

function inHarness(command: string, given: string[], env: Record<string, string | undefined> = {}): void {
  const path = `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH']}`;
  execFileSync(command, given, { cwd: harness, env: { ...process.env, PATH: path, ...env }, stdio: 'inherit' });
}
