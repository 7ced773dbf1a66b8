import { useSyncExternalStore } from 'react';

const NEVER = () => () => {};

/** True on a server, and in the render that takes its markup over: what depends on the reader's time zone would not match there. */
export function useIsHydrating(): boolean {
  return useSyncExternalStore(
    NEVER,
    () => false,
    () => true,
  );
}
