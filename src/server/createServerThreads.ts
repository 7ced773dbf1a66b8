import { ChatError, MAX_PAGE_SIZE, type Role } from '../protocol/index.ts';
import type { AttachmentPort } from './attachments/AttachmentPort.ts';
import { topics, type Fanout, type FanoutEvent } from './fanout/Fanout.ts';
import type { Handovers } from './handover/Handovers.ts';
import { requireAccess } from './gateway/access.ts';
import { announceEvents, announceMember, announceThread } from './gateway/announce.ts';
import { openingPage } from './gateway/pages.ts';
import { readOwnThread, viewOf } from './gateway/SessionContext.ts';
import { toWireThread } from './gateway/wire.ts';
import { checkHandover, checkMember, checkThread, checkThreadId } from './options.ts';
import type { ChatStorage, StoredThread } from './storage/ChatStorage.ts';
import { withoutControls } from './text.ts';
import type { Authorize, ServerThread, ServerThreads } from './types.ts';

interface Ports {
  storage: () => Promise<ChatStorage>;
  fanout: Fanout;
  attachments: AttachmentPort | undefined;
  /** The app's own rule, for what is read in somebody's name. */
  authorize: Authorize | undefined;
  /** Undefined where there is no assistant. */
  handovers: Handovers | undefined;
}

/** Conversations for the app's own code, which is asked for no permission. */
export function createServerThreads({
  storage: open,
  fanout,
  attachments,
  authorize,
  handovers,
}: Ports): ServerThreads {
  const view = viewOf({ attachments, handovers });
  const portsOf = (storage: ChatStorage) => ({ storage, fanout, ...view });

  function toServerThread(stored: StoredThread): ServerThread {
    const { role: _role, own: _own, ...thread } = toWireThread(stored, view);
    return thread;
  }

  /** For whom the thread may be gone now: those who listen to it, those named, and, of an open one, everybody. */
  async function askAgain(threadId: string, userIds: Iterable<string>, everybody: boolean): Promise<void> {
    const event: FanoutEvent = { type: 'access.changed', threadId, userId: null };
    await fanout.publish(topics.thread(threadId), event);
    if (everybody) await fanout.publish(topics.openThreads, event);
    for (const userId of userIds) await fanout.publish(topics.threadsOf(userId), event);
  }

  async function announceUpsert(storage: ChatStorage, before: StoredThread, roles: Map<string, Role>) {
    const threadId = before.id;
    const now = await storage.memberRoles(threadId);
    const gone = [...roles.keys()].filter((userId) => !now.has(userId));
    await askAgain(threadId, gone, before.access === 'open');
    const topic = topics.thread(threadId);
    for (const userId of gone) await fanout.publish(topic, { type: 'member.removed', threadId, userId });
    for (const [userId, role] of now) {
      const member = roles.get(userId) === role ? null : await storage.getMember({ threadId, userId });
      if (member) await fanout.publish(topic, { type: 'member.updated', member });
    }
    // Perhaps that who answered is in it no longer.
    const { messages } = await storage.changesAfter(threadId, before.head, MAX_PAGE_SIZE);
    const reopened = messages.filter(({ event }) => event?.type === 'handover.reopened');
    await announceEvents({ fanout, attachments }, reopened);
    if (reopened.length > 0) await handovers?.reopened(threadId);
  }

  function handoversOf(): Handovers {
    if (handovers) return handovers;
    throw new ChatError('bad_request', 'This server has no assistant: createChatServer() was given no respond.');
  }

  return {
    async upsert(input) {
      const thread = checkThread(input);
      const storage = await open();
      const [before, roles] = await Promise.all([storage.getThread(thread.id), storage.memberRoles(thread.id)]);
      const stored = await storage.upsertThread(thread);
      // Nobody listens to what was not there.
      if (before) await announceUpsert(storage, before, roles);
      await announceThread(portsOf(storage), thread.id);
      return toServerThread(stored);
    },

    async get(threadId) {
      checkThreadId('get', threadId);
      const stored = await (await open()).getThread(threadId);
      return stored && toServerThread(stored);
    },

    async page(threadId, userId) {
      checkMember('page', threadId, userId);
      const storage = await open();
      const viewer = { user: await storage.getUser(userId), storage, ports: { authorize, attachments, handovers } };
      try {
        await requireAccess(viewer, 'thread.read', threadId);
        const page = await openingPage({ storage, attachments }, threadId);
        return { thread: await readOwnThread(viewer, storage, threadId), ...page };
      } catch (error) {
        if (ChatError.is(error) && (error.code === 'thread_not_found' || error.code === 'thread_forbidden'))
          return null;
        throw error;
      }
    },

    async remove(threadId) {
      checkThreadId('remove', threadId);
      const storage = await open();
      const [before, roles] = await Promise.all([storage.getThread(threadId), storage.memberRoles(threadId)]);
      const removed = await storage.removeThread(threadId);
      if (removed) {
        await askAgain(threadId, roles.keys(), before?.access === 'open');
        await fanout.publish(topics.inbox, { type: 'inbox.removed', threadId });
      }
      return removed;
    },

    async addMember(threadId, userId, role = 'member', { by } = {}) {
      checkMember('addMember', threadId, userId, role, by);
      const storage = await open();
      // Without a role to compare with, there is nothing that could not hold.
      const change = (await storage.saveMember({ threadId, userId, role }, { keepOwner: false, by }))!;
      const { member } = change;
      await announceMember(portsOf(storage), threadId, { type: 'member.updated', member }, change);
      if (change.reopened) await handovers?.reopened(threadId);
      return member;
    },

    async removeMember(threadId, userId, { by } = {}) {
      checkMember('removeMember', threadId, userId, 'member', by);
      const storage = await open();
      const removal = await storage.removeMember({ threadId, userId }, { keepOwner: false, by });
      const frame = { type: 'member.removed', threadId, userId } as const;
      if (removal.removed) await announceMember(portsOf(storage), threadId, frame, removal);
      if (removal.reopened) await handovers?.reopened(threadId);
      return removal.removed;
    },

    async handOver(threadId, { reason, by } = {}) {
      checkHandover('handOver', threadId, by, reason);
      return handoversOf().request(threadId, withoutControls(reason ?? '').trim() || null, { by });
    },

    async handBack(threadId, { by } = {}) {
      checkHandover('handBack', threadId, by);
      return handoversOf().giveBack(threadId, by);
    },
  };
}
