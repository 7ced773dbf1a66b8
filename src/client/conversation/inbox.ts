import type { Thread } from '../../protocol/index.ts';
import type { BackendEvent } from '../backends/ChatBackend.ts';
import type { ChatClient } from '../types.ts';
import type { ClientPart } from './ClientPart.ts';
import { unsupported } from './errors.ts';
import type { Line } from './Line.ts';
import { PagedStore } from './PagedStore.ts';
import type { PagedReadable, ThreadListState } from './types.ts';

/** Those first that have been so the longest. Asked for while somebody subscribes. */
export interface Inbox {
  /** The threads that wait for a person in place of the assistant. */
  readonly waiting: PagedReadable<ThreadListState>;
  /** Those that this person answers in. */
  readonly mine: PagedReadable<ThreadListState>;
}

const inboxes = new WeakMap<ChatClient, Inbox>();

/** A client's inbox, the same one each time. It is no part of the client, since few pages have one. */
export function inboxOf(client: ChatClient): Inbox {
  let inbox = inboxes.get(client);
  if (!inbox) inboxes.set(client, (inbox = makeInbox(client as ChatClient & Line & { parts: ClientPart[] })));
  return inbox;
}

function makeInbox(client: Line & { parts: ClientPart[] }): Inbox {
  const list = (of: 'waiting' | 'mine') =>
    new PagedStore<'threads', Thread>(client, {
      name: 'threads',
      key: ({ id }) => id,
      compare: (a, b) => sinceOf(a) - sinceOf(b) || (a.id < b.id ? -1 : 1),
      async read(session, cursor) {
        const { threads, nextCursor } = await (session.listInbox?.({ of, cursor }) ?? unsupported());
        return { items: threads, nextCursor };
      },
    });
  const lists = { waiting: list('waiting'), mine: list('mine') };
  const onEvent = (event: BackendEvent) => {
    if (event.type !== 'inbox.updated') return;
    const { threadId, thread } = event;
    const here = thread && lists[thread.handover?.state === 'waiting' ? 'waiting' : 'mine'];
    for (const other of Object.values(lists)) if (other !== here) other.remove(threadId);
    if (thread) here?.put(thread);
  };
  client.parts.push({ lists: Object.values(lists), onEvent });
  return lists;
}

function sinceOf({ handover }: Thread): number {
  return handover?.since ?? 0;
}
