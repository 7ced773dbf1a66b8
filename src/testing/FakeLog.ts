import type {
  Clock,
  HistoryPage,
  MemberListPage,
  MessageToSend,
  ReplyPage,
  ThreadListPage,
  ThreadPage,
  MessageSearch,
  SearchPage,
} from '../client/index.ts';
import {
  ASSISTANT_IN_CHARGE,
  MAX_EVENT_PEOPLE,
  MAX_PEOPLE_FOUND,
  MAX_TEXT_LENGTH,
  textOf,
  type ChatUser,
  type Member,
  type Message,
  type MessagePartInput,
  type ReportedMessage,
  type Role,
  type SearchHit,
  type Thread,
  type ThreadAccess,
  type ThreadEvent,
} from '../protocol/index.ts';
import { toChatError } from './fake-errors.ts';
import type { FakeThread, FakeUser } from './fake-types.ts';
import { hitsIn } from './fake-search.ts';
import { FakeConversation, type NewMessage } from './FakeConversation.ts';
import { FakeReports, type FakeReport } from './FakeReports.ts';

const MINUTE_MS = 60_000;

/** What a server's database holds: people and conversations; and who may do what, by the roles that a server has. */
export class FakeLog {
  readonly #clock: Clock;
  readonly #pageSize: number;
  readonly #users = new Map<string, ChatUser>();
  readonly #threads = new Map<string, FakeConversation>();
  readonly #reports = new Map<string, FakeReports>();
  /** Which thread a message id belongs to. */
  readonly #threadOf = new Map<string, string>();

  constructor(options: { clock: Clock; pageSize: number }) {
    this.#clock = options.clock;
    this.#pageSize = options.pageSize;
  }

  setUser({ id, name = id, avatarUrl = null }: FakeUser): ChatUser {
    const user = { id, name, avatarUrl };
    this.#users.set(id, user);
    return user;
  }

  user(id: string): ChatUser {
    return this.#users.get(id) ?? { id, name: id, avatarUrl: null };
  }

  /** Makes a thread, or changes what is given of it; returns the messages that were added. */
  setThread({ id, title, access, members, assistant, messages = [], read = {} }: FakeThread): Message[] {
    const now = this.#clock.now();
    let thread = this.#threads.get(id);
    const isNew = !thread;
    if (!thread) {
      thread = new FakeConversation(id, { clock: this.#clock, createdAt: now - (messages.length + 1) * MINUTE_MS });
      this.#threads.set(id, thread);
    }
    thread.title = title ?? thread.title;
    thread.access = access ?? (members ? 'members' : thread.access);
    if (members) {
      const roles = new Map(
        members.map((member) => (typeof member === 'string' ? [member, null] : [member.id, member.role])),
      );
      for (const userId of thread.members.keys()) if (!roles.has(userId)) thread.setMember(userId, null);
      for (const [userId, role] of roles) thread.setMember(userId, role ?? thread.roleOf(userId) ?? 'member');
    }
    const added = messages.map(({ author, text = '', event, id: messageId, minutesAgo, replyTo }, index) =>
      this.append(id, {
        author: this.user(author),
        parts: event ? [] : [{ type: 'text', text }],
        event,
        id: messageId,
        replyTo,
        createdAt: now - (minutesAgo ?? messages.length - index) * MINUTE_MS,
      }),
    );
    if (assistant) {
      thread.handover ??= ASSISTANT_IN_CHARGE;
      const { waiting, agent } = { waiting: undefined, agent: undefined, ...(assistant !== true && assistant) };
      if (waiting) {
        const { askedBy, minutesAgo = 0, reason } = waiting;
        const event = { type: 'handover.requested' as const, ...(reason !== undefined && { reason }) };
        const createdAt = now - minutesAgo * MINUTE_MS;
        added.push(this.append(id, { author: this.user(askedBy), parts: [], event, createdAt }));
      }
      if (agent !== undefined) {
        added.push(this.append(id, { author: this.user(agent), parts: [], event: { type: 'handover.taken' } }));
      }
    }
    if (isNew) for (const userId of thread.members.keys()) thread.own.setRead(userId, added.at(-1)?.seq ?? 0, null);
    for (const [userId, count] of Object.entries(read)) {
      thread.own.setRead(userId, thread.messages[count - 1]?.seq ?? 0, count > 0 ? now : null);
    }
    return added;
  }

  threads(userId: string, cursor?: string, archived = false): ThreadListPage {
    const all = [...this.#threads.values()]
      .filter((thread) => thread.mayRead(userId))
      .map((thread) => thread.viewFor(userId))
      .filter(({ own }) => (own?.archived ?? false) === archived)
      .sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1));
    const { items: threads, nextCursor } = this.#pageAfter(all, ({ updatedAt, id }) => [-updatedAt, id], cursor);
    return { threads, nextCursor };
  }

  /** Those first that have been in it the longest. */
  inbox(userId: string, isIn: (thread: FakeConversation) => boolean, cursor?: string): ThreadListPage {
    const all = [...this.#threads.values()].filter(isIn).map((thread) => thread.viewFor(userId));
    const placeOf = ({ handover, id }: Thread): [number, string] => [handover?.since ?? 0, id];
    all.sort((a, b) => placeOf(a)[0] - placeOf(b)[0] || (a.id < b.id ? -1 : 1));
    const { items: threads, nextCursor } = this.#pageAfter(all, placeOf, cursor);
    return { threads, nextCursor };
  }

  /** @throws {ChatError} `thread_not_found`, `thread_forbidden` */
  members(threadId: string, userId: string, cursor?: string): MemberListPage {
    const all = this.readable(threadId, userId).memberList((id) => this.user(id));
    const { items: members, nextCursor } = this.#pageAfter(all, ({ joinedAt, user }) => [joinedAt, user.id], cursor);
    return { members, nextCursor };
  }

  /** Everybody of `users` and of the threads, by what begins a word of their name. */
  people(userId: string, query: string): ChatUser[] {
    const wanted = query.trim().toLowerCase();
    const ids = new Set([
      ...this.#users.keys(),
      ...[...this.#threads.values()].flatMap(({ members }) => [...members.keys()]),
    ]);
    ids.delete(userId);
    return [...ids]
      .map((id) => this.user(id))
      .filter(({ name }) =>
        name
          .toLowerCase()
          .split(' ')
          .some((word) => word.startsWith(wanted)),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, MAX_PEOPLE_FOUND);
  }

  /** Messages that hold every word of the query, as they are written. @throws {ChatError} `thread_not_found`, `thread_forbidden` */
  search(userId: string, { query, threadId, cursor }: MessageSearch): SearchPage {
    const threads = threadId === undefined ? [...this.#threads.values()] : [this.readable(threadId, userId)];
    const all = threads.filter((thread) => thread.mayRead(userId)).flatMap((thread) => hitsIn(thread, query));
    all.sort((a, b) => b.createdAt - a.createdAt || (a.messageId < b.messageId ? -1 : 1));
    const placeOf = ({ createdAt, messageId }: SearchHit): [number, string] => [-createdAt, messageId];
    const { items: hits, nextCursor } = this.#pageAfter(all, placeOf, cursor);
    return { hits, nextCursor };
  }

  /** @throws {ChatError} `thread_not_found`, `thread_forbidden` */
  page(threadId: string, userId: string, afterSeq?: number): ThreadPage {
    return this.readable(threadId, userId).page(userId, this.#pageSize, afterSeq);
  }

  /** @throws {ChatError} `thread_not_found`, `thread_forbidden`, `bad_request` */
  older(threadId: string, userId: string, range: { beforeSeq: number; limit: number }): HistoryPage {
    return this.readable(threadId, userId).older(range);
  }

  /** @throws {ChatError} `thread_not_found`, `thread_forbidden`, `message_not_found`, `bad_request` */
  replies(threadId: string, userId: string, rootId: string, range: { beforeSeq?: number; limit: number }): ReplyPage {
    return this.readable(threadId, userId).replies(rootId, range);
  }

  /**
   * Stores a person's message; the same id by the same author is stored once.
   * @throws {ChatError} `thread_not_found`, `thread_forbidden`, `message_empty`, `message_too_long`, `message_conflict`, `message_not_found`
   */
  send(userId: string, { threadId, messageId, parts, replyTo }: MessageToSend): { message: Message; stored: boolean } {
    const thread = this.#writable(threadId, userId);
    checkParts(parts);
    const known = thread.get(messageId);
    if (known?.author.id === userId) return { message: known, stored: false };
    if (this.#threadOf.has(messageId)) throw toChatError('message_conflict');
    return {
      message: this.append(threadId, { author: this.user(userId), parts, id: messageId, replyTo }),
      stored: true,
    };
  }

  /** @throws {ChatError} `message_not_found`, `action_forbidden`, … */
  edit(userId: string, threadId: string, messageId: string, parts: readonly MessagePartInput[]): Message {
    const thread = this.#writable(threadId, userId);
    checkParts(parts);
    if (thread.get(messageId) && thread.get(messageId)?.author.id !== userId) throw toChatError('action_forbidden');
    return thread.edit(messageId, parts);
  }

  /** @throws {ChatError} `message_not_found`, `action_forbidden`, … */
  delete(userId: string, threadId: string, messageId: string): Message {
    const thread = this.#writable(threadId, userId);
    const own = thread.get(messageId)?.author.id === userId;
    if (!own && thread.get(messageId) && !isHelper(thread.roleOf(userId))) throw toChatError('action_forbidden');
    return thread.delete(messageId);
  }

  /** @throws {ChatError} `message_not_found`, `action_forbidden`, … */
  react(userId: string, threadId: string, messageId: string, emoji: string): Message {
    return this.#writable(threadId, userId).react(messageId, userId, emoji);
  }

  /** @throws {ChatError} `message_not_found`, `action_forbidden`, … */
  unreact(userId: string, threadId: string, messageId: string, emoji: string): Message {
    return this.#writable(threadId, userId).unreact(messageId, userId, emoji);
  }

  /** @throws {ChatError} `message_not_found`, `action_forbidden`, … */
  pin(userId: string, threadId: string, messageId: string): Message {
    return this.#pinnable(threadId, userId).pin(messageId, userId);
  }

  /** @throws {ChatError} `message_not_found`, `action_forbidden`, … */
  unpin(userId: string, threadId: string, messageId: string): Message {
    return this.#pinnable(threadId, userId).unpin(messageId);
  }

  /** @throws {ChatError} `message_not_found`, `action_forbidden`, … */
  removePreview(userId: string, threadId: string, messageId: string, url: string): Message {
    const thread = this.#writable(threadId, userId);
    const message = thread.get(messageId);
    if (message && message.author.id !== userId) throw toChatError('action_forbidden');
    const left = message?.previews?.filter((preview) => preview.url !== url) ?? [];
    if (message && left.length === (message.previews?.length ?? 0)) return message;
    return thread.setPreviews(messageId, left);
  }

  /** @throws {ChatError} `thread_conflict` */
  create(userId: string, { threadId, title, access, memberIds }: NewFakeThread): FakeConversation {
    const known = this.#threads.get(threadId);
    if (known && known.roleOf(userId) !== 'owner') throw toChatError('thread_conflict');
    if (!known) {
      this.#threads.set(threadId, new FakeConversation(threadId, { clock: this.#clock, createdAt: this.#clock.now() }));
      const members = [
        ...memberIds.map((id) => ({ id, role: 'member' as const })),
        { id: userId, role: 'owner' as const },
      ];
      this.setThread({ id: threadId, title, access, members });
      const thread = this.thread(threadId);
      this.tell(thread, userId, { type: 'thread.created', title });
      if (memberIds.length > 0) this.tell(thread, userId, { type: 'member.added', people: [...memberIds] });
    }
    return this.thread(threadId);
  }

  /** @throws {ChatError} `thread_not_found`, `thread_forbidden`, `action_forbidden` */
  managed(threadId: string, userId: string): FakeConversation {
    const thread = this.readable(threadId, userId);
    if (!isHelper(thread.roleOf(userId))) throw toChatError('action_forbidden');
    return thread;
  }

  mayReview(threadId: string, userId: string): boolean {
    return isHelper(this.thread(threadId).roleOf(userId));
  }

  /** @throws {ChatError} `thread_not_found`, `thread_forbidden`, `message_not_found`, `bad_request` */
  report(threadId: string, userId: string, report: FakeReport): void {
    this.#reportsOf(threadId).add(this.readable(threadId, userId), this.user(userId), report, this.#clock.now());
  }

  /** @throws {ChatError} `action_forbidden` for who does not watch over it */
  reported(threadId: string, userId: string): ReportedMessage[] {
    return this.#reportsOf(threadId).list(this.managed(threadId, userId));
  }

  /** False where there were none. @throws {ChatError} `action_forbidden` */
  dismissReports(threadId: string, userId: string, messageId: string): boolean {
    this.managed(threadId, userId);
    return this.forgetReports(threadId, messageId);
  }

  /** Of a message that was decided on. False where there were none. */
  forgetReports(threadId: string, messageId: string): boolean {
    return this.#reportsOf(threadId).dismiss(messageId);
  }

  #reportsOf(threadId: string): FakeReports {
    const reports = this.#reports.get(threadId) ?? new FakeReports();
    this.#reports.set(threadId, reports);
    return reports;
  }

  /** Takes somebody out. @throws {ChatError} `last_owner` */
  removeMember(thread: FakeConversation, userId: string): void {
    const owners = [...thread.members.values()].filter(({ role }) => role === 'owner').length;
    if (thread.roleOf(userId) === 'owner' && owners === 1 && thread.members.size > 1) throw toChatError('last_owner');
    thread.setMember(userId, null);
  }

  /** Tells in a thread what happened to it. */
  tell(thread: FakeConversation, by: string, { people, ...event }: ToldEvent): Message {
    const named = people?.map((id) => ({ id, name: this.user(id).name }));
    const told = named ? { ...event, people: named.slice(0, MAX_EVENT_PEOPLE), count: named.length } : event;
    return this.append(thread.id, { author: this.user(by), parts: [], event: told });
  }

  member(thread: FakeConversation, userId: string): Member | undefined {
    return thread.memberList((id) => this.user(id)).find(({ user }) => user.id === userId);
  }

  /** Stores a message without asking who may write: the test's own hand. */
  append(threadId: string, message: NewMessage): Message {
    const stored = this.thread(threadId).append(message);
    this.#threadOf.set(stored.id, threadId);
    return stored;
  }

  /** For who owns it. @throws {ChatError} `thread_forbidden`, `action_forbidden` */
  deleteThread(userId: string, threadId: string): void {
    const thread = this.#threads.get(threadId);
    if (!thread) return;
    if (this.readable(threadId, userId).roleOf(userId) !== 'owner') throw toChatError('action_forbidden');
    this.#threads.delete(threadId);
  }

  /** Whether both are members of one. */
  shareThread(userId: string, otherId: string): boolean {
    return [...this.#threads.values()].some(({ members }) => members.has(userId) && members.has(otherId));
  }

  /** False also where there is no such thread. */
  mayRead(threadId: string, userId: string): boolean {
    return this.#threads.get(threadId)?.mayRead(userId) ?? false;
  }

  /** @throws {ChatError} `thread_not_found` */
  thread(threadId: string): FakeConversation {
    const thread = this.#threads.get(threadId);
    if (!thread) throw toChatError('thread_not_found');
    return thread;
  }

  /** @throws {ChatError} `thread_not_found`, `thread_forbidden` */
  readable(threadId: string, userId: string): FakeConversation {
    const thread = this.thread(threadId);
    if (!thread.mayRead(userId)) throw toChatError('thread_forbidden');
    return thread;
  }

  #writable(threadId: string, userId: string): FakeConversation {
    const thread = this.readable(threadId, userId);
    if (!thread.mayWrite(userId)) throw toChatError('action_forbidden');
    return thread;
  }

  /** A member's, not a visitor's. */
  #pinnable(threadId: string, userId: string): FakeConversation {
    const thread = this.#writable(threadId, userId);
    if (thread.roleOf(userId) === null) throw toChatError('action_forbidden');
    return thread;
  }

  /** The cursor is the place of the last item, so that it holds while others move. */
  #pageAfter<T>(all: T[], placeOf: (item: T) => [number, string], cursor: string | undefined) {
    const after = cursor === undefined ? null : (JSON.parse(cursor) as [number, string]);
    const rest = after ? all.filter((item) => isBehind(placeOf(item), after)) : all;
    const items = rest.slice(0, this.#pageSize);
    const last = items.at(-1);
    return { items, nextCursor: last && items.length < rest.length ? JSON.stringify(placeOf(last)) : null };
  }
}

function isBehind([at, id]: [number, string], [otherAt, otherId]: [number, string]): boolean {
  return at > otherAt || (at === otherAt && id > otherId);
}

/** People by their ids. */
type ToldEvent = Omit<ThreadEvent, 'people' | 'count'> & { people?: string[] };

interface NewFakeThread {
  threadId: string;
  title: string;
  access: ThreadAccess;
  memberIds: readonly string[];
}

function isHelper(role: Role | null): boolean {
  return role === 'owner' || role === 'agent';
}

function checkParts(parts: readonly MessagePartInput[]): void {
  const text = textOf([...parts]);
  if (text.trim() === '' && parts.every(({ type }) => type === 'text')) throw toChatError('message_empty');
  if (text.length > MAX_TEXT_LENGTH) throw toChatError('message_too_long');
}
