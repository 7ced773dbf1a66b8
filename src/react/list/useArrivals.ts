import { useRef, useState } from 'react';
import type { MessageEntries } from '../../client/index.ts';
import { useIsomorphicLayoutEffect } from '../hooks/useIsomorphicLayoutEffect.ts';
import { useLatest } from '../hooks/useLatest.ts';
import { isStored } from '../entries.ts';

export interface Arrivals {
  /** Others' messages since the list was last at its newest. */
  unseen: number;
}

/** Newest number that the server gave; unsent messages have none yet. */
function lastSeq(entries: MessageEntries): number {
  return entries.messages.findLast(isStored)?.seq ?? 0;
}

function arrivedAfter(entries: MessageEntries, seq: number): number {
  let count = 0;
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries.at(index);
    if (!entry || (entry.delivery === 'sent' && entry.message.seq <= seq)) break;
    if (entry.delivery === 'sent' && !entry.mine && !entry.message.event) count += 1;
  }
  return count;
}

/**
 * Counts others' messages while the reader is elsewhere, and tells of one's own new send.
 *
 * @param lastSent as in `ThreadState`. Not to be told from the entries: one may be stored by the time that it shows first.
 */
export function useArrivals(
  entries: MessageEntries,
  lastSent: string | null,
  following: boolean,
  onOwnSend: () => void,
): Arrivals {
  const [seen, setSeen] = useState(() => lastSeq(entries));
  const known = useRef(lastSent);
  const latestOnOwnSend = useLatest(onOwnSend);

  // While following, everything that is there has been seen.
  const newest = lastSeq(entries);
  if (following && seen !== newest) setSeen(newest);

  useIsomorphicLayoutEffect(() => {
    if (lastSent === known.current) return;
    known.current = lastSent;
    latestOnOwnSend.current();
  }, [lastSent, latestOnOwnSend]);

  return { unseen: following ? 0 : arrivedAfter(entries, seen) };
}
