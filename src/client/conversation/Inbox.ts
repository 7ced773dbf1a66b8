import type { Thread } from '../../protocol/index.ts';
import { unsupported } from './errors.ts';
import type { Line } from './Line.ts';
import type { ThreadListStore } from './lists.ts';
import { PagedStore } from './PagedStore.ts';

/** The threads that wait for a person, and those in which this person answers in place of the assistant. */
export class Inbox {
  readonly waiting: ThreadListStore;
  readonly mine: ThreadListStore;

  constructor(line: Line) {
    const list = (of: 'waiting' | 'mine') =>
      new PagedStore<'threads', Thread>(line, {
        name: 'threads',
        key: ({ id }) => id,
        compare: (a, b) => sinceOf(a) - sinceOf(b) || (a.id < b.id ? -1 : 1),
        async read(session, cursor) {
          const { threads, nextCursor } = await (session.listInbox?.({ of, cursor }) ?? unsupported());
          return { items: threads, nextCursor };
        },
      });
    this.waiting = list('waiting');
    this.mine = list('mine');
  }

  onUpdated(thread: Thread): void {
    const isWaiting = thread.handover?.state === 'waiting';
    (isWaiting ? this.waiting : this.mine).put(thread);
    (isWaiting ? this.mine : this.waiting).remove(thread.id);
  }

  onRemoved(threadId: string): void {
    this.waiting.remove(threadId);
    this.mine.remove(threadId);
  }
}

function sinceOf({ handover }: Thread): number {
  return handover?.since ?? 0;
}
