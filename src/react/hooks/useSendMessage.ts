import { useCallback } from 'react';
import type { DraftPart, SendOptions } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';

export type SendMessage = (content: string | DraftPart[], options?: SendOptions) => string;

/**
 * A stable function that sends to a thread: the message shows at once and waits while offline. Returns its id.
 * It throws a `ChatError` and sends nothing for `message_empty`, `message_too_long`, `message_not_found` and `signed_out`.
 */
export function useSendMessage(threadId: string): SendMessage {
  const { client } = useChatContext('useSendMessage()');
  return useCallback(
    (content, options) => {
      if (!client) throw SIGNED_OUT_ERROR;
      return client.thread(threadId).send(content, options);
    },
    [client, threadId],
  );
}
