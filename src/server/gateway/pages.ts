import { MAX_FRAME_BYTES, type Message, type Thread } from '../../protocol/index.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';

/** Messages of a thread that is opened. */
const PAGE_SIZE = 50;
/** The frame around a page takes the rest. */
const PAGE_BYTES = MAX_FRAME_BYTES - 4_096;
const PREVIEW_LENGTH = 280;

export interface Page {
  messages: Message[];
  hasOlder: boolean;
}

export interface OpeningPage extends Page {
  gap: boolean;
  lastSeq: number;
}

/** What a thread shows when it is opened: the newest page, or what came after `afterSeq` when that is one page. */
export async function openingPage(storage: ChatStorage, thread: Thread, afterSeq?: number): Promise<OpeningPage> {
  const lastSeq = thread.lastMessage?.seq ?? 0;
  if (afterSeq !== undefined && afterSeq <= lastSeq) {
    const messages = await storage.messagesAfter(thread.id, afterSeq, PAGE_SIZE + 1);
    if (messages.length <= PAGE_SIZE && newestThatFit(messages).length === messages.length) {
      return { messages, hasOlder: afterSeq > 0, gap: false, lastSeq: messages.at(-1)?.seq ?? afterSeq };
    }
  }
  const messages = newestThatFit(await storage.newestMessages(thread.id, PAGE_SIZE));
  const gap = afterSeq !== undefined;
  return { messages, hasOlder: hasOlder(messages), gap, lastSeq: messages.at(-1)?.seq ?? 0 };
}

export async function olderPage(storage: ChatStorage, threadId: string, before: number, limit: number): Promise<Page> {
  const messages = newestThatFit(await storage.messagesBefore(threadId, before, limit));
  return { messages, hasOlder: hasOlder(messages) };
}

/** A list needs a line of the last message, not all of it: a hundred long ones would not fit a frame. */
export function asPreview(thread: Thread): Thread {
  const { lastMessage } = thread;
  if (lastMessage === null) return thread;
  let left = PREVIEW_LENGTH;
  const parts: Message['parts'] = [];
  for (const part of lastMessage.parts) {
    const characters = [...part.text];
    parts.push(characters.length > left ? { ...part, text: `${characters.slice(0, left).join('')}…` } : part);
    left -= characters.length;
    if (left <= 0) break;
  }
  return { ...thread, lastMessage: { ...lastMessage, parts } };
}

/** The first threads that fit one frame; they come the latest first. */
export function threadsThatFit(threads: readonly Thread[]): Thread[] {
  return firstThatFit(threads.map(asPreview));
}

/** `seq` begins at 1 and has no gap, so the first one tells whether there is more before it. */
function hasOlder(messages: readonly Message[]): boolean {
  return (messages[0]?.seq ?? 1) > 1;
}

function newestThatFit(messages: readonly Message[]): Message[] {
  return firstThatFit(messages.toReversed()).reverse();
}

function firstThatFit<T>(items: readonly T[]): T[] {
  let bytes = 0;
  const end = items.findIndex((item) => (bytes += Buffer.byteLength(JSON.stringify(item)) + 1) > PAGE_BYTES);
  // One alone fits any frame: that is what the limits of a message are for.
  return end === -1 ? [...items] : items.slice(0, Math.max(1, end));
}
