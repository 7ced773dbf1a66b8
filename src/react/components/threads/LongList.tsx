import { useEffect, useRef, type ReactNode, type RefObject } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import type { ThreadsResult } from '../../hooks/useThreads.ts';
import { errorText } from '../../strings.ts';
import { useKeptPlace } from './useKeptPlace.ts';

/** Further conversations are asked for this far from the end, so that most readers never see it. */
const LOAD_WITHIN = '400px';

interface LongListProps {
  list: ThreadsResult;
  /** What scrolls. */
  scroller: RefObject<HTMLElement | null>;
  rows: RefObject<HTMLElement | null>;
}

/** What a list needs that is longer than its window: further pages, and a place that holds. Loaded with the first such list. */
export function LongList({ list, scroller, rows }: LongListProps): ReactNode {
  useKeptPlace(scroller, rows, list.threads);
  return list.hasMore && <MoreThreads {...list} />;
}

type MoreThreadsProps = Pick<ThreadsResult, 'threads' | 'loadingMore' | 'error' | 'loadMore'>;

/**
 * The end of a list that goes on: reads the next page when it comes near, and says what it does. Where nothing can be told of what is
 * near, and for who would rather press, it is a button.
 */
function MoreThreads({ threads, loadingMore, error, loadMore }: MoreThreadsProps): ReactNode {
  const { strings } = useChatContext('<ThreadList>');
  const row = useRef<HTMLLIElement>(null);
  // What failed would fail again at once: the next try is the person's, or comes with the next connection.
  const waits = !loadingMore && error === null;

  useEffect(() => {
    const { current } = row;
    if (!waits || !current || typeof IntersectionObserver === 'undefined') return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void loadMore();
      },
      { root: current.closest('.lk-threads'), rootMargin: `${LOAD_WITHIN} 0px` },
    );
    observer.observe(current);
    return () => observer.disconnect();
    // A page may bring too little to move this out of sight: it is looked at anew after each.
  }, [waits, threads, loadMore]);

  return (
    <li ref={row} className="lk-threads-more" data-status={loadingMore ? 'loading' : error ? 'error' : 'idle'}>
      {loadingMore ? (
        <span role="status">
          <span className="lk-spinner" aria-hidden="true" />
          {strings.threadsLoadingMore}
        </span>
      ) : (
        <>
          {error && <span role="alert">{errorText(strings, error).what}</span>}
          <button type="button" className="lk-button" onClick={() => void loadMore()}>
            {error ? strings.retry : strings.threadsMore}
          </button>
        </>
      )}
    </li>
  );
}
