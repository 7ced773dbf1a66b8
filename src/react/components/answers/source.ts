import type { MessagePart, SourceDocumentPart, SourceUrlPart } from '../../../protocol/index.ts';
import { allowedLink, DEFAULT_LINK_POLICY, type LinkPolicy } from '../../markdown/link-policy.ts';

export type Source = SourceUrlPart | SourceDocumentPart;

/** What an answer draws upon, in the order in which it came: the first is number 1. */
export function sourcesOf(parts: readonly MessagePart[]): Source[] {
  return parts.filter((part): part is Source => part.type === 'source-url' || part.type === 'source-document');
}

export interface ShownSource {
  title: string;
  /** Null where the app's policy allows none. */
  link: SourceAddress | null;
}

interface SourceAddress {
  href: string;
  /** Empty where there is none, as of an e-mail address. */
  host: string;
  path: string;
}

/** @param links the app's policy, which the links of an answer's words obey, too */
export function shownSource(source: Source, links: Partial<LinkPolicy> | undefined): ShownSource {
  if (source.type === 'source-document') return { title: source.title, link: null };
  const href = allowedLink(source.url, { ...DEFAULT_LINK_POLICY, ...links });
  const link = href === null ? null : addressOf(href);
  return { title: source.title ?? (link?.host || source.url), link };
}

function addressOf(href: string): SourceAddress {
  // A relative one belongs to the page, whose host is no news.
  if (!URL.canParse(href)) return { href, host: '', path: href };
  const { hostname, pathname } = new URL(href);
  return { href, host: hostname, path: pathname === '/' ? '' : pathname };
}
