import type { Member, Message, Receipt, ReportedMessage, Thread } from '../../protocol/index.ts';
import type { Line } from './Line.ts';
import { PagedStore } from './PagedStore.ts';
import type { PagedSource } from './PagedStore.ts';
import { unsupported } from './errors.ts';

export type ThreadListStore = PagedStore<'threads', Thread>;
export type PinListStore = PagedStore<'messages', Message>;
export type MemberListStore = PagedStore<'members', Member>;
export type ReportListStore = PagedStore<'reported', ReportedMessage>;
export type ReceiptListStore = PagedStore<'receipts', Receipt>;

/**
 * The person's conversations, the latest first.
 * @param archived those that they have put away, and no others; else the others
 * @param complete adds what is the person's alone
 */
export function threadListStore(line: Line, archived: boolean, complete: (thread: Thread) => Thread): ThreadListStore {
  return new PagedStore<'threads', Thread>(line, {
    name: 'threads',
    key: ({ id }) => id,
    compare: (a, b) => b.updatedAt - a.updatedAt || order(a.id, b.id),
    async read(session, cursor) {
      const { threads, nextCursor } = await session.listThreads({ cursor, ...(archived && { archived }) });
      return { items: threads.map(complete).filter((thread) => isArchived(thread) === archived), nextCursor };
    },
  });
}

export function isArchived({ own }: Thread): boolean {
  return own?.archived ?? false;
}

interface OpenThread {
  id: string;
  isLive(): boolean;
  subscribe(listener: () => void): () => void;
}

/** A list that holds its thread: of its changes only those hear who have it open. */
function heldBy(thread: OpenThread): Pick<PagedSource<string, unknown>, 'isLive' | 'hold'> {
  return { isLive: () => thread.isLive(), hold: () => thread.subscribe(() => {}) };
}

/** Who is in a thread, the first to join first. */
export function memberListStore(line: Line, thread: OpenThread): MemberListStore {
  return new PagedStore<'members', Member>(line, {
    name: 'members',
    key: ({ user }) => user.id,
    compare: (a, b) => a.joinedAt - b.joinedAt || order(a.user.id, b.user.id),
    async read(session, cursor) {
      const { members: items, nextCursor } = await (session.listMembers?.(thread.id, { cursor }) ?? unsupported());
      return { items, nextCursor };
    },
    ...heldBy(thread),
  });
}

/** Who has read how far, those who have read furthest first. */
export function receiptListStore(line: Line, thread: OpenThread): ReceiptListStore {
  return new PagedStore<'receipts', Receipt>(line, {
    name: 'receipts',
    key: ({ user }) => user.id,
    compare: (a, b) => b.readSeq - a.readSeq || order(a.user.id, b.user.id),
    async read(session) {
      return { items: (await session.listReceipts?.(thread.id)) ?? [], nextCursor: null };
    },
    ...heldBy(thread),
  });
}

/** What is pinned in a thread, the last pinned first. */
export function pinListStore(line: Line, thread: OpenThread): PinListStore {
  return new PagedStore<'messages', Message>(line, {
    name: 'messages',
    key: ({ id }) => id,
    compare: (a, b) => (b.pinned?.at ?? 0) - (a.pinned?.at ?? 0) || b.seq - a.seq,
    async read(session) {
      // A window asks by itself; where there are no pins, none is pinned.
      return { items: (await session.listPins?.(thread.id)) ?? [], nextCursor: null };
    },
    ...heldBy(thread),
  });
}

/** What was reported in a thread and not decided on, the last reported first. */
export function reportListStore(line: Line, thread: OpenThread): ReportListStore {
  return new PagedStore<'reported', ReportedMessage>(line, {
    name: 'reported',
    key: ({ message }) => message.id,
    compare: (a, b) => lastReportOf(b) - lastReportOf(a) || order(a.message.id, b.message.id),
    async read(session) {
      return { items: await (session.listReported?.(thread.id) ?? unsupported()), nextCursor: null };
    },
    ...heldBy(thread),
  });
}

function lastReportOf({ reports: [last] }: ReportedMessage): number {
  return last?.at ?? 0;
}

function order(a: string, b: string): number {
  return a < b ? -1 : 1;
}
