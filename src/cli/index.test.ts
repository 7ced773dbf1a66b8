import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('./index.ts', import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

it('secret prints 32 random bytes, others each time', () => {
  const [first, second] = [run('secret'), run('secret')];
  expect(first.status).toBe(0);
  expect(first.stdout).toMatch(/^[\w-]{43}\n$/);
  expect(Buffer.from(first.stdout.trim(), 'base64url')).toHaveLength(32);
  expect(first.stdout).not.toBe(second.stdout);
});

it('--help names the commands, --version the version', () => {
  expect(run('--help').stdout).toContain('secret');
  const manifest = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  expect(run('--version').stdout.trim()).toBe(version);
});

it.each([[['explode']], [['--explode']], [['secret', 'more']], [['toString']], [[]]])(
  '%j ends with 2 and says what there is',
  (args) => {
    const { status, stderr, stdout } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain('secret');
    expect(stdout).toBe('');
  },
);
