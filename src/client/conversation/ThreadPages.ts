import type { ChatError } from '../../protocol/index.ts';
import type { BackendSession } from '../backends/ChatBackend.ts';
import { asChatError, unsupported } from './errors.ts';
import type { Line } from './Line.ts';
import type { MessageLog } from './MessageLog.ts';
import type { ThreadFacts } from './types.ts';

const PAGE = 50;

/** What the pages need of their feed. */
export interface PagesHost {
  /** The thread is open and was read. */
  readonly isLive: boolean;
  /** Whether there is something to show in place of a page that does not come. */
  readonly everRead: boolean;
  changed(change?: Partial<ThreadFacts>): void;
}

/** A message that is to be shown, and is not here. */
interface Goal {
  messageId: string;
  /** Its page is read again for what may have changed in it; nobody asked for it. */
  quiet: boolean;
  asked: boolean;
  done(): void;
  fail(error: ChatError): void;
}

/** Reads what is not at a thread's newest end: page by page from what is shown, or around one message. */
export class ThreadPages {
  readonly #id: string;
  readonly #line: Line;
  readonly #log: MessageLog;
  readonly #host: PagesHost;
  #older: Promise<void> | null = null;
  #newer: Promise<void> | null = null;
  #goal: Goal | null = null;
  #holds = false;

  constructor(id: string, line: Line, log: MessageLog, host: PagesHost) {
    this.#id = id;
    this.#line = line;
    this.#log = log;
    this.#host = host;
  }

  /** Whether nothing is to be shown yet, because the thread is opened at a message whose page is under way. */
  get holds(): boolean {
    return this.#holds;
  }

  loadOlder(): Promise<void> {
    this.#older ??= this.#load('older').finally(() => (this.#older = null));
    return this.#older;
  }

  loadNewer(): Promise<void> {
    this.#newer ??= this.#load('newer').finally(() => (this.#newer = null));
    return this.#newer;
  }

  /** Resolves when the message is shown, or somebody wants to see something else. */
  jumpTo(messageId: string): Promise<void> {
    this.#drop();
    const place = this.#log.find(messageId);
    if (place !== null) {
      if (place === 'latest') this.#log.toLatest();
      this.#host.changed({ jump: { messageId, status: 'shown' } });
      return Promise.resolve();
    }
    this.#holds = !this.#host.everRead;
    return new Promise((resolve, reject) => {
      this.#goal = { messageId, quiet: false, asked: false, done: resolve, fail: reject };
      this.#host.changed({ jump: { messageId, status: 'loading' } });
      this.#pursue();
    });
  }

  /** Shows the newest messages: they are here already, so that nothing is between. */
  toLatest(): void {
    if (!this.#goal && !this.#log.hasNewer) return;
    this.#drop();
    this.#log.toLatest();
    this.#changed({ jump: null });
  }

  /** The thread is open: what waits for it is asked for. */
  onLive(): void {
    if (this.#log.isStale && !this.#goal) this.#readAgain();
    this.#pursue();
  }

  /** Answers under way are void; what was wanted is asked for again. */
  onLost(): void {
    if (this.#goal) this.#goal.asked = false;
  }

  clear(): void {
    this.#drop();
  }

  #drop(): void {
    this.#goal?.done();
    this.#goal = null;
    this.#holds = false;
  }

  /** What is held back shows with it. */
  #changed(change: Partial<ThreadFacts>): void {
    this.#host.changed(this.#host.everRead ? { ...change, status: 'ready' } : change);
  }

  #readAgain(): void {
    const { entries } = this.#log;
    const messageId = entries.messages[Math.floor(entries.length / 2)]?.id;
    if (messageId === undefined) return this.#log.toLatest();
    this.#goal = { messageId, quiet: true, asked: false, done: () => {}, fail: () => {} };
  }

  #pursue(): void {
    const goal = this.#goal;
    const { session } = this.#line;
    if (!goal || goal.asked || !session || !this.#host.isLive) return;
    const { messageId } = goal;
    // What was loaded for another reason may hold it by now.
    if (!goal.quiet && this.#log.find(messageId) !== null) {
      void this.jumpTo(messageId);
      return this.#changed({});
    }
    goal.asked = true;
    const { era } = this.#log;
    const isStill = () => this.#goal === goal && goal.asked;
    (session.loadAround?.(this.#id, { messageId, limit: PAGE }) ?? unsupported()).then(
      (page) => {
        if (!isStill()) return;
        if (era !== this.#log.era) return this.#askAgain(goal);
        this.#log.moveTo(page);
        this.#drop();
        this.#changed(goal.quiet ? {} : { jump: { messageId, status: 'shown' } });
      },
      (thrown: unknown) => {
        if (isStill()) this.#onFailed(goal, asChatError(thrown));
      },
    );
  }

  #askAgain(goal: Goal): void {
    goal.asked = false;
    this.#pursue();
  }

  #onFailed(goal: Goal, error: ChatError): void {
    // The next connection asks again.
    if (error.code === 'connection_lost' && !this.#line.session) return void (goal.asked = false);
    this.#goal = null;
    this.#holds = false;
    // What may be out of date is not shown any longer.
    if (this.#log.isStale) this.#log.toLatest();
    this.#changed(goal.quiet ? {} : { jump: { messageId: goal.messageId, status: 'failed' } });
    this.#line.report(error);
    goal.fail(error);
  }

  async #load(side: 'older' | 'newer'): Promise<void> {
    const { session } = this.#line;
    const log = this.#log;
    const edge = () => log.entries.messages.at(side === 'older' ? 0 : -1)?.seq;
    const from = edge();
    const { era } = log;
    const isThere = side === 'older' ? log.hasOlder : log.hasNewer;
    if (!session || from === undefined || !isThere || log.isStale) return;
    const loading = side === 'older' ? 'loadingOlder' : 'loadingNewer';
    this.#host.changed({ [loading]: true });
    try {
      const add = await this.#ask(session, side, from);
      // After a gap, a jump, or after the person left, the page does not join what is here any more.
      if (era !== log.era || edge() !== from) return;
      add();
      this.#host.changed({ error: null });
    } catch (thrown) {
      const error = asChatError(thrown);
      if (this.#host.everRead) this.#host.changed({ error });
      this.#line.report(error);
    } finally {
      this.#host.changed({ [loading]: false });
    }
  }

  async #ask(session: BackendSession, side: 'older' | 'newer', seq: number): Promise<() => void> {
    if (side === 'older') {
      const page = await session.loadOlder(this.#id, { beforeSeq: seq, limit: PAGE });
      return () => this.#log.prepend(page);
    }
    const page = await (session.loadNewer?.(this.#id, { afterSeq: seq, limit: PAGE }) ?? unsupported());
    return () => this.#log.append(page);
  }
}
