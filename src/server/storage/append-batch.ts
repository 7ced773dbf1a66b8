import type { Transaction } from 'kysely';
import type { MessageInput, StoredMessage } from './ChatStorage.ts';
import type { Engine } from './Engine.ts';
import { withNames } from './mention-names.ts';
import { newMessage, newRow } from './message-work.ts';
import { toUser } from './rows.ts';
import type { Schema } from './schema.ts';
import { searchText } from './SearchIndex.ts';

/** One of the batch cannot be appended like this. Rolls all of it back, so that each can be tried by itself. */
export class NotTogether extends Error {}

/**
 * Appends messages in one transaction, which costs what one of them costs: one wait for the disk, or a few round trips. For those
 * that answer none; of several in one thread the first given gets the first place.
 * @throws {NotTogether} when a thread is missing or an id is taken
 */
export async function appendBatch(
  db: Transaction<Schema>,
  inputs: readonly MessageInput[],
  now: number,
  { locksRows, search }: Pick<Engine, 'locksRows' | 'search'>,
): Promise<StoredMessage[]> {
  const places = await takePlaces(db, inputs, now, locksRows);
  const rows = inputs.map((input) => {
    const place = places.get(input.threadId);
    if (!place) throw new NotTogether();
    return { input, seq: ++place.last };
  });
  const inserted = await db
    .insertInto('latchkit_messages')
    .values(rows.map(({ input, seq }) => newRow(input, seq, now, search)))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  if (inserted.length < rows.length) throw new NotTogether();
  await search.added(
    db,
    inputs.map(({ id, parts }) => ({ id, text: searchText(parts) })),
  );
  const authorIds = [...new Set(inputs.map(({ authorId }) => authorId))];
  const people = await db.selectFrom('latchkit_users').selectAll().where('id', 'in', authorIds).execute();
  const authors = new Map(people.map((person) => [person.id, person]));
  const stored = rows.map(({ input, seq }) => {
    const author = authors.get(input.authorId);
    return newMessage(input, seq, toUser(input.authorId, author?.name, author?.avatar_url), now);
  });
  return withNames(db, stored);
}

/** The place before the first that was taken, by thread. */
async function takePlaces(
  db: Transaction<Schema>,
  inputs: readonly MessageInput[],
  now: number,
  locksRows: boolean,
): Promise<Map<string, { last: number }>> {
  const counts = new Map<string, number>();
  for (const { threadId } of inputs) counts.set(threadId, (counts.get(threadId) ?? 0) + 1);
  // In one order, so that two batches never wait for each other.
  if (locksRows && counts.size > 1) {
    const threadIds = [...counts.keys()];
    await db
      .selectFrom('latchkit_threads')
      .select('id')
      .where('id', 'in', threadIds)
      .orderBy('id')
      .forUpdate()
      .execute();
  }
  const places = new Map<string, { last: number }>();
  for (const count of new Set(counts.values())) {
    const threadIds = [...counts].flatMap(([threadId, each]) => (each === count ? [threadId] : []));
    const taken = await db
      .updateTable('latchkit_threads')
      .set((eb) => ({
        last_seq: eb('last_seq', '+', count),
        last_message_seq: eb('last_seq', '+', count),
        message_count: eb('message_count', '+', count),
        updated_at: now,
      }))
      .where('id', 'in', threadIds)
      .returning(['id', 'last_seq'])
      .execute();
    for (const { id, last_seq } of taken) places.set(id, { last: Number(last_seq) - count });
  }
  return places;
}
