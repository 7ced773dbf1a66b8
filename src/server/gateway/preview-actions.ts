import { answer, requireMessage } from './message-actions.ts';
import type { FrameOf, SessionContext } from './SessionContext.ts';

export async function removePreview(context: SessionContext, frame: FrameOf<'preview.remove'>): Promise<void> {
  await requireMessage(context, frame, (isOwn) => (isOwn ? 'preview.remove' : 'preview.remove-any'));
  const { threadId, messageId, url } = frame;
  await answer(context, frame, await context.storage.removePreview({ threadId, messageId, url }));
}
