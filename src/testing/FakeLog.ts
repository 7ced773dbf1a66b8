import type { Clock, HistoryPage, ThreadPage } from '../client/index.ts';
import {
  MAX_PAGE_SIZE,
  MAX_TEXT_LENGTH,
  textOf,
  type ChatUser,
  type Message,
  type MessagePart,
  type Thread,
} from '../protocol/index.ts';
import { toChatError } from './fake-errors.ts';
import type { FakeThread, FakeUser } from './fake-types.ts';

interface StoredThread {
  id: string;
  title: string;
  access: Thread['access'];
  members: ReadonlySet<string>;
  createdAt: number;
  messages: Message[];
}

interface NewMessage {
  threadId: string;
  author: string;
  parts: MessagePart[];
  /** Default: `{threadId}-{seq}`. */
  id?: string;
  /** Default: now. */
  createdAt?: number;
}

const MINUTE_MS = 60_000;

/** What a server's database holds: people, conversations, and each conversation's log, numbered without a gap. */
export class FakeLog {
  readonly #clock: Clock;
  readonly #pageSize: number;
  readonly #users = new Map<string, ChatUser>();
  readonly #threads = new Map<string, StoredThread>();
  readonly #byId = new Map<string, Message>();

  constructor(options: { clock: Clock; pageSize: number }) {
    this.#clock = options.clock;
    this.#pageSize = options.pageSize;
  }

  setUser({ id, name = id, avatarUrl = null }: FakeUser): ChatUser {
    const user = { id, name, avatarUrl };
    this.#users.set(id, user);
    return user;
  }

  /** Makes a thread, or changes what is given of it; returns the messages that were added. */
  setThread({ id, title, access, members, messages = [] }: FakeThread): Message[] {
    const now = this.#clock.now();
    const old = this.#threads.get(id);
    this.#threads.set(id, {
      id,
      title: title ?? old?.title ?? id,
      access: access ?? (members ? 'members' : (old?.access ?? 'open')),
      members: members ? new Set(members) : (old?.members ?? new Set()),
      createdAt: old?.createdAt ?? now - (messages.length + 1) * MINUTE_MS,
      messages: old?.messages ?? [],
    });
    return messages.map(({ author, text, id: messageId, minutesAgo }, index) =>
      this.append({
        threadId: id,
        author,
        parts: [{ type: 'text', text }],
        id: messageId,
        createdAt: now - (minutesAgo ?? messages.length - index) * MINUTE_MS,
      }),
    );
  }

  threadsOf(userId: string): Thread[] {
    return [...this.#threads.values()]
      .filter((thread) => mayRead(thread, userId))
      .map(view)
      .sort((a, b) => b.updatedAt - a.updatedAt);
  }

  /** @throws {ChatError} `thread_not_found`, `thread_forbidden` */
  page(threadId: string, userId: string, afterSeq?: number): ThreadPage {
    const thread = this.#readable(threadId, userId);
    const missed = afterSeq === undefined ? undefined : thread.messages.slice(afterSeq);
    if (missed && missed.length <= this.#pageSize) {
      return { thread: view(thread), messages: missed, hasOlder: afterSeq !== 0, gap: false };
    }
    const messages = thread.messages.slice(-this.#pageSize);
    return {
      thread: view(thread),
      messages,
      hasOlder: messages.length < thread.messages.length,
      gap: missed !== undefined,
    };
  }

  /** @throws {ChatError} `thread_not_found`, `thread_forbidden`, `bad_request` */
  older(threadId: string, userId: string, { beforeSeq, limit }: { beforeSeq: number; limit: number }): HistoryPage {
    const thread = this.#readable(threadId, userId);
    if (limit < 1 || limit > MAX_PAGE_SIZE) throw toChatError('bad_request');
    // The log has no gap, so a message's place in the array is its seq less one.
    const end = Math.max(0, beforeSeq - 1);
    const start = Math.max(0, end - limit);
    return { messages: thread.messages.slice(start, end), hasOlder: start > 0 };
  }

  /**
   * Stores a person's message; the same id by the same author is stored once.
   * @throws {ChatError} `thread_not_found`, `thread_forbidden`, `message_empty`, `message_too_long`, `message_conflict`
   */
  send(message: NewMessage & { id: string }): { message: Message; stored: boolean } {
    this.#readable(message.threadId, message.author);
    const text = textOf(message.parts);
    if (text.trim() === '') throw toChatError('message_empty');
    if (text.length > MAX_TEXT_LENGTH) throw toChatError('message_too_long');
    const known = this.#byId.get(message.id);
    if (!known) return { message: this.append(message), stored: true };
    if (known.threadId !== message.threadId || known.author.id !== message.author)
      throw toChatError('message_conflict');
    return { message: known, stored: false };
  }

  /** @throws {ChatError} `thread_not_found` */
  messages(threadId: string): readonly Message[] {
    return this.#thread(threadId).messages;
  }

  /** @throws {ChatError} `thread_not_found` */
  view(threadId: string): Thread {
    return view(this.#thread(threadId));
  }

  mayRead(threadId: string, userId: string): boolean {
    return mayRead(this.#thread(threadId), userId);
  }

  /** Stores a message without asking who may write: the test's own hand. */
  append({ threadId, author, parts, id, createdAt = this.#clock.now() }: NewMessage): Message {
    const { messages } = this.#thread(threadId);
    const seq = messages.length + 1;
    const message: Message = {
      id: id ?? `${threadId}-${seq}`,
      threadId,
      seq,
      author: this.#users.get(author) ?? { id: author, name: author, avatarUrl: null },
      parts,
      createdAt,
    };
    messages.push(message);
    this.#byId.set(message.id, message);
    return message;
  }

  #thread(threadId: string): StoredThread {
    const thread = this.#threads.get(threadId);
    if (!thread) throw toChatError('thread_not_found');
    return thread;
  }

  #readable(threadId: string, userId: string): StoredThread {
    const thread = this.#thread(threadId);
    if (!mayRead(thread, userId)) throw toChatError('thread_forbidden');
    return thread;
  }
}

function mayRead(thread: StoredThread, userId: string): boolean {
  return thread.access === 'open' || thread.members.has(userId);
}

function view({ id, title, access, createdAt, messages }: StoredThread): Thread {
  const lastMessage = messages.at(-1) ?? null;
  return { id, title, access, lastMessage, updatedAt: lastMessage?.createdAt ?? createdAt };
}
