import { sql, type Kysely, type Transaction } from 'kysely';
import {
  MAX_REACTION_USERS,
  type Answer,
  MAX_UNREAD_COUNT,
  quoteOf,
  type ChatUser,
  type Handover,
  type Member,
  type OwnThreadState,
  type Quote,
  type Reaction,
  type Role,
  type ThreadAccess,
  type ThreadEvent,
} from '../../protocol/index.ts';
import type { StoredPart } from '../attachments/AttachmentPort.ts';
import type { AnswerHistory, StoredEvent, StoredMessage, StoredThread } from './ChatStorage.ts';
import { withNames } from './mention-names.ts';
import { readPreviews } from './stored-previews.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema> | Transaction<Schema>;

const MESSAGE_COLUMNS = [
  'message.id',
  'message.thread_id',
  'message.seq',
  'message.version',
  'message.author_id',
  'message.parts',
  'message.previews',
  'message.created_at',
  'message.edited_at',
  'message.deleted_at',
  'message.answer',
  'message.answer_history',
  'message.event',
  'message.reply_to',
  'message.root_id',
  'message.reply_count',
  'message.pinned_at',
  'message.pinned_by',
  'author.name',
  'author.avatar_url',
] as const;

/** Messages with their authors. */
export function messages(db: Db) {
  return db
    .selectFrom('latchkit_messages as message')
    .leftJoin('latchkit_users as author', 'author.id', 'message.author_id')
    .select(MESSAGE_COLUMNS);
}

export type MessageQuery = ReturnType<typeof messages>;

/** Whether somebody has put a thread away: until its next message, or for good where it is muted. */
export const isArchived = sql<number>`case when own.archived_count is not null and (own.muted = 1 or own.archived_count >= thread.message_count) then 1 else 0 end`;

/** The newest messages among which unread ones are counted: who reads nothing must not cost a scan of everything. */
const COUNTED_MESSAGES = 2 * MAX_UNREAD_COUNT;

/** Threads with their last messages, and what `viewerId` is in them; for nobody (`''`) without what is one person's alone. */
export function threads(db: Db, viewerId: string) {
  return db
    .selectFrom('latchkit_threads as thread')
    .leftJoin('latchkit_messages as message', (join) =>
      join.onRef('message.thread_id', '=', 'thread.id').onRef('message.seq', '=', 'thread.last_message_seq'),
    )
    .leftJoin('latchkit_users as author', 'author.id', 'message.author_id')
    .leftJoin('latchkit_users as asker', 'asker.id', 'thread.handover_asked_by')
    .leftJoin('latchkit_users as agent', 'agent.id', 'thread.handover_agent')
    .leftJoin('latchkit_members as viewer', (join) =>
      join.onRef('viewer.thread_id', '=', 'thread.id').on('viewer.user_id', '=', viewerId),
    )
    .select(MESSAGE_COLUMNS)
    .select((eb) => [
      'thread.id as threadId',
      'thread.title',
      'thread.access',
      'thread.updated_at',
      'thread.last_seq',
      'thread.message_count',
      'thread.handover_state',
      'thread.handover_since',
      'thread.handover_asked_by',
      'thread.handover_agent',
      'thread.handover_reason',
      'thread.handover_version',
      'asker.name as asker_name',
      'asker.avatar_url as asker_avatar_url',
      'agent.name as agent_name',
      'agent.avatar_url as agent_avatar_url',
      'viewer.role',
      eb
        .selectFrom('latchkit_members as member')
        .select(eb.fn.countAll().as('count'))
        .whereRef('member.thread_id', '=', 'thread.id')
        .as('member_count'),
      // Of two members these are both: two looks into an index, for whichever thread.
      eb
        .selectFrom('latchkit_members as member')
        .select((member) => member.fn.min('member.user_id').as('first'))
        .whereRef('member.thread_id', '=', 'thread.id')
        .as('first_member'),
      eb
        .selectFrom('latchkit_members as member')
        .select((member) => member.fn.max('member.user_id').as('last'))
        .whereRef('member.thread_id', '=', 'thread.id')
        .as('last_member'),
    ])
    .$if(viewerId !== '', (query) =>
      query
        .leftJoin('latchkit_own_states as own', (join) =>
          join.onRef('own.thread_id', '=', 'thread.id').on('own.user_id', '=', viewerId),
        )
        .select(['own.read_seq', 'own.muted', isArchived.as('archived')])
        .select(
          sql<BigInteger>`(
            select count(*) from (
              select recent.author_id, recent.deleted_at from latchkit_messages as recent
              where recent.thread_id = thread.id
                and recent.event is null
                and recent.seq > coalesce(own.read_seq, case when viewer.role is null then thread.last_seq else 0 end)
              order by recent.seq desc limit ${sql.lit(COUNTED_MESSAGES)}
            ) as newest where newest.author_id <> ${viewerId} and newest.deleted_at is null
          )`.as('unread_count'),
        ),
    );
}

/** Members with what others see of them. */
export function members(db: Db, threadId: string) {
  return db
    .selectFrom('latchkit_members as member')
    .leftJoin('latchkit_users as person', 'person.id', 'member.user_id')
    .select(['member.thread_id', 'member.user_id', 'member.role', 'member.joined_at', 'person.name'])
    .select('person.avatar_url')
    .where('member.thread_id', '=', threadId);
}

type BigInteger = number | string;
type Nullable<T> = { [K in keyof T]: T[K] | null };
interface MessageRow {
  id: string;
  thread_id: string;
  seq: BigInteger;
  version: BigInteger;
  author_id: string;
  parts: string;
  previews: string | null;
  created_at: BigInteger;
  edited_at: BigInteger | null;
  deleted_at: BigInteger | null;
  answer: string | null;
  answer_history: string | null;
  event: string | null;
  reply_to: string | null;
  root_id: string | null;
  reply_count: BigInteger;
  pinned_at: BigInteger | null;
  pinned_by: string | null;
  name: string | null;
  avatar_url: string | null;
}
interface ThreadRow extends Nullable<MessageRow> {
  threadId: string;
  title: string;
  access: string;
  updated_at: BigInteger;
  last_seq: BigInteger;
  role: string | null;
  member_count: BigInteger | bigint | null;
  first_member: string | null;
  last_member: string | null;
  message_count: BigInteger;
  handover_state: string | null;
  handover_since: BigInteger | null;
  handover_asked_by: string | null;
  handover_agent: string | null;
  handover_reason: string | null;
  handover_version: BigInteger;
  asker_name: string | null;
  asker_avatar_url: string | null;
  agent_name: string | null;
  agent_avatar_url: string | null;
  /** These only where it was read for somebody. */
  read_seq?: BigInteger | null;
  muted?: number | null;
  archived?: number;
  unread_count?: BigInteger | bigint;
}
interface MemberRow {
  thread_id: string;
  user_id: string;
  role: string;
  joined_at: BigInteger;
  name: string | null;
  avatar_url: string | null;
}

export function toUser(id: string, name?: string | null, avatarUrl?: string | null): ChatUser {
  return { id, name: name ?? id, avatarUrl: avatarUrl ?? null };
}

/** The table's own check lets no other in. */
export function toRole(role: string): Role {
  return role as Role;
}

export function toAccess(access: string): ThreadAccess {
  return access === 'open' ? 'open' : 'members';
}

/** What a reply to this message shows of it. */
export function toQuote(row: MessageRow): Quote {
  return quoteOf(toMessage(row), row.root_id ?? row.id);
}

function toMessage(row: MessageRow, reactions: Reaction[] = [], replyTo?: Quote): StoredMessage {
  const replyCount = Number(row.reply_count);
  const { shown } = readPreviews(row.previews);
  return {
    id: row.id,
    threadId: row.thread_id,
    seq: Number(row.seq),
    version: Number(row.version),
    author: toUser(row.author_id, row.name, row.avatar_url),
    parts: JSON.parse(row.parts) as StoredPart[],
    createdAt: Number(row.created_at),
    editedAt: toTime(row.edited_at),
    deletedAt: toTime(row.deleted_at),
    reactions,
    ...(replyTo && { replyTo }),
    ...(row.pinned_at !== null && { pinned: { userId: row.pinned_by ?? '', at: Number(row.pinned_at) } }),
    ...(shown.length > 0 && { previews: shown }),
    ...(replyCount > 0 && { replyCount }),
    ...(row.answer !== null && { answer: JSON.parse(row.answer) as Answer }),
    ...(row.answer_history !== null && (JSON.parse(row.answer_history) as AnswerHistory)),
    ...(row.event !== null && { event: toEvent(row.event) }),
  };
}

/** Those whom it names by their ids, until their names are read. */
function toEvent(json: string): ThreadEvent {
  const { people, ...event } = JSON.parse(json) as StoredEvent;
  return people ? { ...event, people: people.map((id) => ({ id, name: id })) } : event;
}

/**
 * The rows' messages with their reactions, which one more statement reads for all of them, with what replies answer: another, and with
 * what the people are called whom they mention: one more, where there are any.
 */
export async function toMessages(db: Db, rows: readonly MessageRow[]): Promise<StoredMessage[]> {
  const reactions = await readReactions(
    db,
    rows.map((row) => row.id),
  );
  const quotes = await readQuotes(db, rows);
  return withNames(
    db,
    rows.map((row) => toMessage(row, reactions.get(row.id), quotes.get(row.reply_to ?? ''))),
  );
}

/** By the id of what is quoted. Read now and not kept with the reply: what was edited or deleted is quoted as it is. */
async function readQuotes(db: Db, rows: readonly MessageRow[]): Promise<Map<string, Quote>> {
  const ids = new Set(rows.flatMap((row) => row.reply_to ?? []));
  if (ids.size === 0) return new Map();
  const quoted = await messages(db)
    .where('message.id', 'in', [...ids])
    .execute();
  return new Map(quoted.map((row) => [row.id, toQuote(row)]));
}

export function toThread(row: ThreadRow): StoredThread {
  return {
    id: row.threadId,
    title: row.title,
    access: toAccess(row.access),
    role: row.role === null ? null : toRole(row.role),
    memberCount: Number(row.member_count),
    ...pairOf(row),
    // The left join gives either all of a message's columns or none.
    lastMessage: row.id === null ? null : toMessage(row as MessageRow),
    messageCount: Number(row.message_count),
    updatedAt: Number(row.updated_at),
    own: row.unread_count === undefined ? null : toOwnState(row),
    handover: toHandover(row),
    head: Number(row.last_seq),
  };
}

function pairOf({ access, member_count: count, first_member: first, last_member: last }: ThreadRow): {
  pair?: string[];
} {
  return access === 'members' && Number(count) === 2 && first !== null && last !== null ? { pair: [first, last] } : {};
}

function toHandover(row: ThreadRow): Handover {
  const { handover_asked_by: askedBy, handover_agent: agent } = row;
  return {
    state: (row.handover_state as Handover['state'] | null) ?? 'assistant',
    since: toTime(row.handover_since),
    askedBy: askedBy === null ? null : toUser(askedBy, row.asker_name, row.asker_avatar_url),
    agent: agent === null ? null : toUser(agent, row.agent_name, row.agent_avatar_url),
    reason: row.handover_reason,
    version: Number(row.handover_version),
  };
}

function toOwnState({ role, read_seq: readSeq, muted, archived, unread_count: unread }: ThreadRow): OwnThreadState {
  return {
    readSeq: readSeq === null || readSeq === undefined ? (role === null ? null : 0) : Number(readSeq),
    unreadCount: Math.min(Number(unread), MAX_UNREAD_COUNT),
    muted: muted === 1,
    archived: archived === 1,
  };
}

export function toMember(row: MemberRow): Member {
  return {
    threadId: row.thread_id,
    user: toUser(row.user_id, row.name, row.avatar_url),
    role: toRole(row.role),
    joinedAt: Number(row.joined_at),
  };
}

function toTime(value: BigInteger | null): number | null {
  return value === null ? null : Number(value);
}

/** Reactions by message, the first given first; of a thousand people who gave one only the first are read. */
async function readReactions(db: Db, messageIds: readonly string[]): Promise<Map<string, Reaction[]>> {
  const byMessage = new Map<string, Reaction[]>();
  if (messageIds.length === 0) return byMessage;
  const rows = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('latchkit_reactions')
        .select(['message_id', 'emoji', 'user_id', 'seq'])
        .select([
          sql<BigInteger>`row_number() over (partition by message_id, emoji order by seq)`.as('place'),
          sql<BigInteger>`count(*) over (partition by message_id, emoji)`.as('total'),
          sql<BigInteger>`min(seq) over (partition by message_id, emoji)`.as('first_seq'),
        ])
        .where('message_id', 'in', messageIds)
        .as('reaction'),
    )
    .selectAll()
    .where('place', '<=', MAX_REACTION_USERS)
    .orderBy('first_seq')
    .orderBy('seq')
    .execute();
  for (const row of rows) {
    const reactions = byMessage.get(row.message_id) ?? [];
    byMessage.set(row.message_id, reactions);
    const same = reactions.find((reaction) => reaction.emoji === row.emoji);
    if (same) same.userIds.push(row.user_id);
    else reactions.push({ emoji: row.emoji, count: Number(row.total), userIds: [row.user_id] });
  }
  return byMessage;
}
