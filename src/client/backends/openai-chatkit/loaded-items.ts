import type { FilePart, MessagePart } from '../../../protocol/index.ts';
import { AnswerParts } from '../../../protocol/answers/index.ts';
import type { LoadedMessage } from '../turns/TurnPort.ts';
import { ItemTranslator } from './ItemTranslator.ts';
import type { Attachment, Item } from './types.ts';

export interface LoadedItems {
  messages: LoadedMessage[];
  /** The items of each answer, by the answer's id. */
  answers: Map<string, ItemTranslator>;
}

/** Items as a window shows them, the oldest first: what lies between two messages of a person is one answer. */
export function toLoadedMessages(items: readonly Item[], fileOf: (attachment: Attachment) => FilePart): LoadedItems {
  const messages: LoadedMessage[] = [];
  const answers = new Map<string, ItemTranslator>();
  let answer: { message: Omit<LoadedMessage, 'parts'>; items: ItemTranslator; parts: AnswerParts } | null = null;
  const close = () => {
    if (answer && answer.parts.parts.length > 0) {
      messages.push({ ...answer.message, parts: answer.parts.parts });
      answers.set(answer.message.id, answer.items);
    }
    answer = null;
  };
  for (const item of items) {
    const { id, type } = item;
    const createdAt = timeOf(item);
    if (type === 'user_message') {
      close();
      messages.push({ id, role: 'user', createdAt, parts: inputParts(item, fileOf), quoted: quotedIn(item) });
      continue;
    }
    answer ??= { message: { id, role: 'assistant', createdAt }, items: new ItemTranslator(), parts: new AnswerParts() };
    for (const chunk of answer.items.done(item)) answer.parts.add(chunk);
  }
  close();
  return { messages, answers };
}

function inputParts({ content, attachments }: Item, fileOf: (attachment: Attachment) => FilePart): MessagePart[] {
  const text = (content as { text?: string }[]).map(({ text = '' }) => text).join('');
  const files = ((attachments as Attachment[] | undefined) ?? []).map(fileOf);
  return text === '' && files.length > 0 ? files : [{ type: 'text', text }, ...files];
}

function quotedIn({ quoted_text: text }: Item): string | undefined {
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** Naive local ISO, as the server writes it. */
function timeOf({ created_at: text }: Item): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isFinite(ms) ? ms : undefined;
}
