import type { Member, Thread } from '../../protocol/index.ts';
import type { Line } from './Line.ts';
import { PagedStore } from './PagedStore.ts';
import { unsupported } from './errors.ts';

export type ThreadListStore = PagedStore<'threads', Thread>;
export type MemberListStore = PagedStore<'members', Member>;

/** The person's conversations, the latest first. */
export function threadListStore(line: Line): ThreadListStore {
  return new PagedStore<'threads', Thread>(line, {
    name: 'threads',
    key: ({ id }) => id,
    compare: (a, b) => b.updatedAt - a.updatedAt || order(a.id, b.id),
    async read(session, cursor) {
      const { threads: items, nextCursor } = await session.listThreads({ cursor });
      return { items, nextCursor };
    },
  });
}

/** Who is in a thread, the first to join first. Holds the thread: of its changes only those hear who have it open. */
export function memberListStore(
  line: Line,
  thread: { id: string; isLive(): boolean; subscribe(listener: () => void): () => void },
): MemberListStore {
  return new PagedStore<'members', Member>(line, {
    name: 'members',
    key: ({ user }) => user.id,
    compare: (a, b) => a.joinedAt - b.joinedAt || order(a.user.id, b.user.id),
    async read(session, cursor) {
      const { members: items, nextCursor } = await (session.listMembers?.(thread.id, { cursor }) ?? unsupported());
      return { items, nextCursor };
    },
    isLive: () => thread.isLive(),
    hold: () => thread.subscribe(() => {}),
  });
}

function order(a: string, b: string): number {
  return a < b ? -1 : 1;
}
