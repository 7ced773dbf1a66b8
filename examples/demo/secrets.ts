import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The demo's secrets, made at its first start and kept in a file that only its owner reads, so that sessions outlive a restart.
 * A real app takes them from its environment.
 */
export function loadSecrets(file: string): { chat: string; session: string } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { chat: string; session: string };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new Error(`Cannot read ${file}. Delete it to sign everybody out and start afresh.`, { cause: error });
    }
  }
  const secrets = { chat: randomBytes(32).toString('base64url'), session: randomBytes(32).toString('base64url') };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
