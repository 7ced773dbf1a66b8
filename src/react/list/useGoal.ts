import { useCallback, useMemo, useRef, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useIsomorphicLayoutEffect } from '../hooks/useIsomorphicLayoutEffect.ts';
import type { Rows } from './rows.ts';

/** A list rests that has not moved for this long; virtua tells of it after as long. */
const REST_MS = 150;
/** What a person moves a list by. */
const BY_HAND = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

interface Place {
  /** Of the row. */
  key: string;
  /** Where in the viewport it is to stand. */
  align: 'start' | 'center';
}

export interface Goal {
  /** Goes to a row. What comes above it on the way takes nobody elsewhere. */
  go: (place: Place, options?: { smooth?: boolean }) => void;
  /** The list is at rest. */
  onRest: () => void;
  /** The list goes somewhere else. */
  drop: () => void;
}

/**
 * Where a list was sent. virtua holds to it until the rows around it are measured, but lets go when an older page comes: near the top one
 * is asked for at once. So it is told anew with other rows, until the list rests or a person moves it.
 */
export function useGoal(
  viewport: RefObject<HTMLElement | null>,
  virtualizer: RefObject<VirtualizerHandle | null>,
  rows: Rows,
): Goal {
  const goal = useRef<(Place & { since: number }) | null>(null);
  const known = useRef(rows);

  const approach = useCallback(
    (smooth = false) => {
      if (!goal.current) return;
      const { key, align } = goal.current;
      const index = known.current.indexOf(key);
      if (index >= 0) virtualizer.current?.scrollToIndex(index, { align, smooth });
    },
    [virtualizer],
  );
  useIsomorphicLayoutEffect(() => {
    known.current = rows;
    approach();
  }, [rows, approach]);

  const drop = useCallback(() => {
    goal.current = null;
  }, []);
  useIsomorphicLayoutEffect(() => {
    const element = viewport.current;
    for (const type of BY_HAND) element?.addEventListener(type, drop, { passive: true });
    return () => {
      for (const type of BY_HAND) element?.removeEventListener(type, drop);
    };
  }, [viewport, drop]);

  return useMemo(
    () => ({
      go: (place, { smooth } = {}) => {
        goal.current = { ...place, since: performance.now() };
        approach(smooth);
      },
      onRest: () => {
        // Otherwise it is of a movement before.
        if (goal.current && performance.now() - goal.current.since >= REST_MS) drop();
      },
      drop,
    }),
    [approach, drop],
  );
}
