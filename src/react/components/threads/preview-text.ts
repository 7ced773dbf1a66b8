import { textOf, type Message } from '../../../protocol/index.ts';
import { plainText } from '../../plain-text.ts';
import type { ChatStrings } from '../../strings.ts';
import { answerFileOf } from '../answers/answer-file.ts';
import { eventText } from '../messages/event-text.ts';

/** What a message is in one line of a list: who says what, and never a name with nothing behind it. */
export function previewText(message: Message, readerId: string | null, strings: ChatStrings): string {
  const { author, event } = message;
  if (event) return eventText(message, readerId, strings) ?? '';
  const name = author.id === readerId ? strings.you : author.name || author.id;
  return strings.preview(name, wordsOf(message, strings));
}

function wordsOf({ parts, deletedAt, answer }: Message, strings: ChatStrings): string {
  if (deletedAt !== null) return strings.messageDeleted;
  const words = plainText(textOf(parts)).trim();
  if (words !== '') return words;
  const files = parts.flatMap((part) => answerFileOf(part, strings)?.filename ?? []);
  if (files.length > 0) return files.join(', ');
  switch (answer?.status) {
    case 'streaming':
      return strings.answerThinking;
    case 'stopped':
      return strings.answerStopped;
    case 'failed':
      return strings.answerFailed;
    default:
      // An answer of parts that only its own window can show.
      return answer ? strings.answerDone : '…';
  }
}
