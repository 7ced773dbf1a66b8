import { ChatError, type ServerFrameOf } from '../../protocol/index.ts';
import type { ChatStorage, MemberChange, MemberInput } from '../storage/ChatStorage.ts';
import { withoutControls } from '../text.ts';
import type { ChatAction } from '../types.ts';
import { askApp, readAccess, requireAccess, requireAction } from './access.ts';
import { announceEvents, announceMember, announceThread } from './announce.ts';
import { memberPage } from './pages.ts';
import { isHigher, permits } from './permissions.ts';
import { readOwnThread, tell, type FrameOf, type SessionContext } from './SessionContext.ts';

export async function fetchThread(context: SessionContext, { requestId, threadId }: FrameOf<'thread.fetch'>) {
  await requireAccess(context, 'thread.read', threadId);
  const thread = await readOwnThread(context, context.storage, threadId);
  context.send({ type: 'thread.saved', requestId, thread });
}

export async function createThread(context: SessionContext, frame: FrameOf<'thread.create'>): Promise<void> {
  const { requestId, threadId, title, access, memberIds } = frame;
  await requireCreation(context, frame);
  const { storage } = context;
  const creatorId = context.user.id;
  const thread = { id: threadId, title: withoutControls(title), access, creatorId, memberIds };
  const events = await storage.createThread(thread);
  // Asked for again after a time-out, it is the thread as it is by now, if it is still theirs to read.
  await requireAccess(context, 'thread.read', threadId);
  context.send({ type: 'thread.saved', requestId, thread: await readOwnThread(context, storage, threadId) });
  await tell(context, async (source) => {
    await announceEvents(source, events);
    await announceThread(source, threadId);
  });
}

async function requireCreation(
  context: SessionContext,
  { threadId, access, memberIds }: FrameOf<'thread.create'>,
): Promise<void> {
  const action: ChatAction = access === 'open' ? 'thread.create-open' : 'thread.create';
  const verdict = await askApp(context, { action, threadId, role: null });
  if (!(verdict ?? permits('stranger', action))) {
    throw new ChatError('action_forbidden', 'You may not make such a conversation.');
  }
  // As an owner would add them one by one: what the app forbids there is not to be had this way.
  const asked = memberIds.map((userId) =>
    askApp(context, { action: 'member.add', threadId, role: 'owner', member: { userId, role: 'member' } }),
  );
  if ((await Promise.all(asked)).includes(false)) {
    throw new ChatError('action_forbidden', 'You may not add one of these people.');
  }
}

export async function renameThread(context: SessionContext, frame: FrameOf<'thread.rename'>): Promise<void> {
  const { requestId, threadId, title } = frame;
  await requireAccess(context, 'thread.rename', threadId);
  const { storage } = context;
  const event = await storage.renameThread(threadId, withoutControls(title), context.user.id);
  context.send({ type: 'thread.saved', requestId, thread: await readOwnThread(context, storage, threadId) });
  await tell(context, async (source) => {
    if (event) await announceEvents(source, [event]);
    await announceThread(source, threadId);
  });
}

export async function joinThread(context: SessionContext, { requestId, threadId }: FrameOf<'thread.join'>) {
  await requireAccess(context, 'thread.join', threadId);
  const { storage } = context;
  const userId = context.user.id;
  // Only from nobody to member: who is in it stays what they are.
  const joining = { threadId, userId, role: 'member', was: null } as const;
  const change = await storage.saveMember(joining, { keepOwner: true, by: userId });
  context.send({ type: 'thread.saved', requestId, thread: await readOwnThread(context, storage, threadId) });
  if (change) await tellOfMember(context, threadId, change);
}

export async function leaveThread(context: SessionContext, { requestId, threadId }: FrameOf<'thread.leave'>) {
  await requireAccess(context, 'thread.leave', threadId);
  await takeOut(context, threadId, context.user.id, requestId);
}

export async function listMembers(context: SessionContext, frame: FrameOf<'member.list'>): Promise<void> {
  const { requestId, threadId, cursor } = frame;
  await requireAccess(context, 'member.list', threadId);
  const page = await memberPage(context.storage, threadId, cursor);
  context.send({ type: 'member.listed', requestId, ...page });
}

export async function saveMember(context: SessionContext, frame: FrameOf<'member.save'>): Promise<void> {
  const { requestId, threadId } = frame;
  const { storage } = context;
  const rule = { keepOwner: true, by: context.user.id };
  let change: MemberChange | null = null;
  // Until nobody changed the role between the question whether this may be done and its being done.
  while (!change) change = await storage.saveMember(await decideOnMember(context, storage, frame), rule);
  context.send({ type: 'member.saved', requestId, member: change.member });
  await tellOfMember(context, threadId, change);
}

function tellOfMember(context: SessionContext, threadId: string, change: MemberChange): Promise<void> {
  return tellOf(context, threadId, { type: 'member.updated', member: change.member }, change);
}

function tellOf(
  context: SessionContext,
  threadId: string,
  frame: ServerFrameOf<'member.updated' | 'member.removed'>,
  told: Pick<MemberChange, 'event' | 'reopened'>,
): Promise<void> {
  return tell(context, async (source) => {
    await announceMember(source, threadId, frame, told);
    if (told.reopened) await context.ports.handovers?.reopened(threadId);
  });
}

async function decideOnMember(
  context: SessionContext,
  storage: ChatStorage,
  { threadId, userId, role }: FrameOf<'member.save'>,
): Promise<MemberInput> {
  const access = await readAccess(context, threadId);
  const was = (await storage.getMember({ threadId, userId }))?.role ?? null;
  // Asked again after a time-out, somebody who was added is there already.
  const action = was === null || was === role ? 'member.add' : 'member.change-role';
  await requireAction(context, action, threadId, access, { member: { userId, role } });
  if (userId === context.user.id && isHigher(role, was)) {
    throw new ChatError('action_forbidden', 'Nobody gives themselves a higher role.');
  }
  return { threadId, userId, role, was };
}

export async function removeMember(context: SessionContext, frame: FrameOf<'member.remove'>): Promise<void> {
  const { requestId, threadId, userId } = frame;
  await requireAccess(context, 'member.remove', threadId, { member: { userId } });
  await takeOut(context, threadId, userId, requestId);
}

async function takeOut(context: SessionContext, threadId: string, userId: string, requestId: number): Promise<void> {
  const { storage } = context;
  const rule = { keepOwner: true, by: context.user.id };
  const removal = await storage.removeMember({ threadId, userId }, rule);
  context.send({ type: 'request.done', requestId });
  if (removal.removed) await tellOf(context, threadId, { type: 'member.removed', threadId, userId }, removal);
}
