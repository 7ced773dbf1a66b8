import { useCallback, useMemo } from 'react';
import type { NewThread, ThreadListState } from '../../client/index.ts';
import type { Thread } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { LOADING_THREADS, SIGNED_OUT_ERROR, SIGNED_OUT_THREADS } from './initial-states.ts';
import { useReadable } from './useReadable.ts';

export interface ThreadsOptions {
  /** Those that the person has archived, and no others. Default false: the others. */
  archived?: boolean;
}

export interface ThreadsResult extends ThreadListState {
  /**
   * Makes a conversation, with this person as its owner. Stable; waits for no connection, and rejects with a `ChatError`:
   * `connection_lost`, `action_forbidden` …
   */
  create: (thread: NewThread) => Promise<Thread>;
  /** Reads the next page. Stable; one at a time, and nothing happens where there is none. What goes wrong is in `error`. */
  loadMore: () => Promise<void>;
}

/** The person's conversations, the latest first. Asked for while a component uses this. */
export function useThreads({ archived = false }: ThreadsOptions = {}): ThreadsResult {
  const { client } = useChatContext('useThreads()');
  const threads = archived ? client?.archivedThreads : client?.threads;
  const state = useReadable(threads ?? null, SIGNED_OUT_THREADS, LOADING_THREADS);
  const create = useCallback(
    (thread: NewThread) => client?.createThread(thread) ?? Promise.reject(SIGNED_OUT_ERROR),
    [client],
  );
  const loadMore = useCallback(() => threads?.loadMore() ?? Promise.reject(SIGNED_OUT_ERROR), [threads]);
  return useMemo(() => ({ ...state, create, loadMore }), [state, create, loadMore]);
}
