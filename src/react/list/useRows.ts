import { useReducer, useState } from 'react';
import type { MessageEntries } from '../../client/index.ts';
import { useIsomorphicLayoutEffect } from '../hooks/useIsomorphicLayoutEffect.ts';
import { NO_ROWS, nextRows, type RowModel } from './nextRows.ts';

/** Remembers the last rows: the next ones follow from them. */
function rowMemory(): (entries: MessageEntries, unreadAfter: number | null, step: number) => RowModel {
  let model = NO_ROWS;
  let asked: MessageEntries | null = null;
  let at = 0;
  return (entries, unreadAfter, step) => {
    if (entries !== asked || step !== at || unreadAfter !== model.unreadAfter) {
      const isBehind = model.entries !== entries || model.unreadAfter !== unreadAfter;
      if (isBehind) model = nextRows(model, entries, unreadAfter);
      asked = entries;
      at = step;
    }
    return model;
  };
}

/** The rows for the messages, worked out once per change. */
export function useRows(entries: MessageEntries, unreadAfter: number | null = null): RowModel {
  const [rowsFor] = useState(rowMemory);
  const [step, goOn] = useReducer((count: number) => count + 1, 0);
  const model = rowsFor(entries, unreadAfter, step);
  // An older page came together with new messages: first the page, then these.
  useIsomorphicLayoutEffect(() => {
    if (model.entries !== entries) goOn();
  }, [model, entries]);
  return model;
}
