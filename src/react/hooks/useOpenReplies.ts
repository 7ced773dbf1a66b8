import { useCallback } from 'react';
import { useChatContext } from '../ChatContext.ts';
import { openRepliesOf } from '../replying.ts';
import { usePerClient } from './usePerClient.ts';

/** The message whose replies are open beside a thread, and what opens others; null closes them. */
export function useOpenReplies(threadId: string): [rootId: string | null, open: (rootId: string | null) => void] {
  const { client } = useChatContext('useOpenReplies()');
  const rootId = usePerClient(openRepliesOf, threadId, (id: string | null) => id);
  const open = useCallback(
    (id: string | null) => client && openRepliesOf(client, threadId).set(id),
    [client, threadId],
  );
  return [rootId, open];
}
