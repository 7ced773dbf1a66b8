import { MAX_ANSWER_BYTES, MAX_ATTEMPTS, type Attempt } from '../../protocol/index.ts';
import type { AnswerHistory, StoredMessage } from '../storage/ChatStorage.ts';

/**
 * What is kept of an answer where its next attempt begins: what it says now joins what it said before, unless that is nothing.
 * @param asked the words of what it answers, as they are now
 */
export function nextHistory(
  { parts, answer, attempts = [], asked: askedThen }: StoredMessage,
  asked: string,
): AnswerHistory {
  const said = parts.some((part) => part.type !== 'step-start' && !(part.type === 'text' && part.text === ''));
  if (!said || !answer) return { asked, attempts };
  // Files are a person's: an answer has none that would need a link.
  const now: Attempt = { run: answer.run, parts: parts as Attempt['parts'], question: askedThen ?? asked };
  const kept = [...attempts, now].slice(-MAX_ATTEMPTS);
  while (kept.length > 0 && Buffer.byteLength(JSON.stringify(kept)) > MAX_ANSWER_BYTES) kept.shift();
  return { asked, attempts: kept };
}
