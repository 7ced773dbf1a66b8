import { sql } from 'kysely';
import type { Receipt } from '../../protocol/index.ts';
import type { ReceiptInput } from './ChatStorage.ts';
import { toUser, type Db } from './rows.ts';

/** One statement, so that of two at once the greater one stays, and none says more than there is to read. */
export async function saveReceipt(
  db: Db,
  { threadId, userId, readSeq }: ReceiptInput,
  now: number,
): Promise<number | null> {
  const row = await db
    .insertInto('latchkit_own_states')
    .columns(['thread_id', 'user_id', 'read_seq', 'read_at'])
    .expression((eb) =>
      eb
        .selectFrom('latchkit_threads')
        .select([
          'id',
          sql<string>`cast(${userId} as text)`.as('user_id'),
          sql<number>`case when last_message_seq < ${sql.lit(readSeq)} then last_message_seq else ${sql.lit(readSeq)} end`.as(
            'read_seq',
          ),
          sql<number>`${sql.lit(now)}`.as('read_at'),
        ])
        .where('id', '=', threadId),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['thread_id', 'user_id'])
        .doUpdateSet((eb) => ({ read_seq: eb.ref('excluded.read_seq'), read_at: eb.ref('excluded.read_at') }))
        .whereRef('latchkit_own_states.read_seq', '<', 'excluded.read_seq'),
    )
    .returning('read_seq')
    .executeTakeFirst();
  return row ? Number(row.read_seq) : null;
}

/** Of those who may read it now. */
export async function listReceipts(db: Db, threadId: string, limit: number): Promise<Receipt[]> {
  const rows = await db
    .selectFrom('latchkit_own_states as own')
    .innerJoin('latchkit_threads as thread', 'thread.id', 'own.thread_id')
    .leftJoin('latchkit_members as member', (join) =>
      join.onRef('member.thread_id', '=', 'own.thread_id').onRef('member.user_id', '=', 'own.user_id'),
    )
    .leftJoin('latchkit_users as person', 'person.id', 'own.user_id')
    .select(['own.user_id', 'own.read_seq', 'own.read_at', 'person.name', 'person.avatar_url'])
    .where('own.thread_id', '=', threadId)
    .where('own.read_at', 'is not', null)
    .where((eb) => eb.or([eb('thread.access', '=', 'open'), eb('member.role', 'is not', null)]))
    .orderBy('own.read_seq', 'desc')
    .orderBy('own.user_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    user: toUser(row.user_id, row.name, row.avatar_url),
    readSeq: Number(row.read_seq),
    readAt: Number(row.read_at),
  }));
}

/** What was said before somebody came is not unread to them. */
export async function beginReading(db: Db, threadId: string, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  const thread = await db
    .selectFrom('latchkit_threads')
    .select('last_message_seq')
    .where('id', '=', threadId)
    .executeTakeFirst();
  const readSeq = Number(thread?.last_message_seq ?? 0);
  if (readSeq === 0) return;
  await db
    .insertInto('latchkit_own_states')
    .values(userIds.map((userId) => ({ thread_id: threadId, user_id: userId, read_seq: readSeq, muted: 0 })))
    .onConflict((conflict) => conflict.columns(['thread_id', 'user_id']).doNothing())
    .execute();
}

export async function forgetOwnStates(db: Db, threadId: string, userIds: readonly string[]): Promise<void> {
  await db
    .deleteFrom('latchkit_own_states')
    .where('thread_id', '=', threadId)
    .where('user_id', 'in', userIds)
    .execute();
}
