import { useCallback, useEffect, useRef, type RefObject } from 'react';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';

/** Nearer to the top than this, px, one reads the newest: what comes in above is to be seen. */
const AT_TOP = 24;

interface Place {
  row: Element;
  /** From the top of what scrolls, px. */
  top: number;
}

/**
 * Keeps what one reads where it is when a row from elsewhere moves to the top. A browser's own anchoring does not do it: it holds on to
 * the row that moves, and not every browser has it.
 * @param list its parent that scrolls is `scroller`
 * @param key changes with the rows
 */
export function useKeptPlace(
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
  key: unknown,
): void {
  const places = useRef<readonly Place[]>([]);

  const look = useCallback(() => {
    const { current } = scroller;
    places.current = current && current.scrollTop > AT_TOP ? visible(current, list.current?.children ?? []) : [];
  }, [scroller, list]);

  useIsomorphicLayoutEffect(() => {
    const { current } = scroller;
    if (!current) return;
    const edge = current.getBoundingClientRect().top;
    const moved = places.current
      .filter(({ row }) => row.isConnected)
      .map(({ row, top }) => row.getBoundingClientRect().top - edge - top)
      .sort((a, b) => a - b);
    // Most of them moved alike; one may have gone to the top.
    const by = moved[Math.floor(moved.length / 2)] ?? 0;
    if (Math.abs(by) >= 1) current.scrollBy({ top: by, behavior: 'instant' });
    look();
  }, [scroller, key, look]);

  useEffect(() => {
    const { current } = scroller;
    current?.addEventListener('scroll', look, { passive: true });
    return () => current?.removeEventListener('scroll', look);
  }, [scroller, look]);
}

/** The rows in sight: they stand one below the other, so the first is found by halving. */
function visible(scroller: HTMLElement, rows: HTMLCollection | readonly Element[]): Place[] {
  const { top: edge, bottom } = scroller.getBoundingClientRect();
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.getBoundingClientRect().bottom > edge) high = middle;
    else low = middle + 1;
  }
  const places: Place[] = [];
  for (let index = low; index < rows.length; index += 1) {
    const { top } = rows[index]!.getBoundingClientRect();
    if (top >= bottom) break;
    places.push({ row: rows[index]!, top: top - edge });
  }
  return places;
}
