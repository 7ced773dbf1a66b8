import { useCallback, useEffect, useRef, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useChatContext } from '../ChatContext.ts';
import { useLatest } from '../hooks/useLatest.ts';
import { isSeparator, type RowList } from './rows.ts';

/** A glance: what only flies by is not read, and no scroll event does any work. */
const GLANCE_MS = 250;
/** So much of a message must show. */
const SHOWN_PX = 20;
const THRESHOLDS = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1];

interface Reading {
  threadId: string;
  viewport: RefObject<HTMLElement | null>;
  virtualizer: RefObject<VirtualizerHandle | null>;
  rows: RowList;
  /** Told which rows are on the screen. */
  onShown: (first: number, last: number) => void;
}

/** Whether the person can be looking: the page is shown and has the focus. */
export function isLookedAt(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

/**
 * Says what the person has read: the last message that is on the screen, in a page that is shown and has the focus. Call the result
 * after every movement; it looks once things are at rest for a moment, and reads no layout.
 */
export function useReading({ threadId, viewport, virtualizer, rows, onShown }: Reading): () => void {
  const { client } = useChatContext('<MessageList>');
  /** The part of the list that the page shows, px from its top: an ancestor may have scrolled some of it away. */
  const shown = useRef<{ top: number; bottom: number } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const glance = useLatest(() => {
    const list = virtualizer.current;
    const part = shown.current;
    if (!list || !part || list.scrollSize === 0) return;
    // Few rows stand at the bottom, with room above them.
    const begin = list.scrollOffset - Math.max(0, list.viewportSize - list.scrollSize);
    const first = list.findItemIndex(Math.max(0, begin + part.top));
    const last = list.findItemIndex(Math.max(0, begin + part.bottom - SHOWN_PX));
    onShown(first, last);
    if (!client || !isLookedAt()) return;
    for (let at = last; at >= 0; at -= 1) {
      const row = rows.at(at);
      if (!row || isSeparator(row) || row.delivery !== 'sent' || row.message.event) continue;
      client.thread(threadId).read(row.message.seq);
      return;
    }
  });
  const look = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      glance.current();
    }, GLANCE_MS);
  }, [glance]);

  useEffect(look, [rows, look]);
  useEffect(() => {
    const element = viewport.current;
    if (!element || typeof IntersectionObserver === 'undefined') return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const { isIntersecting, intersectionRect, boundingClientRect } = entries.at(-1)!;
        const { top, bottom } = intersectionRect;
        shown.current = isIntersecting
          ? { top: top - boundingClientRect.top, bottom: bottom - boundingClientRect.top }
          : null;
        look();
      },
      { threshold: THRESHOLDS },
    );
    observer.observe(element);
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      observer.disconnect();
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [viewport, look]);
  return look;
}
