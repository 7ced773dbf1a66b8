import { ChatError } from '../../protocol/index.ts';
import type { Handovers } from '../handover/Handovers.ts';
import { withoutControls } from '../text.ts';
import { readAccess, requireAccess, requireAction } from './access.ts';
import { readOwnThread, type FrameOf, type SessionContext } from './SessionContext.ts';

type HandoverFrame = FrameOf<'handover.request' | 'handover.cancel' | 'handover.take' | 'handover.return'>;

/** Hands the thread over to a person, or back to the assistant. */
export async function changeHandover(context: SessionContext, frame: HandoverFrame): Promise<void> {
  const { requestId, threadId } = frame;
  await change(context, frame);
  const thread = await readOwnThread(context, context.storage, threadId);
  context.send({ type: 'thread.saved', requestId, thread });
}

async function change(context: SessionContext, frame: HandoverFrame): Promise<void> {
  const { threadId, type } = frame;
  if (type === 'handover.take') return take(context, threadId);
  await requireAccess(context, type, threadId);
  const { user } = context;
  const handovers = handoversOf(context);
  if (type === 'handover.request') await handovers.request(threadId, reasonOf(frame), { by: user.id });
  else if (type === 'handover.cancel') await handovers.cancel(threadId, user);
  else await handovers.giveBack(threadId, user.id);
}

async function take(context: SessionContext, threadId: string): Promise<void> {
  for (;;) {
    const access = await readAccess(context, threadId);
    await requireAction(context, 'handover.take', threadId, access);
    // Until nobody changed the role between the question whether this may be done and its being done.
    if (await handoversOf(context).take(threadId, context.user, access.role)) return;
  }
}

function reasonOf({ reason }: FrameOf<'handover.request'>): string | null {
  return withoutControls(reason ?? '').trim() || null;
}

function handoversOf({ ports }: SessionContext): Handovers {
  if (ports.handovers) return ports.handovers;
  throw new ChatError('action_forbidden', 'This server has no assistant that could be replaced by a person.');
}
