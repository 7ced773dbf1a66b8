import { useMemo } from 'react';
import type { MemberListState } from '../../client/index.ts';
import type { Role } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';
import { useReadable } from './useReadable.ts';

export interface MembersResult extends MemberListState {
  /** Reads the next page. Stable. */
  loadMore: () => Promise<void>;
  /** Adds somebody, by default as `member`, or gives who is in it another role. Stable; rejects with a `ChatError`. */
  save: (userId: string, role?: Role) => Promise<void>;
  /** Takes somebody out. Stable; rejects with a `ChatError`: `last_owner` … */
  remove: (userId: string) => Promise<void>;
}

const LOADING: MemberListState = { status: 'loading', members: [], hasMore: false, loadingMore: false, error: null };
const SIGNED_OUT: MemberListState = { ...LOADING, status: 'error', error: SIGNED_OUT_ERROR };

/** Who is in a conversation, the first to join first. Live while a component uses this. */
export function useMembers(threadId: string): MembersResult {
  const { client } = useChatContext('useMembers()');
  const handle = useMemo(() => client?.thread(threadId) ?? null, [client, threadId]);
  const state = useReadable(handle?.members ?? null, SIGNED_OUT, LOADING);
  const actions = useMemo(() => {
    const refused = () => Promise.reject(SIGNED_OUT_ERROR);
    return {
      loadMore: () => handle?.members.loadMore() ?? refused(),
      save: (userId: string, role?: Role) => handle?.addMember(userId, role) ?? refused(),
      remove: (userId: string) => handle?.removeMember(userId) ?? refused(),
    };
  }, [handle]);
  return useMemo(() => ({ ...state, ...actions }), [state, actions]);
}
