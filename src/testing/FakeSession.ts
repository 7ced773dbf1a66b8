import type {
  AttachmentLink,
  BackendActions,
  BackendContext,
  BackendEvent,
  BackendSession,
  HandoverStep,
  HistoryPage,
  HistoryWindow,
  MemberListPage,
  MessageReport,
  MessageSearch,
  MessageToSend,
  SearchPage,
  ReplyPage,
  ThreadListPage,
  ThreadPage,
  ThreadToCreate,
  PartAction,
  ToolDecision,
} from '../client/index.ts';
import {
  type ChatUser,
  type Member,
  type Presence,
  type Message,
  type Receipt,
  type ReportedMessage,
  type Role,
  type Thread,
  type Rating,
} from '../protocol/index.ts';
import { actOnPart, decideTool, retryAnswer } from './fake-answers.ts';
import { toChatError } from './fake-errors.ts';
import type { FakeRequest, FakeRequestName } from './fake-types.ts';
import {
  announceMessage,
  announceReports,
  announceThread,
  handOver,
  inboxOf,
  presenceFor,
  read,
  report,
  setMember,
  setOwn,
  type,
} from './fake-world.ts';
import type { FakeClient, FakeWorld } from './fake-world.ts';
import { FakeConnection } from './FakeConnection.ts';
import type { FakeConversation } from './FakeConversation.ts';
import type { FakeLog } from './FakeLog.ts';
import { FakeSubscriptions } from './FakeSubscriptions.ts';

/** How long a link to a file holds. */
const LINK_LIFE_MS = 3_600_000;

/** What one client asks of the fake, and what it is told of what it subscribed to. */
export class FakeSession implements BackendSession, BackendActions, FakeClient {
  readonly #world: FakeWorld;
  readonly #context: BackendContext;
  readonly #subscriptions = new FakeSubscriptions();
  readonly #connection: FakeConnection;

  constructor(world: FakeWorld, context: BackendContext) {
    this.#world = world;
    this.#context = context;
    world.sessions.add(this);
    this.#connection = new FakeConnection(world, context, () => this.#subscriptions.clear());
  }

  get userId(): string {
    return this.#context.userId;
  }

  listThreads({ cursor, archived }: { cursor?: string; archived?: boolean } = {}): Promise<ThreadListPage> {
    return this.#connection.request({ name: 'listThreads', cursor, archived }, () => {
      this.#subscriptions.openList();
      return this.#world.log.threads(this.userId, cursor, archived);
    });
  }

  openThread(threadId: string, { afterSeq }: { afterSeq?: number } = {}): Promise<ThreadPage> {
    return this.#connection.request({ name: 'openThread', threadId, afterSeq }, () => {
      const page = this.#world.log.page(threadId, this.userId, afterSeq);
      this.#subscriptions.openThread(threadId);
      return page;
    });
  }

  closeThread(threadId: string): void {
    this.#subscriptions.closeThread(threadId);
  }

  loadOlder(threadId: string, range: { beforeSeq: number; limit: number }): Promise<HistoryPage> {
    return this.#connection.request({ name: 'loadOlder', threadId, beforeSeq: range.beforeSeq }, () =>
      this.#world.log.older(threadId, this.userId, range),
    );
  }

  loadNewer(threadId: string, range: { afterSeq: number; limit: number }): Promise<HistoryWindow> {
    return this.#connection.request({ name: 'loadNewer', threadId, afterSeq: range.afterSeq }, () =>
      this.#readable(threadId).newer(range),
    );
  }

  loadAround(threadId: string, place: { messageId: string; limit: number }): Promise<HistoryWindow> {
    return this.#connection.request({ name: 'loadAround', threadId, messageId: place.messageId }, () =>
      this.#readable(threadId).around(place),
    );
  }

  sendMessage(sent: MessageToSend): Promise<Message> {
    const { threadId, messageId } = sent;
    return this.#connection.request({ name: 'sendMessage', threadId, messageId }, () => {
      const { message, stored } = this.#world.log.send(this.userId, sent);
      // The echo comes before the answer: the harder of the two orders for a client.
      if (stored) announceMessage(this.#world, message);
      return message;
    });
  }

  editMessage({ threadId, messageId, parts }: MessageToSend): Promise<Message> {
    return this.#change({ name: 'editMessage', threadId, messageId }, (log) =>
      log.edit(this.userId, threadId, messageId, parts),
    );
  }

  deleteMessage(threadId: string, messageId: string): Promise<Message> {
    return this.#change({ name: 'deleteMessage', threadId, messageId }, (log) =>
      log.delete(this.userId, threadId, messageId),
    );
  }

  addReaction(threadId: string, messageId: string, emoji: string): Promise<Message> {
    return this.#change({ name: 'addReaction', threadId, messageId, emoji }, (log) =>
      log.react(this.userId, threadId, messageId, emoji),
    );
  }

  removeReaction(threadId: string, messageId: string, emoji: string): Promise<Message> {
    return this.#change({ name: 'removeReaction', threadId, messageId, emoji }, (log) =>
      log.unreact(this.userId, threadId, messageId, emoji),
    );
  }

  fetchThread(threadId: string): Promise<Thread> {
    return this.#connection.request({ name: 'fetchThread', threadId }, () =>
      this.#readable(threadId).viewFor(this.userId),
    );
  }

  sendReceipt(threadId: string, readSeq: number): Promise<Thread> {
    return this.#connection.request({ name: 'sendReceipt', threadId, readSeq }, () => {
      const thread = this.#readable(threadId);
      read(this.#world, threadId, this.userId, readSeq);
      return thread.viewFor(this.userId);
    });
  }

  listReceipts(threadId: string): Promise<Receipt[]> {
    return this.#connection.request({ name: 'listReceipts', threadId }, () =>
      this.#readable(threadId).own.receipts((id) => this.#world.log.user(id)),
    );
  }

  createThread(thread: ThreadToCreate): Promise<Thread> {
    return this.#connection.request({ name: 'createThread', threadId: thread.threadId }, () => {
      const created = this.#world.log.create(this.userId, thread);
      announceThread(this.#world, created.id);
      return created.viewFor(this.userId);
    });
  }

  renameThread(threadId: string, title: string): Promise<Thread> {
    return this.#connection.request({ name: 'renameThread', threadId }, () => {
      const thread = this.#world.log.managed(threadId, this.userId);
      const isNew = thread.title !== title;
      thread.title = title;
      if (isNew)
        announceMessage(this.#world, this.#world.log.tell(thread, this.userId, { type: 'thread.renamed', title }));
      announceThread(this.#world, threadId);
      return thread.viewFor(this.userId);
    });
  }

  joinThread(threadId: string): Promise<Thread> {
    return this.#connection.request({ name: 'joinThread', threadId }, () => {
      const thread = this.#readable(threadId);
      if (!thread.members.has(this.userId)) setMember(this.#world, threadId, this.userId, 'member', this.userId);
      return thread.viewFor(this.userId);
    });
  }

  leaveThread(threadId: string): Promise<void> {
    return this.#connection.request({ name: 'leaveThread', threadId }, () => {
      this.#readable(threadId);
      setMember(this.#world, threadId, this.userId, null, this.userId);
    });
  }

  deleteThread(threadId: string): Promise<void> {
    return this.#connection.request({ name: 'deleteThread', threadId }, () => {
      const others = [...this.#world.sessions].filter(({ userId }) => this.#world.log.mayRead(threadId, userId));
      this.#world.log.deleteThread(this.userId, threadId);
      for (const session of others) session.deliver({ type: 'thread.removed', threadId });
    });
  }

  muteThread(threadId: string): Promise<Thread> {
    return this.#setOwn('muteThread', threadId, { muted: true });
  }

  unmuteThread(threadId: string): Promise<Thread> {
    return this.#setOwn('unmuteThread', threadId, { muted: false });
  }

  archiveThread(threadId: string): Promise<Thread> {
    return this.#setOwn('archiveThread', threadId, { archived: true });
  }

  unarchiveThread(threadId: string): Promise<Thread> {
    return this.#setOwn('unarchiveThread', threadId, { archived: false });
  }

  listMembers(threadId: string, { cursor }: { cursor?: string } = {}): Promise<MemberListPage> {
    return this.#connection.request({ name: 'listMembers', threadId, cursor }, () =>
      this.#world.log.members(threadId, this.userId, cursor),
    );
  }

  saveMember(threadId: string, memberId: string, role: Role): Promise<Member> {
    return this.#connection.request({ name: 'saveMember', threadId, memberId }, () => {
      this.#world.log.managed(threadId, this.userId);
      return setMember(this.#world, threadId, memberId, role, this.userId) as Member;
    });
  }

  removeMember(threadId: string, memberId: string): Promise<void> {
    return this.#connection.request({ name: 'removeMember', threadId, memberId }, () => {
      this.#world.log.managed(threadId, this.userId);
      setMember(this.#world, threadId, memberId, null, this.userId);
    });
  }

  pinMessage(threadId: string, messageId: string): Promise<Message> {
    return this.#change({ name: 'pinMessage', threadId, messageId }, (log) =>
      log.pin(this.userId, threadId, messageId),
    );
  }

  unpinMessage(threadId: string, messageId: string): Promise<Message> {
    return this.#change({ name: 'unpinMessage', threadId, messageId }, (log) =>
      log.unpin(this.userId, threadId, messageId),
    );
  }

  removePreview(threadId: string, messageId: string, url: string): Promise<Message> {
    return this.#change({ name: 'removePreview', threadId, messageId, url }, (log) =>
      log.removePreview(this.userId, threadId, messageId, url),
    );
  }

  reportMessage(threadId: string, messageId: string, said: MessageReport): Promise<void> {
    return this.#connection.request({ name: 'reportMessage', threadId, messageId }, () =>
      report(this.#world, threadId, this.userId, { messageId, ...said }),
    );
  }

  listReported(threadId: string): Promise<ReportedMessage[]> {
    return this.#connection.request({ name: 'listReported', threadId }, () =>
      this.#world.log.reported(threadId, this.userId),
    );
  }

  dismissReports(threadId: string, messageId: string): Promise<void> {
    return this.#connection.request({ name: 'dismissReports', threadId, messageId }, () => {
      if (this.#world.log.dismissReports(threadId, this.userId, messageId)) announceReports(this.#world, threadId);
    });
  }

  handOver(threadId: string, step: HandoverStep, reason?: string): Promise<Thread> {
    return this.#connection.request({ name: 'handOver', threadId, step, reason }, () => {
      if (step !== 'take') this.#readable(threadId);
      handOver(this.#world, threadId, this.userId, { step, reason });
      return this.#world.log.thread(threadId).viewFor(this.userId);
    });
  }

  listInbox({ of, cursor }: { of: 'waiting' | 'mine'; cursor?: string | undefined }): Promise<ThreadListPage> {
    return this.#connection.request({ name: 'listInbox', of, cursor }, () => {
      this.#subscriptions.openInbox();
      return this.#world.log.inbox(this.userId, (thread) => inboxOf(this.#world, thread, this.userId) === of, cursor);
    });
  }

  listPins(threadId: string): Promise<Message[]> {
    return this.#connection.request({ name: 'listPins', threadId }, () => this.#readable(threadId).pins);
  }

  listReplies(threadId: string, rootId: string, range: { beforeSeq?: number; limit: number }): Promise<ReplyPage> {
    const { beforeSeq } = range;
    return this.#connection.request({ name: 'listReplies', threadId, messageId: rootId, beforeSeq }, () =>
      this.#world.log.replies(threadId, this.userId, rootId, range),
    );
  }

  sendTyping(threadId: string, active: boolean): void {
    this.#world.requests.push({ name: 'sendTyping', threadId, active, userId: this.userId });
    if (this.#connection.isConnected) type(this.#world, threadId, this.userId, active);
  }

  watchPresence(userIds: string[]): Promise<Presence[]> {
    return this.#connection.request({ name: 'watchPresence' }, () => {
      this.#subscriptions.watch(userIds);
      return userIds.flatMap((userId) => presenceFor(this.#world, this.userId, userId) ?? []);
    });
  }

  unwatchPresence(userIds: string[]): void {
    this.#subscriptions.unwatch(userIds);
  }

  searchMessages({ query, threadId, cursor }: MessageSearch): Promise<SearchPage> {
    return this.#connection.request({ name: 'searchMessages', query, threadId, cursor }, () =>
      this.#world.log.search(this.userId, { query, threadId, cursor }),
    );
  }

  searchPeople(query: string): Promise<ChatUser[]> {
    return this.#connection.request({ name: 'searchPeople', query }, () => this.#world.log.people(this.userId, query));
  }

  stopAnswer(threadId: string, messageId: string): Promise<Message> {
    return this.#change({ name: 'stopAnswer', threadId, messageId }, (log) =>
      log.thread(threadId).setAnswer(messageId, { status: 'stopped' }),
    );
  }

  retryAnswer(threadId: string, messageId: string): Promise<Message> {
    return this.#change({ name: 'retryAnswer', threadId, messageId }, (log) =>
      retryAnswer(log.thread(threadId), messageId),
    );
  }

  rateAnswer(threadId: string, messageId: string, rating?: Rating): Promise<Rating> {
    return this.#connection.request({ name: 'rateAnswer', threadId, messageId, rating }, () =>
      this.#readable(threadId).rate(messageId, this.userId, rating),
    );
  }

  resumeAnswer(threadId: string, messageId: string): Promise<Message> {
    return this.#connection.request({ name: 'resumeAnswer', threadId, messageId }, () => {
      const message = this.#readable(threadId).get(messageId);
      if (!message) throw toChatError('message_not_found');
      return message;
    });
  }

  decideTool(threadId: string, messageId: string, decision: ToolDecision): Promise<Message> {
    return this.#change({ name: 'decideTool', threadId, messageId }, (log) =>
      decideTool(log.thread(threadId), messageId, decision),
    );
  }

  actOnPart(threadId: string, messageId: string, action: PartAction): Promise<Message> {
    return this.#change({ name: 'actOnPart', threadId, messageId, action }, (log) =>
      actOnPart(log.thread(threadId), messageId),
    );
  }

  attachmentLink(threadId: string, attachmentId: string): Promise<AttachmentLink> {
    return this.#connection.request({ name: 'attachmentLink', threadId }, () => {
      const thread = this.#readable(threadId);
      const parts = thread.messages.flatMap((message) => message.parts);
      const file = parts.find((part) => part.type === 'file' && part.attachmentId === attachmentId);
      if (file?.type !== 'file') throw toChatError('attachment_not_found');
      return { url: file.url, urlExpiresAt: this.#world.clock.now() + LINK_LIFE_MS };
    });
  }

  reconnect(): void {
    this.#connection.reconnect();
  }

  close(): void {
    if (!this.#world.sessions.delete(this)) return;
    this.#connection.close();
  }

  lineChanged(): void {
    this.#connection.changed();
  }

  faultsChanged(): void {
    this.#connection.faultsChanged();
  }

  /** Tells the client, if it is there and has asked for such things. */
  deliver(event: BackendEvent): void {
    if (this.#connection.isConnected && this.#subscriptions.hears(event)) this.#context.onEvent(event);
    if (event.type === 'thread.removed') this.#subscriptions.closeThread(event.threadId);
  }

  /** @throws {ChatError} `thread_not_found`, `thread_forbidden` */
  #readable(threadId: string): FakeConversation {
    return this.#world.log.readable(threadId, this.userId);
  }

  #setOwn(
    name: FakeRequestName,
    threadId: string,
    change: { muted: boolean } | { archived: boolean },
  ): Promise<Thread> {
    return this.#connection.request({ name, threadId }, () => {
      this.#readable(threadId);
      return setOwn(this.#world, threadId, this.userId, change);
    });
  }

  #change(request: Omit<FakeRequest, 'userId'> & { messageId: string }, run: (log: FakeLog) => Message) {
    return this.#connection.request(request, () => {
      const { log } = this.#world;
      const before = request.threadId === undefined ? undefined : log.thread(request.threadId).get(request.messageId);
      const message = run(log);
      if (message !== before) announceMessage(this.#world, message);
      return message;
    });
  }
}
