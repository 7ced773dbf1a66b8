import { useRef, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useThread } from '../../hooks/useThread.ts';
import type { MessagesResult } from '../../hooks/useMessages.ts';
import { newestOf } from '../../entries.ts';
import { keyOf } from '../../list/rows.ts';
import { useDay } from '../../list/useDay.ts';
import { accessOf, mayPinIn } from './abilities.ts';
import { useRowElements } from './useRowElements.tsx';

/** As many as fit into most windows. */
const ROWS = 20;

/**
 * The newest messages, as they stand in a server's markup, until the list is loaded that can move through all of them. Without days: they
 * begin and end elsewhere in the server's time zone than in the reader's.
 */
export function StaticRows({ threadId, thread }: { threadId: string; thread: MessagesResult }): ReactNode {
  const { strings } = useChatContext('<MessageList>');
  const { entries, retry, discard } = thread;
  const { thread: itself } = useThread(threadId);
  const access = accessOf(itself);
  const mayPin = mayPinIn(itself);
  const today = useDay();
  const elementOf = useRowElements({ access, mayPin, today, highlighted: null, onRetry: retry, onDiscard: discard });
  const rows = newestOf(entries, ROWS);
  const viewport = useRef<HTMLDivElement>(null);
  useIsomorphicLayoutEffect(() => {
    if (viewport.current) viewport.current.scrollTop = viewport.current.scrollHeight;
  }, [entries]);
  return (
    <div
      ref={viewport}
      className="lk-viewport"
      role="log"
      aria-label={strings.messagesLabel(itself ? itself.title || strings.threadUntitled : null)}
      aria-live="polite"
      tabIndex={0}
      data-following={true}
    >
      <div className="lk-spacer" />
      <div>
        {rows.map((row, index) => (
          <div key={keyOf(row)}>{elementOf(rows, index)}</div>
        ))}
      </div>
    </div>
  );
}
