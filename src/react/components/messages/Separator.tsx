import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import type { SeparatorRow } from '../../list/rows.ts';
import { formatDay, formatTime } from '../../format.ts';

export interface SeparatorProps {
  row: SeparatorRow;
  /** Midnight of today, ms since 1970. */
  today: number;
}

/** Stands above the messages of a day, where an older page joins, or above the first that is unread. */
export function Separator({ row, today }: SeparatorProps): ReactNode {
  const { strings, locale } = useChatContext('<MessageList>');
  return (
    <div className="lk-separator" data-kind={row.kind} suppressHydrationWarning>
      {row.kind === 'unread'
        ? strings.unreadFrom
        : row.kind === 'day'
          ? formatDay(row.at, today, strings, locale)
          : formatTime(row.at, locale)}
    </div>
  );
}
