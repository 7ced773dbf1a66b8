import type { ReactNode } from 'react';
import { AfterLoading } from '../parts/lazy-part.tsx';
import type { MessageFileProps, SystemMessageProps } from '../types.ts';
import { LazyEvent, LazyFile, someParts } from './lazy-parts.ts';

// What an app may place by itself, outside of a list that waits for it.

/**
 * One file of a message: a picture, a film or a sound in its own place, anything else as a card to download. `data-kind` (`image`,
 * `video`, `audio`, `file`) says which, `data-failed` that its link is refused. Loaded with the first one.
 */
export function MessageFile(props: MessageFileProps): ReactNode {
  return (
    <AfterLoading loader={someParts} fallback={null}>
      <LazyFile {...props} />
    </AfterLoading>
  );
}

/**
 * What happened to a conversation, in the reader's words: a quiet line between the messages. `data-event` says what it was. Nothing where
 * a newer server tells of what this version does not know. Loaded with the first one.
 */
export function SystemMessage(props: SystemMessageProps): ReactNode {
  return (
    <AfterLoading loader={someParts} fallback={null}>
      <LazyEvent {...props} />
    </AfterLoading>
  );
}
