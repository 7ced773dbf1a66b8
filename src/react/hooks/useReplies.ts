import { useCallback, useMemo } from 'react';
import type { RepliesState } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';
import { useReadable } from './useReadable.ts';

export interface RepliesResult extends RepliesState {
  /** Reads the page before the first one; one at a time. Stable. */
  loadOlder: () => Promise<void>;
}

const LOADING: RepliesState = {
  status: 'loading',
  root: null,
  messages: [],
  hasOlder: false,
  loadingOlder: false,
  error: null,
};
const SIGNED_OUT: RepliesState = { ...LOADING, status: 'error', error: SIGNED_OUT_ERROR };

/** The replies that begin with a message, one's own unsent ones last. Live while a component uses this. */
export function useReplies(threadId: string, rootId: string): RepliesResult {
  const { client } = useChatContext('useReplies()');
  const handle = useMemo(() => client?.thread(threadId).replies(rootId) ?? null, [client, threadId, rootId]);
  const state = useReadable(handle, SIGNED_OUT, LOADING);
  const loadOlder = useCallback(() => handle?.loadOlder() ?? Promise.resolve(), [handle]);
  return useMemo(() => ({ ...state, loadOlder }), [state, loadOlder]);
}
