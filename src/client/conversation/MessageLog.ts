import { quoteOf, type Message } from '../../protocol/index.ts';
import type { HistoryPage, HistoryWindow, ThreadPage } from '../backends/ChatBackend.ts';
import { EntryMaker, StoredEntries } from './StoredEntries.ts';

/**
 * What the server has of one thread, as far as it is known here. Copies of a message come in any order (an acknowledgement, an echo,
 * an update, a page): the one with the greater `version` wins. The log has no gaps by `version`, so one number says up to where
 * everything is known, and a greater one than the next shows that something was missed.
 *
 * What is shown is a window on it without a hole. It reaches to the newest message, or, after a jump, ends before: then the newest ones
 * are kept beside it, as they come, until the window is joined to them or left for them.
 */
export class MessageLog {
  readonly #myId: string;
  readonly #none: StoredEntries;
  /** Every message that came, also those outside of what is shown: a page that reaches to them may be older than a change. */
  readonly #kept = new Map<string, Message>();
  /** False after a first page: what is shown is not among them yet, and is put there once somebody looks for one. */
  #isIndexed = true;
  /** Those that are shown: from `#floor` to `#ceiling`, without a hole, ascending by `seq`. */
  #entries: StoredEntries;
  /** The first `seq` that is shown; 0 where nothing older exists. */
  #floor = 0;
  /** The last `seq` that is shown; infinite where the window goes on with what comes. */
  #ceiling = Infinity;
  /** From this `seq` on everything up to the newest is here, shown or not. */
  #tail = 0;
  /** The newest `seq` when the window left the newest messages, and how many of others came since. */
  #leftAt = 0;
  #arrived = 0;
  #isStale = false;
  #era = 0;
  #known: number | null = null;
  /** Ids of replies, by the message that they answer. */
  readonly #replies = new Map<string, Set<string>>();
  /** Places that came already, beyond the next one. */
  readonly #ahead = new Set<number>();

  constructor(myId: string) {
    this.#myId = myId;
    this.#none = new StoredEntries([], new EntryMaker(myId));
    this.#entries = this.#none;
  }

  /** The same list until one of them changes. */
  get entries(): StoredEntries {
    return this.#entries;
  }

  /** Up to this place nothing is missing: a resume goes on from here. Null before the first page. */
  get known(): number | null {
    return this.#known;
  }

  get hasOlder(): boolean {
    return this.#floor > 0;
  }

  /** Whether the window ends before the newest message. */
  get hasNewer(): boolean {
    return this.#ceiling !== Infinity;
  }

  /** Others' messages that came since the window left the newest ones. */
  get arrived(): number {
    return this.#arrived;
  }

  get hasHole(): boolean {
    return this.#ahead.size > 0;
  }

  /** Whether changes of what is shown may have been missed: it is to be read again. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** Another number once the window is another one: a page that was asked for before does not join it. */
  get era(): number {
    return this.#era;
  }

  get #byId(): Map<string, Message> {
    if (!this.#isIndexed) {
      this.#isIndexed = true;
      for (const message of this.#entries.messages) this.#kept.set(message.id, message);
    }
    return this.#kept;
  }

  get(messageId: string): Message | undefined {
    return this.#byId.get(messageId);
  }

  /** Where a message can be shown without asking: in the window, or with the newest ones. */
  find(messageId: string): 'shown' | 'latest' | null {
    const seq = this.#known === null ? undefined : this.#byId.get(messageId)?.seq;
    if (seq === undefined) return null;
    if (seq >= this.#floor && seq <= this.#ceiling && !this.#isStale) return 'shown';
    return seq >= this.#tail ? 'latest' : null;
  }

  /** An event or an answer: the message after a change that took one place in the log. */
  take(message: Message): void {
    if (this.#keep(message)) this.#show(message);
    if (this.#known !== null && message.version <= this.#known) return;
    this.#ahead.add(message.version);
    if (this.#known !== null) this.#joinFrom(this.#known);
  }

  /**
   * The answer to opening the thread, from its end or from `after` on. False where the server's log was put back to an earlier state, so that
   * everything was forgotten: it is to be opened from its end.
   */
  open({ messages, hasOlder, gap, lastSeq }: ThreadPage, after: number | null = this.#known): boolean {
    // Not compared with `known`: what was heard of while the answer was under way may have brought that further.
    if (after !== null && lastSeq < after) {
      this.clear();
      if (!gap) return false;
    }
    const joins = this.#known !== null && !gap;
    const from = hasOlder ? (messages[0]?.seq ?? 0) : 0;
    if (joins) {
      for (const message of messages.filter((each) => this.#keep(each))) this.#show(message);
    } else if (this.#byId.size > 0 || !this.#begin(messages, from)) {
      for (const message of messages) this.#keep(message);
      this.#replaceTail(from);
    }
    this.#joinFrom(Math.max(lastSeq, this.#known ?? 0));
    return true;
  }

  /** The answer to asking for what is older than the first one shown. */
  prepend({ messages, hasOlder }: HistoryPage): void {
    for (const message of messages) this.#keep(message);
    this.#floor = hasOlder ? (messages[0]?.seq ?? this.#floor) : 0;
    if (!this.hasNewer) this.#tail = this.#floor;
    this.#lineUp();
  }

  /** The answer to asking for what is newer than the last one shown. */
  append({ messages, hasNewer }: HistoryWindow): void {
    for (const message of messages) this.#keep(message);
    this.#ceiling = messages.at(-1)?.seq ?? this.#ceiling;
    this.#joinTail(hasNewer);
    this.#lineUp();
  }

  /** Shows a part of the thread in place of what is shown. */
  moveTo({ messages, hasOlder, hasNewer }: HistoryWindow): void {
    const left = !this.hasNewer;
    if (left) this.#leftAt = this.#newest();
    for (const message of messages) this.#keep(message);
    this.#floor = hasOlder ? (messages[0]?.seq ?? 0) : 0;
    this.#ceiling = messages.at(-1)?.seq ?? 0;
    this.#isStale = false;
    this.#era += 1;
    this.#joinTail(hasNewer);
    this.#lineUp();
  }

  /** Shows the newest messages, which are here. */
  toLatest(): void {
    if (!this.hasNewer) return;
    this.#floor = this.#tail;
    this.#era += 1;
    this.#joinTail(false);
    this.#lineUp();
  }

  clear(): void {
    this.#byId.clear();
    this.#replies.clear();
    this.#entries = this.#none;
    this.#floor = 0;
    this.#tail = 0;
    this.#known = null;
    this.#ahead.clear();
    this.#era += 1;
    this.#joinTail(false);
  }

  /** Whether it is news. */
  #keep(message: Message): boolean {
    const copy = this.#byId.get(message.id);
    if (copy && copy.version >= message.version) return false;
    const { replyTo } = message;
    const quoted = replyTo && this.#byId.get(replyTo.id);
    this.#byId.set(message.id, quoted ? withQuoteOf(message, quoted) : message);
    if (replyTo) this.#replies.set(replyTo.id, (this.#replies.get(replyTo.id) ?? new Set()).add(message.id));
    for (const id of this.#replies.get(message.id) ?? []) {
      const reply = this.#byId.get(id);
      if (reply) this.#byId.set(id, withQuoteOf(reply, message));
    }
    const isNew = !copy && this.hasNewer && message.seq > this.#leftAt;
    if (isNew && !message.event && message.author.id !== this.#myId) this.#arrived += 1;
    return true;
  }

  /** With the replies that quote it: they say what it says now. */
  #show({ id }: Message): void {
    for (const each of [id, ...(this.#replies.get(id) ?? [])]) {
      const message = this.#byId.get(each);
      if (message) this.#place(message);
    }
  }

  /**
   * Shows a first page: all that is known. False where it cannot be shown as it is: it is not in order, or has a reply in it, which may
   * quote another one of it. Nothing more than that is asked of it, since it may be long and everybody waits for it.
   */
  #begin(messages: readonly Message[], from: number): boolean {
    let last = 0;
    for (let at = 0; at < messages.length; at += 1) {
      const { seq, replyTo } = messages[at] as Message;
      if (seq <= last || replyTo) return false;
      last = seq;
    }
    this.#floor = this.#tail = from;
    this.#era += 1;
    this.#joinTail(false);
    // A copy: whose array it is may go on with it.
    this.#entries = this.#none.lineUp([...messages]);
    this.#isIndexed = false;
    return true;
  }

  /** What is newest does not join what was here: of a window further back, changes may be missed. */
  #replaceTail(from: number): void {
    this.#tail = from;
    this.#era += 1;
    if (!this.hasNewer || this.#floor >= from) {
      this.#floor = from;
      this.#joinTail(false);
      this.#lineUp();
    } else this.#isStale = true;
  }

  /** Where the window reaches the newest messages, or nothing is between, it goes on with them. */
  #joinTail(hasNewer: boolean): void {
    if (hasNewer && this.#ceiling < this.#tail) return;
    this.#floor = Math.min(this.#floor, this.#tail);
    this.#tail = this.#floor;
    this.#ceiling = Infinity;
    this.#arrived = 0;
    this.#isStale = false;
  }

  /** Puts one message where it belongs, at the cost of a copied array: most come last. */
  #place(message: Message): void {
    if (message.seq < this.#floor || message.seq > this.#ceiling) return;
    const { messages } = this.#entries;
    let at = messages.length;
    while (at > 0 && (messages[at - 1]?.seq ?? 0) > message.seq) at -= 1;
    const before = messages[at - 1];
    if (before === message) return;
    const isCopy = before?.id === message.id;
    this.#entries = this.#entries.with(isCopy ? at - 1 : at, isCopy ? 1 : 0, message);
  }

  /** All that are shown anew; what did not change keeps its object. */
  #lineUp(): void {
    const shown = [...this.#byId.values()].filter(({ seq }) => seq >= this.#floor && seq <= this.#ceiling);
    this.#entries = this.#entries.lineUp(shown.sort((a, b) => a.seq - b.seq));
  }

  #newest(): number {
    let newest = 0;
    for (const { seq } of this.#byId.values()) newest = Math.max(newest, seq);
    return newest;
  }

  #joinFrom(place: number): void {
    let known = place;
    while (this.#ahead.has(known + 1)) known += 1;
    for (const version of this.#ahead) if (version <= known) this.#ahead.delete(version);
    this.#known = known;
  }
}

/** A reply that quotes a message as that is now; the same object where it says so already. */
export function withQuoteOf(reply: Message, quoted: Message): Message {
  if (reply.replyTo?.id !== quoted.id) return reply;
  const quote = quoteOf(quoted, reply.replyTo.rootId);
  const { text, filename, deletedAt, author } = reply.replyTo;
  const isSame =
    text === quote.text &&
    filename === quote.filename &&
    deletedAt === quote.deletedAt &&
    author.name === quote.author.name;
  return isSame ? reply : { ...reply, replyTo: quote };
}
