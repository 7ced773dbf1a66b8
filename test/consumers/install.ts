import { execFileSync, type StdioOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The versions this repository is developed against, so that a consumer gets the same. */
const { devDependencies: versions } = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
export const at = (...names: string[]) => names.map((name) => `${name}@${versions[name]}`);

export function run(command: string, args: string[], cwd: string, env: Record<string, string> = {}): string {
  try {
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio, env: { ...process.env, ...env } });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

export function install(cwd: string, packages: string[]): void {
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', ...packages], cwd);
}

/** Packs this package as npm would publish it; returns the archive's path. */
export function pack(folder: string): string {
  return join(folder, run('npm', ['pack', '--silent', '--pack-destination', folder], resolve('.')).trim());
}
