import { useMemo } from 'react';
import type { ThreadState } from '../../client/index.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';
import { useThreadState } from './useThreadState.ts';

export interface MessagesResult extends Omit<ThreadState, 'thread'> {
  /** Reads the page before the first message; one at a time. Stable. */
  loadOlder: () => Promise<void>;
  /** Reads the page after the last message, where `hasNewer`; one at a time. Stable. */
  loadNewer: () => Promise<void>;
  /** Shows a message with those around it: `jump` says how far it is, and a `MessageList` of the thread scrolls to it. Stable. */
  jumpTo: (messageId: string) => Promise<void>;
  /** Shows the newest messages. Stable. */
  toLatest: () => void;
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
      loadNewer: () => handle?.loadNewer() ?? Promise.resolve(),
      jumpTo: (messageId: string) => handle?.jumpTo(messageId) ?? Promise.reject(SIGNED_OUT_ERROR),
      toLatest: () => handle?.toLatest(),
      retry: (messageId: string) => handle?.retry(messageId),
      discard: (messageId: string) => handle?.discard(messageId),
      reload: () => handle?.reload(),
    }),
    [handle],
  );
  return useMemo(() => {
    const { status, entries, hasOlder, loadingOlder, hasNewer, loadingNewer, arrived, jump, lastSent, error } = state;
    return {
      status,
      // To read it here would make an entry for every message.
      get messages() {
        return state.messages;
      },
      entries,
      hasOlder,
      loadingOlder,
      hasNewer,
      loadingNewer,
      arrived,
      jump,
      lastSent,
      error,
      ...actions,
    };
  }, [state, actions]);
}
