import { useId, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { AfterLoading } from '../parts/lazy-part.tsx';
import { Skeleton } from '../parts/Skeleton.tsx';
import { useRoot } from '../parts/useRoot.tsx';
import type { ThreadListProps } from '../types.ts';
import { LazyThreadList, threadListParts } from './lazy-parts.ts';

/**
 * The person's conversations, the latest first, with those that they have archived behind a switch, and a search across all. Loaded by
 * the first page that shows them.
 */
export function ThreadListPane(props: ThreadListProps): ReactNode {
  return (
    <AfterLoading loader={threadListParts} fallback={<Loading />}>
      <LazyThreadList {...props} />
    </AfterLoading>
  );
}

/** As the list looks until it knows its conversations. */
function Loading(): ReactNode {
  const { strings } = useChatContext('<ThreadList>');
  const root = useRoot('lk-threads');
  const heading = useId();
  return (
    <nav {...root} aria-labelledby={heading} data-status="loading">
      <div className="lk-threads-head">
        <h2 className="lk-threads-heading" id={heading}>
          {strings.threadsHeading}
        </h2>
      </div>
      <Skeleton label={strings.threadsLoading} shape="threads" rows={4} />
    </nav>
  );
}
