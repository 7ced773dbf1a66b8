import { useState } from 'react';
import type { MessageEntries } from '../../client/index.ts';
import type { OwnThreadState } from '../../protocol/index.ts';
import { isStored } from '../entries.ts';
import { isLookedAt } from './useReading.ts';

interface Mark {
  /** Messages after this place were unread when the person came, or came while they were away; null: none were. */
  after: number | null;
  newest: number;
}

function newestSeq(entries: MessageEntries): number {
  return entries.messages.findLast((message) => isStored(message) && !message.event)?.seq ?? 0;
}

/**
 * The place after which “New messages” stands. It is set when the conversation is opened and stays while it is read; messages that come
 * while nobody looks, after all before them was read, set it anew.
 */
export function useUnreadMark(entries: MessageEntries, own: OwnThreadState | null | undefined): number | null {
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
