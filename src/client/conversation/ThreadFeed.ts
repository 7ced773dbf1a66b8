import type { ChatError } from '../../protocol/index.ts';
import type { Message } from '../../protocol/index.ts';
import type { ThreadPage } from '../backends/ChatBackend.ts';
import { asChatError } from './errors.ts';
import type { Line } from './Line.ts';
import { MessageLog } from './MessageLog.ts';
import { Retry } from './Retry.ts';
import { ThreadPages, type PagesHost } from './ThreadPages.ts';
import { NO_ENTRIES, type StoredEntries } from './StoredEntries.ts';
import type { ThreadFacts } from './types.ts';

/** While an own action is being acknowledged, others' may overtake it; only a hole that stays is one. */
const HOLE_PATIENCE_MS = 1_000;

export interface FeedEvents {
  /** What the server has is something else now, and perhaps more about the thread. */
  changed(change?: Partial<ThreadFacts>): void;
  /** A message came, new or changed; not those of a page from before. */
  took(message: Message): void;
  /** The thread's events come from now on. */
  live(): void;
}

/** What the server has of one thread: read once, then followed live, and joined again after each loss. */
export class ThreadFeed implements PagesHost {
  readonly #id: string;
  readonly #line: Line;
  readonly #on: FeedEvents;
  readonly #log: MessageLog;
  readonly #retry: Retry;
  /** What is read besides: further back, and around a message. */
  readonly pages: ThreadPages;
  /** The thread's events come on this connection; `opening`: they were asked for. */
  #live: 'no' | 'opening' | 'yes' = 'no';
  /** Counts what makes an answer under way void: a lost connection, leaving the thread, forgetting it. */
  #turn = 0;
  #everRead = false;
  #cancelHoleCheck: (() => void) | undefined;
  /** Somebody wants it. */
  wanted = false;

  constructor(id: string, line: Line, on: FeedEvents) {
    this.#id = id;
    this.#line = line;
    this.#on = on;
    this.#log = new MessageLog(line.me.id);
    this.#retry = new Retry(line.clock);
    this.pages = new ThreadPages(id, line, this.#log, this);
  }

  get entries(): StoredEntries {
    return this.pages.holds ? NO_ENTRIES : this.#log.entries;
  }

  get hasNewer(): boolean {
    return this.#log.hasNewer;
  }

  /** Others' messages that came since the newest ones were left. */
  get arrived(): number {
    return this.#log.arrived;
  }

  get everRead(): boolean {
    return this.#everRead;
  }

  changed(change?: Partial<ThreadFacts>): void {
    this.#on.changed(change);
  }

  get hasOlder(): boolean {
    return this.#log.hasOlder;
  }

  /** Whether its events come, or were asked for. */
  get isOpen(): boolean {
    return this.#live !== 'no';
  }

  get isLive(): boolean {
    return this.#live === 'yes';
  }

  get(messageId: string): Message | undefined {
    return this.#log.get(messageId);
  }

  /** Others' messages after a place; null where those that are here do not reach back so far. */
  unreadAfter(seq: number): number | null {
    const { messages } = this.entries;
    const [first] = messages;
    if (!first || (this.hasOlder && first.seq > seq + 1)) return null;
    const begin = messages.findLastIndex((message) => message.seq <= seq) + 1;
    const counts = ({ author, event, deletedAt }: Message) =>
      author.id !== this.#line.me.id && !event && deletedAt === null;
    return messages.slice(begin).filter(counts).length;
  }

  /** Begins with a page that somebody else read: from it on the rest is caught up with. */
  seed(page: ThreadPage): void {
    this.#everRead = this.#log.open(page, null);
  }

  /** Reads the newest page, or what came and changed after what is here. */
  open(): void {
    const { session } = this.#line;
    if (!session || !this.wanted) return;
    this.#live = 'opening';
    this.#retry.stop();
    this.#turn += 1;
    const turn = this.#turn;
    const { known } = this.#log;
    (known === null ? session.openThread(this.#id) : session.openThread(this.#id, { afterSeq: known })).then(
      (page) => {
        if (turn === this.#turn) this.#onPage(page, known);
      },
      (thrown: unknown) => {
        if (turn === this.#turn) this.#onOpenFailed(asChatError(thrown));
      },
    );
  }

  /** Ends being live on this side; answers under way are void. */
  leave(): void {
    this.#turn += 1;
    this.#live = 'no';
    this.#retry.reset();
    this.pages.onLost();
    this.#cancelHoleCheck?.();
    this.#cancelHoleCheck = undefined;
  }

  /**
   * Takes a message in. What it shows to be missing is asked for; with `mayFill` after a moment, in which what is on its way may
   * fill the hole.
   */
  take(message: Message, { mayFill }: { mayFill: boolean }): void {
    this.#log.take(message);
    this.#on.took(message);
    this.#on.changed();
    this.#seeToHoles(mayFill);
  }

  /** What is here is shown until what there is now has come. */
  reset(): void {
    this.leave();
    this.pages.clear();
    this.#log.clear();
    this.open();
  }

  /** The person may no longer read it. */
  refuse(error: ChatError): void {
    this.clear();
    this.#on.changed({ status: 'refused', error, jump: null });
  }

  /** Forgets what is here; it is read anew when it is opened. */
  clear(): void {
    this.leave();
    this.#everRead = false;
    this.pages.clear();
    this.#log.clear();
  }

  #onPage(page: ThreadPage, after: number | null): void {
    // A log that was put back to an earlier state is read from its end.
    if (!this.#log.open(page, after)) return this.open();
    this.#live = 'yes';
    this.#everRead = true;
    this.#retry.reset();
    this.pages.onLive();
    this.#on.changed({ ...(!this.pages.holds && { status: 'ready' }), thread: page.thread, error: null });
    this.#on.live();
    this.#seeToHoles(true);
  }

  #onOpenFailed(error: ChatError): void {
    this.#live = 'no';
    if (error.code === 'thread_forbidden' || error.code === 'thread_not_found') {
      this.refuse(error);
      return this.#line.report(error);
    }
    // A lost connection is told by the connection's own state, and ends with it.
    if (error.code === 'connection_lost' && !this.#line.session) return;
    if (!this.#everRead) this.#on.changed({ status: 'error', error });
    this.#line.report(error);
    if (error.retryable) this.#retry.later(() => this.open(), error);
  }

  #seeToHoles(mayFill: boolean): void {
    // The page under way, or the next one, fills every hole.
    if (this.#live !== 'yes' || !this.#log.hasHole) return;
    if (!mayFill && !this.#cancelHoleCheck) return this.open();
    this.#cancelHoleCheck ??= this.#line.clock.setTimer(() => {
      this.#cancelHoleCheck = undefined;
      if (this.#log.hasHole) this.open();
    }, HOLE_PATIENCE_MS);
  }
}
