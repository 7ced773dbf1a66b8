import { useSyncExternalStore } from 'react';

const QUERY = '(hover: none)';

/** One for all rows: made when the first one asks. */
let media: MediaQueryList | null = null;
const query = () => (media ??= globalThis.matchMedia?.(QUERY) ?? null);

function subscribe(listener: () => void): () => void {
  query()?.addEventListener('change', listener);
  return () => query()?.removeEventListener('change', listener);
}

/** Whether there is no pointer that hovers, as on a phone: what shows under a pointer has to be there always. */
export function useHoverless(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => query()?.matches ?? false,
    () => false,
  );
}
