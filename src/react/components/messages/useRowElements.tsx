import { useMemo, type ReactElement } from 'react';
import { isContinuedAt, isSeparator, type Row, type RowList } from '../../list/rows.ts';
import type { MessageItemProps } from '../types.ts';
import { MessageRow } from './MessageRow.tsx';
import { Separator } from './Separator.tsx';

/** Some windows full: what was scrolled further away than this is made anew. */
const KEPT = 400;

interface RowOptions extends Required<Pick<MessageItemProps, 'access' | 'mayPin' | 'onRetry' | 'onDiscard'>> {
  today: number;
  /** Id of the message that stands out. */
  highlighted: string | null;
}

type MakeRow = (rows: RowList, index: number) => ReactElement;

/** Makes the element of a row: the same element until something about it changes, so that React looks no further. */
export function useRowElements(options: RowOptions): MakeRow {
  const { access, mayPin, onRetry, onDiscard, today, highlighted } = options;
  return useMemo(
    () => rowElements({ access, mayPin, onRetry, onDiscard, today, highlighted }),
    [access, mayPin, onRetry, onDiscard, today, highlighted],
  );
}

function rowElements({ access, mayPin, onRetry, onDiscard, today, highlighted }: RowOptions): MakeRow {
  const made = new Map<Row, { continued: boolean; followed: boolean; element: ReactElement }>();
  return (rows, index) => {
    const row = rows.at(index) as Row;
    const continued = isContinuedAt(rows, index);
    const followed = !isSeparator(row) && row.mine && isContinuedAt(rows, index + 1);
    const known = made.get(row);
    if (known?.continued === continued && known.followed === followed) return known.element;
    const element = isSeparator(row) ? (
      <Separator key={row.key} row={row} today={today} />
    ) : (
      <MessageRow
        key={row.message.id}
        entry={row}
        continued={continued}
        followed={followed}
        access={access}
        mayPin={mayPin}
        highlighted={row.message.id === highlighted}
        today={today}
        onRetry={onRetry}
        onDiscard={onDiscard}
      />
    );
    if (made.size >= KEPT) made.clear();
    made.set(row, { continued, followed, element });
    return element;
  };
}
