import type { Transaction } from 'kysely';
import { ChatError, MAX_REACTIONS, type Answer, type ChatUser, type Quote } from '../../protocol/index.ts';
import type { StoredPart } from '../attachments/AttachmentPort.ts';
import type {
  AnswerHistory,
  AnswerInput,
  SaveAnswerOptions,
  MessageChange,
  MessageInput,
  MessageKey,
  ReactionInput,
  StoredMessage,
} from './ChatStorage.ts';
import { lockThread } from './lock-thread.ts';
import { withNames, withoutMentions, withoutNames } from './mention-names.ts';
import { keptPreviews } from './stored-previews.ts';
import { getMessage } from './message-reads.ts';
import { messages, toMessages, toQuote, toUser, type Db } from './rows.ts';
import type { Schema } from './schema.ts';
import { searchText, type SearchIndex } from './SearchIndex.ts';

/** Rolls the transaction back, and with it the place that it took. Never leaves the storage. */
export class AlreadyStored extends Error {}

export async function append(
  db: Transaction<Schema>,
  { id, threadId, authorId, parts, replyTo, answer, asked }: MessageInput,
  now: number,
  index: SearchIndex,
): Promise<StoredMessage> {
  const isReply = replyTo !== undefined;
  // First, because it locks: the row in Postgres, the database in SQLite. So places are given in the order of the commits.
  const thread = await db
    .updateTable('latchkit_threads')
    .set((eb) => ({
      last_seq: eb('last_seq', '+', isReply ? 2 : 1),
      last_message_seq: eb('last_seq', '+', 1),
      message_count: eb('message_count', '+', 1),
      updated_at: now,
    }))
    .where('id', '=', threadId)
    .returning('last_seq')
    .executeTakeFirst();
  if (!thread) throw new ChatError('thread_not_found', 'There is no such conversation.');
  const head = Number(thread.last_seq);
  const seq = isReply ? head - 1 : head;
  const quote = isReply ? await readQuote(db, threadId, replyTo) : undefined;
  const inserted = await db
    .insertInto('latchkit_messages')
    .values({
      ...newRow({ id, threadId, authorId, parts, answer, asked }, seq, now, index),
      reply_to: quote?.id ?? null,
      root_id: quote?.rootId ?? null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!inserted) throw new AlreadyStored();
  await index.added(db, [{ id, text: searchText(parts) }]);
  if (quote) await countReply(db, quote.rootId, 1, head);
  const row = await db.selectFrom('latchkit_users').selectAll().where('id', '=', authorId).executeTakeFirst();
  const author = toUser(authorId, row?.name, row?.avatar_url);
  const stored = newMessage({ id, threadId, parts, answer }, seq, author, now, quote);
  return oneOf(await withNames(db, [stored]));
}

/** What is stored of a message that answers none. */
export function newRow(
  { id, threadId, authorId, parts, answer, asked }: MessageInput,
  seq: number,
  now: number,
  index: SearchIndex,
) {
  return {
    id,
    thread_id: threadId,
    seq,
    version: seq,
    author_id: authorId,
    parts: JSON.stringify(withoutNames(parts)),
    created_at: now,
    answer: answer ? JSON.stringify(answer) : null,
    answer_beat: beatOf(answer, now),
    answer_history: asked === undefined ? null : JSON.stringify({ asked } satisfies AnswerHistory),
    ...index.columns(searchText(parts)),
  };
}

/** A message as it is right after it was stored. */
export function newMessage(
  { id, threadId, parts, answer }: Pick<MessageInput, 'id' | 'threadId' | 'parts' | 'answer'>,
  seq: number,
  author: ChatUser,
  now: number,
  quote?: Quote,
): StoredMessage {
  return {
    id,
    threadId,
    seq,
    version: seq,
    author,
    parts,
    createdAt: now,
    editedAt: null,
    deletedAt: null,
    reactions: [],
    ...(quote && { replyTo: quote }),
    ...(answer && { answer }),
  };
}

/** The message that has the id already, if it is the same one. */
export async function again(db: Db, { id, threadId, authorId, parts, replyTo }: MessageInput): Promise<StoredMessage> {
  const row = await messages(db).where('message.id', '=', id).executeTakeFirst();
  const isSame =
    row?.thread_id === threadId &&
    row.author_id === authorId &&
    row.reply_to === (replyTo ?? null) &&
    // What it said at first is not known any more once it was edited or deleted.
    (row.edited_at !== null || row.deleted_at !== null || saysTheSame(row.parts, parts));
  if (!isSame) throw new ChatError('message_conflict', 'This id belongs to another message already.');
  return oneOf(await toMessages(db, [row]));
}

function saysTheSame(stored: string, parts: readonly StoredPart[]): boolean {
  const before = withoutMentions(JSON.parse(stored) as StoredPart[]);
  return JSON.stringify(before) === JSON.stringify(withoutMentions(parts));
}

/** A message whose thread is locked, so that nothing of it changes until the transaction ends. */
interface Change {
  db: Transaction<Schema>;
  key: MessageKey;
  before: StoredMessage;
  now: number;
  /** The log's next place, taken by calling it: for the message. */
  takePlace: () => Promise<number>;
  /** Counts the message as a reply no more; what the replies begin with takes the next place. */
  uncountReply: () => Promise<void>;
}

/** @returns whether anything changed; what changes nothing takes no place */
export type Work = (change: Change) => Promise<boolean>;

/** Runs one change of one message. */
export async function change(
  db: Transaction<Schema>,
  key: MessageKey,
  now: number,
  work: Work,
): Promise<MessageChange> {
  const head = await lockThread(db, key.threadId, 'message_not_found');
  const before = await getMessage(db, key);
  if (!before) throw notFound();
  if (before.event) throw systemMessage('cannot be changed');
  let place = head;
  const nextPlace = async () => {
    place += 1;
    await db.updateTable('latchkit_threads').set({ last_seq: place }).where('id', '=', key.threadId).execute();
    return place;
  };
  const takePlace = async () => {
    const version = await nextPlace();
    await db.updateTable('latchkit_messages').set({ version }).where('id', '=', key.messageId).execute();
    return version;
  };
  const uncountReply = async () => {
    if (before.replyTo) await countReply(db, before.replyTo.rootId, -1, await nextPlace());
  };
  const changed = await work({ db, key, before, now, takePlace, uncountReply });
  const message = changed ? await getMessage(db, key) : before;
  if (!message) throw notFound();
  return { message, partsBefore: before.parts, previewsBefore: before.previews ?? [] };
}

export function edit(parts: StoredPart[], index: SearchIndex): Work {
  return async ({ db, key, before, now, takePlace }) => {
    if (before.deletedAt !== null) throw notFound();
    const json = JSON.stringify(withoutNames(parts));
    if (json === JSON.stringify(withoutNames(before.parts))) return false;
    await takePlace();
    await db
      .updateTable('latchkit_messages')
      .set({ parts: json, previews: await keptPreviews(db, key.messageId, parts), edited_at: now })
      .where('id', '=', key.messageId)
      .execute();
    await index.changed(db, key.messageId, searchText(parts));
    return true;
  };
}

export function remove(index: SearchIndex): Work {
  return async ({ db, key, before, now, takePlace, uncountReply }) => {
    if (before.deletedAt !== null) return false;
    await takePlace();
    await db
      .updateTable('latchkit_messages')
      .set({
        parts: '[]',
        previews: null,
        deleted_at: now,
        answer: null,
        answer_beat: null,
        answer_history: null,
        pinned_at: null,
        pinned_by: null,
      })
      .where('id', '=', key.messageId)
      .execute();
    await index.changed(db, key.messageId, '');
    await db.deleteFrom('latchkit_reactions').where('message_id', '=', key.messageId).execute();
    await uncountReply();
    return true;
  };
}

export function react({ userId, emoji }: ReactionInput): Work {
  return async ({ db, key, before, takePlace }) => {
    if (before.deletedAt !== null) throw notFound();
    if (await hasReaction(db, key.messageId, emoji, userId)) return false;
    const isNew = before.reactions.every((reaction) => reaction.emoji !== emoji);
    if (isNew && before.reactions.length >= MAX_REACTIONS) {
      throw new ChatError('bad_request', `A message takes at most ${MAX_REACTIONS} different reactions.`);
    }
    const seq = await takePlace();
    await db
      .insertInto('latchkit_reactions')
      .values({ message_id: key.messageId, emoji, user_id: userId, seq })
      .execute();
    return true;
  };
}

export function takeBack({ userId, emoji }: ReactionInput): Work {
  return async ({ db, key, takePlace }) => {
    if (!(await hasReaction(db, key.messageId, emoji, userId))) return false;
    await takePlace();
    await db
      .deleteFrom('latchkit_reactions')
      .where('message_id', '=', key.messageId)
      .where('emoji', '=', emoji)
      .where('user_id', '=', userId)
      .execute();
    return true;
  };
}

export async function saveAnswer(
  db: Transaction<Schema>,
  { threadId, messageId, parts, answer, was, history }: AnswerInput,
  { takePlace, growing = !takePlace }: SaveAnswerOptions,
  now: number,
  index: SearchIndex,
): Promise<StoredMessage | null> {
  const head = await lockThread(db, threadId, 'message_not_found');
  const before = await getMessage(db, { threadId, messageId });
  if (!before || before.deletedAt !== null || before.answer?.run !== was) return null;
  if (growing && before.answer.status !== 'streaming') return null;
  const version = takePlace ? head + 1 : before.version;
  if (takePlace)
    await db.updateTable('latchkit_threads').set({ last_seq: version }).where('id', '=', threadId).execute();
  await db
    .updateTable('latchkit_messages')
    .set({
      parts: JSON.stringify(parts),
      answer: JSON.stringify(answer),
      answer_beat: beatOf(answer, now),
      version,
      ...(history && { answer_history: JSON.stringify(history) }),
    })
    .where('id', '=', messageId)
    .execute();
  // Found once it says all that it will.
  if (answer.status !== 'streaming') await index.changed(db, messageId, searchText(parts));
  return { ...before, ...history, parts, answer, version };
}

export async function staleAnswers(db: Db, before: number, limit: number): Promise<StoredMessage[]> {
  const rows = await messages(db)
    .where('message.answer_beat', 'is not', null)
    .where('message.answer_beat', '<', before)
    .orderBy('message.answer_beat')
    .limit(limit)
    .execute();
  return toMessages(db, rows);
}

function beatOf(answer: Answer | undefined, now: number): number | null {
  return answer?.status === 'streaming' ? now : null;
}

/** @throws {ChatError} `message_not_found` when the thread has none by that id */
async function readQuote(db: Db, threadId: string, messageId: string): Promise<Quote> {
  const row = await messages(db)
    .where('message.id', '=', messageId)
    .where('message.thread_id', '=', threadId)
    .executeTakeFirst();
  if (!row) throw new ChatError('message_not_found', 'What it answers is no message of this conversation.');
  if (row.event !== null) throw systemMessage('cannot be answered');
  return toQuote(row);
}

async function countReply(db: Db, rootId: string, by: 1 | -1, version: number): Promise<void> {
  await db
    .updateTable('latchkit_messages')
    .set((eb) => ({ version, reply_count: eb('reply_count', '+', by) }))
    .where('id', '=', rootId)
    .execute();
}

async function hasReaction(db: Db, messageId: string, emoji: string, userId: string): Promise<boolean> {
  const row = await db
    .selectFrom('latchkit_reactions')
    .select('user_id')
    .where('message_id', '=', messageId)
    .where('emoji', '=', emoji)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row !== undefined;
}

function systemMessage(what: string): ChatError {
  return new ChatError('system_message', `What a conversation tells of itself ${what}.`);
}

export function notFound(): ChatError {
  return new ChatError('message_not_found', 'There is no such message in this conversation.');
}

function oneOf(stored: readonly StoredMessage[]): StoredMessage {
  const [message] = stored;
  if (!message) throw notFound();
  return message;
}
