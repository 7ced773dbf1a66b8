import { uuidv7 } from '../uuidv7.ts';
import { ChatError, quoteOf } from '../../protocol/index.ts';
import type { Member, Message, MessagePart, OwnThreadState, Quote, Receipt, Thread } from '../../protocol/index.ts';
import type { FileToUpload, Upload } from '../attachments/types.ts';
import type { BackendEvent, ThreadPage } from '../backends/ChatBackend.ts';
import { Store } from '../store.ts';
import type { Readable } from '../store.ts';
import { EntryView } from './entries.ts';
import { GrowingAnswers } from './GrowingAnswers.ts';
import type { Line } from './Line.ts';
import { memberListStore, pinListStore, receiptListStore, reportListStore } from './lists.ts';
import type { MemberListStore, PinListStore, ReceiptListStore, ReportListStore } from './lists.ts';
import type { Outbox } from './Outbox.ts';
import type { OwnStates } from './OwnStates.ts';
import { draftParts, outboxItem } from './OutboxItem.ts';
import type { OutboxTask } from './OutboxItem.ts';
import { RepliesStore } from './RepliesStore.ts';
import { ThreadFeed } from './ThreadFeed.ts';
import { Typing } from './Typing.ts';
import { NO_ENTRIES, type EntryList } from './StoredEntries.ts';
import type { DraftPart, SendOptions, ThreadFacts, ThreadState } from './types.ts';

/** A thread that nobody watches stays live for this long: a remount, or a look at another one, reads nothing again. */
const GRACE_MS = 5_000;

const LOADING: ThreadFacts = {
  status: 'loading',
  thread: null,
  hasOlder: false,
  loadingOlder: false,
  hasNewer: false,
  loadingNewer: false,
  arrived: 0,
  jump: null,
  lastSent: null,
  error: null,
};

interface Told extends ThreadFacts {
  entries: EntryList;
}

/** What a thread needs beyond its line. */
export interface ThreadHost {
  outbox: Outbox;
  own: OwnStates;
  /** The thread changed by something that was asked for here. */
  onThread(thread: Thread): void;
  /** The person took themself out of it. */
  onLeft(threadId: string): void;
  /** It is there for nobody any more. */
  onDeleted(threadId: string): void;
  /** @throws {ChatError} `action_forbidden`, `disposed` */
  upload(file: FileToUpload): Upload;
  /** Somebody watches it from now on, or nobody does any more. */
  onWatched(store: ThreadStore, watched: boolean): void;
}

/**
 * One conversation: what the server has of it, and what is still to be sent. Live while somebody subscribes. What else is done in it is
 * asked for beside it (`openThread`), and is told to it as everything is that happens in the thread.
 */
export class ThreadStore {
  readonly id: string;
  readonly members: MemberListStore;
  readonly pins: PinListStore;
  readonly initial: ThreadState;
  readonly receipts: ReceiptListStore;
  readonly reports: ReportListStore;
  readonly typing: Typing;
  readonly #line: Line;
  readonly #host: ThreadHost;
  readonly #feed: ThreadFeed;
  readonly #answers: GrowingAnswers;
  readonly #view = new EntryView();
  readonly #replies = new Map<string, RepliesStore>();
  #told: Told = { ...LOADING, entries: NO_ENTRIES };
  readonly #state = new Store<ThreadState>(stateOf(this.#told), () => this.#onFirst());
  #cancelGrace: (() => void) | undefined;
  #lastSent: string | null = null;

  readonly get = this.#state.get;
  readonly subscribe = this.#state.subscribe;

  /** @param page to begin with */
  constructor(id: string, line: Line, host: ThreadHost, page?: ThreadPage) {
    this.id = id;
    this.#line = line;
    this.#host = host;
    this.#answers = new GrowingAnswers(id, line, (messageId) => this.#feed.get(messageId));
    this.#feed = new ThreadFeed(id, line, {
      changed: (change) => {
        if (change?.status === 'refused') this.#forgetLists();
        this.#refresh(change?.thread ? { ...change, thread: host.own.complete(change.thread) } : change);
      },
      took: (message) => {
        this.#answers.onMessage(message);
        this.typing.onMessage(message);
        for (const replies of this.#replies.values()) replies.take(message);
        if (message.pinned) this.pins.put(message);
        else this.pins.remove(message.id);
      },
      live: () => {
        this.#answers.onLive();
        for (const list of this.#lists()) list.onConnected();
      },
    });
    const open = { id, isLive: () => this.#feed.isLive, subscribe: (listener: () => void) => this.subscribe(listener) };
    this.members = memberListStore(line, open);
    this.pins = pinListStore(line, open);
    this.receipts = receiptListStore(line, open);
    this.reports = reportListStore(line, open);
    this.typing = new Typing(line, { ...open, mayWrite: () => this.get().thread?.role !== 'readonly' });
    if (page) this.#feed.seed(page);
    this.#refresh(page && { status: 'ready', thread: host.own.complete(page.thread) });
    this.initial = this.get();
  }

  send(content: string | DraftPart[], { replyTo }: SendOptions = {}): string {
    const parts = draftParts(content);
    const messageId = uuidv7();
    this.#lastSent = messageId;
    // What a person writes comes last, so that is what they see then.
    this.toLatest();
    this.typing.stop();
    this.put(messageId, { type: 'send', parts, replyTo: replyTo === undefined ? undefined : this.#quote(replyTo) });
    return messageId;
  }

  /** Leaves it to the outbox: it shows at once, and is done when there is a connection. */
  put(messageId: string, task: OutboxTask): void {
    this.#host.outbox.put(outboxItem(this.id, messageId, this.#line.clock.now(), task));
  }

  loadOlder(): Promise<void> {
    return this.#feed.pages.loadOlder();
  }

  loadNewer(): Promise<void> {
    return this.#feed.pages.loadNewer();
  }

  jumpTo(messageId: string): Promise<void> {
    return this.#feed.pages.jumpTo(messageId);
  }

  toLatest(): void {
    this.#feed.pages.toLatest();
  }

  replies(rootId: string): RepliesStore {
    let store = this.#replies.get(rootId);
    if (!store) {
      const thread = {
        id: this.id,
        isLive: () => this.#feed.isLive,
        subscribe: (listener: () => void) => this.subscribe(listener),
        get: (messageId: string) => this.#feed.get(messageId),
        outbox: () => this.#host.outbox.itemsOf(this.id),
      };
      this.#replies.set(rootId, (store = new RepliesStore(rootId, this.#line, thread)));
    }
    return store;
  }

  reload(): void {
    this.#leave();
    if (this.get().status !== 'ready') this.#refresh({ status: 'loading', error: null });
    this.#feed.open();
  }

  read(seq: number): void {
    this.#host.own.read(this.id, seq, this.#feed.unreadAfter(seq), { here: true });
  }

  answerParts(messageId: string): Readable<readonly MessagePart[]> {
    return this.#answers.shown(messageId);
  }

  onStreamed(frame: Extract<BackendEvent, { type: 'answer.streamed' }>): void {
    this.#answers.onStreamed(frame);
  }

  /** The client is connected, for the first time or again. */
  onConnected(): void {
    if (!this.#feed.isOpen) this.#feed.open();
  }

  /** The line broke and is there again: what was live is no longer. */
  onReconnected(): void {
    if (this.#feed.isLive) this.#leave();
    this.onConnected();
  }

  onLost(): void {
    this.#leave();
  }

  /** The server tells of a message that is new or was changed. */
  onMessage(message: Message): void {
    const { outbox } = this.#host;
    const isHere =
      this.#feed.get(message.id) !== undefined || outbox.itemsOf(this.id).some((item) => item.messageId === message.id);
    // Otherwise it is of an opening that ended.
    if (this.#feed.isOpen || isHere) this.#take(message, outbox.isBusy(this.id));
  }

  /** The server answered something that was asked for here, or in another tab. Others' events may still be on their way. */
  onSaved(message: Message): void {
    this.#take(message, true);
  }

  #take(message: Message, mayFill: boolean): void {
    const before = this.#feed.get(message.id);
    this.#feed.take(message, { mayFill });
    this.#host.own.onMessage(message, before);
  }

  /** Something else is unsent now. */
  onOutbox(): void {
    this.#refresh();
  }

  onThread(told: Thread): void {
    const handover = this.get().thread?.handover;
    // What was told late takes nothing back.
    const isLate = handover && told.handover && told.handover.version < handover.version;
    if (this.get().thread) this.#refresh({ thread: isLate ? { ...told, handover } : told });
  }

  onOwnState(own: OwnThreadState): void {
    const { thread } = this.get();
    if (thread && thread.own !== own) this.#refresh({ thread: { ...thread, own } });
  }

  /** People have read further; of two tellings of one person the further one holds. */
  onReceipts(receipts: readonly Receipt[]): void {
    const known = new Map(this.receipts.get().receipts.map((each) => [each.user.id, each.readSeq]));
    for (const receipt of receipts) {
      const { user, readSeq } = receipt;
      if ((known.get(user.id) ?? -1) < readSeq) this.receipts.put(receipt);
      // In another tab, or on another device.
      if (user.id === this.#line.me.id)
        this.#host.own.read(this.id, readSeq, this.#feed.unreadAfter(readSeq), { here: false });
    }
  }

  /** The log has become another one. */
  onReset(): void {
    this.#answers.clear();
    this.#feed.reset();
  }

  onMember(member: Member): void {
    this.members.put(member);
  }

  onMemberRemoved(userId: string): void {
    this.members.remove(userId);
  }

  /** The person may no longer read it. What they wrote and nobody has stays theirs. */
  onRemoved(): void {
    this.#feed.refuse(new ChatError('thread_forbidden', 'You are no longer in this conversation.'));
  }

  /** Forgets what the server has: it is read again when somebody comes back. */
  forget(): void {
    this.#leave();
    this.#cancelGrace?.();
    this.#forgetLists();
    this.#feed.clear();
    this.#refresh(LOADING);
  }

  /** @throws {ChatError} `message_not_found` */
  #quote(messageId: string): Quote {
    const stores = [...this.#replies.values()];
    const message = this.#feed.get(messageId) ?? stores.map((store) => store.message(messageId)).find(Boolean);
    if (!message) throw new ChatError('message_not_found', 'What it answers is not known here.');
    return quoteOf(message, message.replyTo?.rootId ?? message.id);
  }

  #forgetLists(): void {
    this.#answers.clear();
    for (const list of this.#lists()) list.forget();
  }

  #onFirst(): () => void {
    this.#feed.wanted = true;
    this.#host.onWatched(this, true);
    this.#cancelGrace?.();
    if (!this.#feed.isOpen) this.#feed.open();
    return () => {
      this.#feed.wanted = false;
      if (!this.#feed.isOpen) return this.#onIdle();
      this.#cancelGrace = this.#line.clock.setTimer(() => {
        if (this.#feed.isOpen) this.#line.session?.closeThread(this.id);
        this.#onIdle();
      }, GRACE_MS);
    };
  }

  #onIdle(): void {
    this.toLatest();
    this.#leave();
    this.#host.onWatched(this, false);
  }

  #leave(): void {
    this.#feed.leave();
    this.typing.onLost();
    for (const list of this.#lists()) list.onLost();
  }

  #lists(): (MemberListStore | PinListStore | ReceiptListStore | ReportListStore | RepliesStore)[] {
    return [this.members, this.receipts, this.pins, this.reports, ...this.#replies.values()];
  }

  /** Shows what is there now. */
  #refresh(change: Partial<ThreadFacts> = {}): void {
    const { outbox } = this.#host;
    outbox.dropSends(this.id, (messageId) => this.#feed.get(messageId));
    const { entries: stored, hasOlder, hasNewer, arrived } = this.#feed;
    const entries = this.#view.entries(stored, outbox.itemsOf(this.id), this.#line.me, { unsent: !hasNewer });
    for (const replies of this.#replies.values()) replies.refresh();
    const before = this.#told;
    const after: Told = { ...before, ...change, entries, hasOlder, hasNewer, arrived, lastSent: this.#lastSent };
    const keys = Object.keys(after) as (keyof Told)[];
    if (!keys.some((key) => !Object.is(before[key], after[key]))) return;
    this.#told = after;
    this.#state.set(stateOf(after));
  }
}

/** All the entries are made for who asks for them all, and for nobody else. */
function stateOf(told: Told): ThreadState {
  return {
    ...told,
    get messages() {
      return told.entries.all;
    },
  };
}
