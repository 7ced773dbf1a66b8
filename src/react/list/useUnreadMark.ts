import { useState } from 'react';
import type { MessageEntry } from '../../client/index.ts';
import type { OwnThreadState } from '../../protocol/index.ts';
import { isLookedAt } from './useReading.ts';

interface Mark {
  /** Messages after this place were unread when the person came, or came while they were away; null: none were. */
  after: number | null;
  newest: number;
}

function newestSeq(entries: readonly MessageEntry[]): number {
  return entries.findLast(({ delivery, message }) => delivery === 'sent' && !message.event)?.message.seq ?? 0;
}

/**
 * The place after which “New messages” stands. It is set when the conversation is opened and stays while it is read; messages that come
 * while nobody looks, after all before them was read, set it anew.
 */
export function useUnreadMark(entries: readonly MessageEntry[], own: OwnThreadState | null | undefined): number | null {
  const [mark, setMark] = useState<Mark | null>(null);
  if (!own) return null;
  const newest = newestSeq(entries);
  const { readSeq } = own;
  if (!mark) {
    setMark({ after: readSeq !== null && own.unreadCount > 0 ? readSeq : null, newest });
  } else if (newest > mark.newest) {
    const isMissed = readSeq !== null && readSeq >= mark.newest && !isLookedAt();
    setMark({ after: isMissed ? mark.newest : mark.after, newest });
  }
  return mark?.after ?? null;
}
