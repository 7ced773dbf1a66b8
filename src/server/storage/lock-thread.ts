import type { Transaction } from 'kysely';
import { ChatError, type ChatErrorCode } from '../../protocol/index.ts';
import type { Schema } from './schema.ts';

/**
 * Must be a transaction's first statement, because it locks: the row in Postgres, the database in SQLite.
 * @returns the newest place in the thread's log
 * @throws {ChatError} `code` when there is no such thread
 */
export async function lockThread(
  db: Transaction<Schema>,
  threadId: string,
  code: ChatErrorCode = 'thread_not_found',
): Promise<number> {
  const row = await db
    .updateTable('latchkit_threads')
    .set((eb) => ({ last_seq: eb.ref('last_seq') }))
    .where('id', '=', threadId)
    .returning('last_seq')
    .executeTakeFirst();
  if (!row) throw new ChatError(code, 'There is no such conversation.');
  return Number(row.last_seq);
}
