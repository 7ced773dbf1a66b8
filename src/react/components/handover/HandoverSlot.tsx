import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useThread } from '../../hooks/useThread.ts';
import { useRoot } from '../parts/useRoot.tsx';
import { handoverPart } from './lazy-parts.ts';

/** Where it stands who answers, if there is an assistant. It has its height from the start, so that nothing moves when it is loaded. */
export function HandoverSlot({ threadId }: { threadId: string }): ReactNode {
  const { client } = useChatContext('<ChatWindow>');
  const { thread } = useThread(threadId);
  const root = useRoot('lk-handover');
  if (!thread?.handover || !client?.can('handOver')) return null;
  return (
    <div {...root} data-state={thread.handover.state}>
      <handoverPart.Part key={threadId} threadId={threadId} />
    </div>
  );
}
