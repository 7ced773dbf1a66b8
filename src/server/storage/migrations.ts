import { sql, type Kysely } from 'kysely';
import { ChatError } from '../../protocol/index.ts';
import { createAttachments } from './attachment-tables.ts';
import type { Schema } from './schema.ts';
import { indexMessages } from './search-work.ts';
import type { SearchIndex } from './SearchIndex.ts';

type Migration = (db: Kysely<Schema>, search: SearchIndex) => Promise<void>;

/** The version of a database is how many of these it has had. Never change one that was published: add the next. */
const MIGRATIONS: readonly Migration[] = [
  createTables,
  createRevocations,
  addRolesAndChanges,
  createAttachments,
  addReplies,
  addOwnStates,
  indexMessages,
  addAnswers,
  addPins,
  addEvents,
  addPreviews,
  addLastSeen,
  addAttempts,
  addReports,
  addHandovers,
];

/** The version that this code reads and writes. */
const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Runs what is missing, each in a transaction of its own. The caller makes sure that no other node is at it (Postgres: an advisory
 * lock); SQLite's write lock, taken by each transaction's first statement, does it by itself.
 */
export async function runMigrations(db: Kysely<Schema>, now: () => number, search: SearchIndex): Promise<void> {
  await db.schema
    .createTable('latchkit_migrations')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute();
  const { version } = await db
    .selectFrom('latchkit_migrations')
    .select((eb) => eb.fn.max('version').as('version'))
    .executeTakeFirstOrThrow();
  if (version !== null && version > SCHEMA_VERSION) {
    throw new ChatError(
      'database_newer',
      `The database has version ${version}, written by a newer LatchKit; this one knows up to ${SCHEMA_VERSION}. Nothing was changed.`,
    );
  }
  for (const [index, migration] of MIGRATIONS.entries()) {
    await db.transaction().execute(async (transaction) => {
      const claimed = await transaction
        .insertInto('latchkit_migrations')
        .values({ version: index + 1, applied_at: now() })
        .onConflict((conflict) => conflict.column('version').doNothing())
        .returning('version')
        .executeTakeFirst();
      if (claimed) await migration(transaction, search);
    });
  }
}

async function createTables(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('latchkit_users')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('avatar_url', 'text')
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('latchkit_threads')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('access', 'text', (column) => column.notNull().check(sql`access in ('open', 'members')`))
    .addColumn('last_seq', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('latchkit_members')
    .addColumn('thread_id', 'text', (column) => column.notNull().references('latchkit_threads.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('joined_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkit_members_key', ['thread_id', 'user_id'])
    .execute();
  await db.schema
    .createTable('latchkit_messages')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('thread_id', 'text', (column) => column.notNull().references('latchkit_threads.id').onDelete('cascade'))
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('parts', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('latchkit_messages_place', ['thread_id', 'seq'])
    .execute();
  await db.schema
    .createIndex('latchkit_members_by_user')
    .on('latchkit_members')
    .columns(['user_id', 'thread_id'])
    .execute();
  await db.schema
    .createIndex('latchkit_threads_by_time')
    .on('latchkit_threads')
    .columns(['access', 'updated_at'])
    .execute();
}

async function createRevocations(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('latchkit_revocations')
    .addColumn('kind', 'text', (column) => column.notNull().check(sql`kind in ('session', 'user')`))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('before', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkit_revocations_key', ['kind', 'id'])
    .execute();
}

async function addRolesAndChanges(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .alterTable('latchkit_threads')
    .addColumn('last_message_seq', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('latchkit_threads').addColumn('created_by', 'text').execute();
  // Until now every place in the log was a message's.
  await db
    .updateTable('latchkit_threads')
    .set((eb) => ({ last_message_seq: eb.ref('last_seq') }))
    .execute();
  await db.schema
    .alterTable('latchkit_members')
    .addColumn('role', 'text', (column) =>
      column
        .notNull()
        .defaultTo('member')
        .check(sql`role in ('owner', 'agent', 'member', 'readonly')`),
    )
    .execute();
  await db.schema
    .alterTable('latchkit_messages')
    .addColumn('version', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('latchkit_messages').addColumn('edited_at', 'bigint').execute();
  await db.schema.alterTable('latchkit_messages').addColumn('deleted_at', 'bigint').execute();
  await db
    .updateTable('latchkit_messages')
    .set((eb) => ({ version: eb.ref('seq') }))
    .execute();
  await db.schema
    .createTable('latchkit_reactions')
    .addColumn('message_id', 'text', (column) =>
      column.notNull().references('latchkit_messages.id').onDelete('cascade'),
    )
    .addColumn('emoji', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkit_reactions_key', ['message_id', 'emoji', 'user_id'])
    .execute();
  // Unique, so that a place given twice is refused and not stored.
  await db.schema
    .createIndex('latchkit_messages_log')
    .unique()
    .on('latchkit_messages')
    .columns(['thread_id', 'version'])
    .execute();
  await db.schema
    .createIndex('latchkit_members_by_time')
    .on('latchkit_members')
    .columns(['thread_id', 'joined_at', 'user_id'])
    .execute();
  await db.schema.dropIndex('latchkit_threads_by_time').execute();
  await db.schema
    .createIndex('latchkit_threads_by_time')
    .on('latchkit_threads')
    .columns(['access', 'updated_at desc', 'id'])
    .execute();
}

async function addReplies(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('latchkit_messages').addColumn('reply_to', 'text').execute();
  await db.schema.alterTable('latchkit_messages').addColumn('root_id', 'text').execute();
  await db.schema
    .alterTable('latchkit_messages')
    .addColumn('reply_count', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  // Few messages are replies: the others cost the index nothing.
  await db.schema
    .createIndex('latchkit_messages_replies')
    .on('latchkit_messages')
    .columns(['root_id', 'seq'])
    .where('root_id', 'is not', null)
    .execute();
}

async function addOwnStates(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .alterTable('latchkit_threads')
    .addColumn('message_count', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await db
    .updateTable('latchkit_threads')
    .set((eb) => ({
      message_count: eb
        .selectFrom('latchkit_messages')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('latchkit_messages.thread_id', '=', 'latchkit_threads.id'),
    }))
    .execute();
  await db.schema
    .createTable('latchkit_own_states')
    .addColumn('thread_id', 'text', (column) => column.notNull().references('latchkit_threads.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('read_seq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('read_at', 'bigint')
    .addColumn('muted', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('archived_count', 'bigint')
    .addPrimaryKeyConstraint('latchkit_own_states_key', ['thread_id', 'user_id'])
    .execute();
  await db.schema
    .createIndex('latchkit_own_states_by_place')
    .on('latchkit_own_states')
    .columns(['thread_id', 'read_seq desc', 'user_id'])
    .execute();
  await db.schema
    .createIndex('latchkit_own_states_by_user')
    .on('latchkit_own_states')
    .columns(['user_id', 'thread_id'])
    .execute();
  // What was there before anybody counted is nobody's news.
  await db
    .insertInto('latchkit_own_states')
    .columns(['thread_id', 'user_id', 'read_seq'])
    .expression((eb) =>
      eb
        .selectFrom('latchkit_members as member')
        .innerJoin('latchkit_threads as thread', 'thread.id', 'member.thread_id')
        .select(['member.thread_id', 'member.user_id', 'thread.last_message_seq']),
    )
    .execute();
}

async function addAnswers(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('latchkit_messages').addColumn('answer', 'text').execute();
  await db.schema.alterTable('latchkit_messages').addColumn('answer_beat', 'bigint').execute();
  // Of the few that grow.
  await db.schema
    .createIndex('latchkit_messages_growing')
    .on('latchkit_messages')
    .column('answer_beat')
    .where('answer_beat', 'is not', null)
    .execute();
}

async function addPins(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('latchkit_messages').addColumn('pinned_at', 'bigint').execute();
  await db.schema.alterTable('latchkit_messages').addColumn('pinned_by', 'text').execute();
  await db.schema
    .createIndex('latchkit_messages_pinned')
    .on('latchkit_messages')
    .columns(['thread_id', 'pinned_at'])
    .where('pinned_at', 'is not', null)
    .execute();
}

async function addEvents(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('latchkit_messages').addColumn('event', 'text').execute();
}

async function addPreviews(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('latchkit_messages').addColumn('previews', 'text').execute();
}

async function addLastSeen(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('latchkit_users').addColumn('last_seen_at', 'bigint').execute();
}

async function addAttempts(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('latchkit_messages').addColumn('answer_history', 'text').execute();
  await db.schema
    .createTable('latchkit_ratings')
    .addColumn('message_id', 'text', (column) =>
      column.notNull().references('latchkit_messages.id').onDelete('cascade'),
    )
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('rated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('latchkit_ratings_key', ['message_id', 'user_id'])
    .execute();
}

async function addReports(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('latchkit_reports')
    .addColumn('message_id', 'text', (column) =>
      column.notNull().references('latchkit_messages.id').onDelete('cascade'),
    )
    .addColumn('thread_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('note', 'text')
    .addColumn('reported_at', 'bigint', (column) => column.notNull())
    .addColumn('dismissed_at', 'bigint')
    .addPrimaryKeyConstraint('latchkit_reports_key', ['message_id', 'user_id'])
    .execute();
  // Of the few that wait for a decision.
  await db.schema
    .createIndex('latchkit_reports_open')
    .on('latchkit_reports')
    .columns(['thread_id', 'dismissed_at', 'message_id'])
    .where('dismissed_at', 'is', null)
    .execute();
}

async function addHandovers(db: Kysely<Schema>): Promise<void> {
  for (const column of ['handover_state', 'handover_asked_by', 'handover_agent', 'handover_reason'] as const) {
    await db.schema.alterTable('latchkit_threads').addColumn(column, 'text').execute();
  }
  await db.schema.alterTable('latchkit_threads').addColumn('handover_since', 'bigint').execute();
  await db.schema
    .alterTable('latchkit_threads')
    .addColumn('handover_version', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  // Of the few that the assistant does not answer in.
  await db.schema
    .createIndex('latchkit_threads_handed_over')
    .on('latchkit_threads')
    .columns(['handover_state', 'handover_since', 'id'])
    .where('handover_state', 'is not', null)
    .execute();
}
