import type { MessageEntries, MessageEntry } from '../../client/index.ts';

/** Messages of one author closer together than this show as one group. */
const GROUP_WITHIN_MS = 5 * 60_000;

/** Stands between messages. */
export type SeparatorRow =
  /** `day` names the day, `time` the time at a seam. `at` is a moment of it, ms since 1970. */
  | { kind: 'day' | 'time'; key: string; at: number }
  /** Stands above the first message that was unread. */
  | { kind: 'unread'; key: string };

/** One row of the virtual list. A message stands for itself: with an object more for each, a long list would cost twice as much. */
export type Row = SeparatorRow | MessageEntry;

/** A separator, and the index of the message that it stands before. */
export interface PlacedSeparator {
  before: number;
  row: SeparatorRow;
}

/** Rows by their index, from 0: an array, too. */
export interface RowList {
  readonly length: number;
  at(index: number): Row | undefined;
}

/** The messages with separators between them: no second list as long as theirs, and no entry before its row is shown. */
export class Rows implements RowList {
  readonly #entries: MessageEntries;
  /** In their order. */
  readonly separators: readonly PlacedSeparator[];
  readonly length: number;

  constructor(entries: MessageEntries, separators: readonly PlacedSeparator[]) {
    this.#entries = entries;
    this.separators = separators;
    this.length = entries.length + separators.length;
  }

  at(index: number): Row | undefined {
    // How many separators stand up to there: each is further down by those before it.
    let [low, high] = [0, this.separators.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { before, row } = this.separators[middle] as PlacedSeparator;
      if (before + middle === index) return row;
      if (before + middle < index) low = middle + 1;
      else high = middle;
    }
    return this.#entries.at(index - low);
  }

  /** Index of the row with a key; -1: there is none. */
  indexOf(key: string): number {
    const separator = this.separators.findIndex(({ row }) => row.key === key);
    if (separator >= 0) return (this.separators[separator] as PlacedSeparator).before + separator;
    const message = this.#entries.messages.findIndex(({ id }) => id === key);
    return message < 0 ? -1 : message + this.separators.filter(({ before }) => before <= message).length;
  }
}

/** Of the separator above the first message that was unread. */
export const UNREAD_KEY = 'unread';

export function isSeparator(row: Row): row is SeparatorRow {
  return 'kind' in row;
}

export function keyOf(row: Row): string {
  return isSeparator(row) ? row.key : row.message.id;
}

/** Whether the row at an index is a message that belongs to the group of the one before it. */
export function isContinuedAt(rows: RowList, index: number): boolean {
  if (index < 1) return false;
  const [row, before] = [rows.at(index), rows.at(index - 1)];
  return (
    row !== undefined && before !== undefined && !isSeparator(row) && !isSeparator(before) && isContinued(row, before)
  );
}

/** Whether a message belongs to the group of the one before it. */
function isContinued(entry: MessageEntry, before: MessageEntry): boolean {
  return (
    !before.message.event &&
    !entry.message.event &&
    before.message.author.id === entry.message.author.id &&
    entry.message.createdAt - before.message.createdAt < GROUP_WITHIN_MS
  );
}
