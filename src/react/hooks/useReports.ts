import { useMemo } from 'react';
import type { ReportListState } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';
import { useReadable } from './useReadable.ts';

const LOADING: ReportListState = { status: 'loading', reported: [], hasMore: false, loadingMore: false, error: null };
const SIGNED_OUT: ReportListState = { ...LOADING, status: 'error', error: SIGNED_OUT_ERROR };

export interface ReportsResult extends ReportListState {
  /** Decides that a message stays; to decide the other way, delete it. Rejects with a `ChatError`. */
  dismiss: (messageId: string) => Promise<void>;
}

/**
 * What was reported in a conversation and not decided on, the last reported first. Live while a component uses this; for who may not
 * see it, `error` is `action_forbidden`.
 */
export function useReports(threadId: string): ReportsResult {
  const { client } = useChatContext('useReports()');
  const handle = useMemo(() => client?.thread(threadId) ?? null, [client, threadId]);
  const state = useReadable(handle?.reports ?? null, SIGNED_OUT, LOADING);
  return useMemo(
    () => ({
      ...state,
      dismiss: (messageId) => handle?.dismissReports(messageId) ?? Promise.reject(SIGNED_OUT_ERROR),
    }),
    [state, handle],
  );
}
