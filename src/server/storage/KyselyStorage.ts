import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely, type Transaction } from 'kysely';
import { ChatError, type ChatUser, type Message, type Thread } from '../../protocol/index.ts';
import type { RevocationEntry, TokenHolder } from '../token/Revocations.ts';
import type { ThreadInput } from '../types.ts';
import { MAX_THREADS_LISTED, type ChatStorage, type MessageInput } from './ChatStorage.ts';
import type { Engine } from './Engine.ts';
import { runMigrations } from './migrations.ts';
import { messages, threads, toMessage, toThread, toUser, type Db } from './rows.ts';
import type { Schema } from './schema.ts';

/** How long another process's lock is waited for, and how often it is tried. */
const BUSY_LIMIT_MS = 5_000;
const BUSY_PAUSE_MS = 10;
const MEMBERS_PER_STATEMENT = 5_000;

/** The storage over any SQL engine that Kysely speaks to: the same statements on all of them. */
export class KyselyStorage implements ChatStorage {
  readonly #engine: Engine;
  readonly #now: () => number;

  constructor(engine: Engine, now: () => number = Date.now) {
    this.#engine = engine;
    this.#now = now;
  }

  migrate(): Promise<void> {
    return this.#run(() => this.#engine.exclusively((db) => runMigrations(db, this.#now)));
  }

  check(): Promise<void> {
    return this.#run(async (db) => {
      await sql`select 1`.execute(db);
    });
  }

  upsertUser({ id, name, avatarUrl }: ChatUser): Promise<void> {
    const profile = { name, avatar_url: avatarUrl, updated_at: this.#now() };
    return this.#run(async (db) => {
      await db
        .insertInto('latchkit_users')
        .values({ id, ...profile })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(profile))
        .execute();
    });
  }

  getUser(userId: string): Promise<ChatUser> {
    return this.#run(async (db) => {
      const row = await db.selectFrom('latchkit_users').selectAll().where('id', '=', userId).executeTakeFirst();
      return toUser(userId, row?.name, row?.avatar_url);
    });
  }

  upsertThread({ id, title, access = 'members', members }: ThreadInput): Promise<Thread> {
    const now = this.#now();
    return this.#transaction(async (db) => {
      await db
        .insertInto('latchkit_threads')
        .values({ id, title, access, last_seq: 0, created_at: now, updated_at: now })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ title, access }))
        .execute();
      if (members) await replaceMembers(db, id, [...new Set(members)], now);
      return readThread(db, id);
    });
  }

  getThread(threadId: string): Promise<Thread | null> {
    return this.#run(async (db) => {
      const row = await threads(db).where('thread.id', '=', threadId).executeTakeFirst();
      return row ? toThread(row) : null;
    });
  }

  isMember(threadId: string, userId: string): Promise<boolean> {
    return this.#run(async (db) => {
      const row = await db
        .selectFrom('latchkit_members')
        .select('user_id')
        .where('thread_id', '=', threadId)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return row !== undefined;
    });
  }

  memberIds(threadId: string): Promise<string[]> {
    return this.#run(async (db) => {
      const rows = await db
        .selectFrom('latchkit_members')
        .select('user_id')
        .where('thread_id', '=', threadId)
        .orderBy('user_id')
        .execute();
      return rows.map((row) => row.user_id);
    });
  }

  listThreads(userId: string): Promise<Thread[]> {
    return this.#run(async (db) => {
      const rows = await threads(db)
        .where((eb) =>
          eb.or([
            eb('thread.access', '=', 'open'),
            eb('thread.id', 'in', eb.selectFrom('latchkit_members').select('thread_id').where('user_id', '=', userId)),
          ]),
        )
        .orderBy('thread.updated_at', 'desc')
        .orderBy('thread.id')
        .limit(MAX_THREADS_LISTED)
        .execute();
      return rows.map(toThread);
    });
  }

  async appendMessage(input: MessageInput): Promise<Message> {
    const parts = JSON.stringify(input.parts);
    const stored = await this.#transaction((db) => append(db, input, parts, this.#now())).catch((error: unknown) => {
      if (error instanceof AlreadyStored) return null;
      throw error;
    });
    return stored ?? this.#run((db) => again(db, input, parts));
  }

  newestMessages(threadId: string, limit: number): Promise<Message[]> {
    return this.messagesBefore(threadId, Number.MAX_SAFE_INTEGER, limit);
  }

  messagesAfter(threadId: string, seq: number, limit: number): Promise<Message[]> {
    return this.#run(async (db) => {
      const rows = await messages(db)
        .where('message.thread_id', '=', threadId)
        .where('message.seq', '>', seq)
        .orderBy('message.seq', 'asc')
        .limit(limit)
        .execute();
      return rows.map(toMessage);
    });
  }

  messagesBefore(threadId: string, seq: number, limit: number): Promise<Message[]> {
    return this.#run(async (db) => {
      const rows = await messages(db)
        .where('message.thread_id', '=', threadId)
        .where('message.seq', '<', seq)
        .orderBy('message.seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toMessage).reverse();
    });
  }

  addRevocation({ kind, id, before, expiresAt }: RevocationEntry): Promise<void> {
    return this.#run(async (db) => {
      await db
        .insertInto('latchkit_revocations')
        .values({ kind, id, before, expires_at: expiresAt })
        .onConflict((conflict) =>
          conflict
            .columns(['kind', 'id'])
            .doUpdateSet({ before, expires_at: expiresAt })
            .where('latchkit_revocations.before', '<=', before),
        )
        .execute();
      // Only tidies up, so it needs no transaction with the above.
      await db.deleteFrom('latchkit_revocations').where('expires_at', '<=', this.#now()).execute();
    });
  }

  revokedBefore({ userId, sessionId }: Pick<TokenHolder, 'userId' | 'sessionId'>): Promise<number> {
    return this.#run(async (db) => {
      const rows = await db
        .selectFrom('latchkit_revocations')
        .select('before')
        .where((eb) =>
          eb.or([
            eb.and([eb('kind', '=', 'user'), eb('id', '=', userId)]),
            eb.and([eb('kind', '=', 'session'), eb('id', '=', sessionId)]),
          ]),
        )
        .where('expires_at', '>', this.#now())
        .execute();
      return Math.max(0, ...rows.map((row) => Number(row.before)));
    });
  }

  close(): Promise<void> {
    return this.#run((db) => db.destroy());
  }

  async #run<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
    const giveUpAt = performance.now() + BUSY_LIMIT_MS;
    for (;;) {
      try {
        return await work(this.#engine.db);
      } catch (error) {
        if (error instanceof AlreadyStored) throw error;
        // Each piece of work is one statement or one transaction, so nothing of it is left behind.
        if (!this.#engine.isBusy(error) || performance.now() > giveUpAt) throw this.#engine.explain(error);
        await sleep(BUSY_PAUSE_MS * (0.5 + Math.random()));
      }
    }
  }

  #transaction<T>(work: (db: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.#run((db) => db.transaction().execute(work));
  }
}

/** Rolls the transaction back, and with it the `seq` that it took. Never leaves this file. */
class AlreadyStored extends Error {}

async function append(
  db: Transaction<Schema>,
  { id, threadId, authorId, parts }: MessageInput,
  json: string,
  now: number,
): Promise<Message> {
  // First, because it locks: the row in Postgres, the database in SQLite. So seqs are given in the order of the commits.
  const thread = await db
    .updateTable('latchkit_threads')
    .set((eb) => ({ last_seq: eb('last_seq', '+', 1), updated_at: now }))
    .where('id', '=', threadId)
    .returning('last_seq')
    .executeTakeFirst();
  if (!thread) throw new ChatError('thread_not_found', 'There is no such conversation.');
  const seq = Number(thread.last_seq);
  const inserted = await db
    .insertInto('latchkit_messages')
    .values({ id, thread_id: threadId, seq, author_id: authorId, parts: json, created_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!inserted) throw new AlreadyStored();
  const author = await db.selectFrom('latchkit_users').selectAll().where('id', '=', authorId).executeTakeFirst();
  return { id, threadId, seq, author: toUser(authorId, author?.name, author?.avatar_url), parts, createdAt: now };
}

/** The message that has the id already, if it is the same one. */
async function again(db: Db, input: MessageInput, json: string): Promise<Message> {
  const row = await messages(db).where('message.id', '=', input.id).executeTakeFirst();
  if (!row || row.thread_id !== input.threadId || row.author_id !== input.authorId || row.parts !== json) {
    throw new ChatError('message_conflict', 'This id belongs to another message already.');
  }
  return toMessage(row);
}

async function replaceMembers(db: Db, threadId: string, members: string[], now: number): Promise<void> {
  const rows = await db.selectFrom('latchkit_members').select('user_id').where('thread_id', '=', threadId).execute();
  const before = new Set(rows.map((row) => row.user_id));
  const after = new Set(members);
  for (const gone of chunks(rows.map((row) => row.user_id).filter((id) => !after.has(id)))) {
    await db.deleteFrom('latchkit_members').where('thread_id', '=', threadId).where('user_id', 'in', gone).execute();
  }
  for (const come of chunks(members.filter((id) => !before.has(id)))) {
    await db
      .insertInto('latchkit_members')
      .values(come.map((user_id) => ({ thread_id: threadId, user_id, joined_at: now })))
      .onConflict((conflict) => conflict.columns(['thread_id', 'user_id']).doNothing())
      .execute();
  }
}

/** A statement takes only so many values (SQLite 32,766, Postgres 65,535). */
function chunks<T>(items: T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MEMBERS_PER_STATEMENT) }, (_, index) =>
    items.slice(index * MEMBERS_PER_STATEMENT, (index + 1) * MEMBERS_PER_STATEMENT),
  );
}

async function readThread(db: Db, threadId: string): Promise<Thread> {
  return toThread(await threads(db).where('thread.id', '=', threadId).executeTakeFirstOrThrow());
}
