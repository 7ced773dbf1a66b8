import {
  ChatError,
  MAX_ID_LENGTH,
  quoteOf,
  textOf,
  type Answer,
  type ChatUser,
  type Message,
  type MessagePart,
  type Quote,
  type Thread,
} from '../../../protocol/index.ts';
import type { HistoryPage, ThreadPage } from '../../index.ts';
import type { LoadedMessage, LoadedThread, TurnMessage } from './TurnPort.ts';

const PAGE = 50;
/** Where the numbers begin in a conversation with older messages: they are counted down from there. */
const MIDDLE = 1_000_000_000;

interface LogPeople {
  me: ChatUser;
  assistant: ChatUser;
}

/** A conversation of a server that has no numbers of its own: every message and every change of one gets the next. */
export class ThreadLog {
  readonly id: string;
  title: string;
  readonly #people: LogPeople;
  readonly #now: () => number;
  /** Ascending. */
  #messages: TurnMessage[] = [];
  #version = 0;
  #updatedAt: number;
  #readSeq = 0;
  /** It can be read, and not written in. */
  #isClosed = false;
  /** The far side has messages before the first one. */
  hasOlder = false;

  constructor(id: string, options: { title: string; people: LogPeople; now: () => number }) {
    this.id = id;
    this.title = options.title;
    this.#people = options.people;
    this.#now = options.now;
    this.#updatedAt = this.#now();
  }

  get messages(): readonly TurnMessage[] {
    return this.#messages;
  }

  get last(): TurnMessage | undefined {
    return this.#messages.at(-1);
  }

  get(messageId: string): Message | undefined {
    return this.#find(messageId)?.message;
  }

  /** @throws {ChatError} `message_not_found` */
  require(messageId: string): Message & { answer: Answer } {
    const message = this.get(messageId);
    if (!message?.answer) throw new ChatError('message_not_found', 'There is no such answer in this conversation.');
    return message as Message & { answer: Answer };
  }

  /** Puts what the far side has in place of what there is. */
  fill({ messages, hasOlder = false, ...told }: LoadedThread): void {
    this.tell(told);
    this.hasOlder = hasOlder;
    // What comes after a filling has greater numbers than anything before it.
    if (this.#version === 0 && hasOlder) this.#version = MIDDLE;
    this.#messages = [];
    for (const message of messages) this.#messages.push(this.#loaded(message, this.#version + 1));
    const time = this.last?.message.createdAt;
    if (time !== undefined) this.#updatedAt = time;
    this.#readSeq = this.#version;
  }

  tell({ title, isClosed }: Pick<LoadedThread, 'title' | 'isClosed'>): void {
    this.title = title ?? this.title;
    this.#isClosed = isClosed ?? this.#isClosed;
  }

  /** Puts what is older before the first one. */
  prepend({ messages, hasOlder = false }: LoadedThread): void {
    const first = this.#messages[0]?.message.seq ?? MIDDLE;
    const version = this.#version;
    const older = messages.map((message, index) => this.#loaded(message, first - messages.length + index));
    this.#version = version;
    this.#messages.unshift(...older);
    this.hasOlder = hasOlder;
  }

  append(given: Pick<Message, 'id' | 'parts' | 'replyTo'> & { answer?: Answer; author: ChatUser }): Message {
    const at = this.#now();
    const seq = (this.#version += 1);
    const { id, author, parts, answer, replyTo } = given;
    const message = this.#make(id, author, parts, { seq, at, answer, replyTo });
    this.#messages.push({ message, role: answer ? 'assistant' : 'user' });
    this.#updatedAt = at;
    return message;
  }

  change(messageId: string, change: Partial<Pick<Message, 'parts' | 'answer'>>, metadata?: unknown): Message {
    const index = this.#messages.findIndex(({ message }) => message.id === messageId);
    const known = this.#messages[index];
    if (!known) throw new ChatError('message_not_found', 'There is no such message in this conversation.');
    const message: Message = { ...known.message, ...change, version: (this.#version += 1) };
    this.#messages[index] = { ...known, message, ...(metadata !== undefined && { metadata }) };
    return message;
  }

  /** Drops what stands behind a message. @returns whether there was something */
  dropAfter(messageId: string): boolean {
    const index = this.#messages.findIndex(({ message }) => message.id === messageId);
    const { length } = this.#messages;
    if (index < 0 || index === length - 1) return false;
    this.#messages.length = index + 1;
    this.#version += 1;
    return true;
  }

  /** @returns whether it was there */
  drop(messageId: string): boolean {
    const index = this.#messages.findIndex(({ message }) => message.id === messageId);
    if (index < 0) return false;
    this.#messages.splice(index, 1);
    this.#version += 1;
    return true;
  }

  /** What a message shows of one that it answers; undefined where that is not there. */
  quote(messageId: string | undefined): Quote | undefined {
    const quoted = messageId === undefined ? undefined : this.get(messageId);
    return quoted && quoteOf(quoted, quoted.replyTo?.rootId ?? quoted.id);
  }

  page(afterSeq: number | undefined, current: (message: Message) => Message): ThreadPage {
    const base = { thread: this.thread, lastSeq: this.#version };
    const all = this.#messages.map(({ message }) => message);
    const since = afterSeq === undefined ? null : all.filter(({ version }) => version > afterSeq);
    if (since && afterSeq! <= this.#version && since.length <= PAGE) {
      return { ...base, messages: since.map(current), hasOlder: this.hasOlder, gap: false };
    }
    const messages = all.slice(-PAGE).map(current);
    return { ...base, messages, hasOlder: this.hasOlder || all.length > PAGE, gap: afterSeq !== undefined };
  }

  older({ beforeSeq, limit }: { beforeSeq: number; limit: number }): HistoryPage {
    const before = this.#messages.filter(({ message }) => message.seq < beforeSeq);
    const messages = before.slice(-limit).map(({ message }) => message);
    return { messages, hasOlder: this.hasOlder || before.length > messages.length };
  }

  read(seq: number): void {
    this.#readSeq = Math.max(this.#readSeq, seq);
  }

  get thread(): Thread {
    const unread = this.#messages.filter(({ message, role }) => role === 'assistant' && message.seq > this.#readSeq);
    return {
      id: this.id,
      title: this.title,
      access: 'members',
      // It is theirs alone.
      role: this.#isClosed ? 'readonly' : 'owner',
      memberCount: 2,
      messageCount: this.#messages.length,
      lastMessage: this.last?.message ?? null,
      updatedAt: this.#updatedAt,
      own: { readSeq: this.#readSeq, unreadCount: unread.length, muted: false, archived: false },
    };
  }

  #find(messageId: string): TurnMessage | undefined {
    return this.#messages.find(({ message }) => message.id === messageId);
  }

  /** The far side says what was quoted, and not of whom: of the last that says it. */
  #quoteOf(text: string, byId: string): Quote {
    const of = this.#messages.findLast(({ message }) => textOf(message.parts).includes(text))?.message;
    if (of && textOf(of.parts) === text) return quoteOf(of, of.replyTo?.rootId ?? of.id);
    // A piece is no message that one could go to, and shows no other words when that changes.
    const id = `quote-${byId}`.slice(0, MAX_ID_LENGTH);
    const parts = [{ type: 'text' as const, text }];
    return quoteOf({ id, author: of?.author ?? this.#people.assistant, parts, deletedAt: null }, id);
  }

  #loaded({ id, role, parts, metadata, createdAt, quoted }: LoadedMessage, seq: number): TurnMessage {
    this.#version = Math.max(this.#version, seq);
    const { me, assistant } = this.#people;
    const to = this.#messages.findLast((each) => each.role === 'user')?.message.id ?? '';
    const answer = role === 'assistant' ? { status: 'done' as const, to, run: 1, at: 0, error: null } : undefined;
    const author = role === 'assistant' ? assistant : me;
    const at = createdAt ?? this.#now();
    const replyTo = quoted === undefined ? undefined : this.#quoteOf(quoted, id);
    const message = this.#make(id, author, [...parts], { seq, at, answer, replyTo });
    return { message, role, ...(metadata !== undefined && { metadata }) };
  }

  #make(
    id: string,
    author: ChatUser,
    parts: MessagePart[],
    more: { seq: number; at: number; answer: Answer | undefined; replyTo: Quote | undefined },
  ): Message {
    const { seq, at, answer, replyTo } = more;
    return {
      id,
      threadId: this.id,
      seq,
      version: seq,
      author,
      parts,
      createdAt: at,
      editedAt: null,
      deletedAt: null,
      reactions: [],
      ...(answer && { answer }),
      ...(replyTo && { replyTo }),
    };
  }
}
