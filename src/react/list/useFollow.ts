import { useCallback, useMemo, useRef, useState, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useIsomorphicLayoutEffect } from '../hooks/useIsomorphicLayoutEffect.ts';
import { useLatest } from '../hooks/useLatest.ts';

/** How long after touching wheel, keys, finger or scrollbar a movement counts as the person's. Covers a fling's momentum. */
const INTENT_MS = 1_000;
/** How long after a change of size a movement without any input may be the layout's own. */
const SETTLING_MS = 150;
/** Rounding of fractional heights, and a little kindness. */
const AT_BOTTOM_PX = 8;
/** Beyond any list; the browser stops at the bottom, and nothing needs to be measured. */
const FAR_DOWN_PX = 1e9;
/** A finger rests less still than this. */
const FINGER_PX = 4;

const UPWARD_KEYS = new Set(['ArrowUp', 'PageUp', 'Home']);

export interface Follow {
  /** For the scrolling element. */
  viewport: RefObject<HTMLDivElement | null>;
  virtualizer: RefObject<VirtualizerHandle | null>;
  /** Whether the list stays with its newest message. */
  following: boolean;
  /** Goes to the newest message, and stays there. */
  toLatest: () => void;
  /** Stays where it is from now on: the list goes somewhere else. */
  release: () => void;
  /** Call at the very top while older rows may come: moves off the edge, by one pixel. */
  leaveTop: () => void;
  /** Goes to the bottom now, if it follows. */
  keepUp: () => void;
  /** Call when the rows are others. */
  onRows: () => void;
  /** Call when the last row grew, and the list does not know. Goes to the bottom if it follows, and says where that is; else null. */
  onGrown: () => number | null;
  onScroll: (offset: number) => void;
  onResize: () => void;
  /** For the viewport. */
  handlers: {
    onWheel: (event: React.WheelEvent) => void;
    onTouchStart: (event: React.TouchEvent) => void;
    onTouchMove: (event: React.TouchEvent) => void;
    onKeyDown: (event: React.KeyboardEvent) => void;
    onPointerDown: () => void;
  };
}

/**
 * Keeps a list at its newest message until the person moves up, and again from when they come back down. Released by what they
 * do and not by a distance, so that a burst of messages, however tall, never breaks it. While it follows, nothing here reads
 * layout.
 *
 * @param hasNewer whether the last row is not the newest message: then there is nothing to stay with
 */
export function useFollow(hasNewer = false): Follow {
  const viewport = useRef<HTMLDivElement>(null);
  const virtualizer = useRef<VirtualizerHandle>(null);
  const [following, setFollowing] = useState(true);
  const state = useRef({
    following: true,
    offset: 0,
    intentAt: -Infinity,
    resizedAt: -Infinity,
    measured: true,
    fingerY: 0,
  });

  const latest = useLatest(hasNewer);

  const set = useCallback((next: boolean) => {
    state.current.following = next;
    setFollowing(next);
  }, []);

  // Not by virtua's scrollToIndex: it holds its goal for 150 ms after the last measurement, against a person who moves up.
  const stick = useCallback(() => {
    if (viewport.current) viewport.current.scrollTop = FAR_DOWN_PX;
  }, []);

  const keepUp = useCallback(() => {
    state.current.resizedAt = performance.now();
    if (state.current.following) stick();
  }, [stick]);

  const [resizes, setResizes] = useState(0);
  const onResize = useCallback(() => {
    state.current.measured = true;
    keepUp();
    // The new height may be committed only with React's next render: this effect runs with it, and so before it is painted.
    if (state.current.following && isBehind(viewport.current, virtualizer.current)) setResizes((count) => count + 1);
  }, [keepUp]);
  useIsomorphicLayoutEffect(keepUp, [resizes, keepUp]);

  // New rows are measured before they are painted, and that tells of a new size. To ask for the bottom here, too, would lay
  // everything out twice per message.
  const onRows = useCallback(() => {
    const now = state.current;
    now.resizedAt = performance.now();
    if (!now.following) return;
    now.measured = false;
    requestAnimationFrame(() => {
      if (!now.measured) keepUp();
    });
  }, [keepUp]);

  const onGrown = useCallback(() => {
    const now = state.current;
    now.resizedAt = performance.now();
    const list = virtualizer.current;
    if (!now.following || !viewport.current || !list || list.scrollSize <= list.viewportSize) return null;
    stick();
    return (now.offset = viewport.current.scrollTop);
  }, [stick]);

  const toLatest = useCallback(() => {
    state.current.intentAt = -Infinity;
    set(true);
    stick();
  }, [set, stick]);

  // virtua counts a row that ends exactly at the viewport's edge as visible: at 0, the last of an older page would push all that
  // is shown when it is measured.
  const leaveTop = useCallback(() => {
    if (viewport.current?.scrollTop === 0) viewport.current.scrollTop = 1;
  }, []);

  const onScroll = useCallback(
    (offset: number) => {
      const now = state.current;
      const before = now.offset;
      now.offset = offset;
      const element = viewport.current;
      if (!element || offset === before) return;
      if (now.following && offset < before - 1) {
        const time = performance.now();
        const theirs = time - now.intentAt < INTENT_MS || time - now.resizedAt > SETTLING_MS;
        // A list that became shorter is moved up by the browser, to its bottom: that is nobody's wish.
        if (theirs && !isWithin(AT_BOTTOM_PX, element)) set(false);
      } else if (!now.following && !latest.current) {
        // By a movement up, too, where the list became shorter. What is far from there by what the list knows lays nothing out.
        const px = offset > before ? AT_BOTTOM_PX : 1;
        const list = virtualizer.current;
        if (list && list.scrollSize - list.viewportSize - offset <= px && isWithin(px, element)) set(true);
      }
    },
    [set, latest],
  );
  const release = useCallback(() => set(false), [set]);

  const handlers = useMemo<Follow['handlers']>(() => {
    const intend = () => {
      state.current.intentAt = performance.now();
    };
    const releaseIfScrollable = () => {
      intend();
      const list = virtualizer.current;
      if (state.current.following && list && list.scrollSize > list.viewportSize) set(false);
    };
    return {
      onWheel: (event) => {
        if (event.deltaY < 0) releaseIfScrollable();
        else intend();
      },
      onTouchStart: (event) => {
        state.current.fingerY = event.touches[0]?.clientY ?? 0;
        intend();
      },
      onTouchMove: (event) => {
        const y = event.touches[0]?.clientY ?? 0;
        if (y > state.current.fingerY + FINGER_PX) releaseIfScrollable();
        else intend();
      },
      onKeyDown: (event) => {
        if (UPWARD_KEYS.has(event.key) || (event.key === ' ' && event.shiftKey)) releaseIfScrollable();
        else intend();
      },
      onPointerDown: intend,
    };
  }, [set]);

  return {
    viewport,
    virtualizer,
    following,
    toLatest,
    release,
    leaveTop,
    keepUp,
    onRows,
    onGrown,
    onScroll,
    onResize,
    handlers,
  };
}

/** Whether it is at its bottom, or so many pixels above it. */
function isWithin(px: number, { scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight <= px;
}

/** Whether the list in the page is not as tall yet as its rows are known to be. Read from its style: that lays nothing out. */
function isBehind(viewport: HTMLElement | null, list: VirtualizerHandle | null): boolean {
  const container = viewport?.lastElementChild;
  if (!list || !(container instanceof HTMLElement)) return false;
  const height = Number.parseFloat(container.style.height);
  return list.scrollSize > list.viewportSize && Math.abs(height - list.scrollSize) > 0.5;
}
