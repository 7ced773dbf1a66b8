import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { MAX_EVENT_PEOPLE, type Role } from '../../protocol/index.ts';
import type { StoredEvent, StoredMessage } from './ChatStorage.ts';
import { getMessage } from './message-reads.ts';
import { newRow, notFound } from './message-work.ts';
import type { Schema } from './schema.ts';
import type { SearchIndex } from './SearchIndex.ts';

/** What the system message of a change needs besides the change itself. */
export interface EventPlace {
  threadId: string;
  /** Who did it. */
  by: string;
  now: number;
  index: SearchIndex;
}

/**
 * Tells in the thread's log what happened to it, in the transaction in which it does: it takes the next place, and moves neither the
 * last message nor the count of them, so that it is unread to nobody. The thread's row must be locked.
 */
export async function appendEvent(
  db: Transaction<Schema>,
  { threadId, by, now, index }: EventPlace,
  event: StoredEvent,
): Promise<StoredMessage> {
  const { last_seq } = await db
    .updateTable('latchkit_threads')
    .set((eb) => ({ last_seq: eb('last_seq', '+', 1) }))
    .where('id', '=', threadId)
    .returning('last_seq')
    .executeTakeFirstOrThrow();
  const id = uuidv7({ msecs: now });
  const row = newRow({ id, threadId, authorId: by, parts: [] }, Number(last_seq), now, index);
  await db
    .insertInto('latchkit_messages')
    .values({ ...row, event: JSON.stringify(event) })
    .execute();
  const stored = await getMessage(db, { threadId, messageId: id });
  if (!stored) throw notFound();
  return stored;
}

/** Of many people the first are named, and all are counted. */
export function eventOf(people: readonly string[]): Pick<StoredEvent, 'people' | 'count'> {
  return { people: people.slice(0, MAX_EVENT_PEOPLE), count: people.length };
}

/** What is to be told of somebody who has come in or has another role; null where nothing is. */
export function memberEvent(
  { userId, role, by }: { userId: string; role: Role; by: string },
  before: Role | null,
): StoredEvent | null {
  if (before === role) return null;
  if (before !== null) return { type: 'member.role-changed', ...eventOf([userId]), role };
  if (userId === by) return { type: 'member.joined' };
  return { type: 'member.added', ...eventOf([userId]), ...(role !== 'member' && { role }) };
}
