import { useRef, type RefObject } from 'react';

/** In one step: more than the rows that are ready beyond the edge, and than a wheel or a finger moves. */
const FLYING_PX = 800;

/**
 * Marks the viewport, as `data-flying`, while a list moves by more than a screen at once, as under a dragged scrollbar: no row can be
 * there in time, and what stands for rows shows in their place. Call the result with each new offset, and without one at rest. Writes
 * the mark itself: nothing is rendered for it.
 */
export function useFlight(viewport: RefObject<HTMLElement | null>): (offset?: number) => void {
  const last = useRef(NaN);
  return (offset) => {
    const element = viewport.current;
    // Not while it follows the newest: that is the list's own movement, and its rows are there. Only rest ends a flight: a hand that
    // slows down for a moment makes nothing flicker.
    if (offset === undefined) element?.removeAttribute('data-flying');
    else if (Math.abs(offset - last.current) > FLYING_PX && element?.dataset['following'] === 'false')
      element.setAttribute('data-flying', '');
    if (offset !== undefined) last.current = offset;
  };
}
