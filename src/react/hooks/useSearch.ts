import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ChatError, SearchHit } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';

/** Somebody who types asks once, when they pause. */
const PAUSE_MS = 250;

export interface SearchResult {
  query: string;
  /** Words, "words in this order", from:name. Asked for after a pause in typing. Stable. */
  setQuery: (query: string) => void;
  /** `idle`: nothing is looked for. `searching`: `hits` are still those of the query before. */
  status: 'idle' | 'searching' | 'ready' | 'error';
  /** The newest first. */
  hits: readonly SearchHit[];
  hasMore: boolean;
  /** Reads the next page. Stable for a query. */
  loadMore: () => void;
  error: ChatError | null;
  /** Asks once more after an error. Stable. */
  retry: () => void;
}

interface Answer {
  /** Of which query, where, and which attempt. */
  key: string;
  hits: readonly SearchHit[];
  cursor: string | null;
  error: ChatError | null;
}

const NONE: readonly SearchHit[] = [];

/** Messages by what they say: in one conversation, or in all that the person may read. An answer to what is no longer looked for is dropped. */
export function useSearch({ threadId }: { threadId?: string | undefined } = {}): SearchResult {
  const { client } = useChatContext('useSearch()');
  const [query, setQuery] = useState('');
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [more, setMore] = useState<string | null>(null);
  const sought = query.trim();
  const key = JSON.stringify([sought, threadId, attempt]);
  const isAnswered = answer?.key === key;

  useEffect(() => {
    if (sought === '') return undefined;
    let over = false;
    const take = (result: Omit<Answer, 'key'>) => !over && setAnswer({ key, ...result });
    const timer = setTimeout(() => {
      (client?.search({ query: sought, threadId }) ?? Promise.reject(SIGNED_OUT_ERROR)).then(
        ({ hits, nextCursor }) => take({ hits, cursor: nextCursor, error: null }),
        (error: unknown) => take({ hits: NONE, cursor: null, error: error as ChatError }),
      );
    }, PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [client, sought, threadId, key]);

  useEffect(() => {
    if (more === null || !client) return undefined;
    let over = false;
    client.search({ query: sought, threadId, cursor: more }).then(
      ({ hits, nextCursor }) => {
        if (over) return;
        setMore(null);
        setAnswer((now) => (now?.cursor === more ? { ...now, hits: [...now.hits, ...hits], cursor: nextCursor } : now));
      },
      () => !over && setMore(null), // the button stays, to ask once more
    );
    return () => {
      over = true;
    };
  }, [client, more, sought, threadId]);

  const cursor = isAnswered ? answer.cursor : null;
  const loadMore = useCallback(() => setMore(cursor), [cursor]);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return useMemo(() => {
    const status = sought === '' ? 'idle' : !isAnswered ? 'searching' : answer.error ? 'error' : 'ready';
    const hits = sought === '' ? NONE : (answer?.hits ?? NONE);
    const error = isAnswered ? answer.error : null;
    return { query, setQuery, status, hits, hasMore: cursor !== null, loadMore, error, retry };
  }, [query, sought, isAnswered, answer, cursor, loadMore, retry]);
}
