import { useMemo } from 'react';
import type { ReceiptListState } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { LOADING_RECEIPTS, SIGNED_OUT_RECEIPTS } from './initial-states.ts';
import { useReadable } from './useReadable.ts';

export type ReadReceiptsResult = Pick<ReceiptListState, 'status' | 'receipts' | 'error'>;

/**
 * How far the others have read a conversation, those who have read furthest first: a message was read by whoever's `readSeq` is not
 * smaller than its `seq`. Asked for while a component uses this, and again after a lost connection.
 */
export function useReadReceipts(threadId: string): ReadReceiptsResult {
  const { client, userId } = useChatContext('useReadReceipts()');
  const store = useMemo(() => client?.thread(threadId).receipts ?? null, [client, threadId]);
  const { status, receipts, error } = useReadable(store, SIGNED_OUT_RECEIPTS, LOADING_RECEIPTS);
  return useMemo(
    () => ({ status, receipts: receipts.filter(({ user }) => user.id !== userId), error }),
    [status, receipts, error, userId],
  );
}
