import type { Kysely, Transaction } from 'kysely';
import type { ChatUser, Message, MessagePart, Thread } from '../../protocol/index.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema> | Transaction<Schema>;

/** Messages with their authors. */
export function messages(db: Db) {
  return db
    .selectFrom('latchkit_messages as message')
    .leftJoin('latchkit_users as author', 'author.id', 'message.author_id')
    .select([
      'message.id',
      'message.thread_id',
      'message.seq',
      'message.author_id',
      'message.parts',
      'message.created_at',
      'author.name',
      'author.avatar_url',
    ]);
}

/** Threads with their last messages. */
export function threads(db: Db) {
  return db
    .selectFrom('latchkit_threads as thread')
    .leftJoin('latchkit_messages as message', (join) =>
      join.onRef('message.thread_id', '=', 'thread.id').onRef('message.seq', '=', 'thread.last_seq'),
    )
    .leftJoin('latchkit_users as author', 'author.id', 'message.author_id')
    .select([
      'thread.id as threadId',
      'thread.title',
      'thread.access',
      'thread.updated_at',
      'message.id',
      'message.thread_id',
      'message.seq',
      'message.author_id',
      'message.parts',
      'message.created_at',
      'author.name',
      'author.avatar_url',
    ]);
}

type Nullable<T> = { [K in keyof T]: T[K] | null };
interface MessageRow {
  id: string;
  thread_id: string;
  seq: number | string;
  author_id: string;
  parts: string;
  created_at: number | string;
  name: string | null;
  avatar_url: string | null;
}
interface ThreadRow extends Nullable<MessageRow> {
  threadId: string;
  title: string;
  access: string;
  updated_at: number | string;
}

export function toUser(id: string, name?: string | null, avatarUrl?: string | null): ChatUser {
  return { id, name: name ?? id, avatarUrl: avatarUrl ?? null };
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    threadId: row.thread_id,
    seq: Number(row.seq),
    author: toUser(row.author_id, row.name, row.avatar_url),
    parts: JSON.parse(row.parts) as MessagePart[],
    createdAt: Number(row.created_at),
  };
}

export function toThread(row: ThreadRow): Thread {
  return {
    id: row.threadId,
    title: row.title,
    access: row.access === 'open' ? 'open' : 'members',
    // The left join gives either all of a message's columns or none.
    lastMessage: row.id === null ? null : toMessage(row as MessageRow),
    updatedAt: Number(row.updated_at),
  };
}
