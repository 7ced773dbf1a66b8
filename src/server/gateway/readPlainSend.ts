import { MAX_ID_LENGTH, MAX_PARTS, MAX_TEXT_LENGTH, type ClientFrame } from '../../protocol/index.ts';

type MessageSend = Extract<ClientFrame, { type: 'message.send' }>;

/** Of the characters that an id may have, those of ASCII: what ids are made of, and quick to look for. */
const ASCII_ID = /^[!-~]+$/;

/**
 * Reads a `message.send` that holds words and nothing else, which is most of what a server reads: as its schema would, for a tenth of
 * the cost. Null for everything that is out of the ordinary, good or bad: the schema decides, and says what is wrong.
 */
export function readPlainSend(value: unknown): MessageSend | null {
  if (typeof value !== 'object' || value === null) return null;
  const { type, requestId, threadId, messageId, parts, replyTo } = value as Partial<Record<string, unknown>>;
  if (type !== 'message.send' || replyTo !== undefined || Object.hasOwn(value, 'event')) return null;
  if (typeof requestId !== 'number' || !Number.isSafeInteger(requestId) || requestId < 0) return null;
  if (!isAsciiId(threadId) || !isAsciiId(messageId)) return null;
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > MAX_PARTS) return null;
  const texts: MessageSend['parts'] = [];
  let length = 0;
  let isBlank = true;
  for (const part of parts as unknown[]) {
    if (typeof part !== 'object' || part === null) return null;
    const { type, text, mentions } = part as Partial<Record<string, unknown>>;
    if (type !== 'text' || typeof text !== 'string' || mentions !== undefined) return null;
    length += text.length;
    isBlank &&= text.trim() === '';
    texts.push({ type, text });
  }
  if (isBlank || length > MAX_TEXT_LENGTH) return null;
  return { type, requestId, threadId, messageId, parts: texts };
}

function isAsciiId(id: unknown): id is string {
  return typeof id === 'string' && id.length <= MAX_ID_LENGTH && ASCII_ID.test(id);
}
