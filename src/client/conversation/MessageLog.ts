import { quoteOf, type Message } from '../../protocol/index.ts';
import { storedEntry } from './entries.ts';
import type { HistoryPage, ThreadPage } from '../backends/ChatBackend.ts';
import type { MessageEntry } from './types.ts';

/**
 * What the server has of one thread, as far as it is known here. Copies of a message come in any order (an acknowledgement, an echo,
 * an update, a page): the one with the greater `version` wins. The log has no gaps by `version`, so one number says up to where
 * everything is known, and a greater one than the next shows that something was missed.
 */
export class MessageLog {
  readonly #myId: string;
  /** Every message that came, also those from before the first one shown: a page that reaches back to them may be older than a change. */
  readonly #byId = new Map<string, Message>();
  /** Those that are shown: from `#floor` on, without a hole, ascending by `seq`. */
  #entries: readonly MessageEntry[] = [];
  /** The first `seq` that is shown; 0 where nothing older exists. */
  #floor = 0;
  #known: number | null = null;
  /** Ids of replies, by the message that they answer. */
  readonly #replies = new Map<string, Set<string>>();
  /** Places that came already, beyond the next one. */
  readonly #ahead = new Set<number>();

  constructor(myId: string) {
    this.#myId = myId;
  }

  /** The same array until one of them changes. */
  get entries(): readonly MessageEntry[] {
    return this.#entries;
  }

  /** Up to this place nothing is missing: a resume goes on from here. Null before the first page. */
  get known(): number | null {
    return this.#known;
  }

  get hasOlder(): boolean {
    return this.#floor > 0;
  }

  get hasHole(): boolean {
    return this.#ahead.size > 0;
  }

  get(messageId: string): Message | undefined {
    return this.#byId.get(messageId);
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
    if (!joins) this.#floor = hasOlder ? (messages[0]?.seq ?? 0) : 0;
    const news = messages.filter((message) => this.#keep(message));
    if (joins) for (const message of news) this.#show(message);
    else this.#lineUp();
    this.#joinFrom(Math.max(lastSeq, this.#known ?? 0));
    return true;
  }

  /** The answer to asking for what is older than the first one shown. */
  prepend({ messages, hasOlder }: HistoryPage): void {
    for (const message of messages) this.#keep(message);
    this.#floor = hasOlder ? (messages[0]?.seq ?? this.#floor) : 0;
    this.#lineUp();
  }

  clear(): void {
    this.#byId.clear();
    this.#replies.clear();
    this.#entries = [];
    this.#floor = 0;
    this.#known = null;
    this.#ahead.clear();
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
    return true;
  }

  /** With the replies that quote it: they say what it says now. */
  #show({ id }: Message): void {
    for (const each of [id, ...(this.#replies.get(id) ?? [])]) {
      const message = this.#byId.get(each);
      if (message) this.#place(message);
    }
  }

  /** Puts one message where it belongs, at the cost of a copied array: most come last. */
  #place(message: Message): void {
    if (message.seq < this.#floor) return;
    const entries = [...this.#entries];
    let at = entries.length;
    while (at > 0 && seqAt(entries, at - 1) > message.seq) at -= 1;
    const known = entries[at - 1]?.message.id === message.id;
    if (known && entries[at - 1]?.message === message) return;
    entries.splice(known ? at - 1 : at, known ? 1 : 0, this.#entry(message));
    this.#entries = entries;
  }

  /** All that are shown anew; what did not change keeps its object. */
  #lineUp(): void {
    const before = new Map(this.#entries.map((entry) => [entry.message, entry]));
    this.#entries = [...this.#byId.values()]
      .filter(({ seq }) => seq >= this.#floor)
      .sort((a, b) => a.seq - b.seq)
      .map((message) => before.get(message) ?? this.#entry(message));
  }

  #entry(message: Message): MessageEntry {
    return storedEntry(message, this.#myId);
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

function seqAt(entries: readonly MessageEntry[], index: number): number {
  return entries[index]?.message.seq ?? 0;
}
