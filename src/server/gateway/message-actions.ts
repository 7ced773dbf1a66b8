import {
  ChatError,
  MAX_FRAME_BYTES,
  mentionsOf,
  type MessagePartInput,
  type ServerFrameOf,
} from '../../protocol/index.ts';
import type { StoredPart, StoredPreview } from '../attachments/AttachmentPort.ts';
import type { MessageChange, MessageKey, StoredMessage } from '../storage/ChatStorage.ts';
import type { ChatAction } from '../types.ts';
import { readAccess, requireAccess, requireAction } from './access.ts';
import { announceInLists, announceMessage, announceReports } from './announce.ts';
import { resolveMentions } from './mentions.ts';
import { newerPage, olderPage, pageAround, pinPage, replyPage, type HistoryPage, type Source } from './pages.ts';
import { reportUntold, sourceOf, tell, type FrameOf, type SessionContext } from './SessionContext.ts';
import { sizeOf, toWireMessage } from './wire.ts';

type TextPartInput = Extract<MessagePartInput, { type: 'text' }>;

/** Files have names and links: without this, 64 of them beside a long text would be no frame any more. */
const PARTS_BYTES = MAX_FRAME_BYTES - 4_096;
/** What those who are mentioned are called goes out beside the text. */
const NAMES_BYTES = 7_168;

export async function fetchHistory(context: SessionContext, frame: FrameOf<'history.fetch'>): Promise<void> {
  const { requestId, threadId } = frame;
  await requireAccess(context, 'thread.read', threadId);
  context.send({ type: 'history.page', requestId, threadId, ...(await historyPage(sourceOf(context), frame)) });
}

function historyPage(source: Source, frame: FrameOf<'history.fetch'>): Promise<HistoryPage> {
  const { threadId, beforeSeq, afterSeq, aroundMessageId, limit } = frame;
  if ([beforeSeq, afterSeq, aroundMessageId].filter((place) => place !== undefined).length !== 1) {
    throw new ChatError('bad_request', 'Ask for one place: beforeSeq, afterSeq or aroundMessageId.');
  }
  if (aroundMessageId !== undefined) return pageAround(source, threadId, aroundMessageId, limit);
  if (afterSeq !== undefined) return newerPage(source, threadId, afterSeq, limit);
  return olderPage(source, threadId, beforeSeq ?? 0, limit);
}

export async function sendMessage(context: SessionContext, frame: FrameOf<'message.send'>): Promise<void> {
  const { requestId, threadId, messageId, parts: input, replyTo } = frame;
  await requireAccess(context, 'message.send', threadId);
  const { user, storage, ports } = context;
  // Most are of words alone, and there is nothing to wait for.
  const parts = isPlain(input) ? input : await resolveParts(context, input, { messageId, threadId, userId: user.id });
  const stored = await storage.appendMessage({ id: messageId, threadId, authorId: user.id, parts, replyTo });
  const message = toWireMessage(stored, ports.attachments);
  context.send({ type: 'message.accepted', requestId, message });
  // A message sent again is announced again: the node that stored it may have died before it could.
  const isNew = stored.version === stored.seq;
  await announce(context, { type: isNew ? 'message.created' : 'message.updated', message });
  if (stored.replyTo) await announceRoot(context, stored);
  if (!isNew) return;
  ports.answers?.heard(message, user);
  ports.previews?.heard(stored, user.id);
}

export async function editMessage(context: SessionContext, frame: FrameOf<'message.edit'>): Promise<void> {
  const { threadId, messageId } = frame;
  const before = await requireMessage(context, frame, (isOwn) => (isOwn ? 'message.edit' : 'message.edit-any'));
  // The files are their author's, also where the app lets somebody else edit.
  const parts = await resolveParts(context, frame.parts, { messageId, threadId, userId: before.author.id });
  const change = await context.storage.editMessage({ threadId, messageId, parts });
  await answer(context, frame, change);
  context.ports.previews?.heard(change.message, context.user.id);
}

export async function deleteMessage(context: SessionContext, frame: FrameOf<'message.delete'>): Promise<void> {
  await requireMessage(context, frame, (isOwn) => (isOwn ? 'message.delete' : 'message.delete-any'));
  const { storage } = context;
  const change = await storage.deleteMessage(frame);
  await answer(context, frame, change);
  await announceRoot(context, change.message);
  await tell(context, async (source) => {
    if (await storage.dismissReports(frame)) await announceReports(source, frame.threadId);
  });
}

export async function changeReaction(
  context: SessionContext,
  frame: FrameOf<'reaction.add' | 'reaction.remove'>,
): Promise<void> {
  await requireMessage(context, frame, () => 'message.react');
  const { threadId, messageId, emoji } = frame;
  const { storage } = context;
  const reaction = { threadId, messageId, emoji, userId: context.user.id };
  const change = frame.type === 'reaction.add' ? storage.addReaction(reaction) : storage.removeReaction(reaction);
  await answer(context, frame, await change);
}

export async function changePin(
  context: SessionContext,
  frame: FrameOf<'message.pin' | 'message.unpin'>,
): Promise<void> {
  await requireMessage(context, frame, () => 'message.pin');
  const { threadId, messageId } = frame;
  const { storage } = context;
  const change =
    frame.type === 'message.pin'
      ? storage.pinMessage({ threadId, messageId, userId: context.user.id })
      : storage.unpinMessage({ threadId, messageId });
  await answer(context, frame, await change);
}

export async function listPins(context: SessionContext, { requestId, threadId }: FrameOf<'pin.list'>): Promise<void> {
  await requireAccess(context, 'thread.read', threadId);
  context.send({ type: 'pin.listed', requestId, messages: await pinPage(sourceOf(context), threadId) });
}

export async function listReplies(context: SessionContext, frame: FrameOf<'reply.list'>): Promise<void> {
  const { requestId, threadId, messageId, beforeSeq, limit } = frame;
  await requireAccess(context, 'thread.read', threadId);
  const page = await replyPage(sourceOf(context), { threadId, messageId }, beforeSeq, limit);
  context.send({ type: 'reply.listed', requestId, ...page });
}

export async function linkAttachment(context: SessionContext, frame: FrameOf<'attachment.link'>): Promise<void> {
  const { requestId, threadId, attachmentId } = frame;
  await requireAccess(context, 'thread.read', threadId);
  const { attachments } = context.ports;
  if (!attachments) throw new ChatError('attachment_not_found', 'This server keeps no files.');
  const { url, urlExpiresAt } = await attachments.link({ attachmentId, threadId });
  context.send({ type: 'attachment.linked', requestId, url, urlExpiresAt });
}

/** The message, if the person may do this to it now. */
export async function requireMessage(
  context: SessionContext,
  { threadId, messageId }: MessageKey,
  actionOn: (isOwn: boolean) => ChatAction,
): Promise<StoredMessage> {
  const access = await readAccess(context, threadId);
  const { storage } = context;
  const message = await storage.getMessage({ threadId, messageId });
  if (!message) {
    // Whether it is there is told only to who may read.
    await requireAction(context, 'thread.read', threadId, access);
    throw new ChatError('message_not_found', 'There is no such message in this conversation.');
  }
  await requireAction(context, actionOn(message.author.id === context.user.id), threadId, access, {
    message: { id: messageId, authorId: message.author.id, createdAt: message.createdAt },
  });
  return message;
}

/** Answers with the message as it is now, tells everybody else, and lets go of the files that it held. */
export async function answer(
  context: SessionContext,
  {
    requestId,
    type,
  }: FrameOf<
    | 'message.edit'
    | 'message.delete'
    | 'reaction.add'
    | 'reaction.remove'
    | 'message.pin'
    | 'message.unpin'
    | 'preview.remove'
  >,
  { message: stored, ...before }: MessageChange,
): Promise<void> {
  const message = toWireMessage(stored, context.ports.attachments);
  context.send({ type: 'message.saved', requestId, message });
  const frame: ServerFrameOf<'message.updated'> = { type: 'message.updated', message };
  // A preview shows no reactions and no pins, so only the thread's listeners hear of one.
  await announce(context, frame, { inLists: type === 'message.edit' || type === 'message.delete' });
  await release(context, stored, before);
}

/** What the replies begin with counts one more, or one less. */
function announceRoot(context: SessionContext, { threadId, replyTo }: StoredMessage): Promise<void> {
  if (!replyTo) return Promise.resolve();
  return tell(context, async (source) => {
    const root = await source.storage.getMessage({ threadId, messageId: replyTo.rootId });
    if (!root) return;
    await announceMessage(source, { type: 'message.updated', message: toWireMessage(root, source.attachments) });
  });
}

async function announce(
  context: SessionContext,
  frame: ServerFrameOf<'message.created' | 'message.updated'>,
  { inLists } = { inLists: true },
): Promise<void> {
  try {
    const source = sourceOf(context);
    await announceMessage(source, frame);
    if (inLists) announceInLists(source, frame.message, (cause) => reportUntold(context, cause));
  } catch (cause) {
    reportUntold(context, cause);
  }
}

async function release(context: SessionContext, stored: StoredMessage, before: Omit<MessageChange, 'message'>) {
  const { id, threadId } = stored;
  const held = new Set(attachmentsOf(stored.parts, stored.previews));
  const attachmentIds = attachmentsOf(before.partsBefore, before.previewsBefore).filter(
    (attachmentId) => !held.has(attachmentId),
  );
  if (attachmentIds.length === 0) return;
  try {
    await context.ports.attachments?.released?.({ threadId, messageId: id, attachmentIds });
  } catch (cause) {
    context.ports.logger.error('Files that a message let go of could not be tidied up.', { cause });
  }
}

function attachmentsOf(parts: readonly StoredPart[], previews: readonly StoredPreview[] = []): string[] {
  return [
    ...parts.flatMap((part) => (part.type === 'file' ? [part.attachmentId] : [])),
    ...previews.flatMap(({ image }) => image?.attachmentId ?? []),
  ];
}

function isPlain(parts: readonly MessagePartInput[]): parts is TextPartInput[] {
  return parts.every((part) => part.type === 'text' && part.mentions === undefined);
}

/** What a message is to hold: its files complete, and of its mentions those that hold. */
async function resolveParts(
  context: SessionContext,
  input: readonly MessagePartInput[],
  message: MessageKey & { userId: string },
): Promise<StoredPart[]> {
  const { attachments } = context.ports;
  const given = await resolveMentions(context, message.threadId, input);
  const isMentioning = mentionsOf(given).length > 0;
  const texts = given.filter((part) => part.type === 'text');
  const hasFiles = texts.length < given.length;
  if (!hasFiles && !isMentioning) return texts;
  if (hasFiles && !attachments) throw new ChatError('attachment_refused', 'This server takes no files.');
  const parts = hasFiles && attachments ? await attachments.resolve(given, message) : texts;
  const signed = parts.map((part) =>
    part.type === 'file' && attachments ? attachments.sign(part, message.threadId) : part,
  );
  if (sizeOf(signed) > PARTS_BYTES - (isMentioning ? NAMES_BYTES : 0)) {
    throw new ChatError('message_too_long', 'The text and the names in it are too long for one message.');
  }
  return parts;
}
