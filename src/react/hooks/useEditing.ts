import { useCallback, useSyncExternalStore } from 'react';
import { useChatContext } from '../ChatContext.ts';
import { editingOf } from '../editing.ts';

/** What `select` makes of the id of the thread's message that is being edited: a row renders again only when its own answer changes. */
export function useEditing<T>(threadId: string, select: (messageId: string | null) => T): T {
  const { client } = useChatContext('useEditing()');
  const subscribe = useCallback(
    (listener: () => void) => (client ? editingOf(client, threadId).subscribe(listener) : () => {}),
    [client, threadId],
  );
  return useSyncExternalStore(
    subscribe,
    () => select(client ? editingOf(client, threadId).get() : null),
    () => select(null),
  );
}
