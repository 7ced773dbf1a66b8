import type { BackendEvent, Clock, HandoverStep } from '../client/index.ts';
import type { ChatError, Member, Message, Presence, Role, Thread, UploadLimits } from '../protocol/index.ts';
import type { FakeFault, FakeLine, FakeRequest, FakeRequestName } from './fake-types.ts';
import { toChatError } from './fake-errors.ts';
import type { FakeConversation } from './FakeConversation.ts';
import type { FakeLog } from './FakeLog.ts';
import type { FakeReport } from './FakeReports.ts';

/** One client's line, as the far side sees it. */
export interface FakeClient {
  readonly userId: string;
  /** Tells the client, if it is there and has asked for such things. */
  deliver(event: BackendEvent): void;
  /** The line is another one now. */
  lineChanged(): void;
  /** A fault was set or lifted: what was held back may be answered now. */
  faultsChanged(): void;
}

/** What all sessions of one fake backend share. */
export interface FakeWorld {
  readonly clock: Clock;
  readonly log: FakeLog;
  readonly sessions: Set<FakeClient>;
  readonly requests: FakeRequest[];
  /** Whose inbox has every thread that waits. */
  readonly staff: ReadonlySet<string>;
  readonly faults: Map<FakeRequestName, FakeFault>;
  /** Which files are taken; null: none. */
  readonly uploads: UploadLimits | null;
  /** Those that are under way. */
  readonly presences: Map<string, Presence>;
  readonly uploading: Set<{ changed(): void }>;
  latencyMs: number;
  line: { status: FakeLine; error: ChatError | null };
}

/** Tells everybody who may read a message of it, new or changed. */
export function announceMessage(world: FakeWorld, message: Message): void {
  const type = message.version === message.seq ? 'message.created' : 'message.updated';
  const thread = world.log.thread(message.threadId);
  for (const session of [...world.sessions]) {
    if (thread.mayRead(session.userId)) session.deliver({ type, message });
  }
  if (message.deletedAt !== null && world.log.forgetReports(thread.id, message.id)) announceReports(world, thread.id);
  const root = message.replyTo && thread.get(message.replyTo.rootId);
  // It counts one more, or one less.
  if (root && root.version === message.version + 1) announceMessage(world, root);
  if (thread.viewFor('').lastMessage !== message) return;
  announceThread(world, thread.id);
  if (thread.handover && thread.handover.state !== 'assistant') announceInbox(world, thread.id);
}

/** Somebody has read up to a place: tells whoever may see that, and the person's own clients. */
export function read(world: FakeWorld, threadId: string, userId: string, seq: number): void {
  const thread = world.log.thread(threadId);
  if (!thread.own.read(userId, seq)) return;
  const receipts = thread.own.receipts((id) => world.log.user(id)).filter(({ user }) => user.id === userId);
  for (const session of [...world.sessions]) {
    if (thread.mayRead(session.userId)) session.deliver({ type: 'receipt.updated', threadId, receipts });
    if (session.userId === userId) session.deliver({ type: 'thread.updated', thread: thread.viewFor(userId) });
  }
}

/** What was reported is another list now: tells those who watch over the thread. */
export function announceReports(world: FakeWorld, threadId: string): void {
  for (const session of [...world.sessions]) {
    if (world.log.mayReview(threadId, session.userId)) session.deliver({ type: 'report.updated', threadId });
  }
}

/** Somebody reports a message. @throws {ChatError} as a server does */
export function report(world: FakeWorld, threadId: string, userId: string, said: FakeReport): void {
  world.log.report(threadId, userId, said);
  announceReports(world, threadId);
}

/**
 * Hands a thread over to a person, or back to the assistant, and tells everybody concerned.
 * @throws {ChatError} as a server does
 */
export function handOver(
  world: FakeWorld,
  threadId: string,
  userId: string,
  { step, reason }: { step: HandoverStep; reason?: string | undefined },
): void {
  const thread = world.log.thread(threadId);
  const type = nextEvent(thread, userId, step, world.staff.has(userId));
  if (!type) return;
  const role = thread.roleOf(userId);
  if (step === 'take' && role !== 'agent' && role !== 'owner') setMember(world, threadId, userId, 'agent');
  announceMessage(world, world.log.tell(thread, userId, { type, ...(reason && { reason }) }));
  announceThread(world, threadId);
  announceInbox(world, threadId);
}

/** What it is told as; null where it is so already. */
function nextEvent(thread: FakeConversation, userId: string, step: HandoverStep, isStaff: boolean) {
  const { handover } = thread;
  const role = thread.roleOf(userId);
  const isHelper = role === 'agent' || role === 'owner';
  const isAllowed = { take: role === 'agent' || isStaff, return: isHelper }[step as string] ?? thread.mayWrite(userId);
  if (!handover || !isAllowed) throw toChatError('action_forbidden');
  const { state, askedBy, agent } = handover;
  switch (step) {
    case 'request':
      return state === 'assistant' ? 'handover.requested' : null;
    case 'cancel':
      if (state !== 'waiting') return null;
      if (askedBy?.id !== userId && askedBy?.id !== 'assistant') throw toChatError('action_forbidden');
      return 'handover.cancelled';
    case 'take':
      if (state === 'person' && agent?.id !== userId) throw toChatError('handover_taken');
      return state === 'person' ? null : 'handover.taken';
    case 'return':
      return state === 'assistant' ? null : 'handover.returned';
  }
}

/** Whether it is in somebody's inbox, and in which of the two lists. */
export function inboxOf({ staff }: Pick<FakeWorld, 'staff'>, thread: FakeConversation, userId: string) {
  const { state, agent } = thread.handover ?? {};
  if (state === 'person') return agent?.id === userId ? 'mine' : null;
  return state === 'waiting' && (staff.has(userId) || thread.roleOf(userId) === 'agent') ? 'waiting' : null;
}

function announceInbox(world: FakeWorld, threadId: string): void {
  const thread = world.log.thread(threadId);
  for (const session of [...world.sessions]) {
    const isIn = inboxOf(world, thread, session.userId) !== null;
    const view = isIn ? { ...thread.viewFor(session.userId), own: null } : null;
    session.deliver({ type: 'inbox.updated', threadId, thread: view });
  }
}

/** Who is here, as somebody may see it: of those with whom they are a member of a thread. */
export function presenceFor(world: FakeWorld, viewerId: string, userId: string): Presence | null {
  if (viewerId === userId || !world.log.shareThread(viewerId, userId)) return null;
  return world.presences.get(userId) ?? { userId, online: false, lastSeenAt: null };
}

export function setPresence(world: FakeWorld, presence: Presence): void {
  world.presences.set(presence.userId, presence);
  for (const session of [...world.sessions]) {
    if (presenceFor(world, session.userId, presence.userId)) session.deliver({ type: 'presence.updated', presence });
  }
}

/** Somebody writes, or no longer does: tells the others who may read it, if that person may write. */
export function type(world: FakeWorld, threadId: string, userId: string, active: boolean): void {
  const thread = world.log.thread(threadId);
  if (!thread.mayWrite(userId)) return;
  const user = world.log.user(userId);
  for (const session of [...world.sessions]) {
    if (session.userId === userId || !thread.mayRead(session.userId)) continue;
    session.deliver({ type: 'typing.updated', threadId, user, active });
  }
}

/** Somebody mutes or archives a thread, or takes that back: tells their own clients, and nobody else. */
export function setOwn(
  world: FakeWorld,
  threadId: string,
  userId: string,
  change: { muted: boolean } | { archived: boolean },
): Thread {
  const thread = world.log.thread(threadId);
  thread.own.set(userId, change);
  const view = thread.viewFor(userId);
  for (const session of [...world.sessions]) {
    if (session.userId === userId) session.deliver({ type: 'thread.updated', thread: view });
  }
  return view;
}

/** Tells everybody in whose list a thread is, each as they see it. */
export function announceThread(world: FakeWorld, threadId: string): void {
  const thread = world.log.thread(threadId);
  for (const session of [...world.sessions]) {
    if (!thread.mayRead(session.userId)) continue;
    // As a server does: to everybody the same, without what is one person's alone.
    session.deliver({ type: 'thread.updated', thread: { ...thread.viewFor(session.userId), own: null } });
  }
}

/**
 * Lets somebody in, gives them another role, or (null) takes them out, and tells everybody concerned.
 * @param by whose doing it is: a system message tells of it
 * @throws {ChatError} `last_owner`
 */
export function setMember(
  world: FakeWorld,
  threadId: string,
  userId: string,
  role: Role | null,
  by?: string,
): Member | undefined {
  const thread = world.log.thread(threadId);
  const before = thread.roleOf(userId);
  if (role === null) world.log.removeMember(thread, userId);
  else thread.setMember(userId, role);
  const member = world.log.member(thread, userId);
  for (const session of [...world.sessions]) {
    if (thread.mayRead(session.userId)) {
      session.deliver(member ? { type: 'member.updated', member } : { type: 'member.removed', threadId, userId });
    } else if (session.userId === userId) {
      session.deliver({ type: 'thread.removed', threadId });
    }
  }
  const { handover } = thread;
  const isGone = handover?.agent?.id === userId && role !== 'agent' && role !== 'owner';
  const event = by === undefined ? null : memberEvent(userId, before, role, by);
  if (by !== undefined && event) announceMessage(world, world.log.tell(thread, by, event));
  if (isGone) announceMessage(world, world.log.tell(thread, userId, { type: 'handover.reopened' }));
  announceThread(world, threadId);
  if (thread.handover && thread.handover.state !== 'assistant') announceInbox(world, threadId);
  return member;
}

/** What there is to tell of it, as a server does. */
function memberEvent(userId: string, before: Role | null, role: Role | null, by: string) {
  const people = [userId];
  if (before === role) return null;
  if (role === null)
    return userId === by ? { type: 'member.left' as const } : { type: 'member.removed' as const, people };
  if (before !== null) return { type: 'member.role-changed' as const, people, role };
  if (userId === by) return { type: 'member.joined' as const };
  return { type: 'member.added' as const, people, ...(role !== 'member' && { role }) };
}
