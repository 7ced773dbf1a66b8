import { useCallback, useSyncExternalStore } from 'react';
import { attachedTo, type AttachedFile } from '../attached.ts';
import { useChatContext } from '../ChatContext.ts';

const NONE: readonly AttachedFile[] = [];

/** What `select` makes of the files in a thread's composer: the part renders again only when its own answer changes. */
export function useAttached<T>(threadId: string, select: (files: readonly AttachedFile[]) => T): T {
  const { client } = useChatContext('useAttached()');
  const subscribe = useCallback(
    (listener: () => void) => (client ? attachedTo(client, threadId).subscribe(listener) : () => {}),
    [client, threadId],
  );
  return useSyncExternalStore(
    subscribe,
    () => select(client ? attachedTo(client, threadId).get() : NONE),
    () => select(NONE),
  );
}
