import { useMemo } from 'react';
import type { ThreadState } from '../../client/index.ts';
import { useThreadState } from './useThreadState.ts';

export interface MessagesResult extends Omit<ThreadState, 'thread'> {
  /** Reads the page before the first message; one at a time. Stable. */
  loadOlder: () => Promise<void>;
  /** Sends a failed message once more, or asks once more for a refused edit or deletion. Stable. */
  retry: (messageId: string) => void;
  /** Forgets a failed message, or that an edit or a deletion was refused. Stable. */
  discard: (messageId: string) => void;
  /** Reads the thread again after `error` or `refused`. Stable. */
  reload: () => void;
}

/**
 * The messages of a conversation in ascending order, one's own unsent ones last. Live while a component uses this. What one can do with
 * them: `useMessageActions`.
 */
export function useMessages(threadId: string): MessagesResult {
  const [handle, state] = useThreadState(threadId, 'useMessages()');
  const actions = useMemo(
    () => ({
      loadOlder: () => handle?.loadOlder() ?? Promise.resolve(),
      retry: (messageId: string) => handle?.retry(messageId),
      discard: (messageId: string) => handle?.discard(messageId),
      reload: () => handle?.reload(),
    }),
    [handle],
  );
  return useMemo(() => {
    const { thread: _thread, ...rest } = state;
    return { ...rest, ...actions };
  }, [state, actions]);
}
