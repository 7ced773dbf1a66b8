import { useCallback, useSyncExternalStore } from 'react';
import { useChatContext } from '../../ChatContext.ts';

/** Whether the assistant gives answers in a conversation now: not while a person is to answer in its place. */
export function useMayRetry(threadId: string): boolean {
  const { client } = useChatContext('<MessageItem>');
  const thread = client?.thread(threadId);
  const read = () => (thread?.get().thread?.handover?.state ?? 'assistant') === 'assistant';
  const subscribe = useCallback((listener: () => void) => thread?.subscribe(listener) ?? (() => {}), [thread]);
  return useSyncExternalStore(subscribe, read, read);
}
