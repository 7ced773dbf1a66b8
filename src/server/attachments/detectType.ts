import { Readable } from 'node:stream';
import { extensionOf } from './filename.ts';
import type { OpenFile } from './FileStore.ts';
import { readHead } from './readHead.ts';

/** How much of a text is read to see that it is one. */
const TEXT_BYTES = 65_536;

/** Texts are told apart by their names: nothing in them says what they are. */
const TEXT_TYPES: Readonly<Record<string, string>> = {
  '': 'text/plain',
  txt: 'text/plain',
  text: 'text/plain',
  log: 'text/plain',
  md: 'text/markdown',
  markdown: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  ics: 'text/calendar',
  vcf: 'text/vcard',
};

export interface DetectedType {
  mediaType: string;
  /** The one that belongs to it, without the dot. */
  extension: string;
}

/** What a file is by its bytes. Null when they are of no known kind, or of another than a text's name says. */
export async function detectType(open: OpenFile, filename: string): Promise<DetectedType | null> {
  const { fileTypeFromStream } = await import('file-type');
  const stream = await open();
  try {
    const web = Readable.toWeb(stream) as ReadableStream<Uint8Array>;
    const found = await fileTypeFromStream(web);
    if (found && found.mime !== 'application/xml') return { mediaType: found.mime, extension: found.ext };
  } finally {
    stream.destroy();
  }
  return detectText(await readHead(open, TEXT_BYTES), extensionOf(filename));
}

function detectText(head: Uint8Array, extension: string): DetectedType | null {
  const text = decode(head);
  if (text === null) return null;
  const markup = detectMarkup(text);
  if (markup) return markup;
  const mediaType = Object.hasOwn(TEXT_TYPES, extension) ? TEXT_TYPES[extension] : undefined;
  return mediaType === undefined ? null : { mediaType, extension: extension || 'txt' };
}

/** Null for what is no text. */
function decode(head: Uint8Array): string | null {
  try {
    // As a stream, because the head may end within a character.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    // Of the control characters a text has the tab, line breaks and the form feed.
    return /[^\P{Cc}\t\n\f\r\x85]/u.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** Text that begins with a tag is markup, whatever it is called. */
function detectMarkup(text: string): DetectedType | null {
  const begin = text.replace(/^(\s|<!--[\s\S]*?-->)+/, '');
  if (!/^<[a-z!?/]/i.test(begin)) return null;
  if (/^<\?xml|^<!doctype svg|^<svg/i.test(begin)) {
    return /<svg[\s>]/i.test(begin)
      ? { mediaType: 'image/svg+xml', extension: 'svg' }
      : { mediaType: 'application/xml', extension: 'xml' };
  }
  return { mediaType: 'text/html', extension: 'html' };
}
