// Builds the package (without declarations) and the demo's page, when their sources are newer than the last build.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root, runQuietly } from './bootstrap.mjs';

const SOURCES = ['src', 'examples/demo', 'package-lock.json', 'tsup.config.ts'];
const stamp = join(root, 'dist', '.demo-built');

/** The latest change below a path, skipping what is itself built or written at run time. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(path).filter((name) => name !== 'dist' && name !== 'node_modules' && name !== '.latchkit');
  return Math.max(stat.mtimeMs, ...inside.map((name) => newest(join(path, name))));
}

/** Declarations are the slow half; the demo needs none, the tests of the package do. */
export async function buildDemo({ declarations = false } = {}) {
  const changed = Math.max(...SOURCES.map((path) => newest(join(root, path))));
  const fresh = existsSync(stamp) && statSync(stamp).mtimeMs > changed;
  if (fresh && (!declarations || readFileSync(stamp, 'utf8') === 'with declarations')) return;
  console.log('Building (a few seconds, after a change) …');
  rmSync(stamp, { force: true });
  const steps = [
    ['tsup', ['--silent'], { LATCHKIT_BUILD: declarations ? 'full' : 'js' }],
    ['vite', ['build', 'examples/demo', '--logLevel', 'warn'], {}],
  ];
  for (const [command, args, env] of steps) {
    const { code, output } = await runQuietly(command, args, { env });
    if (code !== 0) fail(`${command} failed:\n\n${output}`);
  }
  writeFileSync(stamp, declarations ? 'with declarations' : 'without declarations');
}
