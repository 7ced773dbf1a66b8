import { sql } from 'kysely';
import type { Receipt } from '../../protocol/index.ts';
import type { MemberKey, OwnStateChange, ReceiptInput } from './ChatStorage.ts';
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

/**
 * Whoever is muted or not anew goes on being archived or not: the count of messages at which the thread was put away moves to where it
 * is now, so that one that a message brought back does not go away again, and one that was away stays until the next message.
 */
const archivedOn = sql<number | null>`(
  select case when own.archived_count is not null and (own.muted = 1 or own.archived_count >= thread.message_count)
    then thread.message_count end
  from latchkit_own_states as own inner join latchkit_threads as thread on thread.id = own.thread_id
  where own.thread_id = excluded.thread_id and own.user_id = excluded.user_id
)`;

/** One statement, so that of two at once none is lost. */
export async function saveOwnState(db: Db, { threadId, userId }: MemberKey, change: OwnStateChange): Promise<void> {
  const isMark = 'muted' in change ? change.muted : change.archived;
  const muted = 'muted' in change && change.muted ? 1 : 0;
  const archives = 'archived' in change && change.archived;
  await db
    .insertInto('latchkit_own_states')
    .columns(['thread_id', 'user_id', 'read_seq', 'muted', 'archived_count'])
    .expression((eb) =>
      eb
        .selectFrom('latchkit_threads as thread')
        .leftJoin('latchkit_members as member', (join) =>
          join.onRef('member.thread_id', '=', 'thread.id').on('member.user_id', '=', userId),
        )
        .select((select) => [
          'thread.id',
          sql<string>`cast(${userId} as text)`.as('user_id'),
          // To a visitor who has read nothing, nothing was unread, and is not now.
          sql<number>`case when member.role is null then thread.last_message_seq else 0 end`.as('read_seq'),
          select.lit(muted).as('muted'),
          (archives ? sql<number | null>`thread.message_count` : sql<null>`cast(null as bigint)`).as('archived_count'),
        ])
        .where('thread.id', '=', threadId)
        // Without a row there is nothing to take back.
        .$if(!isMark, (query) =>
          query.where((where) =>
            where.exists(
              where
                .selectFrom('latchkit_own_states as there')
                .select('there.thread_id')
                .where('there.thread_id', '=', threadId)
                .where('there.user_id', '=', userId),
            ),
          ),
        ),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['thread_id', 'user_id'])
        .doUpdateSet((eb) =>
          'muted' in change
            ? { muted, archived_count: archivedOn }
            : { archived_count: eb.ref('excluded.archived_count') },
        ),
    )
    .execute();
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
