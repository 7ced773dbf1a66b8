import type { Message, Role, ServerFrameOf } from '../../protocol/index.ts';
import { topics, type Fanout, type FanoutEvent, type OpenThreadUpdated } from '../fanout/Fanout.ts';
import type { ChatStorage, HandoverChange, StoredMessage } from '../storage/ChatStorage.ts';
import { toWireMessage, toWireThread, type ThreadView } from './wire.ts';

interface Ports extends ThreadView {
  fanout: Fanout;
  storage: ChatStorage;
}

type MessageFrame = ServerFrameOf<'message.created' | 'message.updated'>;
type ThreadFrame = ServerFrameOf<'thread.updated'>;

/** Tells everybody who listens to the thread. */
export function announceMessage({ fanout }: Pick<Ports, 'fanout'>, frame: MessageFrame): Promise<void> {
  return fanout.publish(topics.thread(frame.message.threadId), frame);
}

/** Tells everybody who listens to the thread what happened to it. */
export async function announceEvents(
  { fanout, attachments }: Pick<Ports, 'fanout' | 'attachments'>,
  events: readonly StoredMessage[],
): Promise<void> {
  for (const event of events) {
    await announceMessage({ fanout }, { type: 'message.created', message: toWireMessage(event, attachments) });
  }
}

const due = new WeakMap<Fanout, Map<string, Set<string>>>();

/**
 * Tells everybody whose list the thread is in, if this is its last message: at the end of this turn of the event loop, once for all
 * that the turn brought to the thread. It reads the thread and its members, and who sent the message need not wait for that.
 */
export function announceInLists(
  ports: Ports,
  { threadId, id }: Pick<Message, 'threadId' | 'id'>,
  onError: (error: unknown) => void,
): void {
  // Many apps show no list, and what one would show of the thread costs more to find out than all else that a message needs.
  const isHeard = (topic: string) => ports.fanout.mayBeHeard?.(topic) !== false;
  if (!isHeard(topics.openThreads) && !isHeard(topics.inbox)) return;
  let threads = due.get(ports.fanout);
  if (!threads) {
    const all = (threads = new Map<string, Set<string>>());
    due.set(ports.fanout, all);
    setImmediate(() => {
      due.delete(ports.fanout);
      for (const [each, messageIds] of all) announceThread(ports, each, { messageIds }).catch(onError);
    });
  }
  const messageIds = threads.get(threadId);
  if (messageIds) messageIds.add(id);
  else threads.set(threadId, new Set([id]));
}

/**
 * Tells everybody whose list the thread is in how it is now.
 * @param only.messageIds when given: only if one of them is the last message
 * @param only.isHandover it may have left inboxes by this; else only those it is in are told
 */
export async function announceThread(
  { fanout, storage, ...view }: Ports,
  threadId: string,
  { messageIds, isHandover = false }: { messageIds?: ReadonlySet<string>; isHandover?: boolean } = {},
): Promise<void> {
  // Read now and not carried along: of two changes at once, the later announcement must not tell the older state.
  const stored = await storage.getThread(threadId);
  if (!stored || (messageIds && !messageIds.has(stored.lastMessage?.id ?? ''))) return;
  const roles = await storage.memberRoles(threadId);
  const thread = toWireThread(stored, view);
  if (thread.handover && (isHandover || thread.handover.state !== 'assistant')) {
    await fanout.publish(topics.inbox, { type: 'inbox.changed', thread, roles: Object.fromEntries(roles) });
  }
  if (thread.access === 'open') {
    const event: FanoutEvent = { type: 'open-thread.updated', thread, roles: Object.fromEntries(roles) };
    return fanout.publish(topics.openThreads, event);
  }
  const byRole = new Map<Role, ThreadFrame>();
  for (const role of roles.values()) byRole.set(role, { type: 'thread.updated', thread: { ...thread, role } });
  await Promise.all([...roles].map(([userId, role]) => fanout.publish(topics.threadsOf(userId), byRole.get(role)!)));
}

const seenBy = new WeakMap<OpenThreadUpdated, Map<Role | null, ThreadFrame>>();

/** The frame for one person; for all who are the same in the thread it is the same object. */
export function frameFor(event: OpenThreadUpdated, userId: string): ThreadFrame {
  const role = Object.hasOwn(event.roles, userId) ? (event.roles[userId] ?? null) : null;
  const frames = seenBy.get(event) ?? new Map<Role | null, ThreadFrame>();
  seenBy.set(event, frames);
  const frame = frames.get(role) ?? { type: 'thread.updated', thread: { ...event.thread, role } };
  frames.set(role, frame);
  return frame;
}

/** Tells those who watch over the thread how many messages there are to decide on. Each listener finds out whether it is one. */
export async function announceReports({ storage, fanout }: Ports, threadId: string): Promise<void> {
  const open = await storage.countReported(threadId);
  await fanout.publish(topics.thread(threadId), { type: 'report.updated', threadId, open });
}

/** Tells the thread, its members' lists and inboxes that it was handed over or back. */
export async function announceHandover(
  ports: Ports,
  threadId: string,
  { event, member }: Pick<HandoverChange, 'event' | 'member'>,
): Promise<void> {
  if (member) return announceMember(ports, threadId, { type: 'member.updated', member }, { event, isHandover: true });
  if (event) await announceEvents(ports, [event]);
  await announceThread(ports, threadId, { isHandover: true });
}

/**
 * Tells the thread, its members' lists and the person themself, wherever they are connected, that somebody came in, went, or has
 * another role.
 * @param told.event the system message that tells of it
 * @param told.reopened the one that tells that the thread waits for a person again, for that
 */
export async function announceMember(
  ports: Ports,
  threadId: string,
  frame: ServerFrameOf<'member.updated' | 'member.removed'>,
  { event, reopened, isHandover }: { event: StoredMessage | null; reopened?: StoredMessage; isHandover?: boolean },
): Promise<void> {
  const userId = frame.type === 'member.updated' ? frame.member.user.id : frame.userId;
  const access: FanoutEvent = { type: 'access.changed', threadId, userId };
  // First, so that who was taken out hears nothing more.
  await ports.fanout.publish(topics.thread(threadId), access);
  await ports.fanout.publish(topics.threadsOf(userId), access);
  await ports.fanout.publish(topics.thread(threadId), frame);
  if (event) await announceEvents(ports, [event]);
  if (reopened) await announceEvents(ports, [reopened]);
  await announceThread(ports, threadId, { isHandover });
}
