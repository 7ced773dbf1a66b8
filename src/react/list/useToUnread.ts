import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLatest } from '../hooks/useLatest.ts';
import type { MessagesResult } from '../hooks/useMessages.ts';
import { keyOf, UNREAD_KEY, type Rows } from './rows.ts';
import type { Goal } from './useGoal.ts';

interface Place {
  goal: Goal;
  rows: Rows;
  /** The place that the unread messages come after; null: none were. */
  unreadAfter: number | null;
  /** Whether the first of them is among the rows. */
  isLoaded: boolean;
  release: () => void;
}

export interface ToUnread {
  /** Whether the first unread message lies above the screen, and was not on it yet. */
  isAbove: boolean;
  /** Tells which row is the first on the screen. */
  onShown: (first: number) => void;
  /** Goes to the first unread message; reads older pages until it is there. */
  go: () => void;
}

/** The way to the first unread message, while the reader has not come to it. */
export function useToUnread(thread: MessagesResult, place: Place): ToUnread {
  const { goal, rows, unreadAfter, isLoaded, release } = place;
  const { hasOlder, loadingOlder, loadOlder } = thread;
  const [seen, setSeen] = useState<{ after: number | null; at: 'above' | 'here' } | null>(null);
  const going = useRef(false);
  const row = useMemo(() => (unreadAfter === null ? -1 : rows.indexOf(UNREAD_KEY)), [rows, unreadAfter]);

  const onShown = useCallback(
    (first: number) => {
      if (unreadAfter === null) return;
      setSeen((before) => {
        // The message under the separator is enough.
        const at = isLoaded && row + 1 >= first ? 'here' : 'above';
        // Once it was on the screen nobody needs to be led to it; the same object renders nothing.
        if (before?.after === unreadAfter && (before.at === 'here' || before.at === at)) return before;
        return { after: unreadAfter, at };
      });
    },
    [unreadAfter, isLoaded, row],
  );

  const step = useLatest(() => {
    if (!going.current || loadingOlder) return;
    going.current = row < 0 && hasOlder;
    if (going.current) {
      loadOlder().catch(() => {
        going.current = false;
      });
      return;
    }
    release();
    const first = rows.at(Math.max(0, row));
    if (first) goal.go({ key: keyOf(first), align: 'start' });
  });
  useEffect(() => step.current(), [row, hasOlder, loadingOlder, step]);

  const go = useCallback(() => {
    going.current = true;
    step.current();
  }, [step]);
  return { isAbove: unreadAfter !== null && seen?.after === unreadAfter && seen.at === 'above', onShown, go };
}
