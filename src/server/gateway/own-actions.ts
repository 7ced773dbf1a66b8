import type { OwnStateChange } from '../storage/ChatStorage.ts';
import { topics } from '../fanout/Fanout.ts';
import { requireAccess } from './access.ts';
import { readOwnThread, tell, type FrameOf, type SessionContext } from './SessionContext.ts';

type OwnFrame = FrameOf<'thread.mute' | 'thread.unmute' | 'thread.archive' | 'thread.unarchive'>;

const CHANGES: Record<OwnFrame['type'], OwnStateChange> = {
  'thread.mute': { muted: true },
  'thread.unmute': { muted: false },
  'thread.archive': { archived: true },
  'thread.unarchive': { archived: false },
};

/** What a thread is to the person alone. Nobody else could be meant: the frame names no one. */
export async function changeOwnState(context: SessionContext, { type, requestId, threadId }: OwnFrame): Promise<void> {
  const { user, storage } = context;
  const change = CHANGES[type];
  await requireAccess(context, 'muted' in change ? 'thread.mute' : 'thread.archive', threadId);
  await storage.saveOwnState({ threadId, userId: user.id }, change);
  const thread = await readOwnThread(context, storage, threadId);
  context.send({ type: 'thread.saved', requestId, thread });
  // To the person alone, wherever else they are.
  await tell(context, ({ fanout }) => fanout.publish(topics.threadsOf(user.id), { type: 'thread.updated', thread }));
}
