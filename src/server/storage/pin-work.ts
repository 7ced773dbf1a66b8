import { ChatError, MAX_PINS } from '../../protocol/index.ts';
import type { StoredMessage } from './ChatStorage.ts';
import { notFound, type Work } from './message-work.ts';
import { messages, toMessages, type Db } from './rows.ts';

export function pin(userId: string): Work {
  return async ({ db, key, before, now, takePlace }) => {
    if (before.deletedAt !== null) throw notFound();
    if (before.pinned) return false;
    const { count } = await db
      .selectFrom('latchkit_messages')
      .select((eb) => eb.fn.countAll().as('count'))
      .where('thread_id', '=', key.threadId)
      .where('pinned_at', 'is not', null)
      .executeTakeFirstOrThrow();
    if (Number(count) >= MAX_PINS) {
      throw new ChatError('bad_request', `A conversation takes at most ${MAX_PINS} pinned messages.`);
    }
    await takePlace();
    await db
      .updateTable('latchkit_messages')
      .set({ pinned_at: now, pinned_by: userId })
      .where('id', '=', key.messageId)
      .execute();
    return true;
  };
}

export const unpin: Work = async ({ db, key, before, takePlace }) => {
  if (!before.pinned) return false;
  await takePlace();
  await db
    .updateTable('latchkit_messages')
    .set({ pinned_at: null, pinned_by: null })
    .where('id', '=', key.messageId)
    .execute();
  return true;
};

export async function pinnedMessages(db: Db, threadId: string): Promise<StoredMessage[]> {
  const rows = await messages(db)
    .where('message.thread_id', '=', threadId)
    .where('message.pinned_at', 'is not', null)
    .orderBy('message.pinned_at', 'desc')
    .orderBy('message.seq', 'desc')
    .limit(MAX_PINS)
    .execute();
  return toMessages(db, rows);
}
