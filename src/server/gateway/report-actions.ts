import { ChatError, MAX_REPORTED } from '../../protocol/index.ts';
import { tellApp } from '../tell-app.ts';
import { requireAccess } from './access.ts';
import { announceReports } from './announce.ts';
import { requireMessage } from './message-actions.ts';
import { firstThatFit } from './pages.ts';
import { sourceOf, tell, type FrameOf, type SessionContext } from './SessionContext.ts';
import { toPreview, toWireMessage } from './wire.ts';

export async function reportMessage(context: SessionContext, frame: FrameOf<'message.report'>): Promise<void> {
  const { requestId, threadId, messageId, reason, note = null } = frame;
  const stored = await requireMessage(context, frame, () => 'message.report');
  if (stored.event) throw new ChatError('system_message', 'What a conversation tells of itself cannot be reported.');
  if (stored.deletedAt !== null) throw new ChatError('message_not_found', 'The message was deleted meanwhile.');
  const { user, storage, ports } = context;
  if (stored.author.id === user.id) throw new ChatError('bad_request', 'This message is your own: delete it instead.');
  await storage.saveReport({ threadId, messageId, userId: user.id, reason, note });
  context.send({ type: 'request.done', requestId });
  await tell(context, (source) => announceReports(source, threadId));
  const message = toWireMessage(stored, ports.attachments);
  tellApp(ports.logger, 'onReport', ports.onReport, { threadId, message, user, reason, note });
}

export async function listReported(context: SessionContext, frame: FrameOf<'report.list'>): Promise<void> {
  const { requestId, threadId } = frame;
  await requireAccess(context, 'report.review', threadId);
  const { storage, attachments } = sourceOf(context);
  const stored = await storage.listReported(threadId, MAX_REPORTED);
  const reported = firstThatFit(
    stored.map(({ message, ...reports }) => ({ message: toPreview(toWireMessage(message, attachments)), ...reports })),
  );
  const open = stored.length < MAX_REPORTED ? stored.length : await storage.countReported(threadId);
  context.send({ type: 'report.listed', requestId, reported, open });
}

export async function dismissReports(context: SessionContext, frame: FrameOf<'report.dismiss'>): Promise<void> {
  const { requestId, threadId, messageId } = frame;
  await requireAccess(context, 'report.review', threadId);
  const found = await context.storage.dismissReports({ threadId, messageId });
  context.send({ type: 'request.done', requestId });
  if (found) await tell(context, (source) => announceReports(source, threadId));
}
