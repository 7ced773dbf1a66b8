import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { AfterLoading, markupLoader, markupPart } from '../parts/lazy-part.tsx';
import { Skeleton } from '../parts/Skeleton.tsx';
import { useRoot } from '../parts/useRoot.tsx';
import type { AgentInboxProps } from '../types.ts';

const inboxParts = /* @__PURE__ */ markupLoader(() => import('./AgentInbox.tsx'));
const LazyAgentInbox = /* @__PURE__ */ markupPart(inboxParts, (parts) => parts.AgentInbox);

/**
 * The conversations that wait for a person in place of the assistant, the longest wait first, and those that this person answers in. For
 * agents, and for staff that the app lets see it (docs/handover.md). `data-count` says how many wait.
 */
export function AgentInboxPane(props: AgentInboxProps): ReactNode {
  return (
    <AfterLoading loader={inboxParts} fallback={<Loading />}>
      <LazyAgentInbox {...props} />
    </AfterLoading>
  );
}

/** As it looks until it knows what waits; its own words come with it. */
function Loading(): ReactNode {
  const { strings } = useChatContext('<AgentInbox>');
  const root = useRoot('lk-inbox');
  return (
    <div {...root} data-status="loading">
      <Skeleton label={strings.threadsLoading} shape="threads" rows={3} />
    </div>
  );
}
