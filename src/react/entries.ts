import type { MessageEntries, MessageEntry } from '../client/index.ts';
import type { Message } from '../protocol/index.ts';

/** An array as what lists look at. */
export function entriesIn(all: readonly MessageEntry[]): MessageEntries {
  return { length: all.length, messages: all.map(({ message }) => message), at: (index) => all[index] };
}

export const NO_ENTRIES: MessageEntries = /* @__PURE__ */ entriesIn([]);

/** The first so many. */
export function firstOf(entries: MessageEntries, length: number): MessageEntries {
  const at = (index: number) => (index < length ? entries.at(index) : undefined);
  return { length, messages: entries.messages.slice(0, length), at };
}

/** From one index up to another. */
export function entriesFrom(entries: MessageEntries, begin: number, end: number): MessageEntry[] {
  return Array.from({ length: end - begin }, (_, index) => entries.at(begin + index) as MessageEntry);
}

/** The last `count`, or as many as there are. */
export function newestOf(entries: MessageEntries, count: number): MessageEntry[] {
  return entriesFrom(entries, Math.max(0, entries.length - count), entries.length);
}

export function findEntry(entries: MessageEntries, messageId: string): MessageEntry | undefined {
  return entries.at(entries.messages.findIndex(({ id }) => id === messageId));
}

/** Whether the server has it: it numbers what it stores from 1 on. */
export function isStored({ seq }: Message): boolean {
  return seq > 0;
}
