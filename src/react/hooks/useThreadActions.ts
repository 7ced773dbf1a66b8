import { useMemo } from 'react';
import { useChatContext } from '../ChatContext.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';

export interface ThreadActions {
  /** The conversation's messages draw no attention any more, and count in no total: for this person alone. */
  mute: () => Promise<void>;
  unmute: () => Promise<void>;
  /** Puts it away for this person: out of their list until its next message, or for good where it is muted. */
  archive: () => Promise<void>;
  unarchive: () => Promise<void>;
  /** Calls it something else, for everybody. */
  rename: (title: string) => Promise<void>;
  /** Becomes a member of an open one. */
  join: () => Promise<void>;
  /** Is in it no longer. Its last owner cannot leave others behind without one: `last_owner`. */
  leave: () => Promise<void>;
  /** Deletes it with all that is in it, for everybody; where the backend can (`client.can('deleteThread')`). */
  remove: () => Promise<void>;
}

/**
 * What one can do with a conversation. All of it is stable, waits for no connection, and rejects with a `ChatError`: `connection_lost`,
 * `action_forbidden` …, `signed_out` while nobody is signed in.
 */
export function useThreadActions(threadId: string): ThreadActions {
  const { client } = useChatContext('useThreadActions()');
  return useMemo(() => {
    const thread = client?.thread(threadId);
    const refused = () => Promise.reject(SIGNED_OUT_ERROR);
    return {
      mute: () => thread?.mute() ?? refused(),
      unmute: () => thread?.unmute() ?? refused(),
      archive: () => thread?.archive() ?? refused(),
      unarchive: () => thread?.unarchive() ?? refused(),
      rename: (title) => thread?.rename(title) ?? refused(),
      join: () => thread?.join() ?? refused(),
      leave: () => thread?.leave() ?? refused(),
      remove: () => thread?.remove() ?? refused(),
    };
  }, [client, threadId]);
}
