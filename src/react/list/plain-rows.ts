import type { MessageEntry } from '../../client/index.ts';
import { isContinued, type Row } from './rows.ts';

/** Rows without days, which begin and end elsewhere in the server's time zone than in the reader's. */
export function plainRows(entries: readonly MessageEntry[]): Row[] {
  return entries.map((entry, index) => ({
    kind: 'message',
    key: entry.message.id,
    entry,
    continued: isContinued(entry, entries[index - 1]),
  }));
}
