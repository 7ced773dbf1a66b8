import { useRef, type RefObject } from 'react';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useLatest } from '../../hooks/useLatest.ts';

/** Between the popover and its anchor, and at least between it and the window's edges. */
const GAP_PX = 6;

function place(popover: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const { clientWidth, clientHeight } = document.documentElement;
  const rtl = getComputedStyle(anchor).direction === 'rtl';
  const below = at.bottom + GAP_PX;
  const top = below + height <= clientHeight - GAP_PX ? below : at.top - GAP_PX - height;
  const left = rtl ? at.left : at.right - width;
  popover.style.top = `${Math.max(GAP_PX, Math.min(top, clientHeight - height - GAP_PX))}px`;
  popover.style.left = `${Math.max(GAP_PX, Math.min(left, clientWidth - width - GAP_PX))}px`;
}

/**
 * Opens an element as a popover at an anchor, in the browser's top layer: no list or card cuts it off. It stays at its anchor
 * when that moves. `onClose` is told when a press elsewhere closed it. Where there is no popover (jsdom), it stands in the page.
 */
export function usePopover(anchor: HTMLElement | null, onClose: () => void): RefObject<HTMLDivElement | null> {
  const popover = useRef<HTMLDivElement>(null);
  const latestOnClose = useLatest(onClose);
  useIsomorphicLayoutEffect(() => {
    const element = popover.current;
    if (!element || !anchor || typeof element.showPopover !== 'function') return undefined;
    // Here and not in its markup: where nothing opens it, nothing shall hide it.
    element.popover = 'auto';
    element.showPopover();
    const move = () => place(element, anchor);
    move();
    const observer = new ResizeObserver(move);
    observer.observe(element);
    const onToggle = (event: Event) => {
      if ((event as ToggleEvent).newState === 'closed') latestOnClose.current();
    };
    element.addEventListener('toggle', onToggle);
    window.addEventListener('scroll', move, { capture: true, passive: true });
    window.addEventListener('resize', move);
    return () => {
      observer.disconnect();
      element.removeEventListener('toggle', onToggle);
      window.removeEventListener('scroll', move, { capture: true });
      window.removeEventListener('resize', move);
    };
  }, [anchor, latestOnClose]);
  return popover;
}
