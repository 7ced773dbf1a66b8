import { MAX_UNREAD_COUNT } from '../../protocol/index.ts';
import type { Message, OwnThreadState, Thread } from '../../protocol/index.ts';
import type { Line } from './Line.ts';
import { ReceiptSender } from './ReceiptSender.ts';

export interface OwnStateEvents {
  /** The server answered: the thread as it is to the person now. */
  onThread(thread: Thread): void;
  /** What was asked about a thread could not be answered. */
  onUnknown(threadId: string): void;
  /** A thread is something else to the person now. */
  onOwnState(threadId: string, own: OwnThreadState): void;
}

interface Known {
  own: OwnThreadState | null;
  /** Messages that were counted, and the `seq` of the last of them: none is counted twice, whichever frame brings it. */
  count: number;
  lastSeq: number;
  /** The last message, while it may still be taken from the count by its deletion. */
  lastId: string | null;
  /** The thread was asked for on this connection; `asking`: its answer is on the way. */
  asked: boolean;
  asking: boolean;
}

/**
 * What the person's threads are to them alone: how far they have read, what is unread, what is muted and put away. The server's own
 * word comes with its answers; what it tells everybody is counted on from there, and what the person reads here shows at once.
 */
export class OwnStates {
  readonly #line: Line;
  readonly #on: OwnStateEvents;
  readonly #sender: ReceiptSender;
  readonly #threads = new Map<string, Known>();

  constructor(line: Line, on: OwnStateEvents) {
    this.#line = line;
    this.#on = on;
    this.#sender = new ReceiptSender(line, (thread) => on.onThread(thread));
  }

  /** The thread with what it is to the person, whichever frame it came in. */
  complete(thread: Thread): Thread {
    const known = this.#known(thread.id);
    const { lastMessage, messageCount } = thread;
    const grown = messageCount - known.count;
    if (thread.own) known.own = this.#merged(known, thread.own, grown);
    else if (!known.own) this.#ask(thread.id, known);
    else if (grown > 0) this.#grow(known, this.#isMine(lastMessage) ? grown - 1 : grown);
    else if (lastMessage && lastMessage.id === known.lastId && lastMessage.deletedAt !== null) this.#onDeleted(known);
    if (grown >= 0) known.count = messageCount;
    if (lastMessage && lastMessage.seq >= known.lastSeq) {
      known.lastSeq = lastMessage.seq;
      const counts = lastMessage.deletedAt === null && !this.#isMine(lastMessage);
      known.lastId = counts && lastMessage.seq > (known.own?.readSeq ?? 0) ? lastMessage.id : null;
    }
    return known.own === thread.own ? thread : { ...thread, own: known.own };
  }

  /** Whether it will be known in a moment what a thread is to the person. */
  isAsking(threadId: string): boolean {
    return this.#threads.get(threadId)?.asking ?? false;
  }

  /** A message of an opened thread, new or changed; `before` is the copy that was known of it. */
  onMessage(message: Message, before: Message | undefined): void {
    const known = this.#threads.get(message.threadId);
    // What happened to the conversation is unread to nobody.
    if (!known?.own || message.event) return;
    const own = known.own;
    if (message.seq > known.lastSeq) {
      known.count += 1;
      known.lastSeq = message.seq;
      known.lastId = null;
      this.#grow(known, this.#isMine(message) || message.deletedAt !== null ? 0 : 1);
      if (known.own.unreadCount > own.unreadCount) known.lastId = message.id;
    } else if (message.deletedAt !== null && before?.deletedAt === null && !this.#isMine(message)) {
      // The last one may have been taken off already, by what the list was told.
      const isTaken = message.seq === known.lastSeq && known.lastId !== message.id;
      if (message.seq > (own.readSeq ?? message.seq) && !isTaken) this.#onDeleted(known);
    }
    if (known.own !== own) this.#on.onOwnState(message.threadId, known.own);
  }

  /**
   * The person has seen a thread up to a place.
   * @param unread what is unread after it, where that is known
   * @param here whether it was here, and the server is to be told
   */
  read(threadId: string, readSeq: number, unread: number | null, { here }: { here: boolean }): void {
    const known = this.#threads.get(threadId);
    if (!known?.own || readSeq <= (known.own.readSeq ?? -1)) return;
    const unreadCount = readSeq >= known.lastSeq ? 0 : (unread ?? known.own.unreadCount);
    known.own = { ...known.own, readSeq, unreadCount };
    if (here) this.#sender.put(threadId, readSeq);
    this.#on.onOwnState(threadId, known.own);
  }

  onConnected(): void {
    this.#sender.resume();
  }

  onLost(): void {
    this.#sender.pause();
    for (const known of this.#threads.values()) known.asked = false;
  }

  forget(): void {
    this.#sender.forget();
    this.#threads.clear();
  }

  #known(threadId: string): Known {
    let known = this.#threads.get(threadId);
    if (!known) {
      known = { own: null, count: 0, lastSeq: 0, lastId: null, asked: false, asking: false };
      this.#threads.set(threadId, known);
    }
    return known;
  }

  /** What the server said, with what happened here and there since. */
  #merged({ own: here }: Known, said: OwnThreadState, grown: number): OwnThreadState {
    if (!here) return said;
    if ((here.readSeq ?? -1) > (said.readSeq ?? -1)) {
      const unreadCount = atMost(here.unreadCount + Math.max(0, grown));
      return same(here, { ...said, readSeq: here.readSeq, unreadCount });
    }
    const missing = said.readSeq === null ? 0 : Math.max(0, -grown);
    return same(here, { ...said, unreadCount: atMost(said.unreadCount + missing) });
  }

  /** Messages came; `unread` of them are others'. */
  #grow(known: Known, unread: number): void {
    const { own } = known;
    if (!own) return;
    const unreadCount = own.readSeq === null ? 0 : atMost(own.unreadCount + unread);
    known.own = same(own, { ...own, unreadCount, archived: own.archived && own.muted });
  }

  #onDeleted(known: Known): void {
    known.lastId = null;
    if (known.own) known.own = { ...known.own, unreadCount: Math.max(0, known.own.unreadCount - 1) };
  }

  #isMine(message: Message | null): boolean {
    return message !== null && message.author.id === this.#line.me.id;
  }

  /** A thread of which only what everybody is told is known: one that is new, or far down the list. */
  #ask(threadId: string, known: Known): void {
    const { session } = this.#line;
    if (!session?.fetchThread || known.asked) return;
    known.asked = known.asking = true;
    session.fetchThread(threadId).then(
      (thread) => {
        known.asking = false;
        this.#on.onThread(thread);
      },
      () => {
        known.asking = false;
        // Asked again with the next connection; until then it is a thread that nothing is unread in.
        this.#on.onUnknown(threadId);
      },
    );
  }
}

function atMost(count: number): number {
  return Math.min(count, MAX_UNREAD_COUNT);
}

/** The object that is there already, where nothing is different: rows that show it stay as they are. */
function same(before: OwnThreadState, after: OwnThreadState): OwnThreadState {
  const keys = Object.keys(after) as (keyof OwnThreadState)[];
  return keys.every((key) => before[key] === after[key]) ? before : after;
}
