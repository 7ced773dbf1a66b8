// What `npm run demo`, `npm test` and `npm run check` share: runs on any Node from 18 on, with no package installed yet.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const OLDEST_NODE = [22, 13];

/** Says what went wrong, without a stack that helps nobody, and ends. */
export function fail(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}

function start(command, args, { env = {}, stdio }) {
  const separator = process.platform === 'win32' ? ';' : ':';
  return spawn(command, args, {
    cwd: root,
    stdio,
    env: { ...process.env, ...env, PATH: `${bin}${separator}${process.env.PATH}` },
    shell: process.platform === 'win32', // npm and the tools are .cmd files there
  });
}

/** Runs a command with the project's own Node and tools first on the PATH; resolves with its exit code. */
export function run(command, args, { env } = {}) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, { env, stdio: 'inherit' });
    // Ctrl+C reaches the child by itself, as part of the terminal's group; SIGTERM does not.
    const forward = () => child.kill('SIGTERM');
    const ignore = () => {};
    process.once('SIGTERM', forward);
    process.on('SIGINT', ignore);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', forward);
      process.off('SIGINT', ignore);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Like {@link run}, but keeps what the command prints, and gives it back. */
export function runQuietly(command, args, { env } = {}) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Brings node_modules in line with the lock file, when it is absent or older. */
async function ensureInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log('Installing packages (about a minute, once) …');
  const { code, output } = await runQuietly('npm', ['ci', '--no-audit', '--no-fund']);
  if (code !== 0) fail(`npm ci failed:\n\n${output}`);
}

/** The project brings a Node of its own, as a package: its install script may have been switched off. */
async function ensureNode() {
  const { output } = await runQuietly('node', ['--version']);
  const [major = 0, minor = 0] = output.trim().replace(/^v/, '').split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  fail(`LatchKit needs Node ${OLDEST_NODE.join('.')} or newer; this is ${output.trim() || 'unknown'}.
The packages bring Node 24 along, but its install script did not run (--ignore-scripts?).
Do one of these, then run the command again:
  - npm rebuild node
  - install Node 24 from https://nodejs.org`);
}

/** Makes a fresh clone ready to run: packages there, the right Node on the PATH of {@link run}. */
export async function bootstrap() {
  await ensureInstalled();
  await ensureNode();
}
