import { useMemo } from 'react';
import type { Presence, Thread } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { useReadable } from './useReadable.ts';
import { useThread } from './useThread.ts';

/** The other one of a conversation of two, whose presence is the conversation's; null for any other. */
export function otherOf(thread: Pick<Thread, 'pair'> | null, userId: string | null): string | null {
  const { pair } = thread ?? {};
  return (userId !== null && pair?.includes(userId) && pair.find((id) => id !== userId)) || null;
}

/**
 * Whether somebody is here, or when they last were: `{ online, lastSeenAt }`. Live while a component uses it. Null while it is not known:
 * without a connection, of oneself, of whom one is in no conversation with, and where the server tells of nobody (`presence: false`).
 * @param userId null: nobody is asked about
 */
export function usePresence(userId: string | null): Presence | null {
  const { client } = useChatContext('usePresence()');
  const presence = useMemo(() => (userId === null ? null : (client?.presence(userId) ?? null)), [client, userId]);
  return useReadable(presence, null, null);
}

/** The same of the other one in a conversation of two, which it keeps live; null for any other conversation. */
export function useThreadPresence(threadId: string): Presence | null {
  const { userId } = useChatContext('useThreadPresence()');
  const { thread } = useThread(threadId);
  return usePresence(otherOf(thread, userId));
}
