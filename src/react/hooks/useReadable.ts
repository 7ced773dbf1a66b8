import { useCallback, useSyncExternalStore } from 'react';
import type { Readable } from '../../client/index.ts';

const NEVER = () => () => {};

/**
 * Reads and watches a store of the client. `absent` is what there is without one (signed out); `server` what server rendering
 * and hydration show, where nothing is connected.
 */
export function useReadable<T>(readable: Readable<T> | null, absent: T, server: T): T {
  const subscribe = useCallback(
    (listener: () => void) => (readable ?? { subscribe: NEVER }).subscribe(listener),
    [readable],
  );
  return useSyncExternalStore(
    subscribe,
    () => (readable ? readable.get() : absent),
    () => (readable ? server : absent),
  );
}
