import type { MessageEntries } from '../../client/index.ts';
import type { Message } from '../../protocol/index.ts';
import { firstOf, isStored, NO_ENTRIES } from '../entries.ts';
import { Rows, UNREAD_KEY, type PlacedSeparator } from './rows.ts';

export interface RowModel {
  entries: MessageEntries;
  rows: Rows;
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
  entries: NO_ENTRIES,
  rows: new Rows(NO_ENTRIES, []),
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

function commonPrefix(a: readonly Message[], b: readonly Message[]): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[count] === b[count]) count += 1;
  return count;
}

/**
 * The rows for `entries`, reusing those of `previous` for the messages that both begin with: an arrival costs its own row. Where an older
 * page came together with newer messages, those for the page alone: a list can hold its place from one of its ends at a time.
 */
export function nextRows(previous: RowModel, all: MessageEntries, unreadAfter: number | null = null): RowModel {
  if (isReplaced(previous.entries.messages, all.messages))
    return { ...nextRows(NO_ROWS, all, unreadAfter), view: previous.view + 1 };
  const { view } = previous;
  const first = previous.entries.messages[0]?.id;
  const older = first === undefined ? 0 : all.messages.findIndex(({ id }) => id === first);
  const prepended = older > 0;
  const most = older + previous.entries.length;
  const entries = prepended && most < all.length ? firstOf(all, most) : all;
  const seams = prepended && first !== undefined ? new Set(previous.seams).add(first) : previous.seams;

  const { messages } = entries;
  const shared = unreadAfter === previous.unreadAfter ? commonPrefix(previous.entries.messages, messages) : 0;
  // A separator belongs to the message after it.
  const separators = previous.rows.separators.filter(({ before }) => before < shared);
  // Days only go forward: a message with an earlier time (a wrong clock) stays under the day that is open.
  let dayEnd = lastDayEnd(separators);
  let marked = unreadAfter === null || separators.some(({ row }) => row.kind === 'unread');
  for (let index = shared; index < messages.length; index += 1) {
    const message = messages[index] as Message;
    const { createdAt } = message;
    if (createdAt >= dayEnd) {
      const day = dayOf(createdAt);
      separators.push({ before: index, row: { kind: 'day', key: day.key, at: createdAt } });
      dayEnd = day.end;
    } else if (seams.size > 0 && seams.has(message.id)) {
      separators.push({ before: index, row: { kind: 'time', key: `time:${message.id}`, at: createdAt } });
    }
    if (!marked && isUnread(entries, index, unreadAfter)) {
      separators.push({ before: index, row: { kind: 'unread', key: UNREAD_KEY } });
      marked = true;
    }
  }
  return { entries, rows: new Rows(entries, separators), prepended, seams, view, unreadAfter };
}

function isUnread(entries: MessageEntries, index: number, after: number | null): boolean {
  const { seq, event, deletedAt } = entries.messages[index] as Message;
  return after !== null && seq > after && !event && deletedAt === null && entries.at(index)?.mine === false;
}

/** Whether the first or the last message that the server had is not among them any more: another part of the thread is shown. */
function isReplaced(before: readonly Message[], after: readonly Message[]): boolean {
  const [first, last] = [before.find(isStored)?.id, before.findLast(isStored)?.id];
  if (first === undefined) return false;
  return !after.some(({ id }) => id === first) || after.findLast(({ id }) => id === last) === undefined;
}

function lastDayEnd(separators: readonly PlacedSeparator[]): number {
  const day = separators.findLast(({ row }) => row.kind === 'day')?.row;
  return day?.kind === 'day' ? dayOf(day.at).end : -Infinity;
}
