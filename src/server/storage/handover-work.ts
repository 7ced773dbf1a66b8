import type { Transaction } from 'kysely';
import { ChatError, handoverAfter, type Handover, type Member } from '../../protocol/index.ts';
import type {
  HandoverChange,
  HandoverInput,
  InboxListing,
  StoredEvent,
  StoredMessage,
  StoredThread,
} from './ChatStorage.ts';
import { appendEvent, eventOf, type EventPlace } from './event-work.ts';
import { beginReading } from './own-work.ts';
import { lockThread } from './lock-thread.ts';
import { members, messages, threads, toMember, toMessages, toThread, type Db } from './rows.ts';
import type { Schema } from './schema.ts';
import type { SearchIndex } from './SearchIndex.ts';

export async function changeHandover(
  db: Transaction<Schema>,
  change: HandoverInput,
  now: number,
  index: SearchIndex,
): Promise<HandoverChange | null> {
  const { threadId, by } = change;
  await lockThread(db, threadId);
  const before = await readHandover(db, threadId);
  if (change.type === 'take' && (await readRole(db, threadId, by)) !== change.was) return null;
  if (!isChange(before, change)) return { handover: before, event: null, member: null };
  const member = change.type === 'take' ? await becomeAgent(db, threadId, by, change.was, now) : null;
  const event = await appendEvent(db, { threadId, by, now, index }, { type: EVENTS[change.type], ...wordsOf(change) });
  return { handover: await saveHandover(db, threadId, before, event), event, member };
}

const EVENTS = {
  request: 'handover.requested',
  cancel: 'handover.cancelled',
  take: 'handover.taken',
  return: 'handover.returned',
} as const;

function wordsOf(change: HandoverInput): Partial<StoredEvent> {
  if (change.type !== 'request') return {};
  const { of, reason } = change;
  return { ...(of !== undefined && eventOf([of])), ...(reason !== null && { reason }) };
}

/** @throws {ChatError} `handover_taken`, `action_forbidden` */
function isChange({ state, agent, askedBy }: Handover, change: HandoverInput): boolean {
  switch (change.type) {
    case 'request':
      return state === 'assistant';
    case 'cancel':
      if (state !== 'waiting') return false;
      if (askedBy && change.askedBy.includes(askedBy.id)) return true;
      throw new ChatError('action_forbidden', 'Somebody else asked for a person here.');
    case 'take':
      if (state !== 'person') return true;
      if (agent?.id === change.by) return false;
      throw new ChatError('handover_taken', `${agent?.name ?? 'Somebody else'} answers here already.`);
    case 'return':
      return state !== 'assistant';
  }
}

/**
 * The thread waits for a person again, if who answered in it is no `agent` or `owner` of it any more: told in the log, whoever's doing it was.
 * After the change of the members and inside its transaction; the thread's row must be locked.
 */
export async function reopenWithoutAgent(
  db: Transaction<Schema>,
  { threadId, now, index }: Omit<EventPlace, 'by'>,
): Promise<StoredMessage | undefined> {
  const before = await readHandover(db, threadId);
  if (before.state !== 'person' || !before.agent) return undefined;
  const role = await readRole(db, threadId, before.agent.id);
  if (role === 'agent' || role === 'owner') return undefined;
  const event = await appendEvent(db, { threadId, by: before.agent.id, now, index }, { type: 'handover.reopened' });
  await saveHandover(db, threadId, before, event);
  return event;
}

/** By the index of what is handed over, for either list. */
export async function listInbox(
  db: Db,
  userId: string,
  { of, everywhere, after, limit }: InboxListing,
): Promise<StoredThread[]> {
  const rows = await threads(db, userId)
    .where('thread.handover_state', '=', of === 'waiting' ? 'waiting' : 'person')
    .$if(of === 'mine', (query) => query.where('thread.handover_agent', '=', userId))
    .$if(of === 'waiting' && !everywhere, (query) => query.where('viewer.role', '=', 'agent'))
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb.or([
          eb('thread.handover_since', '>', after!.since),
          eb.and([eb('thread.handover_since', '=', after!.since), eb('thread.id', '>', after!.id)]),
        ]),
      ),
    )
    .orderBy('thread.handover_since')
    .orderBy('thread.id')
    .limit(limit)
    .execute();
  return rows.map(toThread);
}

export async function growingAnswers(db: Db, threadId: string): Promise<StoredMessage[]> {
  const rows = await messages(db)
    .where('message.answer_beat', 'is not', null)
    .where('message.thread_id', '=', threadId)
    .execute();
  return toMessages(db, rows);
}

async function readHandover(db: Db, threadId: string): Promise<Handover> {
  const row = await threads(db, '').where('thread.id', '=', threadId).executeTakeFirstOrThrow();
  return toThread(row).handover;
}

async function readRole(db: Db, threadId: string, userId: string): Promise<string | null> {
  const row = await db
    .selectFrom('latchkit_members')
    .select('role')
    .where('thread_id', '=', threadId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.role ?? null;
}

async function saveHandover(
  db: Transaction<Schema>,
  threadId: string,
  before: Handover,
  event: StoredMessage,
): Promise<Handover> {
  const after = handoverAfter(before, event);
  await db
    .updateTable('latchkit_threads')
    .set({
      handover_state: after.state === 'assistant' ? null : after.state,
      handover_since: after.since,
      handover_asked_by: after.askedBy?.id ?? null,
      handover_agent: after.agent?.id ?? null,
      handover_reason: after.reason,
      handover_version: after.version,
    })
    .where('id', '=', threadId)
    .execute();
  return after;
}

/** Who has taken a thread can do what that needs; who was more already stays it. */
async function becomeAgent(
  db: Transaction<Schema>,
  threadId: string,
  userId: string,
  role: string | null,
  now: number,
): Promise<Member | null> {
  if (role === 'agent' || role === 'owner') return null;
  await db
    .insertInto('latchkit_members')
    .values({ thread_id: threadId, user_id: userId, role: 'agent', joined_at: now })
    .onConflict((conflict) => conflict.columns(['thread_id', 'user_id']).doUpdateSet({ role: 'agent' }))
    .execute();
  if (role === null) await beginReading(db, threadId, [userId]);
  return toMember(await members(db, threadId).where('member.user_id', '=', userId).executeTakeFirstOrThrow());
}
