import type { ChatClient, MessageChange, MessageEntry } from '../../../client/index.ts';
import { textOf, type Thread } from '../../../protocol/index.ts';
import type { MessageAccess } from '../types.ts';

/** What a person can do with one message. */
export interface Abilities {
  react: boolean;
  reply: boolean;
  pin: boolean;
  copy: boolean;
  /** Copy its address. */
  link: boolean;
  /** Tell those who watch over the conversation that something is wrong with it. */
  report: boolean;
  edit: boolean;
  delete: boolean;
  /** Send or ask again, and discard. */
  retry: boolean;
}

/** What the person may do in a thread, as far as their role says. */
export function accessOf(thread: Thread | null): MessageAccess {
  const role = thread?.role;
  if (role === 'readonly') return 'read';
  return role === 'owner' || role === 'agent' ? 'moderate' : 'write';
}

/** Whoever is in it and may write; not who passes through an open one. */
export function mayPinIn(thread: Thread | null): boolean {
  return thread !== null && thread.role !== null && thread.role !== 'readonly';
}

/**
 * The server has the last word; this is what is worth offering.
 * @param can what this kind of backend can do
 */
export function abilitiesOf(
  entry: MessageEntry,
  access: MessageAccess,
  { mayPin, can, canQuote }: { mayPin: boolean; can: ChatClient['can']; canQuote: boolean },
): Abilities {
  const { message, delivery, mine, change } = entry;
  const there = message.deletedAt === null;
  const failed = delivery === 'failed' || (change?.status === 'failed' && isKept(change.type));
  return {
    react: there && delivery === 'sent' && access !== 'read' && can('addReaction'),
    reply: there && delivery === 'sent' && access !== 'read' && canQuote,
    pin: there && delivery === 'sent' && mayPin && can('pinMessage'),
    copy: there && textOf(message.parts) !== '',
    link: there && delivery === 'sent' && can('loadAround'),
    report: there && !mine && can('reportMessage'),
    edit: there && mine && access !== 'read' && can('editMessage'),
    // A message that was not sent is discarded.
    delete:
      there && delivery === 'sent' && access !== 'read' && (mine || access === 'moderate') && can('deleteMessage'),
    retry: failed,
  };
}

/** Whether a refused change of this kind is kept for retry or discard. */
export function isKept(type: MessageChange['type']): boolean {
  return type === 'edit' || type === 'delete';
}
