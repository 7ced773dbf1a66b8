import { MAX_REPORTS_SHOWN, type Report, type ReportReason } from '../../protocol/index.ts';
import type { MessageKey, ReportInput, StoredReported } from './ChatStorage.ts';
import { messages, toMessages, toUser, type Db } from './rows.ts';

/** What somebody says of a message, in place of what they said before; a decision that it stays was on what was said until then. */
export async function saveReport(db: Db, report: ReportInput, now: number): Promise<void> {
  const { threadId, messageId, userId, reason, note } = report;
  const said = { reason, note, reported_at: now, dismissed_at: null };
  await db
    .insertInto('latchkit_reports')
    .values({ message_id: messageId, thread_id: threadId, user_id: userId, ...said })
    .onConflict((conflict) => conflict.columns(['message_id', 'user_id']).doUpdateSet(said))
    .execute();
}

/** @returns whether there were any */
export async function dismissReports(db: Db, { threadId, messageId }: MessageKey, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('latchkit_reports')
    .set({ dismissed_at: now })
    .where('thread_id', '=', threadId)
    .where('message_id', '=', messageId)
    .where('dismissed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Reports to decide on; what was deleted is decided. */
function openReports(db: Db, threadId: string) {
  return db
    .selectFrom('latchkit_reports as report')
    .innerJoin('latchkit_messages as reported', 'reported.id', 'report.message_id')
    .where('report.thread_id', '=', threadId)
    .where('report.dismissed_at', 'is', null)
    .where('reported.deleted_at', 'is', null);
}

export async function countReported(db: Db, threadId: string): Promise<number> {
  const { count } = await openReports(db, threadId)
    .select((eb) => eb.fn.count('report.message_id').distinct().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function listReported(db: Db, threadId: string, limit: number): Promise<StoredReported[]> {
  const places = await openReports(db, threadId)
    .select((eb) => ['report.message_id', eb.fn.max('report.reported_at').as('last')])
    .groupBy('report.message_id')
    .orderBy('last', 'desc')
    .orderBy('report.message_id')
    .limit(limit)
    .execute();
  const ids = places.map((place) => place.message_id);
  if (ids.length === 0) return [];
  const rows = await messages(db).where('message.id', 'in', ids).execute();
  const byId = new Map((await toMessages(db, rows)).map((message) => [message.id, message]));
  const reports = await readReports(db, ids);
  return ids.flatMap((id) => {
    const message = byId.get(id);
    const all = reports.get(id) ?? [];
    return message ? [{ message, reports: all.slice(0, MAX_REPORTS_SHOWN), count: all.length }] : [];
  });
}

async function readReports(db: Db, messageIds: readonly string[]): Promise<Map<string, Report[]>> {
  const rows = await db
    .selectFrom('latchkit_reports as report')
    .leftJoin('latchkit_users as person', 'person.id', 'report.user_id')
    .select(['report.message_id', 'report.user_id', 'report.reason', 'report.note', 'report.reported_at'])
    .select(['person.name', 'person.avatar_url'])
    .where('report.message_id', 'in', messageIds)
    .where('report.dismissed_at', 'is', null)
    .orderBy('report.reported_at', 'desc')
    .orderBy('report.user_id')
    .execute();
  const byMessage = new Map<string, Report[]>();
  for (const row of rows) {
    const reports = byMessage.get(row.message_id) ?? [];
    byMessage.set(row.message_id, reports);
    reports.push({
      user: toUser(row.user_id, row.name, row.avatar_url),
      reason: row.reason as ReportReason,
      note: row.note,
      at: Number(row.reported_at),
    });
  }
  return byMessage;
}
