import { useState } from 'react';
import type { MessageEntry } from '../../client/index.ts';
import { NO_ROWS, nextRows, type RowModel } from './rows.ts';

/** The rows for the messages, worked out once per change. */
export function useRows(entries: readonly MessageEntry[]): RowModel {
  const [model, setModel] = useState(() => nextRows(NO_ROWS, entries));
  if (model.entries === entries) return model;
  const next = nextRows(model, entries);
  setModel(next);
  return next;
}
