import { useThread } from './useThread.ts';

/** Whether the assistant gives answers in a conversation now: not while a person is to answer in its place. */
export function useAssistantAnswers(threadId: string): boolean {
  const { thread } = useThread(threadId);
  return thread?.handover === undefined || thread.handover.state === 'assistant';
}
