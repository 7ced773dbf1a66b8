import type { MessageEntry } from '../../client/index.ts';
import { isSeparator, isUnreadMark, type Row } from './rows.ts';

const DAY_MS = 86_400_000;

export interface RowModel {
  entries: readonly MessageEntry[];
  rows: readonly Row[];
  /** Whether this model follows the last one by older messages before its first: the list then holds its place from the end. */
  prepended: boolean;
  /**
   * Ids of messages that stood first when an older page came. They go on starting a group, under a separator as tall as the
   * day's that stood there: a page landing above changes the height of nothing that somebody is reading.
   */
  seams: ReadonlySet<string>;
  /** The place in the log that `unread` stands after; null: nowhere. */
  unreadAfter: number | null;
  /** Counts how often the messages were others: after a jump the list is a new one, which knows no heights and no place yet. */
  view: number;
}

export const NO_ROWS: RowModel = {
  entries: [],
  rows: [],
  prepended: false,
  seams: new Set(),
  view: 0,
  unreadAfter: null,
};

/** The day of a moment in the person's own time zone. */
function dayOf(at: number): { key: string; end: number } {
  const date = new Date(at);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  return { key: `day:${year}-${month + 1}-${day}`, end: new Date(year, month, day + 1).getTime() };
}

function commonPrefix(a: readonly MessageEntry[], b: readonly MessageEntry[]): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[count] === b[count]) count += 1;
  return count;
}

/** How many rows, from the first, stand for the first `count` messages. */
function rowsOf(model: RowModel, count: number): number {
  let messages = model.entries.length;
  let length = model.rows.length;
  while (length > 0 && messages > count) {
    length -= 1;
    if (isMessage(model.rows[length])) messages -= 1;
  }
  // A separator belongs to the message after it.
  while (length > 0 && !isMessage(model.rows[length - 1])) length -= 1;
  return length;
}

/**
 * The rows for `entries`, reusing those of `previous` for the messages that both begin with: an arrival costs its own row. Where an older
 * page came together with newer messages, those for the page alone: a list can hold its place from one of its ends at a time.
 */
export function nextRows(
  previous: RowModel,
  all: readonly MessageEntry[],
  unreadAfter: number | null = null,
): RowModel {
  if (isReplaced(previous.entries, all)) return { ...nextRows(NO_ROWS, all, unreadAfter), view: previous.view + 1 };
  const { view } = previous;
  const first = previous.entries[0]?.message.id;
  const older = first === undefined ? 0 : all.findIndex((entry) => entry.message.id === first);
  const prepended = older > 0;
  const entries =
    prepended && older + previous.entries.length < all.length ? all.slice(0, older + previous.entries.length) : all;
  const seams = prepended && first !== undefined ? new Set(previous.seams).add(first) : previous.seams;

  const shared = unreadAfter === previous.unreadAfter ? commonPrefix(previous.entries, entries) : 0;
  const kept = shared > 0 ? previous.rows.slice(0, rowsOf(previous, shared)) : [];
  const rows = kept.length > 0 ? kept : withRoomFor(entries, seams.size);
  let length = kept.length;
  // Days only go forward: a message with an earlier time (a wrong clock) stays under the day that is open.
  let dayEnd = lastDayEnd(kept);
  let marked = unreadAfter === null || kept.some(isUnreadMark);
  for (let index = shared; index < entries.length; index += 1) {
    const entry = entries[index] as MessageEntry;
    const { createdAt } = entry.message;
    if (createdAt >= dayEnd) {
      const day = dayOf(createdAt);
      rows[length++] = { kind: 'day', key: day.key, at: createdAt };
      dayEnd = day.end;
    } else if (seams.size > 0 && seams.has(entry.message.id)) {
      rows[length++] = { kind: 'time', key: `time:${entry.message.id}`, at: createdAt };
    }
    if (!marked && isUnread(entry, unreadAfter)) {
      rows[length++] = { kind: 'unread', key: 'unread' };
      marked = true;
    }
    rows[length++] = entry;
  }
  rows.length = length;
  return { entries, rows, prepended, seams, view, unreadAfter };
}

/** An array that does not grow row by row, and is not copied for that. What it has too much is given back. */
function withRoomFor(entries: readonly MessageEntry[], seams: number): Row[] {
  const [first, last] = [entries[0], entries.at(-1)];
  // A guess, and no number at all where a time is none.
  const days = first && last ? (last.message.createdAt - first.message.createdAt) / DAY_MS || 0 : 0;
  return new Array<Row>(entries.length + seams + Math.min(entries.length, Math.max(0, Math.ceil(days))) + 3);
}

function isUnread({ message, mine, delivery }: MessageEntry, after: number | null): boolean {
  const counts = delivery === 'sent' && !mine && !message.event && message.deletedAt === null;
  return after !== null && counts && message.seq > after;
}

/** Whether the first or the last message that the server had is not among them any more: another part of the thread is shown. */
function isReplaced(before: readonly MessageEntry[], after: readonly MessageEntry[]): boolean {
  const isStored = ({ delivery }: MessageEntry) => delivery === 'sent';
  const [first, last] = [before.find(isStored)?.message.id, before.findLast(isStored)?.message.id];
  if (first === undefined) return false;
  return (
    !after.some(({ message }) => message.id === first) ||
    after.findLast(({ message }) => message.id === last) === undefined
  );
}

function isMessage(row: Row | undefined): boolean {
  return row !== undefined && !isSeparator(row);
}

function lastDayEnd(rows: readonly Row[]): number {
  const day = rows.findLast((row) => isSeparator(row) && row.kind === 'day');
  return day && isSeparator(day) && day.kind === 'day' ? dayOf(day.at).end : -Infinity;
}
