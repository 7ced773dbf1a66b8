import type { FilePart, Mention, MessagePart } from '../../../protocol/index.ts';
import { AnswerParts } from '../../../protocol/answers/index.ts';
import type { LoadedMessage } from '../turns/TurnPort.ts';
import { ItemTranslator } from './ItemTranslator.ts';
import type { Attachment, Item, MessageTag } from './types.ts';

export interface LoadedItems {
  messages: LoadedMessage[];
  /** The items of each answer, by the answer's id. */
  answers: Map<string, ItemTranslator>;
}

interface Reading {
  fileOf: (attachment: Attachment) => FilePart;
  /** Told of each tag that a message has. */
  learn: (tag: MessageTag) => void;
}

/** Items as a window shows them, the oldest first: what lies between two messages of a person is one answer. */
export function toLoadedMessages(items: readonly Item[], reading: Reading): LoadedItems {
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
      messages.push({ id, role: 'user', createdAt, parts: inputParts(item, reading), quoted: quotedIn(item) });
      continue;
    }
    answer ??= { message: { id, role: 'assistant', createdAt }, items: new ItemTranslator(), parts: new AnswerParts() };
    for (const chunk of answer.items.done(item)) answer.parts.add(chunk);
  }
  close();
  return { messages, answers };
}

function inputParts({ content, attachments }: Item, { fileOf, learn }: Reading): MessagePart[] {
  const mentions: Mention[] = [];
  const words = (content as ({ type?: string } & Partial<MessageTag>)[]).map(({ type, ...given }) => {
    const { id, text = '' } = given;
    if (type !== 'input_tag' || typeof id !== 'string' || text === '') return text;
    learn({ ...given, id, text });
    mentions.push({ userId: id, label: text });
    return `@${text}`;
  });
  const text = words.join('');
  const files = ((attachments as Attachment[] | undefined) ?? []).map(fileOf);
  if (text === '' && files.length > 0) return files;
  return [{ type: 'text', text, ...(mentions.length > 0 && { mentions }) }, ...files];
}

function quotedIn({ quoted_text: text }: Item): string | undefined {
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** Naive local ISO, as the server writes it. */
function timeOf({ created_at: text }: Item): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isFinite(ms) ? ms : undefined;
}
