import { uuidv7 } from '../uuidv7.ts';
import { ChatError, MAX_PARTS, MAX_TEXT_LENGTH, textOf } from '../../protocol/index.ts';
import type { Message, MessagePartInput, Quote, WireError } from '../../protocol/index.ts';
import type { BackendSession } from '../backends/ChatBackend.ts';
import { unsupported } from './errors.ts';
import type { DraftPart } from './types.ts';

/** What the server is to be told. Each may be told again: the result is the same. */
export type OutboxTask =
  /** `replyTo`: what a reply shows of the message that it answers, until the server has said so. */
  | { type: 'send'; parts: readonly DraftPart[]; replyTo?: Quote | undefined }
  | { type: 'edit'; parts: readonly DraftPart[] }
  | { type: 'delete' | 'pin' | 'unpin' }
  | { type: 'react' | 'unreact'; emoji: string };

/** One thing that the server has not taken in yet. Plain data: it is kept on the device. Never changed, only replaced. */
export interface OutboxItem {
  /** A send's is its message's, so that it is there once. */
  id: string;
  /** UUIDv7: items of a thread go out in this order. */
  order: string;
  threadId: string;
  messageId: string;
  /** Wall-clock time of the person's doing, ms since 1970. */
  at: number;
  task: OutboxTask;
  /** Why the server refused it; it is not sent again unless the person asks. */
  error: WireError | null;
}

export function outboxItem(threadId: string, messageId: string, at: number, task: OutboxTask): OutboxItem {
  const order = uuidv7();
  return { id: task.type === 'send' ? messageId : order, order, threadId, messageId, at, task, error: null };
}

/**
 * What a person wrote, as parts.
 * @throws {ChatError} `message_empty`, `message_too_long`
 */
export function draftParts(content: string | readonly DraftPart[]): readonly DraftPart[] {
  const parts: readonly DraftPart[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  const text = textOf(parts);
  if (text.trim() === '' && parts.every(({ type }) => type === 'text')) {
    throw new ChatError('message_empty', 'The message has no text.');
  }
  if (text.length > MAX_TEXT_LENGTH || parts.length > MAX_PARTS) {
    throw new ChatError('message_too_long', `A message holds at most ${MAX_TEXT_LENGTH} characters.`);
  }
  return parts;
}

/** Tells the server; resolves with the message as it is then. */
export function perform(session: BackendSession, { threadId, messageId, task }: OutboxItem): Promise<Message> {
  switch (task.type) {
    case 'send':
      return session.sendMessage({ threadId, messageId, parts: wireParts(task.parts), replyTo: task.replyTo?.id });
    case 'edit':
      return session.editMessage?.({ threadId, messageId, parts: wireParts(task.parts) }) ?? unsupported();
    case 'delete':
      return session.deleteMessage?.(threadId, messageId) ?? unsupported();
    case 'pin':
      return session.pinMessage?.(threadId, messageId) ?? unsupported();
    case 'unpin':
      return session.unpinMessage?.(threadId, messageId) ?? unsupported();
    case 'react':
      return session.addReaction?.(threadId, messageId, task.emoji) ?? unsupported();
    case 'unreact':
      return session.removeReaction?.(threadId, messageId, task.emoji) ?? unsupported();
  }
}

/**
 * What a refusal leaves. A message, an edit or a deletion stays, with the reason, until the person decides; a reaction or a pin is gone. What
 * was to be done to a message that was never stored is done to its text here.
 */
export function afterRefusal(
  item: OutboxItem,
  error: ChatError,
  items: readonly OutboxItem[],
): { drop: readonly OutboxItem[]; put: OutboxItem | null } {
  const { task } = item;
  if (task.type === 'edit' || task.type === 'delete') return { drop: [], put: { ...item, error: error.toWire() } };
  if (task.type !== 'send') return { drop: [item], put: null };
  const later = items.filter(({ id, messageId }) => messageId === item.messageId && id !== item.id);
  if (later.some((change) => change.task.type === 'delete')) return { drop: [item, ...later], put: null };
  const parts = later.reduce((last, change) => (change.task.type === 'edit' ? change.task.parts : last), task.parts);
  return { drop: later, put: { ...item, task: { ...task, parts }, error: error.toWire() } };
}

/** Of a file only which: the server knows the rest. */
function wireParts(parts: readonly DraftPart[]): MessagePartInput[] {
  return parts.map((part) => (part.type === 'file' ? { type: 'file', attachmentId: part.attachmentId } : part));
}
