import { useMemo, useSyncExternalStore } from 'react';
import type { ChatClient } from '../../client/index.ts';
import { MAX_UNREAD_COUNT } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';

interface Count {
  get: () => number;
  subscribe: (listener: () => void) => () => void;
}

const NONE: Count = { get: () => 0, subscribe: () => () => {} };

function countOf(client: ChatClient | null, threadId: string | null | undefined): Count {
  if (!client || threadId === null) return NONE;
  if (threadId !== undefined) {
    const thread = client.thread(threadId);
    return {
      get: () => thread.get().thread?.own?.unreadCount ?? 0,
      subscribe: (listener) => thread.subscribe(listener),
    };
  }
  const { threads } = client;
  return {
    get: () =>
      threads
        .get()
        .threads.reduce((sum, { own }) => (own && !own.muted && !own.archived ? sum + own.unreadCount : sum), 0),
    subscribe: (listener) => threads.subscribe(listener),
  };
}

/** @param threadId null: nobody asks */
export function useUnreadCount(threadId: string | null | undefined, caller: string): number {
  const { client } = useChatContext(caller);
  const count = useMemo(() => countOf(client, threadId), [client, threadId]);
  return useSyncExternalStore(count.subscribe, count.get, NONE.get);
}

/**
 * How many messages are unread: in one conversation, or (without an id) in all that the list of conversations has read so far, the
 * muted ones left out. Each conversation counts to 100 and no further. Renders again only when the number is another one.
 */
export function useUnread(threadId?: string): number {
  return useUnreadCount(threadId, 'useUnread()');
}

/** `99+` where it is no exact number any more. */
export function unreadLabel(count: number, format: (value: number) => string): string {
  return count >= MAX_UNREAD_COUNT ? `${format(MAX_UNREAD_COUNT - 1)}+` : format(count);
}
