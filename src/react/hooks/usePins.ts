import { useMemo } from 'react';
import type { PinListState } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';
import { useReadable } from './useReadable.ts';

const LOADING: PinListState = { status: 'loading', messages: [], hasMore: false, loadingMore: false, error: null };
const SIGNED_OUT: PinListState = { ...LOADING, status: 'error', error: SIGNED_OUT_ERROR };

/** What is pinned in a conversation, the last pinned first: previews. Live while a component uses this. */
export function usePins(threadId: string): PinListState {
  const { client } = useChatContext('usePins()');
  const handle = useMemo(() => client?.thread(threadId).pins ?? null, [client, threadId]);
  return useReadable(handle, SIGNED_OUT, LOADING);
}
