import { useMemo, useSyncExternalStore } from 'react';
import { readMessageLink, type MessageTarget } from '../message-links.ts';

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

/**
 * The message that the page's address links to, as “Copy link” makes it; null where it links to none, and on a server. Where the app
 * makes addresses of its own (`messageHref`), it reads them itself.
 *
 * ```tsx
 * const link = useLinkedMessage();
 * <ChatWindow threadId={link?.threadId ?? 'general'} messageId={link?.messageId} />
 * ```
 */
export function useLinkedMessage(): MessageTarget | null {
  const fragment = useSyncExternalStore(
    subscribe,
    () => window.location.hash,
    () => '',
  );
  return useMemo(() => readMessageLink(fragment), [fragment]);
}
