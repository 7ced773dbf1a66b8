/** Where a browser does not tell of it, a page is taken to be idle after this. */
const IDLE_MS = 2_000;

/**
 * Does something when the page has nothing else to do.
 *
 * @param within by then in any case, ms
 * @returns what calls it off
 */
export function whenIdle(work: () => void, within = 2 * IDLE_MS): () => void {
  if (typeof requestIdleCallback === 'function') {
    const request = requestIdleCallback(work, { timeout: within });
    return () => cancelIdleCallback(request);
  }
  const timer = setTimeout(work, Math.min(IDLE_MS, within));
  return () => clearTimeout(timer);
}
