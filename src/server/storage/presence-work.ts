import type { Db } from './rows.ts';

const PEOPLE_PER_STATEMENT = 5_000;

export async function saveLastSeen(db: Db, userIds: readonly string[], at: number): Promise<void> {
  for (let from = 0; from < userIds.length; from += PEOPLE_PER_STATEMENT) {
    await db
      .updateTable('latchkit_users')
      .set({ last_seen_at: at })
      .where('id', 'in', userIds.slice(from, from + PEOPLE_PER_STATEMENT))
      .where((eb) => eb.or([eb('last_seen_at', 'is', null), eb('last_seen_at', '<', at)]))
      .execute();
  }
}

export async function lastSeen(db: Db, userIds: readonly string[]): Promise<Map<string, number>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('latchkit_users')
    .select(['id', 'last_seen_at'])
    .where('id', 'in', userIds)
    .execute();
  return new Map(rows.flatMap(({ id, last_seen_at }) => (last_seen_at === null ? [] : [[id, Number(last_seen_at)]])));
}

export async function sharingThread(db: Db, userId: string, others: readonly string[]): Promise<Set<string>> {
  if (others.length === 0) return new Set();
  const rows = await db
    .selectFrom('latchkit_members as mine')
    .innerJoin('latchkit_members as theirs', 'theirs.thread_id', 'mine.thread_id')
    .select('theirs.user_id')
    .distinct()
    .where('mine.user_id', '=', userId)
    .where('theirs.user_id', 'in', others)
    .execute();
  return new Set(rows.map(({ user_id }) => user_id));
}
