import { useMemo, type ReactElement } from 'react';
import type { Row } from '../../list/rows.ts';
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

type MakeRow = (row: Row, next: Row | undefined) => ReactElement;

/** Makes the element of a row, given the row after it: the same element until something about it changes, so that React looks no further. */
export function useRowElements(options: RowOptions): MakeRow {
  const { access, mayPin, onRetry, onDiscard, today, highlighted } = options;
  return useMemo(
    () => rowElements({ access, mayPin, onRetry, onDiscard, today, highlighted }),
    [access, mayPin, onRetry, onDiscard, today, highlighted],
  );
}

function rowElements({ access, mayPin, onRetry, onDiscard, today, highlighted }: RowOptions): MakeRow {
  const made = new Map<Row, { followed: boolean; element: ReactElement }>();
  return (row, next) => {
    const followed =
      row.kind === 'message' && row.entry.mine && next !== undefined && next.kind === 'message' && next.continued;
    const known = made.get(row);
    if (known?.followed === followed) return known.element;
    const element =
      row.kind !== 'message' ? (
        <Separator key={row.key} row={row} today={today} />
      ) : (
        <MessageRow
          key={row.key}
          entry={row.entry}
          continued={row.continued}
          followed={followed}
          access={access}
          mayPin={mayPin}
          highlighted={row.key === highlighted}
          onRetry={onRetry}
          onDiscard={onDiscard}
        />
      );
    if (made.size >= KEPT) made.clear();
    made.set(row, { followed, element });
    return element;
  };
}
