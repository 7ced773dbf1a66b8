import { useCallback, useMemo } from 'react';
import { inboxOf, type ThreadListState } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { LOADING_THREADS, SIGNED_OUT_ERROR, SIGNED_OUT_THREADS } from './initial-states.ts';
import { useReadable } from './useReadable.ts';

interface InboxPart extends ThreadListState {
  /** Reads the next page. Stable; one at a time, and nothing happens where there is none. What goes wrong is in `error`. */
  loadMore: () => Promise<void>;
}

export interface InboxResult {
  /** What waits for a person, the longest wait first: `waiting.threads.length` is the number for a badge, or more with `hasMore`. */
  waiting: InboxPart;
  /** Those that this person answers in, those first that they have had the longest. */
  mine: InboxPart;
  /** Answers in place of the assistant from now on. Stable; rejects with a `ChatError`: `handover_taken` where somebody else was quicker. */
  take: (threadId: string) => Promise<void>;
}

/**
 * The conversations that wait for a person: where this person is an agent, or all of them, if the app lets its staff see them. Live while a
 * component uses it. For who is to have none, `error` is `action_forbidden`.
 */
export function useInbox(): InboxResult {
  const { client } = useChatContext('useInbox()');
  const waiting = useInboxPart('waiting');
  const mine = useInboxPart('mine');
  const take = useCallback(
    (threadId: string) => client?.thread(threadId).handOver('take') ?? Promise.reject(SIGNED_OUT_ERROR),
    [client],
  );
  return useMemo(() => ({ waiting, mine, take }), [waiting, mine, take]);
}

function useInboxPart(of: 'waiting' | 'mine'): InboxPart {
  const { client } = useChatContext('useInbox()');
  const list = client && inboxOf(client)[of];
  const state = useReadable(list, SIGNED_OUT_THREADS, LOADING_THREADS);
  const loadMore = useCallback(() => list?.loadMore() ?? Promise.reject(SIGNED_OUT_ERROR), [list]);
  return useMemo(() => ({ ...state, loadMore }), [state, loadMore]);
}
