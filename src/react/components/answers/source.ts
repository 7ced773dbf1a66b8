import type { MessagePart, SourceDocumentPart, SourceUrlPart } from '../../../protocol/index.ts';

export type Source = SourceUrlPart | SourceDocumentPart;

/** What an answer draws upon, in the order in which it came: the first is number 1. */
export function sourcesOf(parts: readonly MessagePart[]): Source[] {
  return parts.filter((part): part is Source => part.type === 'source-url' || part.type === 'source-document');
}

export interface ShownSource {
  title: string;
  /** Null where there is none that a browser may follow out of a model's mouth. */
  address: URL | null;
}

export function shownSource(source: Source): ShownSource {
  if (source.type === 'source-document') return { title: source.title, address: null };
  const address = webAddress(source.url);
  return { title: source.title ?? address?.hostname ?? source.url, address };
}

function webAddress(url: string): URL | null {
  if (!URL.canParse(url)) return null;
  const address = new URL(url);
  return address.protocol === 'https:' || address.protocol === 'http:' ? address : null;
}
