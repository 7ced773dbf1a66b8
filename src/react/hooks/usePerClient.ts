import { useCallback, useSyncExternalStore } from 'react';
import type { ChatClient, Readable } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';

/** What `select` makes of a store of the client's: a row renders again only when its own answer changes. */
export function usePerClient<T, R>(
  storeOf: (client: ChatClient, key: string) => Readable<T | null>,
  key: string,
  select: (value: T | null) => R,
): R {
  const { client } = useChatContext('usePerClient()');
  const subscribe = useCallback(
    (listener: () => void) => (client ? storeOf(client, key).subscribe(listener) : () => {}),
    [client, storeOf, key],
  );
  return useSyncExternalStore(
    subscribe,
    () => select(client ? storeOf(client, key).get() : null),
    () => select(null),
  );
}
