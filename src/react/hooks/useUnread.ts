import { useMemo, useSyncExternalStore } from 'react';
import type { ChatClient } from '../../client/index.ts';
import { MAX_UNREAD_COUNT } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';

interface Count {
  get: () => number;
  subscribe: (listener: () => void) => () => void;
}

const NONE: Count = { get: () => 0, subscribe: () => () => {} };

function countOf(client: ChatClient | null, threadId: string | null | undefined, countsMuted: boolean): Count {
  if (!client || threadId === null) return NONE;
  if (threadId !== undefined) {
    const thread = client.thread(threadId);
    return {
      get: () => {
        const own = thread.get().thread?.own;
        return own && (countsMuted || !own.muted) ? own.unreadCount : 0;
      },
      subscribe: (listener) => thread.subscribe(listener),
    };
  }
  const { threads } = client;
  return {
    get: () => threads.get().threads.reduce((sum, { own }) => (own && !own.muted ? sum + own.unreadCount : sum), 0),
    subscribe: (listener) => threads.subscribe(listener),
  };
}

/**
 * @param threadId null: nobody asks
 * @param countsMuted whether one conversation counts that draws no attention
 */
export function useUnreadCount(threadId: string | null | undefined, caller: string, countsMuted: boolean): number {
  const { client } = useChatContext(caller);
  const count = useMemo(() => countOf(client, threadId, countsMuted), [client, threadId, countsMuted]);
  return useSyncExternalStore(count.subscribe, count.get, NONE.get);
}

/**
 * How many messages are unread: in one conversation, or (without an id) in all that the list of conversations has read so far, the
 * muted and the archived ones left out. Each conversation counts to 100 and no further. Renders again only when the number is another one.
 */
export function useUnread(threadId?: string): number {
  return useUnreadCount(threadId, 'useUnread()', true);
}

/** `99+` where it is no exact number any more. */
export function unreadLabel(count: number, format: (value: number) => string): string {
  return count >= MAX_UNREAD_COUNT ? `${format(MAX_UNREAD_COUNT - 1)}+` : format(count);
}
