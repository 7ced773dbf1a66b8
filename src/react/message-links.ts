/** A message and where it is. */
export interface MessageTarget {
  threadId: string;
  messageId: string;
}

const KEY = 'lk-message=';

/** Within the page that shows the chat, whichever that is: a fragment travels to no server. */
export function defaultMessageHref({ threadId, messageId }: MessageTarget): string {
  return `#${KEY}${encodeURIComponent(threadId)}/${encodeURIComponent(messageId)}`;
}

/**
 * What the kit's own links to messages name.
 * @param fragment of an address, with or without its `#`; null where it is no such link
 */
export function readMessageLink(fragment: string): MessageTarget | null {
  const [, threadId, messageId] = /^#?lk-message=([^/&]+)\/([^/&]+)$/.exec(fragment) ?? [];
  if (threadId === undefined || messageId === undefined) return null;
  try {
    return { threadId: decodeURIComponent(threadId), messageId: decodeURIComponent(messageId) };
  } catch {
    return null; // half an escape
  }
}
