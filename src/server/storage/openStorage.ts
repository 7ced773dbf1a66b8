import type { ChatError } from '../../protocol/index.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { KyselyStorage } from './KyselyStorage.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/** Whether a `database` option names a Postgres server; everything else is a file or `:memory:`. */
function isPostgresUrl(database: string): boolean {
  return /^postgres(ql)?:\/\//i.test(database);
}

export interface StorageOptions {
  /** Told of a connection that broke while nobody used it. */
  onIdleError?: (error: ChatError) => void;
  /** Wall clock, ms since 1970. */
  now?: () => number;
}

/**
 * Opens the database that a `database` option names and brings its tables up to date.
 * @throws {ChatError} `database_unavailable`, `database_damaged`, `database_newer`, `invalid_options`
 */
export async function openStorage(database: string, options: StorageOptions = {}): Promise<ChatStorage> {
  const engine = isPostgresUrl(database)
    ? openPostgres(database, options.onIdleError ?? (() => {}))
    : openSqlite(database);
  const storage = new KyselyStorage(engine, options.now);
  try {
    await storage.migrate();
    return storage;
  } catch (error) {
    await storage.close().catch(() => {});
    throw error;
  }
}
