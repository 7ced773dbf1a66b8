import type { Clock, HistoryPage, HistoryWindow, ReplyPage, ThreadPage } from '../client/index.ts';
import {
  MAX_PAGE_SIZE,
  MAX_PINS,
  type Answer,
  handoverAfter,
  quoteOf,
  type ChatUser,
  type FilePart,
  type Handover,
  type LinkPreview,
  type Member,
  type Message,
  type MessagePart,
  type MessagePartInput,
  type Rating,
  type Role,
  type Thread,
  type ThreadAccess,
  type ThreadEvent,
  textOf,
} from '../protocol/index.ts';
import { toChatError } from './fake-errors.ts';
import { FakeOwnStates } from './FakeOwnStates.ts';

export interface NewMessage {
  author: ChatUser;
  parts: readonly MessagePartInput[];
  /** Default: `{threadId}-{seq}`. */
  id?: string;
  /** Default: now. */
  createdAt?: number;
  /** Of an assistant's answer. */
  answer?: Answer;
  /** Of a system message, which has no parts. */
  event?: ThreadEvent | undefined;
  /** The id of the message that it answers. */
  replyTo?: string | undefined;
}

/** What goes with a message beside what it says. */
const GONE = { pinned: undefined, previews: undefined };

/** One conversation as a server's database holds it: who is in it, and a log in which every change takes one place. */
export class FakeConversation {
  readonly id: string;
  readonly createdAt: number;
  title: string;
  access: ThreadAccess = 'open';
  /** Files that were uploaded to it, by `attachmentId`. */
  readonly files = new Map<string, FilePart>();
  readonly members = new Map<string, { role: Role; joinedAt: number }>();
  readonly #clock: Clock;
  readonly #ratings = new Map<string, Rating>();
  readonly #messages = new Map<string, Message>();
  /** What it is to each person alone. */
  readonly own: FakeOwnStates;
  /** Who answers in it; null where there is no assistant. */
  handover: Handover | null = null;
  #lastSeq = 0;

  constructor(id: string, options: { clock: Clock; createdAt: number }) {
    this.id = id;
    this.title = id;
    this.createdAt = options.createdAt;
    this.#clock = options.clock;
    this.own = new FakeOwnStates(options.clock, this.#messages);
  }

  /** Ascending by `seq`. */
  get messages(): readonly Message[] {
    return [...this.#messages.values()];
  }

  roleOf(userId: string): Role | null {
    return this.members.get(userId)?.role ?? null;
  }

  mayRead(userId: string): boolean {
    return this.access === 'open' || this.members.has(userId);
  }

  mayWrite(userId: string): boolean {
    return this.mayRead(userId) && this.roleOf(userId) !== 'readonly';
  }

  setMember(userId: string, role: Role | null): void {
    if (role === null) {
      this.members.delete(userId);
      this.own.forget(userId);
      return;
    }
    if (!this.members.has(userId)) this.own.begin(userId);
    this.members.set(userId, { role, joinedAt: this.members.get(userId)?.joinedAt ?? this.#clock.now() });
  }

  viewFor(userId: string): Thread {
    const { id, title, access } = this;
    const lastMessage = this.#lastSaid ?? null;
    const updatedAt = lastMessage?.createdAt ?? this.createdAt;
    return {
      id,
      title,
      access,
      role: this.roleOf(userId),
      memberCount: this.members.size,
      ...(access === 'members' && this.members.size === 2 && { pair: [...this.members.keys()].sort() }),
      messageCount: this.messages.filter(({ event }) => !event).length,
      lastMessage,
      updatedAt,
      own: this.own.of(userId, this.members.has(userId)),
      ...(this.handover && { handover: this.handover }),
    };
  }

  /** The last message that is no system message. */
  get #lastSaid(): Message | undefined {
    return this.messages.findLast(({ event }) => !event);
  }

  /** The first to join first. */
  memberList(user: (id: string) => ChatUser): Member[] {
    return [...this.members]
      .map(([id, { role, joinedAt }]) => ({ threadId: this.id, user: user(id), role, joinedAt }))
      .sort((a, b) => a.joinedAt - b.joinedAt || (a.user.id < b.user.id ? -1 : 1));
  }

  page(userId: string, pageSize: number, afterSeq?: number): ThreadPage {
    const page = { thread: this.viewFor(userId), lastSeq: this.#lastSeq };
    const missed = this.messages.filter(({ version }) => version > (afterSeq ?? 0));
    if (afterSeq !== undefined && afterSeq <= this.#lastSeq && missed.length <= pageSize) {
      const messages = missed.sort((a, b) => a.version - b.version);
      return { ...page, messages, hasOlder: afterSeq > 0, gap: false };
    }
    const messages = this.messages.slice(-pageSize);
    return { ...page, messages, hasOlder: messages.length < this.#messages.size, gap: afterSeq !== undefined };
  }

  /** @throws {ChatError} `bad_request` */
  older({ beforeSeq, limit }: { beforeSeq: number; limit: number }): HistoryPage {
    if (limit < 1 || limit > MAX_PAGE_SIZE) throw toChatError('bad_request');
    const older = this.messages.filter(({ seq }) => seq < beforeSeq);
    return { messages: older.slice(-limit), hasOlder: older.length > limit };
  }

  /** @throws {ChatError} `bad_request` */
  newer({ afterSeq, limit }: { afterSeq: number; limit: number }): HistoryWindow {
    if (limit < 1 || limit > MAX_PAGE_SIZE) throw toChatError('bad_request');
    const newer = this.messages.filter(({ seq }) => seq > afterSeq);
    const messages = newer.slice(0, limit);
    return { messages, hasOlder: (messages[0]?.seq ?? 1) > 1, hasNewer: newer.length > limit };
  }

  /** @throws {ChatError} `bad_request`, `message_not_found` */
  around({ messageId, limit }: { messageId: string; limit: number }): HistoryWindow {
    const { seq } = this.#message(messageId);
    const half = Math.ceil(limit / 2);
    const { messages: older, hasOlder } = this.older({ beforeSeq: seq + 1, limit: half });
    const newer = this.messages.filter((message) => message.seq > seq);
    const messages = [...older, ...newer.slice(0, limit - half)];
    return { messages, hasOlder, hasNewer: newer.length > limit - half };
  }

  get(messageId: string): Message | undefined {
    return this.#messages.get(messageId);
  }

  /** @throws {ChatError} `bad_request` */
  replies(rootId: string, { beforeSeq, limit }: { beforeSeq?: number; limit: number }): ReplyPage {
    if (limit < 1 || limit > MAX_PAGE_SIZE) throw toChatError('bad_request');
    const before = beforeSeq ?? Number.MAX_SAFE_INTEGER;
    const replies = this.messages.filter(({ replyTo, seq }) => replyTo?.rootId === rootId && seq < before);
    const root = this.#message(rootId);
    return {
      root: beforeSeq === undefined ? root : null,
      messages: replies.slice(-limit),
      hasOlder: replies.length > limit,
    };
  }

  /** @throws {ChatError} `message_not_found` when what it answers is not here */
  append({ author, parts, id, createdAt = this.#clock.now(), replyTo, answer, event }: NewMessage): Message {
    const answered = replyTo === undefined ? undefined : this.#said(replyTo);
    this.#lastSeq += 1;
    const seq = this.#lastSeq;
    const message: Message = {
      id: id ?? `${this.id}-${seq}`,
      threadId: this.id,
      seq,
      version: seq,
      author,
      parts: this.#stored(parts),
      createdAt,
      editedAt: null,
      deletedAt: null,
      reactions: [],
      ...(answer && { answer }),
      ...(event && { event }),
      ...(answered && { replyTo: quoteOf(answered, answered.replyTo?.rootId ?? answered.id) }),
    };
    this.#messages.set(message.id, message);
    if (this.handover) this.handover = handoverAfter(this.handover, message);
    if (message.replyTo) this.#countReplies(message.replyTo.rootId);
    return message;
  }

  /** What the replies begin with counts them, and takes a place in the log for it. */
  #countReplies(rootId: string): void {
    const count = this.messages.filter(
      ({ replyTo, deletedAt }) => replyTo?.rootId === rootId && deletedAt === null,
    ).length;
    this.#change(this.#message(rootId), { replyCount: count > 0 ? count : undefined });
  }

  /** Another state of an answer, or other parts of it. @throws {ChatError} `message_not_found` */
  setAnswer(messageId: string, change: Partial<Answer>, parts?: MessagePart[]): Message {
    const before = this.#undeleted(messageId);
    if (!before.answer) throw toChatError('message_not_found');
    const answer = { ...before.answer, ...change };
    const isAgain = answer.run > before.answer.run && before.parts.length > 0;
    const question = textOf(this.get(answer.to)?.parts ?? []);
    const attempts = [...(before.attempts ?? []), { run: before.answer.run, parts: before.parts, question }];
    return this.#change(before, { answer, parts: parts ?? before.parts, ...(isAgain && { attempts }) });
  }

  /**
   * What somebody thinks of an answer from now on.
   * @throws {ChatError} `message_not_found`
   */
  rate(messageId: string, userId: string, rating?: Rating): Rating {
    if (!this.get(messageId)?.answer) throw toChatError('message_not_found');
    const key = `${messageId} ${userId}`;
    if (rating) this.#ratings.set(key, rating);
    return this.#ratings.get(key) ?? { value: null, reason: null };
  }

  /** @throws {ChatError} `message_not_found` */
  edit(messageId: string, parts: readonly MessagePartInput[]): Message {
    const before = this.#undeleted(messageId);
    const previews = before.previews?.filter(({ url }) => textOf(parts).includes(url));
    const kept = previews && { previews: previews.length > 0 ? previews : undefined };
    return this.#change(before, { parts: this.#stored(parts), ...kept, editedAt: this.#clock.now() });
  }

  /** @throws {ChatError} `message_not_found` */
  delete(messageId: string): Message {
    const before = this.#said(messageId);
    if (before.deletedAt !== null) return before;
    const deleted = this.#change(before, { parts: [], reactions: [], ...GONE, deletedAt: this.#clock.now() });
    if (deleted.replyTo) this.#countReplies(deleted.replyTo.rootId);
    return deleted;
  }

  /** @throws {ChatError} `message_not_found` */
  react(messageId: string, userId: string, emoji: string): Message {
    const before = this.#undeleted(messageId);
    const given = before.reactions.find((reaction) => reaction.emoji === emoji);
    if (given?.userIds.includes(userId)) return before;
    const userIds = [...(given?.userIds ?? []), userId];
    const reaction = { emoji, count: userIds.length, userIds };
    const reactions = given
      ? before.reactions.map((each) => (each === given ? reaction : each))
      : [...before.reactions, reaction];
    return this.#change(before, { reactions });
  }

  /** @throws {ChatError} `message_not_found` */
  unreact(messageId: string, userId: string, emoji: string): Message {
    const before = this.#message(messageId);
    const given = before.reactions.find((reaction) => reaction.emoji === emoji);
    if (!given?.userIds.includes(userId)) return before;
    const userIds = given.userIds.filter((id) => id !== userId);
    const reactions = before.reactions.flatMap((each) => {
      if (each !== given) return [each];
      return userIds.length > 0 ? [{ emoji, count: userIds.length, userIds }] : [];
    });
    return this.#change(before, { reactions });
  }

  #stored(parts: readonly MessagePartInput[]): MessagePart[] {
    return parts.map((part) => storedPart(part, this.files));
  }

  /** @throws {ChatError} `message_not_found`, `bad_request` */
  pin(messageId: string, userId: string): Message {
    const before = this.#undeleted(messageId);
    if (before.pinned) return before;
    if (this.pins.length >= MAX_PINS) throw toChatError('bad_request');
    return this.#change(before, { pinned: { userId, at: this.#clock.now() } });
  }

  /** @throws {ChatError} `message_not_found` */
  unpin(messageId: string): Message {
    const before = this.#message(messageId);
    return before.pinned ? this.#change(before, { pinned: undefined }) : before;
  }

  /** Replaces the previews of a message. @throws {ChatError} `message_not_found` */
  setPreviews(messageId: string, previews: readonly LinkPreview[]): Message {
    return this.#change(this.#undeleted(messageId), { previews: previews.length > 0 ? [...previews] : undefined });
  }

  /** The last pinned first. */
  get pins(): Message[] {
    return this.messages
      .filter(({ pinned }) => pinned)
      .sort((a, b) => (b.pinned?.at ?? 0) - (a.pinned?.at ?? 0) || b.seq - a.seq);
  }

  #change(before: Message, change: Partial<Message>): Message {
    this.#lastSeq += 1;
    const message = { ...before, ...change, version: this.#lastSeq };
    this.#messages.set(message.id, message);
    // As a server does, which reads what is quoted with the reply: that takes no place.
    for (const reply of this.messages) {
      if (reply.replyTo?.id !== message.id) continue;
      this.#messages.set(reply.id, { ...reply, replyTo: quoteOf(message, reply.replyTo.rootId) });
    }
    return message;
  }

  #message(messageId: string): Message {
    const message = this.#messages.get(messageId);
    if (!message) throw toChatError('message_not_found');
    return message;
  }

  /** One that somebody wrote. */
  #said(messageId: string): Message {
    const message = this.#message(messageId);
    if (message.event) throw toChatError('system_message');
    return message;
  }

  #undeleted(messageId: string): Message {
    const message = this.#said(messageId);
    if (message.deletedAt !== null) throw toChatError('message_not_found');
    return message;
  }
}

/** A file whose whole part was sent, or that was uploaded, is shown as that; of another id, the fake knows nothing but the name. */
function storedPart(part: MessagePartInput | FilePart, uploaded: ReadonlyMap<string, FilePart>): MessagePart {
  if (part.type === 'text' || 'url' in part) return part;
  const { attachmentId } = part;
  const known = uploaded.get(attachmentId);
  if (known) return known;
  const file = { mediaType: 'application/octet-stream', filename: attachmentId, size: 0, width: null, height: null };
  return { type: 'file', attachmentId, ...file, url: `data:,${attachmentId}`, urlExpiresAt: Number.MAX_SAFE_INTEGER };
}
