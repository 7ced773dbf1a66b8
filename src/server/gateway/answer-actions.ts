import { ChatError, type ChatUser, type Message } from '../../protocol/index.ts';
import type { Answers } from '../answers/Answers.ts';
import type { StoredMessage } from '../storage/ChatStorage.ts';
import { readAccess, requireAccess, requireAction } from './access.ts';
import { sourceOf, type FrameOf, type SessionContext } from './SessionContext.ts';
import { toWireMessage } from './wire.ts';

type ChangeFrame = FrameOf<'answer.stop' | 'answer.retry' | 'tool.decide' | 'part.act'>;

/** Stops an answer, has it given anew, decides on a tool that it asks for, or acts on a part of it. */
export async function changeAnswer(context: SessionContext, frame: ChangeFrame): Promise<void> {
  const { requestId, threadId, messageId, type } = frame;
  const access = await readAccess(context, threadId);
  const { storage, attachments } = sourceOf(context);
  const answer = await storage.getMessage({ threadId, messageId });
  if (!answer?.answer) {
    await requireAction(context, 'thread.read', threadId, access);
    throw new ChatError('message_not_found', 'There is no such answer in this conversation.');
  }
  const message = { id: messageId, authorId: answer.author.id, createdAt: answer.createdAt };
  await requireAction(context, type, threadId, access, { message });
  const stored = await change(answersOf(context), frame, context.user);
  context.send({ type: 'message.saved', requestId, message: toWireMessage(stored, attachments) });
}

function change(answers: Answers, frame: ChangeFrame, user: ChatUser): Promise<StoredMessage> {
  switch (frame.type) {
    case 'answer.stop':
      return answers.stop(frame);
    case 'answer.retry':
      return answers.retry(frame);
    case 'tool.decide':
      return answers.decide(frame, frame);
    case 'part.act':
      return answers.act(frame, frame, user);
  }
}

/** Takes what the person thinks of an answer, or tells what they thought. */
export async function rateAnswer(context: SessionContext, frame: FrameOf<'answer.rate'>): Promise<void> {
  const { requestId, threadId, messageId, rating } = frame;
  const access = await readAccess(context, threadId);
  await requireAction(context, 'answer.rate', threadId, access);
  const { storage, attachments } = sourceOf(context);
  const stored = await storage.getMessage({ threadId, messageId });
  if (!stored?.answer) throw new ChatError('message_not_found', 'There is no such answer in this conversation.');
  const key = { threadId, messageId, userId: context.user.id };
  if (!rating) return context.send({ type: 'answer.rated', requestId, rating: await storage.getRating(key) });
  await storage.saveRating(key, rating);
  answersOf(context).rated({ threadId, message: toWireMessage(stored, attachments), user: context.user, rating });
  context.send({ type: 'answer.rated', requestId, rating });
}

export async function resumeAnswer(context: SessionContext, frame: FrameOf<'answer.resume'>): Promise<void> {
  const { requestId, threadId, messageId } = frame;
  await requireAccess(context, 'thread.read', threadId);
  const { storage, attachments } = sourceOf(context);
  const stored = await storage.getMessage({ threadId, messageId });
  if (!stored) throw new ChatError('message_not_found', 'There is no such message in this conversation.');
  const message = currentOf(context, toWireMessage(stored, attachments));
  context.send({ type: 'answer.resumed', requestId, message });
}

/** The message, and of an answer that grows here, all of it. */
export function currentOf({ ports }: SessionContext, message: Message): Message {
  return message.answer?.status === 'streaming' ? (ports.answers?.current(message) ?? message) : message;
}

function answersOf({ ports }: SessionContext): Answers {
  if (ports.answers) return ports.answers;
  throw new ChatError('action_forbidden', 'This server has no assistant.');
}
