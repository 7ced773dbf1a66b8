import { expect, test } from 'vitest';
import type { MessageEntry } from '../../client/index.ts';
import { createFakeMessage } from '../../testing/index.ts';
import { entriesIn } from '../entries.ts';
import { NO_ROWS, nextRows, type RowModel } from './nextRows.ts';
import { isContinuedAt, isSeparator, keyOf, type Row } from './rows.ts';

const NOON = new Date(2026, 5, 10, 12).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function entry(seq: number, author = 'ben', createdAt = NOON + seq * MINUTE): MessageEntry {
  const message = createFakeMessage({ id: `m${seq}`, seq, author, createdAt });
  return { message, delivery: 'sent', error: null, mine: false, change: null };
}

const list = (...entries: MessageEntry[]) => entriesIn(entries);
const entriesOf = ({ entries }: RowModel) =>
  Array.from({ length: entries.length }, (_, index) => entries.at(index) as MessageEntry);
const rowsOf = ({ rows }: RowModel) => Array.from({ length: rows.length }, (_, index) => rows.at(index) as Row);

const shape = (model: RowModel) =>
  rowsOf(model).map((row, index) =>
    isSeparator(row) ? row.kind : `${isContinuedAt(model.rows, index) ? '+' : ''}${keyOf(row)}`,
  );

test('an appended message leaves the rows before it as they are', () => {
  const first = nextRows(NO_ROWS, list(entry(1), entry(2)));
  const second = nextRows(first, list(...entriesOf(first), entry(3)));
  expect(shape(second)).toEqual(['day', 'm1', '+m2', '+m3']);
  expect(second.prepended).toBe(false);
  rowsOf(first).forEach((row, index) => expect(second.rows.at(index)).toBe(row));
});

test('L1 an older page changes no row that was there: the first one goes on starting its group', () => {
  const first = nextRows(NO_ROWS, list(entry(3), entry(4)));
  const second = nextRows(first, list(entry(1), entry(2), ...entriesOf(first)));
  expect(shape(second)).toEqual(['day', 'm1', '+m2', 'time', 'm3', '+m4']);
  expect(second.prepended).toBe(true);
  const third = nextRows(second, list(...entriesOf(second), entry(5)));
  expect(shape(third).slice(3)).toEqual(['time', 'm3', '+m4', '+m5']);
  expect(third.prepended).toBe(false);
});

test('L1 an older page that comes together with a new message comes first', () => {
  const first = nextRows(NO_ROWS, list(entry(3), entry(4)));
  const all = list(entry(1), entry(2), ...entriesOf(first), entry(5));
  const second = nextRows(first, all);
  expect([shape(second), second.prepended]).toEqual([['day', 'm1', '+m2', 'time', 'm3', '+m4'], true]);
  const third = nextRows(second, all);
  expect([shape(third).slice(3), third.prepended]).toEqual([['time', 'm3', '+m4', '+m5'], false]);
  expect(third.entries).toBe(all);
});

test('L10 what happened to a conversation belongs to no group and is unread to nobody', () => {
  const event = (seq: number): MessageEntry => {
    const base = entry(seq);
    return { ...base, message: { ...base.message, parts: [], event: { type: 'member.joined' } } };
  };
  const model = nextRows(NO_ROWS, list(entry(1), event(2), entry(3), entry(4), event(5)), 1);
  expect(shape(model)).toEqual(['day', 'm1', 'm2', 'unread', 'm3', '+m4', 'm5']);
  expect(shape(nextRows(NO_ROWS, list(entry(1), event(2)), 1))).toEqual(['day', 'm1', 'm2']);
});

test('L3 a status change is no prepend', () => {
  const first = nextRows(NO_ROWS, list(entry(1), entry(2)));
  const failed: MessageEntry = { ...entry(1), delivery: 'failed' };
  const second = nextRows(first, list(failed, entry(2)));
  expect(second.prepended).toBe(false);
  expect(shape(second)).toEqual(['day', 'm1', '+m2']);
});

test('L12 days: one separator each, also around removed messages, and none for a clock that went back', () => {
  const entries = [
    entry(1, 'ben', NOON - 2 * DAY),
    entry(2, 'ben', NOON),
    entry(3, 'ada', NOON - DAY),
    entry(4, 'ada', NOON),
  ];
  const first = nextRows(NO_ROWS, list(...entries));
  expect(shape(first)).toEqual(['day', 'm1', 'day', 'm2', 'm3', 'm4']);
  const [one, , three, four] = entries;
  if (!one || !three || !four) throw new Error('an entry is missing');
  expect(shape(nextRows(first, list(one, three, four)))).toEqual(['day', 'm1', 'day', 'm3', 'day', 'm4']);
  const keys = rowsOf(first).map(keyOf);
  expect(new Set(keys).size).toBe(first.rows.length);
  expect(keys.map((key) => first.rows.indexOf(key))).toEqual([0, 1, 2, 3, 4, 5]);
  expect([first.rows.indexOf('m9'), first.rows.at(6)]).toEqual([-1, undefined]);
});
