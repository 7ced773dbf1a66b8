import {
  ChatError,
  MAX_FRAME_BYTES,
  MAX_PAGE_SIZE,
  type Member,
  type Message,
  type Thread,
} from '../../protocol/index.ts';
import type { AttachmentPort } from '../attachments/AttachmentPort.ts';
import type { ChatStorage, MessageKey, StoredMessage, StoredThread } from '../storage/ChatStorage.ts';
import { decodeCursor, encodeCursor } from './cursors.ts';
import { sizeOf, toPreview, toWireMessage, toWireThread, type ThreadView } from './wire.ts';

/** Messages of a thread that is opened. */
const PAGE_SIZE = 50;
const THREADS_PER_PAGE = 50;
/** The frame around a page takes the rest. */
const PAGE_BYTES = MAX_FRAME_BYTES - 4_096;

/** Where pages come from. */
export interface Source {
  storage: ChatStorage;
  attachments: AttachmentPort | undefined;
}

/** Where pages of threads come from. */
type ThreadSource = Source & ThreadView;

interface Page {
  messages: Message[];
  hasOlder: boolean;
}

export interface OpeningPage extends Page {
  gap: boolean;
  lastSeq: number;
}

/** What a thread shows when it is opened: what came or changed after `afterSeq` when that is one page, else the newest page. */
export async function openingPage(source: Source, threadId: string, afterSeq?: number): Promise<OpeningPage> {
  if (afterSeq !== undefined) {
    const changes = await source.storage.changesAfter(threadId, afterSeq, PAGE_SIZE + 1);
    const messages = toWire(source, changes.messages);
    const isWhole = messages.length <= PAGE_SIZE && firstThatFit(messages).length === messages.length;
    // A client that knows more than the log holds has come back to another database.
    if (isWhole && afterSeq <= changes.upTo) {
      return { messages, hasOlder: afterSeq > 0, gap: false, lastSeq: changes.upTo };
    }
  }
  const newest = await source.storage.newestMessages(threadId, PAGE_SIZE);
  const messages = newestThatFit(toWire(source, newest.messages));
  return { messages, hasOlder: hasOlder(messages), gap: afterSeq !== undefined, lastSeq: newest.upTo };
}

export interface HistoryPage extends Page {
  hasNewer: boolean;
}

export async function olderPage(source: Source, threadId: string, before: number, limit: number): Promise<HistoryPage> {
  const messages = newestThatFit(toWire(source, await source.storage.messagesBefore(threadId, before, limit)));
  return { messages, hasOlder: hasOlder(messages), hasNewer: true };
}

export async function newerPage(source: Source, threadId: string, after: number, limit: number): Promise<HistoryPage> {
  const stored = await source.storage.messagesAfter(threadId, after, limit + 1);
  const messages = firstThatFit(toWire(source, stored.slice(0, limit)));
  return { messages, hasOlder: hasOlder(messages), hasNewer: messages.length < stored.length };
}

/**
 * One half up to the message, the other half after it; less of each where they do not fit a frame.
 * @throws {ChatError} `message_not_found`
 */
export async function pageAround(
  source: Source,
  threadId: string,
  messageId: string,
  limit: number,
): Promise<HistoryPage> {
  const { storage } = source;
  const found = await storage.getMessage({ threadId, messageId });
  if (!found) throw new ChatError('message_not_found', 'There is no such message in this conversation.');
  const half = Math.ceil(limit / 2);
  const [before, after] = await Promise.all([
    storage.messagesBefore(threadId, found.seq + 1, half),
    storage.messagesAfter(threadId, found.seq, limit - half + 1),
  ]);
  const target = toWireMessage(found, source.attachments);
  const others = before.filter(({ seq }) => seq < found.seq);
  const older = newestThatFit(toWire(source, others), Math.max(sizeOf(target), PAGE_BYTES / 2));
  const upTo = [...older, target];
  const beside = upTo.reduce((bytes, message) => bytes + sizeOf(message) + 1, 0);
  const newer = firstThatFit(toWire(source, after.slice(0, limit - half)), beside);
  return { messages: [...upTo, ...newer], hasOlder: hasOlder(upTo), hasNewer: newer.length < after.length };
}

/** The pinned messages as previews, the last pinned first; of so many with so long names that no frame holds them, the first. */
export async function pinPage(source: Source, threadId: string): Promise<Message[]> {
  const pinned = await source.storage.pinnedMessages(threadId);
  return firstThatFit(toWire(source, pinned).map(toPreview));
}

interface ReplyPage extends Page {
  root: Message | null;
}

/** @throws {ChatError} `message_not_found` when the thread has no such message */
export async function replyPage(
  source: Source,
  { threadId, messageId }: MessageKey,
  before: number | undefined,
  limit: number,
): Promise<ReplyPage> {
  // One more than asked for tells whether there are more.
  const found = await source.storage.repliesBefore(threadId, messageId, before ?? Number.MAX_SAFE_INTEGER, limit + 1);
  const replies = toWire(source, found.slice(-limit));
  if (before !== undefined) {
    const messages = newestThatFit(replies);
    return { root: null, messages, hasOlder: messages.length < found.length };
  }
  const stored = await source.storage.getMessage({ threadId, messageId });
  if (!stored) throw new ChatError('message_not_found', 'There is no such message in this conversation.');
  const root = toWireMessage(stored, source.attachments);
  const messages = newestThatFit(replies, sizeOf(root));
  return { root, messages, hasOlder: messages.length < found.length };
}

interface ThreadPage {
  threads: Thread[];
  nextCursor: string | null;
}

/**
 * @param mayRead the app's word on each of them; a page may hold fewer for it, or none, and still have a next one
 * @throws {ChatError} `bad_request` for a cursor that is none
 */
export async function threadPage(
  { storage, ...view }: ThreadSource,
  userId: string,
  { cursor, archived = false }: { cursor?: string | undefined; archived?: boolean | undefined },
  mayRead: (thread: StoredThread) => Promise<boolean>,
): Promise<ThreadPage> {
  const from = cursor === undefined ? undefined : decodeCursor('threads', cursor);
  const after = from && { updatedAt: from.time, id: from.id };
  const stored = await storage.listThreads(userId, { after, limit: THREADS_PER_PAGE, archived });
  return readablePage(stored, view, mayRead, (last) => encodeCursor('threads', { time: last.updatedAt, id: last.id }));
}

/**
 * @param mayRead as of {@link threadPage}
 * @throws {ChatError} `bad_request` for a cursor that is none
 */
export async function inboxPage(
  { storage, ...view }: ThreadSource,
  userId: string,
  { cursor, ...of }: { of: 'waiting' | 'mine'; everywhere: boolean; cursor?: string | undefined },
  mayRead: (thread: StoredThread) => Promise<boolean>,
): Promise<ThreadPage> {
  const from = cursor === undefined ? undefined : decodeCursor('inbox', cursor);
  const after = from && { since: from.time, id: from.id };
  const stored = await storage.listInbox(userId, { ...of, after, limit: THREADS_PER_PAGE });
  return readablePage(stored, view, mayRead, (last) =>
    encodeCursor('inbox', { time: last.handover?.since ?? 0, id: last.id }),
  );
}

/** Of what was read, what the person may see and what fits; `cursorAt` names where the next page begins. */
async function readablePage(
  stored: StoredThread[],
  view: ThreadView,
  mayRead: (thread: StoredThread) => Promise<boolean>,
  cursorAt: (last: StoredThread | Thread) => string,
): Promise<ThreadPage> {
  const verdicts = await Promise.all(stored.map(mayRead));
  const readable = stored.filter((_, index) => verdicts[index]).map((thread) => toWireThread(thread, view));
  const threads = firstThatFit(readable);
  const isCut = threads.length < readable.length;
  const last = isCut ? threads.at(-1) : stored.at(-1);
  const isLast = !isCut && stored.length < THREADS_PER_PAGE;
  return { threads, nextCursor: last && !isLast ? cursorAt(last) : null };
}

interface MemberPage {
  members: Member[];
  nextCursor: string | null;
}

/** @throws {ChatError} `bad_request` for a cursor that is none */
export async function memberPage(storage: ChatStorage, threadId: string, cursor?: string): Promise<MemberPage> {
  const from = cursor === undefined ? undefined : decodeCursor('members', cursor);
  const after = from && { joinedAt: from.time, id: from.id };
  const stored = await storage.listMembers(threadId, { after, limit: MAX_PAGE_SIZE });
  const members = firstThatFit(stored);
  const last = members.at(-1);
  const isLast = members.length === stored.length && stored.length < MAX_PAGE_SIZE;
  const nextCursor = last && !isLast ? encodeCursor('members', { time: last.joinedAt, id: last.user.id }) : null;
  return { members, nextCursor };
}

function toWire({ attachments }: Source, messages: readonly StoredMessage[]): Message[] {
  return messages.map((message) => toWireMessage(message, attachments));
}

/** A thread's log begins with its first message and none is ever taken out, so the first one tells whether there is more before it. */
function hasOlder(messages: readonly Message[]): boolean {
  return (messages[0]?.seq ?? 1) > 1;
}

function newestThatFit(messages: readonly Message[], beside = 0): Message[] {
  return firstThatFit(messages.toReversed(), beside).reverse();
}

/** @param beside bytes of the frame that something else takes */
export function firstThatFit<T>(items: readonly T[], beside = 0): T[] {
  let bytes = beside;
  const end = items.findIndex((item) => (bytes += sizeOf(item) + 1) > PAGE_BYTES);
  // One alone fits any frame: that is what the limits of a message are for. Beside another one, perhaps none does.
  return end === -1 ? [...items] : items.slice(0, beside > 0 ? end : Math.max(1, end));
}
