import type { Message } from '../../protocol/index.ts';
import type { MessageEntries, MessageEntry } from './types.ts';

/** Entries one by one, or all of them. */
export interface EntryList extends MessageEntries {
  /** Made when it is first asked for; the same array from then on. */
  readonly all: readonly MessageEntry[];
}

/** Makes the entry of a message as the server has it: one for each copy of it. */
export class EntryMaker {
  readonly #myId: string;
  readonly #made = new WeakMap<Message, MessageEntry>();

  constructor(myId: string) {
    this.#myId = myId;
  }

  of(message: Message): MessageEntry {
    let entry = this.#made.get(message);
    if (!entry) this.#made.set(message, (entry = this.make(message)));
    return entry;
  }

  /** One that nobody has looked at alone is kept by who asked for it. */
  make(message: Message): MessageEntry {
    const known = this.#made.get(message);
    return known ?? { message, delivery: 'sent', error: null, mine: message.author.id === this.#myId, change: null };
  }
}

/**
 * What the server has of a thread, in order. Of a hundred thousand messages somebody looks at some dozen: an entry for each of the others
 * would be made, kept, and moved about by the garbage collector for nobody. Does not change: the next list follows from it.
 */
export class StoredEntries implements EntryList {
  readonly messages: readonly Message[];
  readonly #maker: EntryMaker;
  #all: readonly MessageEntry[] | null = null;

  constructor(messages: readonly Message[], maker: EntryMaker) {
    this.messages = messages;
    this.#maker = maker;
  }

  get length(): number {
    return this.messages.length;
  }

  get all(): readonly MessageEntry[] {
    return (this.#all ??= this.messages.map((message) => this.#maker.make(message)));
  }

  at(index: number): MessageEntry | undefined {
    if (this.#all) return this.#all[index];
    const message = this.messages[index];
    return message && this.#maker.of(message);
  }

  /** With a message in place of as many as `replaced` at an index. Whoever asked for all entries will do so again, and finds the same ones. */
  with(index: number, replaced: 0 | 1, message: Message): StoredEntries {
    const next = new StoredEntries(this.messages.toSpliced(index, replaced, message), this.#maker);
    if (this.#all) next.#all = this.#all.toSpliced(index, replaced, this.#maker.make(message));
    return next;
  }

  /** Of other messages; what is the same keeps its entry. */
  lineUp(messages: readonly Message[]): StoredEntries {
    const next = new StoredEntries(messages, this.#maker);
    if (this.#all) {
      const known = new Map(this.#all.map((entry) => [entry.message, entry]));
      next.#all = messages.map((message) => known.get(message) ?? this.#maker.make(message));
    }
    return next;
  }
}

export const NO_ENTRIES: StoredEntries = /* @__PURE__ */ new StoredEntries([], new EntryMaker(''));
