import { MAX_RECEIPTS } from '../../protocol/index.ts';
import { topics } from '../fanout/Fanout.ts';
import { requireAccess } from './access.ts';
import { announceReceipt } from './ReceiptNews.ts';
import { firstThatFit } from './pages.ts';
import { readOwnThread, reportUntold, tell, type FrameOf, type SessionContext } from './SessionContext.ts';

export async function sendReceipt(context: SessionContext, frame: FrameOf<'receipt.send'>): Promise<void> {
  const { requestId, threadId, readSeq } = frame;
  await requireAccess(context, 'receipt.send', threadId);
  const { user, ports, storage } = context;
  const moved = await storage.saveReceipt({ threadId, userId: user.id, readSeq });
  const thread = await readOwnThread(context, storage, threadId);
  context.send({ type: 'thread.saved', requestId, thread });
  if (moved === null) return;
  const receipt = { user, readSeq: moved, readAt: ports.clock.now() };
  announceReceipt(ports, threadId, receipt, (cause) => reportUntold(context, cause));
  // To the person alone, wherever else they are.
  await tell(context, ({ fanout }) => fanout.publish(topics.threadsOf(user.id), { type: 'thread.updated', thread }));
}

export async function listReceipts(context: SessionContext, frame: FrameOf<'receipt.list'>): Promise<void> {
  const { requestId, threadId } = frame;
  await requireAccess(context, 'receipt.list', threadId);
  const receipts = await context.storage.listReceipts(threadId, MAX_RECEIPTS);
  context.send({ type: 'receipt.listed', requestId, receipts: firstThatFit(receipts) });
}
