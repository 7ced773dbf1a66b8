import type {
  AttachmentLink,
  BackendActions,
  BackendContext,
  BackendEvent,
  BackendSession,
  ConnectionState,
  ConnectionStatus,
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
  ChatError,
  type ChatUser,
  type Member,
  type Presence,
  type Message,
  type MessagePart,
  type Receipt,
  type ReportedMessage,
  type Role,
  type Thread,
  type Rating,
} from '../protocol/index.ts';
import { toChatError } from './fake-errors.ts';
import type { FakeRequest, FakeRequestName } from './fake-types.ts';
import {
  announceMessage,
  announceReports,
  announceThread,
  presenceFor,
  read,
  report,
  setMember,
  setOwn,
  type,
} from './fake-world.ts';
import type { FakeClient, FakeWorld } from './fake-world.ts';
import type { FakeLog } from './FakeLog.ts';

/** A request that reached the far side and has no answer yet. */
interface Flight {
  /** Answers it, unless a fault holds it back. */
  answer(): void;
  fail(reason: ChatError): void;
}

/** A token that could not be had for a passing reason is asked for again after this time. */
const RETRY_MS = 1000;
/** How long a link to a file holds. */
const LINK_LIFE_MS = 3_600_000;

/** One client's line to the fake: its state, the threads that it has open, and the requests that wait for an answer. */
export class FakeSession implements BackendSession, BackendActions, FakeClient {
  readonly #world: FakeWorld;
  readonly #context: BackendContext;
  readonly #open = new Set<string>();
  readonly #watched = new Set<string>();
  readonly #flights = new Set<Flight>();
  #state: ConnectionState = { status: 'idle', error: null, retryAt: null };
  #everConnected = false;
  #listening = false;
  #left = false;
  /** Counts attempts: what an older one brings is dropped. */
  #attempt = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(world: FakeWorld, context: BackendContext) {
    this.#world = world;
    this.#context = context;
    world.sessions.add(this);
    void this.#connect();
  }

  get userId(): string {
    return this.#context.userId;
  }

  listThreads({ cursor, archived }: { cursor?: string; archived?: boolean } = {}): Promise<ThreadListPage> {
    return this.#request({ name: 'listThreads', cursor, archived }, () => {
      this.#listening = true;
      return this.#world.log.threads(this.userId, cursor, archived);
    });
  }

  openThread(threadId: string, { afterSeq }: { afterSeq?: number } = {}): Promise<ThreadPage> {
    return this.#request({ name: 'openThread', threadId, afterSeq }, () => {
      const page = this.#world.log.page(threadId, this.userId, afterSeq);
      this.#open.add(threadId);
      return page;
    });
  }

  closeThread(threadId: string): void {
    this.#open.delete(threadId);
  }

  loadOlder(threadId: string, range: { beforeSeq: number; limit: number }): Promise<HistoryPage> {
    return this.#request({ name: 'loadOlder', threadId, beforeSeq: range.beforeSeq }, () =>
      this.#world.log.older(threadId, this.userId, range),
    );
  }

  loadNewer(threadId: string, range: { afterSeq: number; limit: number }): Promise<HistoryWindow> {
    return this.#request({ name: 'loadNewer', threadId, afterSeq: range.afterSeq }, () =>
      this.#world.log.readable(threadId, this.userId).newer(range),
    );
  }

  loadAround(threadId: string, place: { messageId: string; limit: number }): Promise<HistoryWindow> {
    return this.#request({ name: 'loadAround', threadId, messageId: place.messageId }, () =>
      this.#world.log.readable(threadId, this.userId).around(place),
    );
  }

  sendMessage(sent: MessageToSend): Promise<Message> {
    const { threadId, messageId } = sent;
    return this.#request({ name: 'sendMessage', threadId, messageId }, () => {
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
    return this.#request({ name: 'fetchThread', threadId }, () =>
      this.#world.log.readable(threadId, this.userId).viewFor(this.userId),
    );
  }

  sendReceipt(threadId: string, readSeq: number): Promise<Thread> {
    return this.#request({ name: 'sendReceipt', threadId, readSeq }, () => {
      const thread = this.#world.log.readable(threadId, this.userId);
      read(this.#world, threadId, this.userId, readSeq);
      return thread.viewFor(this.userId);
    });
  }

  listReceipts(threadId: string): Promise<Receipt[]> {
    return this.#request({ name: 'listReceipts', threadId }, () =>
      this.#world.log.readable(threadId, this.userId).receipts((id) => this.#world.log.user(id)),
    );
  }

  createThread(thread: ThreadToCreate): Promise<Thread> {
    return this.#request({ name: 'createThread', threadId: thread.threadId }, () => {
      const created = this.#world.log.create(this.userId, thread);
      announceThread(this.#world, created.id);
      return created.viewFor(this.userId);
    });
  }

  renameThread(threadId: string, title: string): Promise<Thread> {
    return this.#request({ name: 'renameThread', threadId }, () => {
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
    return this.#request({ name: 'joinThread', threadId }, () => {
      const thread = this.#world.log.readable(threadId, this.userId);
      if (!thread.members.has(this.userId)) setMember(this.#world, threadId, this.userId, 'member', this.userId);
      return thread.viewFor(this.userId);
    });
  }

  leaveThread(threadId: string): Promise<void> {
    return this.#request({ name: 'leaveThread', threadId }, () => {
      this.#world.log.readable(threadId, this.userId);
      setMember(this.#world, threadId, this.userId, null, this.userId);
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
    return this.#request({ name: 'listMembers', threadId, cursor }, () =>
      this.#world.log.members(threadId, this.userId, cursor),
    );
  }

  saveMember(threadId: string, memberId: string, role: Role): Promise<Member> {
    return this.#request({ name: 'saveMember', threadId, memberId }, () => {
      this.#world.log.managed(threadId, this.userId);
      return setMember(this.#world, threadId, memberId, role, this.userId) as Member;
    });
  }

  removeMember(threadId: string, memberId: string): Promise<void> {
    return this.#request({ name: 'removeMember', threadId, memberId }, () => {
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
    return this.#request({ name: 'reportMessage', threadId, messageId }, () =>
      report(this.#world, threadId, this.userId, { messageId, ...said }),
    );
  }

  listReported(threadId: string): Promise<ReportedMessage[]> {
    return this.#request({ name: 'listReported', threadId }, () => this.#world.log.reported(threadId, this.userId));
  }

  dismissReports(threadId: string, messageId: string): Promise<void> {
    return this.#request({ name: 'dismissReports', threadId, messageId }, () => {
      if (this.#world.log.dismissReports(threadId, this.userId, messageId)) announceReports(this.#world, threadId);
    });
  }

  listPins(threadId: string): Promise<Message[]> {
    return this.#request({ name: 'listPins', threadId }, () => this.#world.log.readable(threadId, this.userId).pins);
  }

  listReplies(threadId: string, rootId: string, range: { beforeSeq?: number; limit: number }): Promise<ReplyPage> {
    const { beforeSeq } = range;
    return this.#request({ name: 'listReplies', threadId, messageId: rootId, beforeSeq }, () =>
      this.#world.log.replies(threadId, this.userId, rootId, range),
    );
  }

  sendTyping(threadId: string, active: boolean): void {
    this.#world.requests.push({ name: 'sendTyping', threadId, active, userId: this.userId });
    if (this.#state.status === 'connected') type(this.#world, threadId, this.userId, active);
  }

  watchPresence(userIds: string[]): Promise<Presence[]> {
    return this.#request({ name: 'watchPresence' }, () => {
      for (const userId of userIds) this.#watched.add(userId);
      return userIds.flatMap((userId) => presenceFor(this.#world, this.userId, userId) ?? []);
    });
  }

  unwatchPresence(userIds: string[]): void {
    for (const userId of userIds) this.#watched.delete(userId);
  }

  searchMessages({ query, threadId, cursor }: MessageSearch): Promise<SearchPage> {
    return this.#request({ name: 'searchMessages', query, threadId, cursor }, () =>
      this.#world.log.search(this.userId, { query, threadId, cursor }),
    );
  }

  searchPeople(query: string): Promise<ChatUser[]> {
    return this.#request({ name: 'searchPeople', query }, () => this.#world.log.people(this.userId, query));
  }

  stopAnswer(threadId: string, messageId: string): Promise<Message> {
    return this.#change({ name: 'stopAnswer', threadId, messageId }, (log) =>
      log.thread(threadId).setAnswer(messageId, { status: 'stopped' }),
    );
  }

  retryAnswer(threadId: string, messageId: string): Promise<Message> {
    return this.#change({ name: 'retryAnswer', threadId, messageId }, (log) => {
      const run = (log.thread(threadId).get(messageId)?.answer?.run ?? 0) + 1;
      return log.thread(threadId).setAnswer(messageId, { status: 'streaming', run, at: 0, error: null }, []);
    });
  }

  rateAnswer(threadId: string, messageId: string, rating?: Rating): Promise<Rating> {
    return this.#request({ name: 'rateAnswer', threadId, messageId, rating }, () =>
      this.#world.log.readable(threadId, this.userId).rate(messageId, this.userId, rating),
    );
  }

  resumeAnswer(threadId: string, messageId: string): Promise<Message> {
    return this.#request({ name: 'resumeAnswer', threadId, messageId }, () => {
      const message = this.#world.log.readable(threadId, this.userId).get(messageId);
      if (!message) throw toChatError('message_not_found');
      return message;
    });
  }

  decideTool(threadId: string, messageId: string, { approvalId, approved, reason }: ToolDecision): Promise<Message> {
    return this.#change({ name: 'decideTool', threadId, messageId }, (log) => {
      const parts = (log.thread(threadId).get(messageId)?.parts ?? []).map((part): MessagePart => {
        if (!('approval' in part) || part.approval?.id !== approvalId) return part;
        return { ...part, state: 'approval-responded', approval: { id: approvalId, approved, reason } };
      });
      return log.thread(threadId).setAnswer(messageId, {}, parts);
    });
  }

  actOnPart(threadId: string, messageId: string, action: PartAction): Promise<Message> {
    return this.#change({ name: 'actOnPart', threadId, messageId, action }, (log) =>
      log.thread(threadId).setAnswer(messageId, {}, log.thread(threadId).get(messageId)?.parts ?? []),
    );
  }

  attachmentLink(threadId: string, attachmentId: string): Promise<AttachmentLink> {
    return this.#request({ name: 'attachmentLink', threadId }, () => {
      const thread = this.#world.log.readable(threadId, this.userId);
      const parts = thread.messages.flatMap((message) => message.parts);
      const file = parts.find((part) => part.type === 'file' && part.attachmentId === attachmentId);
      if (file?.type !== 'file') throw toChatError('attachment_not_found');
      return { url: file.url, urlExpiresAt: this.#world.clock.now() + LINK_LIFE_MS };
    });
  }

  reconnect(): void {
    if (!this.#left && this.#state.status !== 'connected') void this.#connect();
  }

  close(): void {
    if (this.#left) return;
    this.#left = true;
    this.#world.sessions.delete(this);
    this.#break('closed', null);
  }

  /** The line is another one now. */
  lineChanged(): void {
    const { status, error } = this.#world.line;
    if (status === 'connected') this.reconnect();
    else this.#break(status, error);
  }

  /** A fault was set or lifted: what was held back may be answered now. */
  faultsChanged(): void {
    for (const flight of [...this.#flights]) flight.answer();
  }

  /** Tells the client, if it is there and has asked for such things. */
  deliver(event: BackendEvent): void {
    if (this.#state.status === 'connected' && this.#hears(event)) this.#context.onEvent(event);
    if (event.type === 'thread.removed') this.#open.delete(event.threadId);
  }

  #hears(event: BackendEvent): boolean {
    switch (event.type) {
      case 'connected':
      case 'reconnected':
        return true;
      case 'message.created':
      case 'message.updated':
        return this.#open.has(event.message.threadId);
      case 'thread.reset':
      case 'answer.streamed':
        return this.#open.has(event.threadId);
      case 'member.updated':
        return this.#open.has(event.member.threadId);
      case 'member.removed':
      case 'receipt.updated':
      case 'report.updated':
      case 'typing.updated':
        return this.#open.has(event.threadId);
      case 'presence.updated':
        return this.#watched.has(event.presence.userId);
      case 'thread.updated':
        return this.#listening;
      case 'thread.removed':
        return this.#listening || this.#open.has(event.threadId);
    }
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#cancelRetry?.();
    if (this.#world.line.status === 'offline') return this.#break('offline', this.#world.line.error);
    this.#set(this.#everConnected ? 'reconnecting' : 'connecting', this.#state.error);
    try {
      await this.#context.tokens.get();
    } catch (cause) {
      if (attempt === this.#attempt) this.#tokenFailed(ChatError.is(cause) ? cause : toChatError('internal'));
      return;
    }
    await this.#latency();
    if (attempt !== this.#attempt) return;
    const { status, error } = this.#world.line;
    if (status === 'connecting') return;
    if (status !== 'connected') return this.#break(status, error);
    const again = this.#everConnected;
    this.#everConnected = true;
    this.#set('connected', null);
    this.#context.onEvent({
      type: 'connected',
      user: this.#world.log.user(this.userId),
      uploads: this.#world.uploads ?? undefined,
    });
    if (again) this.#context.onEvent({ type: 'reconnected' });
  }

  #tokenFailed(error: ChatError): void {
    if (!error.retryable) return this.#break('closed', error);
    const waitMs = error.retryAfterMs ?? RETRY_MS;
    this.#set(this.#state.status, error, this.#world.clock.now() + waitMs);
    this.#cancelRetry = this.#world.clock.setTimer(() => void this.#connect(), waitMs);
  }

  /** Ends what is under way; what was asked and not answered is refused, for nobody can say whether it arrived. */
  #break(status: ConnectionStatus, error: ChatError | null): void {
    this.#attempt++;
    this.#cancelRetry?.();
    this.#open.clear();
    this.#watched.clear();
    this.#listening = false;
    const reason = error ?? toChatError('connection_lost');
    for (const flight of [...this.#flights]) flight.fail(reason);
    this.#set(status, error);
  }

  #set(status: ConnectionStatus, error: ChatError | null, retryAt: number | null = null): void {
    const { status: oldStatus, error: oldError, retryAt: oldRetryAt } = this.#state;
    if (status === oldStatus && error === oldError && retryAt === oldRetryAt) return;
    this.#state = { status, error, retryAt };
    this.#context.onState(this.#state);
  }

  #setOwn(
    name: FakeRequestName,
    threadId: string,
    change: { muted: boolean } | { archived: boolean },
  ): Promise<Thread> {
    return this.#request({ name, threadId }, () => {
      this.#world.log.readable(threadId, this.userId);
      return setOwn(this.#world, threadId, this.userId, change);
    });
  }

  #change(request: Omit<FakeRequest, 'userId'> & { messageId: string }, run: (log: FakeLog) => Message) {
    return this.#request(request, () => {
      const { log } = this.#world;
      const before = request.threadId === undefined ? undefined : log.thread(request.threadId).get(request.messageId);
      const message = run(log);
      if (message !== before) announceMessage(this.#world, message);
      return message;
    });
  }

  /** Rejects with `connection_lost` while not connected, as a server's session does: waiting is the client's part. */
  #request<T>(request: Omit<FakeRequest, 'userId'>, run: () => T): Promise<T> {
    const named = Object.entries(request).filter(([, value]) => value !== undefined);
    this.#world.requests.push({ ...(Object.fromEntries(named) as typeof request), userId: this.userId });
    if (this.#state.status !== 'connected') return Promise.reject(toChatError('connection_lost'));
    return new Promise<T>((resolve, reject) => {
      let due = false;
      const flight: Flight = {
        answer: () => {
          const fault = this.#world.faults.get(request.name);
          if (!due || fault === 'never-answers') return;
          this.#flights.delete(flight);
          try {
            if (fault) throw toChatError(fault);
            resolve(run());
          } catch (error) {
            reject(error instanceof Error ? error : toChatError('internal'));
          }
        },
        fail: (reason) => {
          this.#flights.delete(flight);
          reject(reason);
        },
      };
      this.#flights.add(flight);
      void this.#latency().then(() => {
        due = true;
        if (this.#flights.has(flight)) flight.answer();
      });
    });
  }

  async #latency(): Promise<void> {
    const { latencyMs, clock } = this.#world;
    if (latencyMs > 0) await new Promise<void>((resolve) => clock.setTimer(resolve, latencyMs));
  }
}
