import type { ChatError, ChatUser, Message, MessagePart } from '../../protocol/index.ts';
import type { MessageEntry } from './types.ts';

type Entries = readonly MessageEntry[];

/** A message that is on its way: `seq` 0 stands for "not numbered yet". */
export function pendingEntry(
  id: string,
  threadId: string,
  author: ChatUser,
  parts: MessagePart[],
  now: number,
): MessageEntry {
  const message: Message = { id, threadId, seq: 0, author, parts, createdAt: now };
  return { message, delivery: 'sending', error: null, mine: true };
}

/**
 * Takes in what the server stored: new messages, echoes, acknowledgements, pages. One row per message, whichever comes first and
 * how often; what did not change keeps its object, and the array too where nothing did.
 */
export function mergeMessages(entries: Entries, messages: readonly Message[], myId: string): Entries {
  const incoming = new Map(messages.map((message) => [message.id, message]));
  const taken = new Set(messages.map((message) => message.seq));
  let changed = false;
  const kept: MessageEntry[] = [];
  for (const entry of entries) {
    const update = incoming.get(entry.message.id);
    if (update) {
      incoming.delete(update.id);
      const same = entry.delivery === 'sent' && sameMessage(entry.message, update);
      kept.push(same ? entry : sentEntry(update, myId));
      changed ||= !same;
    } else if (entry.delivery === 'sent' && taken.has(entry.message.seq)) {
      changed = true; // The log has one message per number, and the server's word is newer.
    } else {
      kept.push(entry);
    }
  }
  for (const message of incoming.values()) kept.push(sentEntry(message, myId));
  return changed || incoming.size > 0 ? inOrder(kept) : entries;
}

/**
 * Puts the newest page in the place of what was sent before it. What is unsent or failed stays: it is nowhere else. So does what
 * came live while the page was on its way.
 */
export function replaceSent(entries: Entries, messages: readonly Message[], myId: string): Entries {
  const ids = new Set(messages.map((message) => message.id));
  const last = messages.at(-1)?.seq ?? 0;
  const kept = entries.filter(
    ({ delivery, message }) => delivery !== 'sent' || ids.has(message.id) || message.seq > last,
  );
  return mergeMessages(kept, messages, myId);
}

export function withFailed(entries: Entries, id: string, error: ChatError): Entries {
  return entries.map((entry) => (isPending(entry, id) ? { ...entry, delivery: 'failed', error } : entry));
}

/** On its way again: behind what was sent in the meantime. */
export function withResent(entries: Entries, id: string): Entries {
  const failed = entries.find((entry) => isPending(entry, id));
  if (!failed) return entries;
  return [...entries.filter((entry) => entry !== failed), { ...failed, delivery: 'sending', error: null }];
}

/** Without a message that the server never stored. */
export function withoutPending(entries: Entries, id: string): Entries {
  return entries.filter((entry) => !isPending(entry, id));
}

/** Without everything that the server stored. */
export function onlyPending(entries: Entries): Entries {
  return entries.filter((entry) => entry.delivery !== 'sent');
}

/** The number up to which nothing is missing, going on from `from`. */
export function joinedSeq(entries: Entries, from: number): number {
  let joined = from;
  for (const { message } of entries) if (message.seq === joined + 1) joined += 1;
  return joined;
}

function isPending(entry: MessageEntry, id: string): boolean {
  return entry.message.id === id && entry.delivery !== 'sent';
}

function sentEntry(message: Message, myId: string): MessageEntry {
  return { message, delivery: 'sent', error: null, mine: message.author.id === myId };
}

/** By number; then what has none, as it stands. */
function inOrder(entries: MessageEntry[]): MessageEntry[] {
  return entries.sort((a, b) => (a.message.seq || Infinity) - (b.message.seq || Infinity) || 0);
}

function sameMessage(a: Message, b: Message): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
