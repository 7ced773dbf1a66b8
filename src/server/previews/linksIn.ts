import { walkTokens } from 'marked';
import { lex } from '../../protocol/markdown/index.ts';
import { MAX_LINK_LENGTH, textOf, type MessagePart } from '../../protocol/index.ts';
import type { StoredPart } from '../attachments/AttachmentPort.ts';

/**
 * The web addresses that a message links to, in its order and each once: as its readers' windows make links of them, so none from code,
 * and no picture's. Only `http:` and `https:`.
 */
export function linksIn(parts: readonly (MessagePart | StoredPart)[]): string[] {
  if (!mayLink(parts)) return [];
  const text = textOf(parts);
  const links = new Set<string>();
  void walkTokens(lex(text, { breaks: true, links: {} }), (token) => {
    if (token.type !== 'link') return;
    const url = normalized(token.href as string);
    if (url !== null) links.add(url);
  });
  return [...links];
}

/** Whether to read a message for links: most have none, and to read Markdown costs more than to look. */
export function mayLink(parts: readonly (MessagePart | StoredPart)[]): boolean {
  return /https?:|www\./i.test(textOf(parts));
}

function normalized(href: string): string | null {
  // Markdown writes `&amp;` for `&` where it likes.
  const url = URL.parse(href.replaceAll('&amp;', '&'));
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  return url.href.length > MAX_LINK_LENGTH ? null : url.href;
}
