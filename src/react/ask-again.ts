import type { MessageEntry, ThreadHandle } from '../client/index.ts';
import type { Message } from '../protocol/index.ts';

/** The assistant's answer to a message, if it is here and has ended. */
export function answerTo(entries: readonly MessageEntry[], messageId: string): Message | null {
  const found = entries.find(({ message }) => message.answer?.to === messageId && message.deletedAt === null);
  return found && found.message.answer?.status !== 'streaming' ? found.message : null;
}

/**
 * Edits a message, and once that is stored has its answer given anew: the assistant is not to be asked what it said before. Where the edit is
 * refused, or given up, nothing is asked: the message shows why.
 * @throws {ChatError} what the edit is refused with before it is sent
 */
export function editAndAsk(thread: ThreadHandle, messageId: string, edit: () => void): void {
  edit();
  const look = (): boolean => {
    const entries = thread.get().messages;
    const change = entries.find(({ message }) => message.id === messageId)?.change;
    if (change?.status === 'saving') return false;
    const answer = change ? null : answerTo(entries, messageId);
    if (answer) thread.retryAnswer(answer.id).catch(() => {}); // Shows on the answer.
    return true;
  };
  if (look()) return;
  const unsubscribe = thread.subscribe(() => {
    if (look()) unsubscribe();
  });
}
