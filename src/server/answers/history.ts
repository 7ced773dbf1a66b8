import type { Answer, Message } from '../../protocol/index.ts';
import type { HistoryMessage } from './types.ts';

/**
 * The conversation as a model is told of it: what was deleted or never came to be is left out.
 * @param goal the answer that is to be given: it goes last when it goes on, else what it answers does
 */
export function toHistory(
  messages: readonly Message[],
  assistantId: string,
  goal: { id: string; answer: Answer },
): HistoryMessage[] {
  const last = messages.some(({ id }) => id === goal.id) ? goal.id : goal.answer.to;
  const told = messages.filter(({ parts, deletedAt }) => deletedAt === null && parts.length > 0);
  const ordered = [...told.filter(({ id }) => id !== last), ...told.filter(({ id }) => id === last)];
  return ordered.map(({ id, parts, author, createdAt }) => ({
    id,
    role: author.id === assistantId ? 'assistant' : 'user',
    parts,
    metadata: { author, createdAt },
  }));
}
