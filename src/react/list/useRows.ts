import { useState } from 'react';
import type { MessageEntry } from '../../client/index.ts';
import { NO_ROWS, nextRows, type RowModel } from './rows.ts';

/** Remembers the last rows: the next ones follow from them. */
function rowMemory(): (entries: readonly MessageEntry[]) => RowModel {
  let model = NO_ROWS;
  return (entries) => {
    if (model.entries !== entries) model = nextRows(model, entries);
    return model;
  };
}

/** The rows for the messages, worked out once per change. */
export function useRows(entries: readonly MessageEntry[]): RowModel {
  const [rowsFor] = useState(rowMemory);
  return rowsFor(entries);
}
