import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { MessageJump } from '../../client/index.ts';
import { useIsomorphicLayoutEffect } from '../hooks/useIsomorphicLayoutEffect.ts';
import { useLatest } from '../hooks/useLatest.ts';
import type { RowModel } from './nextRows.ts';
import type { Goal } from './useGoal.ts';

/** How long a message that somebody went to stands out, and how long it is told that it cannot be shown. */
const SHOWN_MS = 3_000;
const TOLD_MS = 10_000;
/** Further than so many heights of the list, the way there is no way that an eye can follow. */
const GLIDE_HEIGHTS = 2;

/** Those that a list went to already: one that comes back later starts with the newest. */
const past = new WeakSet<MessageJump>();

interface List {
  goal: Goal;
  virtualizer: RefObject<VirtualizerHandle | null>;
  /** Leaves the newest messages without a person's scrolling. */
  release: () => void;
  hasLayout: boolean;
  hasNewer: boolean;
}

export interface JumpView {
  /** The message to stand out, for a moment. */
  highlighted: string | null;
  /** What there is to say of a jump. */
  status: MessageJump['status'] | null;
}

/** Brings the message in sight that somebody wants to go to, once it is among the rows, and lets it stand out for a moment. */
export function useJump(
  jump: MessageJump | null,
  model: RowModel,
  { goal, virtualizer, release, hasLayout, hasNewer }: List,
): JumpView {
  /** The window that the rows are at rest in; none yet when the list is a new one. */
  const settled = useRef<number | null>(null);
  const [over, setOver] = useState<MessageJump | null>(() => (jump && past.has(jump) ? jump : null));
  const latest = useLatest({ model, hasNewer });

  useIsomorphicLayoutEffect(() => {
    if (jump?.status !== 'shown' || !hasLayout) return undefined;
    const { rows } = latest.current.model;
    const index = rows.indexOf(jump.messageId);
    // A window that ends before the newest has no other place to start at than where somebody went.
    if (index >= 0 && (!past.has(jump) || latest.current.hasNewer)) {
      release();
      // L4: glides where the row is near, in a list that was there before; else it is simply there.
      const glide = settled.current === latest.current.model.view && isNear(virtualizer.current, index) && mayMove();
      goal.go({ key: jump.messageId, align: 'center' }, { smooth: glide });
    }
    return () => void past.add(jump);
  }, [jump, hasLayout, release, goal, virtualizer, latest]);

  useEffect(() => {
    settled.current = hasLayout ? model.view : null;
  }, [model.view, hasLayout]);

  const isOver = jump === null || over === jump;
  useEffect(() => {
    if (jump === null || isOver || jump.status === 'loading') return undefined;
    const timer = setTimeout(() => setOver(jump), jump.status === 'failed' ? TOLD_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [jump, isOver]);

  return useMemo(() => {
    if (jump === null || isOver) return { highlighted: null, status: null };
    return { highlighted: jump.status === 'shown' ? jump.messageId : null, status: jump.status };
  }, [jump, isOver]);
}

function isNear(list: VirtualizerHandle | null, index: number): boolean {
  return list !== null && Math.abs(list.getItemOffset(index) - list.scrollOffset) < GLIDE_HEIGHTS * list.viewportSize;
}

function mayMove(): boolean {
  return !globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches;
}
