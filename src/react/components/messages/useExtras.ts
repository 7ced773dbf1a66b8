import { useEffect } from 'react';
import { menuPart } from './lazy-parts.ts';
import { rowsPart } from './lazy-rows.ts';

/** Where a browser does not tell of it, a page is taken to be idle after this. */
const IDLE_MS = 2_000;

/**
 * Fetches what a list of messages needs next: what lays it out while its messages are on their way, and the rest when the page is idle,
 * so that it is there when somebody does something, and when the network is gone.
 */
export function useExtras(): void {
  // With the first render, as what a page needs next is asked for in one (`preload` of react-dom): an effect runs only once all around
  // the list is in the page.
  if (typeof document !== 'undefined') rowsPart.preload();
  const preloadRest = menuPart.usePreload();
  useEffect(() => {
    if (typeof requestIdleCallback !== 'function') {
      const timer = setTimeout(preloadRest, IDLE_MS);
      return () => clearTimeout(timer);
    }
    const request = requestIdleCallback(preloadRest, { timeout: 2 * IDLE_MS });
    return () => cancelIdleCallback(request);
  }, [preloadRest]);
}
