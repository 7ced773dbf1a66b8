import type { LogPage, MessageKey, StoredMessage } from './ChatStorage.ts';
import { messages, toMessages, type Db } from './rows.ts';

export async function getMessage(db: Db, { threadId, messageId }: MessageKey): Promise<StoredMessage | null> {
  const row = await messages(db)
    .where('message.id', '=', messageId)
    .where('message.thread_id', '=', threadId)
    .executeTakeFirst();
  if (!row) return null;
  const [message] = await toMessages(db, [row]);
  return message ?? null;
}

export async function changesAfter(db: Db, threadId: string, version: number, limit: number): Promise<LogPage> {
  // Before the messages: what is committed in between is then among them, or comes after.
  const head = await readHead(db, threadId);
  const rows = await messages(db)
    .where('message.thread_id', '=', threadId)
    .where('message.version', '>', version)
    .orderBy('message.version', 'asc')
    .limit(limit)
    .execute();
  const last = Number(rows.at(-1)?.version ?? 0);
  return { messages: await toMessages(db, rows), upTo: rows.length < limit ? Math.max(head, last) : last };
}

export async function newestMessages(db: Db, threadId: string, limit: number): Promise<LogPage> {
  const head = await readHead(db, threadId);
  // Not the greatest version among them: what changed before it, further back, may have been committed and not be here.
  return { messages: await messagesBefore(db, threadId, Number.MAX_SAFE_INTEGER, limit), upTo: head };
}

export async function newestWritten(db: Db, threadId: string, limit: number): Promise<StoredMessage[]> {
  const found = messages(db)
    .where('message.thread_id', '=', threadId)
    .where('message.event', 'is', null)
    .where('message.deleted_at', 'is', null);
  return newestOf(db, found, limit);
}

export async function messagesBefore(db: Db, threadId: string, seq: number, limit: number): Promise<StoredMessage[]> {
  const found = messages(db).where('message.thread_id', '=', threadId).where('message.seq', '<', seq);
  return newestOf(db, found, limit);
}

export async function messagesAfter(db: Db, threadId: string, seq: number, limit: number): Promise<StoredMessage[]> {
  const rows = await messages(db)
    .where('message.thread_id', '=', threadId)
    .where('message.seq', '>', seq)
    .orderBy('message.seq', 'asc')
    .limit(limit)
    .execute();
  return toMessages(db, rows);
}

export async function repliesBefore(
  db: Db,
  threadId: string,
  rootId: string,
  seq: number,
  limit: number,
): Promise<StoredMessage[]> {
  const found = messages(db)
    .where('message.thread_id', '=', threadId)
    .where('message.root_id', '=', rootId)
    .where('message.seq', '<', seq);
  return newestOf(db, found, limit);
}

/** The last of those that are asked for, in ascending `seq`. */
async function newestOf(db: Db, found: ReturnType<typeof messages>, limit: number): Promise<StoredMessage[]> {
  const rows = await found.orderBy('message.seq', 'desc').limit(limit).execute();
  return toMessages(db, rows.reverse());
}

async function readHead(db: Db, threadId: string): Promise<number> {
  const row = await db.selectFrom('latchkit_threads').select('last_seq').where('id', '=', threadId).executeTakeFirst();
  return Number(row?.last_seq ?? 0);
}
