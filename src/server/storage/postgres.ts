import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { ChatError } from '../../protocol/index.ts';
import type { Engine } from './Engine.ts';
import { postgresSearch } from './postgresSearch.ts';
import type { Schema } from './schema.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 10;
/** While some wait for the disk, others can come; most connections are left to everything else. */
const CONCURRENT_BATCHES = 3;
/** https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization_failure, deadlock_detected. */
const RETRIED: ReadonlySet<string> = new Set(['40001', '40P01']);
/** Any number that other users of the same database are unlikely to lock: "latch" in ASCII. */
const MIGRATION_LOCK = 0x6c61746368;

/**
 * @param url `postgres://user:password@host:port/database`
 * @throws {ChatError} `invalid_options` when it is no address
 */
export function openPostgres(url: string, onIdleError: (error: ChatError) => void): Engine {
  // The URL holds a password, so neither it nor an error that quotes it goes anywhere.
  if (!URL.canParse(url)) {
    throw new ChatError(
      'invalid_options',
      'database is no readable Postgres address; write postgres://user:password@host:5432/name.',
    );
  }
  const { hostname, port } = new URL(url);
  const place = `${hostname || 'localhost'}:${port || '5432'}`;
  const explain = (error: unknown) => explainPostgres(error, place);
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'latchkit',
  });
  // A connection that breaks while idle is replaced by the pool; unheard, its error would end the process.
  pool.on('error', (error) => onIdleError(explain(error)));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    search: postgresSearch,
    locksRows: true,
    concurrentBatches: CONCURRENT_BATCHES,
    exclusively(work) {
      return db.connection().execute(async (connection) => {
        await sql`select pg_advisory_lock(${sql.lit(MIGRATION_LOCK)})`.execute(connection);
        try {
          await work(connection);
        } finally {
          await sql`select pg_advisory_unlock(${sql.lit(MIGRATION_LOCK)})`.execute(connection);
        }
      });
    },
    isBusy: (error) => RETRIED.has((error as { code?: string } | null)?.code ?? ''),
    explain,
  };
}

function explainPostgres(error: unknown, place: string): ChatError {
  if (ChatError.is(error)) return error;
  // Node's AggregateError of a host with two addresses has no message of its own, only a code.
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  const reason = [code, message].filter(Boolean).join(': ') || String(error);
  return new ChatError('database_unavailable', `The Postgres server at ${place} cannot be used (${reason}).`, {
    cause: error,
  });
}
