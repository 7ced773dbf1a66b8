import type { ChatUser, Message, MessagePart, Thread } from '../../protocol/index.ts';
import type { RevocationEntry, Revocations } from '../token/Revocations.ts';
import type { ThreadInput } from '../types.ts';

/** Most conversations in one list. */
export const MAX_THREADS_LISTED = 100;

export interface MessageInput {
  /** Made by the sender's client; what makes appending twice the same as once. */
  id: string;
  threadId: string;
  authorId: string;
  parts: MessagePart[];
}

/**
 * Where conversations last. A resolved call is durable: it survives `kill -9` and a power loss. Every rejection is a `ChatError`,
 * `database_unavailable` when trying again can help.
 */
export interface ChatStorage extends Revocations {
  /**
   * Brings the tables up to this version. Safe when several nodes call it at once.
   * @throws {ChatError} `database_newer`, `database_damaged`, `database_unavailable`
   */
  migrate(): Promise<void>;
  /** Resolves when the database answers. */
  check(): Promise<void>;
  upsertUser(user: ChatUser): Promise<void>;
  /** Somebody never seen before is shown by the id. */
  getUser(userId: string): Promise<ChatUser>;
  /** Makes a thread or brings it up to date; `members`, when given, replaces the members. */
  upsertThread(thread: ThreadInput): Promise<Thread>;
  /** Null when there is none by that id. */
  getThread(threadId: string): Promise<Thread | null>;
  isMember(threadId: string, userId: string): Promise<boolean>;
  memberIds(threadId: string): Promise<string[]>;
  /** Open threads and the person's own, the latest first; at most {@link MAX_THREADS_LISTED}. */
  listThreads(userId: string): Promise<Thread[]>;
  /**
   * Gives the message the thread's next `seq`. Appending the same message again returns the stored one.
   * @throws {ChatError} `thread_not_found`; `message_conflict` when the id belongs to another message
   */
  appendMessage(message: MessageInput): Promise<Message>;
  /** The last `limit` messages, in ascending `seq`. */
  newestMessages(threadId: string, limit: number): Promise<Message[]>;
  /** The first `limit` messages with a greater `seq`, ascending. */
  messagesAfter(threadId: string, seq: number, limit: number): Promise<Message[]>;
  /** The last `limit` messages with a smaller `seq`, ascending. */
  messagesBefore(threadId: string, seq: number, limit: number): Promise<Message[]>;
  /** Keeps a revocation until it expires; of two for the same session or person the one that reaches further. */
  addRevocation(revocation: RevocationEntry): Promise<void>;
  close(): Promise<void>;
}
