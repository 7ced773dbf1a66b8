import type { Transaction } from 'kysely';
import { ChatError, type Role } from '../../protocol/index.ts';
import type { StoredMessage, StoredThread, ThreadCreation, ThreadDefinition, ThreadListing } from './ChatStorage.ts';
import { appendEvent, eventOf } from './event-work.ts';
import { reopenWithoutAgent } from './handover-work.ts';
import { lockThread } from './lock-thread.ts';
import { replaceMembers } from './member-work.ts';
import { isArchived, threads, toThread, type Db } from './rows.ts';
import type { Schema } from './schema.ts';
import type { SearchIndex } from './SearchIndex.ts';

export async function upsertThread(
  db: Transaction<Schema>,
  { id, title, access, members: people }: ThreadDefinition,
  now: number,
  index: SearchIndex,
): Promise<StoredThread> {
  await db
    .insertInto('latchkit_threads')
    .values({ id, title, access, ...emptyLog(now) })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ title, access }))
    .execute();
  if (people) await replaceMembers(db, id, new Map(people.map((each) => [each.id, each.role])), now);
  if (people) await reopenWithoutAgent(db, { threadId: id, now, index });
  const thread = await readThread(db, id);
  if (!thread) throw new ChatError('thread_not_found', 'There is no such conversation.');
  return thread;
}

export async function createThread(
  db: Transaction<Schema>,
  { id, title, access, creatorId, memberIds }: ThreadCreation,
  now: number,
  index: SearchIndex,
): Promise<StoredMessage[]> {
  const inserted = await db
    .insertInto('latchkit_threads')
    .values({ id, title, access, ...emptyLog(now), created_by: creatorId })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted) {
    const roles = new Map<string, Role>(memberIds.map((memberId) => [memberId, 'member']));
    await replaceMembers(db, id, roles.set(creatorId, 'owner'), now);
    const place = { threadId: id, by: creatorId, now, index };
    const created = await appendEvent(db, place, { type: 'thread.created', title });
    const others = [...roles.keys()].filter((memberId) => memberId !== creatorId);
    if (others.length === 0) return [created];
    return [created, await appendEvent(db, place, { type: 'member.added', ...eventOf(others) })];
  }
  const row = await db.selectFrom('latchkit_threads').select('created_by').where('id', '=', id).executeTakeFirst();
  if (row?.created_by !== creatorId) {
    throw new ChatError('thread_conflict', 'This id belongs to another conversation already.');
  }
  return [];
}

export async function renameThread(
  db: Transaction<Schema>,
  { threadId, title, by }: { threadId: string; title: string; by: string },
  now: number,
  index: SearchIndex,
): Promise<StoredMessage | null> {
  await lockThread(db, threadId);
  const { numUpdatedRows } = await db
    .updateTable('latchkit_threads')
    .set({ title })
    .where('id', '=', threadId)
    .where('title', '<>', title)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return null;
  return appendEvent(db, { threadId, by, now, index }, { type: 'thread.renamed', title });
}

export async function removeThread(db: Db, threadId: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('latchkit_threads').where('id', '=', threadId).executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function readThread(db: Db, threadId: string, viewerId = ''): Promise<StoredThread | null> {
  const row = await threads(db, viewerId).where('thread.id', '=', threadId).executeTakeFirst();
  return row ? toThread(row) : null;
}

/** Two halves, each with an index to go by: together they would have to read and sort every thread there is. */
export async function listThreads(
  db: Db,
  userId: string,
  { after, limit, archived = false }: ThreadListing,
): Promise<StoredThread[]> {
  const half = (access: 'open' | 'members') =>
    threads(db, userId)
      .where('thread.access', '=', access)
      .where(isArchived, '=', archived ? 1 : 0)
      .$if(access === 'members', (query) =>
        query.where('thread.id', 'in', (eb) =>
          eb.selectFrom('latchkit_members').select('thread_id').where('user_id', '=', userId),
        ),
      )
      .$if(after !== undefined, (query) =>
        query.where((eb) =>
          eb.or([
            eb('thread.updated_at', '<', after!.updatedAt),
            eb.and([eb('thread.updated_at', '=', after!.updatedAt), eb('thread.id', '>', after!.id)]),
          ]),
        ),
      )
      .orderBy('thread.updated_at', 'desc')
      .orderBy('thread.id')
      .limit(limit);
  const rows = await db
    .selectFrom(half('open').as('open'))
    .selectAll()
    .unionAll(db.selectFrom(half('members').as('own')).selectAll())
    .orderBy('updated_at', 'desc')
    .orderBy('threadId')
    .limit(limit)
    .execute();
  return rows.map(toThread);
}

function emptyLog(now: number) {
  return { last_seq: 0, last_message_seq: 0, message_count: 0, created_at: now, updated_at: now };
}
