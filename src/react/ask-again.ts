import type { ThreadHandle } from '../client/index.ts';
import type { Message } from '../protocol/index.ts';
import { findEntry } from './entries.ts';

/** The assistant's answer to a message, if it is here and has ended. */
export function answerTo(messages: readonly Message[], messageId: string): Message | null {
  const found = messages.find(({ answer, deletedAt }) => answer?.to === messageId && deletedAt === null);
  return found && found.answer?.status !== 'streaming' ? found : null;
}

/**
 * Edits a message, and once that is stored has its answer given anew: the assistant is not to be asked what it said before. Where the edit is
 * refused, or given up, nothing is asked: the message shows why.
 * @throws {ChatError} what the edit is refused with before it is sent
 */
export function editAndAsk(thread: ThreadHandle, messageId: string, edit: () => void): void {
  edit();
  const look = (): boolean => {
    const { entries } = thread.get();
    const { change } = findEntry(entries, messageId) ?? {};
    if (change?.status === 'saving') return false;
    const answer = change ? null : answerTo(entries.messages, messageId);
    if (answer) thread.retryAnswer(answer.id).catch(() => {}); // Shows on the answer.
    return true;
  };
  if (look()) return;
  const unsubscribe = thread.subscribe(() => {
    if (look()) unsubscribe();
  });
}
