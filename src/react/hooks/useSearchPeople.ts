import { useCallback, useEffect, useMemo, useState } from 'react';
import { ChatError, type ChatUser } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';

/** Somebody who types asks once, when they pause. */
const PAUSE_MS = 250;

export interface SearchPeopleResult {
  query: string;
  /** Asked for after a pause in typing. Stable. */
  setQuery: (query: string) => void;
  /** `searching`: `people` are still those of the query before. */
  status: 'searching' | 'ready' | 'error';
  /** The best matches first; of an empty query, those whom the server suggests. */
  people: readonly ChatUser[];
  error: ChatError | null;
  /** Asks once more after an error. Stable. */
  retry: () => void;
}

const NOBODY: readonly ChatUser[] = [];

/** People whom one can add to a conversation, by name: whom one finds is the server's to say. */
export function useSearchPeople(): SearchPeopleResult {
  const { client } = useChatContext('useSearchPeople()');
  const [query, setQuery] = useState('');
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<{ key: string; people: readonly ChatUser[]; error: ChatError | null } | null>(
    null,
  );
  const sought = query.trim();
  const key = JSON.stringify([sought, attempt]);

  useEffect(() => {
    let over = false;
    const timer = setTimeout(
      () => {
        (client?.searchPeople(sought) ?? Promise.reject(SIGNED_OUT_ERROR)).then(
          (people) => !over && setAnswer({ key, people, error: null }),
          (thrown: unknown) => {
            const error = ChatError.is(thrown) ? thrown : new ChatError('internal', String(thrown));
            if (!over) setAnswer({ key, people: NOBODY, error });
          },
        );
      },
      sought === '' ? 0 : PAUSE_MS,
    );
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [client, sought, key]);

  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return useMemo(() => {
    const isAnswered = answer?.key === key;
    const status = !isAnswered ? 'searching' : answer.error ? 'error' : 'ready';
    return {
      query,
      setQuery,
      status,
      people: answer?.people ?? NOBODY,
      error: isAnswered ? answer.error : null,
      retry,
    };
  }, [query, key, answer, retry]);
}
