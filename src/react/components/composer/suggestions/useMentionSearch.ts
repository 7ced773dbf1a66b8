import { useEffect, useState } from 'react';
import type { ChatUser } from '../../../../protocol/index.ts';
import { useChatContext } from '../../../ChatContext.ts';

/** Somebody who types asks once, when they pause. */
const PAUSE_MS = 150;

const NOBODY: readonly ChatUser[] = [];

/**
 * Whom the backend finds, by its own search; null where it has none. While it searches, whom it found before.
 * @param place where the text that is completed begins; null while nothing is
 */
export function useMentionSearch(
  threadId: string,
  place: string | null,
  query: string | undefined,
): readonly ChatUser[] | null {
  const { client } = useChatContext('<MessageComposer>');
  const [found, setFound] = useState<{ place: string; people: readonly ChatUser[] } | null>(null);
  useEffect(() => {
    const search = client?.searchMentions;
    if (!search || place === null || query === undefined) return undefined;
    const ended = new AbortController();
    const { signal } = ended;
    const timer = setTimeout(() => {
      search(query, { threadId, signal }).then(
        (people) => !signal.aborted && setFound({ place, people }),
        // Nobody is offered; the text is no worse for it.
        () => !signal.aborted && setFound({ place, people: NOBODY }),
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [client, threadId, place, query]);
  if (!client?.searchMentions) return null;
  return found?.place === place ? found.people : NOBODY;
}
