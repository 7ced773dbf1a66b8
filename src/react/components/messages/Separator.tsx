import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { formatDay, formatTime } from '../../format.ts';

export interface SeparatorProps {
  kind: 'day' | 'time';
  /** A moment of that day, or that time, ms since 1970. */
  at: number;
  /** Midnight of today, ms since 1970. */
  today: number;
}

/** Stands above the messages of a day, or where an older page joins. */
export function Separator({ kind, at, today }: SeparatorProps): ReactNode {
  const { strings, locale } = useChatContext('<MessageList>');
  return (
    <div className="lk-separator" data-kind={kind} suppressHydrationWarning>
      {kind === 'day' ? formatDay(at, today, strings, locale) : formatTime(at, locale)}
    </div>
  );
}
