import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { ChatError } from '../../protocol/index.ts';
import type { Engine } from './Engine.ts';
import type { Schema } from './schema.ts';
import { sqliteSearch } from './sqliteSearch.ts';

/** Waiting inside SQLite blocks the event loop, so it is short; the storage waits longer, outside. */
const BUSY_TIMEOUT_MS = 50;

/** Prepared statements that are kept. */
const MAX_PREPARED = 200;

// https://sqlite.org/rescode.html, primary codes
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/**
 * Opens the embedded database, making the folder when it is missing.
 * @param path a file, or `:memory:`
 * @throws {ChatError} `database_damaged`, `database_unavailable`
 */
export function openSqlite(path: string): Engine {
  const explain = (error: unknown) => explainSqlite(error, path);
  const database = open(path, explain);
  return {
    // One connection, and Kysely's own mutex in front of it: transactions run one after the other.
    db: new Kysely<Schema>({ dialect: new SqliteDialect({ database: shapedForKysely(database) }) }),
    search: sqliteSearch,
    locksRows: false,
    concurrentBatches: 1,
    exclusively(work) {
      return work(this.db);
    },
    isBusy: (error) => primaryCode(error) === SQLITE_BUSY,
    explain,
  };
}

function open(path: string, explain: (error: unknown) => ChatError): DatabaseSync {
  // Asked for and not imported: servers on Postgres load none of it (Node 22 warns at its loading), and a bundler that takes
  // `node:` away cannot make of it a package of that name.
  const sqlite = process.getBuiltinModule('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    if (path !== ':memory:') mkdirSync(dirname(resolve(path)), { recursive: true });
    database = new sqlite.DatabaseSync(path, { enableForeignKeyConstraints: true });
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec('pragma journal_mode = wal');
    // In WAL mode NORMAL is faster but may lose the last commits at a power loss; an acknowledged message must not be lost.
    database.exec('pragma synchronous = full');
    // Reads the header and the schema, so that a damaged file is told now and not at the first message.
    database.prepare('select count(*) from sqlite_schema').get();
    return database;
  } catch (error) {
    database?.close();
    throw explain(error);
  }
}

/** Kysely's SQLite dialect is written for better-sqlite3; this gives it Node's own SQLite in the same shape. */
function shapedForKysely(database: DatabaseSync): SqliteDatabase {
  // A fifth of what a message costs would go into preparing the same few statements again. The oldest goes when there are many:
  // lists of values make ever new ones.
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = prepared.get(sql);
      if (known) return known;
      if (prepared.size >= MAX_PREPARED) prepared.delete(prepared.keys().next().value ?? '');
      const statement = statementFor(database, sql);
      prepared.set(sql, statement);
      return statement;
    },
  };
}

function statementFor(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    // statement.columns() would say it, but Node 22.13 has none.
    reader: /^\s*(select|with|pragma|explain)\b|\breturning\b/i.test(sql),
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    // One of its own: it may still be read from when the statement is run again.
    iterate: (parameters) => database.prepare(sql).iterate(...values(parameters)),
  };
}

function primaryCode(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}

function explainSqlite(error: unknown, path: string): ChatError {
  if (ChatError.is(error)) return error;
  const code = primaryCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (code === SQLITE_NOTADB || code === SQLITE_CORRUPT) {
    return new ChatError(
      'database_damaged',
      `The file ${path} is not a readable SQLite database (${reason}). It was left as it is.`,
      { cause: error },
    );
  }
  return new ChatError('database_unavailable', `The database file ${path} cannot be used: ${reason}.`, {
    cause: error,
  });
}
