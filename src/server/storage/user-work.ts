import { sql } from 'kysely';
import type { ChatUser } from '../../protocol/index.ts';
import { toUser, type Db } from './rows.ts';

export async function upsertUser(db: Db, { id, name, avatarUrl }: ChatUser, now: number): Promise<void> {
  const profile = { name, avatar_url: avatarUrl, updated_at: now, last_seen_at: now };
  await db
    .insertInto('latchkit_users')
    .values({ id, ...profile })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(profile))
    .execute();
}

/** Enters those of them that are not known yet. */
export async function introduce(db: Db, people: readonly ChatUser[], now: number): Promise<void> {
  if (people.length === 0) return;
  await db
    .insertInto('latchkit_users')
    .values(people.map(({ id, name, avatarUrl }) => ({ id, name, avatar_url: avatarUrl, updated_at: now })))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function getUser(db: Db, userId: string): Promise<ChatUser> {
  const row = await db.selectFrom('latchkit_users').selectAll().where('id', '=', userId).executeTakeFirst();
  return toUser(userId, row?.name, row?.avatar_url);
}

export async function knownUsers(db: Db, userIds: readonly string[]): Promise<ChatUser[]> {
  if (userIds.length === 0) return [];
  const rows = await db.selectFrom('latchkit_users').selectAll().where('id', 'in', userIds).execute();
  return rows.map(({ id, name, avatar_url }) => toUser(id, name, avatar_url));
}

/** Those who are in a conversation with somebody. */
export async function acquaintances(db: Db, userId: string, limit: number): Promise<ChatUser[]> {
  const rows = await db
    .selectFrom('latchkit_members as own')
    .innerJoin('latchkit_members as other', 'other.thread_id', 'own.thread_id')
    .leftJoin('latchkit_users as person', 'person.id', 'other.user_id')
    .select(['other.user_id as id', 'person.avatar_url', sql<string>`coalesce(person.name, other.user_id)`.as('name')])
    .distinct()
    .where('own.user_id', '=', userId)
    .where('other.user_id', '<>', userId)
    .orderBy('name')
    .orderBy('other.user_id')
    .limit(limit)
    .execute();
  return rows.map(({ id, name, avatar_url }) => toUser(id, name, avatar_url));
}
