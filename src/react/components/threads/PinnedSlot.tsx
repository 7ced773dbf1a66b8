import type { ReactNode } from 'react';
import { usePins } from '../../hooks/usePins.ts';
import { pinnedPart } from './lazy-parts.ts';

/** Where pinned messages stand, if there are any. */
export function PinnedSlot({ threadId }: { threadId: string }): ReactNode {
  const { messages } = usePins(threadId);
  return messages.length > 0 && <pinnedPart.Part key={threadId} threadId={threadId} messages={messages} />;
}
