import { v7 as uuidv7 } from 'uuid';
import { ChatError, MAX_PARTS, MAX_TEXT_LENGTH, textOf } from '../../protocol/index.ts';
import type { Message, MessagePart, Thread } from '../../protocol/index.ts';
import type { ThreadPage } from '../backends/ChatBackend.ts';
import { Store } from '../store.ts';
import {
  joinedSeq,
  mergeMessages,
  onlyPending,
  pendingEntry,
  replaceSent,
  withFailed,
  withoutPending,
  withResent,
} from './entries.ts';
import type { Line } from './Line.ts';
import { Outbox } from './Outbox.ts';
import { asChatError, Retry } from './Retry.ts';
import type { ThreadHandle, ThreadState } from './types.ts';

/** A thread that nobody watches stays live for this long: a remount, or a look at another one, reads nothing again. */
const GRACE_MS = 5_000;
/** While an own message is being acknowledged, others' may overtake it; only a hole that stays is one. */
const HOLE_PATIENCE_MS = 1_000;
const OLDER_PAGE = 50;

const LOADING: ThreadState = {
  status: 'loading',
  thread: null,
  messages: [],
  hasOlder: false,
  loadingOlder: false,
  error: null,
};

/** One conversation: what the server has of it, and what is still to be sent. Live while somebody subscribes. */
export class ThreadStore implements ThreadHandle {
  readonly id: string;
  readonly #line: Line;
  readonly #outbox: Outbox;
  readonly #retry: Retry;
  readonly #state = new Store<ThreadState>(LOADING, () => this.#onFirst());
  #watched = false;
  /** The thread's events come on this connection; `opening`: they were asked for. */
  #live: 'no' | 'opening' | 'yes' = 'no';
  /** Up to this `seq` nothing is missing; 0 before the first page. A resume goes on from here. */
  #joined = 0;
  /** Counts what makes an answer under way void: a lost connection, leaving the thread, forgetting it. */
  #turn = 0;
  #older: Promise<void> | null = null;
  #cancelGrace: (() => void) | undefined;
  #cancelHoleCheck: (() => void) | undefined;

  readonly get = this.#state.get;
  readonly subscribe = this.#state.subscribe;

  constructor(id: string, line: Line) {
    this.id = id;
    this.#line = line;
    this.#retry = new Retry(line.clock);
    this.#outbox = new Outbox(line, {
      accepted: (message) => this.#take([message]),
      refused: (messageId, error) => {
        this.#set({ messages: withFailed(this.get().messages, messageId, error) });
        line.report(error);
      },
    });
  }

  send(content: string | MessagePart[]): string {
    const parts: MessagePart[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    const text = textOf(parts);
    if (text.trim() === '') throw new ChatError('message_empty', 'The message has no text.');
    if (text.length > MAX_TEXT_LENGTH || parts.length > MAX_PARTS) {
      throw new ChatError('message_too_long', `A message holds at most ${MAX_TEXT_LENGTH} characters.`);
    }
    const messageId = uuidv7();
    const entry = pendingEntry(messageId, this.id, this.#line.me, parts, this.#line.clock.now());
    this.#set({ messages: [...this.get().messages, entry] });
    this.#outbox.add({ threadId: this.id, messageId, parts });
    return messageId;
  }

  retry(messageId: string): void {
    const failed = this.get().messages.find(
      ({ message, delivery }) => message.id === messageId && delivery === 'failed',
    );
    if (!failed) return;
    this.#set({ messages: withResent(this.get().messages, messageId) });
    this.#outbox.add({ threadId: this.id, messageId, parts: failed.message.parts });
  }

  discard(messageId: string): void {
    const failed = this.get().messages.some(
      ({ message, delivery }) => message.id === messageId && delivery === 'failed',
    );
    if (failed) this.#set({ messages: withoutPending(this.get().messages, messageId) });
  }

  loadOlder(): Promise<void> {
    this.#older ??= this.#loadOlder().finally(() => (this.#older = null));
    return this.#older;
  }

  reload(): void {
    this.#leave();
    const { status } = this.get();
    if (status !== 'ready') this.#set({ status: 'loading', error: null });
    this.#open();
  }

  /** The client is connected, for the first time or again. */
  onConnected(): void {
    this.#outbox.resume();
    if (this.#watched && this.#live === 'no') this.#open();
  }

  /** The line broke and is there again: what was live is no longer. */
  onReconnected(): void {
    if (this.#live === 'yes') this.#leave();
    this.onConnected();
  }

  onLost(): void {
    this.#outbox.pause();
    this.#leave();
  }

  onMessage(message: Message): void {
    if (this.#live !== 'no' || this.get().messages.some((entry) => entry.message.id === message.id))
      this.#take([message]);
  }

  onThread(thread: Thread): void {
    if (this.get().thread) this.#set({ thread });
  }

  /** Forgets everything, the unsent too: the person left. */
  forget(): void {
    this.#outbox.clear();
    this.#leave();
    this.#cancelGrace?.();
    this.#joined = 0;
    this.#state.set(LOADING);
  }

  #onFirst(): () => void {
    this.#watched = true;
    this.#cancelGrace?.();
    if (this.#live === 'no') this.#open();
    return () => {
      this.#watched = false;
      if (this.#live === 'no') return this.#leave();
      this.#cancelGrace = this.#line.clock.setTimer(() => {
        if (this.#live !== 'no') this.#line.session?.closeThread(this.id);
        this.#leave();
      }, GRACE_MS);
    };
  }

  /** Ends being live on this side; answers under way are void. */
  #leave(): void {
    this.#turn += 1;
    this.#live = 'no';
    this.#retry.reset();
    this.#cancelHoleCheck?.();
    this.#cancelHoleCheck = undefined;
  }

  /** Reads the newest page, or what came after what is here. */
  #open(): void {
    const { session } = this.#line;
    if (!session || !this.#watched) return;
    this.#live = 'opening';
    this.#retry.stop();
    this.#turn += 1;
    const turn = this.#turn;
    const answer =
      this.#joined > 0 ? session.openThread(this.id, { afterSeq: this.#joined }) : session.openThread(this.id);
    answer.then(
      (page) => {
        if (turn === this.#turn) this.#onPage(page);
      },
      (thrown: unknown) => {
        if (turn === this.#turn) this.#onOpenFailed(asChatError(thrown));
      },
    );
  }

  #onPage(page: ThreadPage): void {
    this.#live = 'yes';
    this.#retry.reset();
    const first = this.#joined === 0;
    // Without a first page, an acknowledged message may lie anywhere before this one: it is not joined either.
    const merge = first || page.gap ? replaceSent : mergeMessages;
    for (const message of page.messages) this.#outbox.remove(message.id);
    const messages = merge(this.get().messages, page.messages, this.#line.me.id);
    this.#joined = joinedSeq(messages, page.messages.at(-1)?.seq ?? this.#joined);
    const hasOlder = first || page.gap ? page.hasOlder : this.get().hasOlder;
    this.#set({ status: 'ready', thread: page.thread, messages, hasOlder, error: null });
  }

  #onOpenFailed(error: ChatError): void {
    this.#live = 'no';
    if (error.code === 'thread_forbidden' || error.code === 'thread_not_found') {
      // What was readable is no longer; what the person wrote and nobody has stays theirs.
      this.#joined = 0;
      this.#set({ status: 'refused', error, hasOlder: false, messages: onlyPending(this.get().messages) });
      return this.#line.report(error);
    }
    // A lost connection is told by the connection's own state, and ends with it.
    if (error.code === 'connection_lost' && !this.#line.session) return;
    if (this.get().status !== 'ready') this.#set({ status: 'error', error });
    this.#line.report(error);
    if (error.retryable) this.#retry.later(() => this.#open(), error);
  }

  /** Takes in messages from outside a page, and sees to what they show to be missing. */
  #take(messages: Message[]): void {
    for (const message of messages) this.#outbox.remove(message.id);
    const merged = mergeMessages(this.get().messages, messages, this.#line.me.id);
    this.#set({ messages: merged });
    if (this.#live !== 'yes') return; // The page under way, or the next one, fills every hole.
    this.#joined = joinedSeq(merged, this.#joined);
    if (!this.#hasHole()) return;
    if (!this.#outbox.busy && !messages.some((message) => message.author.id === this.#line.me.id)) return this.#open();
    this.#cancelHoleCheck ??= this.#line.clock.setTimer(() => {
      this.#cancelHoleCheck = undefined;
      if (this.#hasHole()) this.#open();
    }, HOLE_PATIENCE_MS);
  }

  #hasHole(): boolean {
    return this.get().messages.some(({ message }) => message.seq > this.#joined);
  }

  async #loadOlder(): Promise<void> {
    const { session } = this.#line;
    const oldest = this.get().messages.find((entry) => entry.delivery === 'sent');
    if (!session || !oldest || !this.get().hasOlder) return;
    this.#set({ loadingOlder: true });
    const beforeSeq = oldest.message.seq;
    try {
      const page = await session.loadOlder(this.id, { beforeSeq, limit: OLDER_PAGE });
      const now = this.get().messages.find((entry) => entry.delivery === 'sent');
      // After a gap, or after the person left, the page does not join what is here any more.
      if (now?.message.seq !== beforeSeq) return;
      const messages = mergeMessages(this.get().messages, page.messages, this.#line.me.id);
      this.#set({ messages, hasOlder: page.hasOlder, error: null });
    } catch (thrown) {
      const error = asChatError(thrown);
      if (this.get().status === 'ready') this.#set({ error });
      this.#line.report(error);
    } finally {
      this.#set({ loadingOlder: false });
    }
  }

  #set(change: Partial<ThreadState>): void {
    const before = this.get();
    const same = Object.entries(change).every(([key, value]) => Object.is(before[key as keyof ThreadState], value));
    if (!same) this.#state.set({ ...before, ...change });
  }
}
