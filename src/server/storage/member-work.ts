import type { Transaction } from 'kysely';
import { ChatError, type Member, type Role } from '../../protocol/index.ts';
import type {
  MemberChange,
  MemberInput,
  MemberKey,
  MemberPosition,
  MemberRemoval,
  MemberRule,
  StoredEvent,
} from './ChatStorage.ts';
import { appendEvent, eventOf, memberEvent } from './event-work.ts';
import { reopenWithoutAgent } from './handover-work.ts';
import { lockThread } from './lock-thread.ts';
import { beginReading, forgetOwnStates } from './own-work.ts';
import { members, toMember, toRole, type Db } from './rows.ts';
import type { Schema } from './schema.ts';
import type { SearchIndex } from './SearchIndex.ts';

const MEMBERS_PER_STATEMENT = 5_000;

export async function readMember(db: Db, { threadId, userId }: MemberKey): Promise<Member | null> {
  const row = await members(db, threadId).where('member.user_id', '=', userId).executeTakeFirst();
  return row ? toMember(row) : null;
}

export async function listMembers(
  db: Db,
  threadId: string,
  { after, limit }: { after?: MemberPosition; limit: number },
): Promise<Member[]> {
  const rows = await members(db, threadId)
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb.or([
          eb('member.joined_at', '>', after!.joinedAt),
          eb.and([eb('member.joined_at', '=', after!.joinedAt), eb('member.user_id', '>', after!.id)]),
        ]),
      ),
    )
    .orderBy('member.joined_at')
    .orderBy('member.user_id')
    .limit(limit)
    .execute();
  return rows.map(toMember);
}

export async function saveMember(
  db: Transaction<Schema>,
  { threadId, userId, role, was }: MemberInput,
  rule: MemberRule,
  now: number,
  index: SearchIndex,
): Promise<MemberChange | null> {
  await lockThread(db, threadId);
  const before = (await readMember(db, { threadId, userId }))?.role ?? null;
  if (was !== undefined && was !== before) return null;
  await db
    .insertInto('latchkit_members')
    .values({ thread_id: threadId, user_id: userId, role, joined_at: now })
    .onConflict((conflict) => conflict.columns(['thread_id', 'user_id']).doUpdateSet({ role }))
    .execute();
  if (before === null) await beginReading(db, threadId, [userId]);
  if (before === 'owner') await checkOwner(db, threadId, rule);
  const { by } = rule;
  const told = by === undefined ? null : memberEvent({ userId, role, by }, before);
  const event = by !== undefined && told ? await appendEvent(db, { threadId, by, now, index }, told) : null;
  const reopened = await reopenWithoutAgent(db, { threadId, now, index });
  const member = await readMember(db, { threadId, userId });
  return member && { member, event, ...(reopened && { reopened }) };
}

export async function removeMember(
  db: Transaction<Schema>,
  { threadId, userId }: MemberKey,
  rule: MemberRule,
  now: number,
  index: SearchIndex,
): Promise<MemberRemoval> {
  await lockThread(db, threadId);
  const removed = await db
    .deleteFrom('latchkit_members')
    .where('thread_id', '=', threadId)
    .where('user_id', '=', userId)
    .returning('role')
    .executeTakeFirst();
  if (removed) await forgetOwnStates(db, threadId, [userId]);
  if (removed?.role === 'owner') await checkOwner(db, threadId, rule);
  if (!removed) return { removed: false, event: null };
  const { by } = rule;
  const told: StoredEvent = by === userId ? { type: 'member.left' } : { type: 'member.removed', ...eventOf([userId]) };
  const event = by === undefined ? null : await appendEvent(db, { threadId, by, now, index }, told);
  const reopened = await reopenWithoutAgent(db, { threadId, now, index });
  return { removed: true, event, ...(reopened && { reopened }) };
}

/** After the change and inside its transaction: a refusal undoes it. */
async function checkOwner(db: Transaction<Schema>, threadId: string, { keepOwner }: MemberRule): Promise<void> {
  if (!keepOwner) return;
  const { owners, everybody } = await db
    .selectFrom('latchkit_members')
    .select((eb) => [eb.fn.countAll().as('everybody'), eb.fn.countAll().filterWhere('role', '=', 'owner').as('owners')])
    .where('thread_id', '=', threadId)
    .executeTakeFirstOrThrow();
  if (Number(owners) === 0 && Number(everybody) > 0) {
    throw new ChatError('last_owner', 'The conversation would have members and no owner.');
  }
}

/** @param after everybody's role by id; undefined leaves the role that somebody has, and makes who is new a member */
export async function replaceMembers(
  db: Db,
  threadId: string,
  after: ReadonlyMap<string, Role | undefined>,
  now: number,
): Promise<void> {
  const before = await memberRoles(db, threadId);
  for (const gone of chunks([...before.keys()].filter((id) => !after.has(id)))) {
    await db.deleteFrom('latchkit_members').where('thread_id', '=', threadId).where('user_id', 'in', gone).execute();
    await forgetOwnStates(db, threadId, gone);
  }
  const roleOf = (id: string): Role => after.get(id) ?? before.get(id) ?? 'member';
  for (const come of chunks([...after.keys()].filter((id) => before.get(id) !== roleOf(id)))) {
    await db
      .insertInto('latchkit_members')
      .values(come.map((id) => ({ thread_id: threadId, user_id: id, role: roleOf(id), joined_at: now })))
      .onConflict((conflict) =>
        conflict.columns(['thread_id', 'user_id']).doUpdateSet((eb) => ({ role: eb.ref('excluded.role') })),
      )
      .execute();
    await beginReading(
      db,
      threadId,
      come.filter((id) => !before.has(id)),
    );
  }
}

export async function memberRoles(db: Db, threadId: string): Promise<Map<string, Role>> {
  const rows = await db
    .selectFrom('latchkit_members')
    .select(['user_id', 'role'])
    .where('thread_id', '=', threadId)
    .orderBy('user_id')
    .execute();
  return new Map(rows.map((row) => [row.user_id, toRole(row.role)]));
}

/** A statement takes only so many values (SQLite 32,766, Postgres 65,535). */
function chunks<T>(items: T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MEMBERS_PER_STATEMENT) }, (_, index) =>
    items.slice(index * MEMBERS_PER_STATEMENT, (index + 1) * MEMBERS_PER_STATEMENT),
  );
}
