import type { MessageEntry } from '../../client/index.ts';

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

export function isSeparator(row: Row): row is SeparatorRow {
  return 'kind' in row;
}

export function keyOf(row: Row): string {
  return isSeparator(row) ? row.key : row.message.id;
}

/** Whether the row at an index is a message that belongs to the group of the one before it. */
export function isContinuedAt(rows: readonly Row[], index: number): boolean {
  const [row, before] = [rows[index], rows[index - 1]];
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

/** Whether this is the separator above the first message that was unread. */
export function isUnreadMark(row: Row): boolean {
  return isSeparator(row) && row.kind === 'unread';
}
