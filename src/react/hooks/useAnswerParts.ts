import { useCallback, useSyncExternalStore } from 'react';
import type { Message, MessagePart } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';

/** What a message says, at most once per frame of the screen while it grows. Only who uses this renders anew. */
export function useAnswerParts(message: Message): readonly MessagePart[] {
  const { client } = useChatContext('useAnswerParts()');
  const { id, threadId, answer, parts } = message;
  const readable = client && answer?.status === 'streaming' ? client.thread(threadId).answerParts(id) : null;
  const subscribe = useCallback((listener: () => void) => readable?.subscribe(listener) ?? (() => {}), [readable]);
  const get = useCallback(() => readable?.get() ?? parts, [readable, parts]);
  return useSyncExternalStore(subscribe, get, get);
}
