import type sniffEncoding from 'html-encoding-sniffer';
import type { Parser } from 'htmlparser2';

/** What a page says of itself. */
export interface PageHead {
  siteName: string | null;
  title: string | null;
  description: string | null;
  /** As it is written: it may be relative. */
  image: string | null;
}

/** As far as the HTML standard looks for a page's own word on its encoding. */
const SNIFFED_BYTES = 1_024;

const SITE_NAMES = ['og:site_name', 'application-name'] as const;
const TITLES = ['og:title', 'twitter:title'] as const;
const DESCRIPTIONS = ['og:description', 'twitter:description', 'description'] as const;
const IMAGES = ['og:image:secure_url', 'og:image:url', 'og:image', 'twitter:image', 'twitter:image:src'] as const;
const NAMES: ReadonlySet<string> = new Set([...SITE_NAMES, ...TITLES, ...DESCRIPTIONS, ...IMAGES]);

const MAX_SITE_NAME = 80;
const MAX_TITLE = 200;
const MAX_DESCRIPTION = 300;
/** What is longer is cut before it is tidied up. */
const MAX_READ = 4_096;

/**
 * Reads the head of a page: Open Graph's tags, Twitter's, and HTML's own. Stops at the end of the head, and takes no more of `body` then.
 * @param charset as the response's header says; a byte order mark outweighs it, and it outweighs the page
 */
export async function readHead(body: AsyncIterable<Buffer>, charset: string | undefined): Promise<PageHead> {
  // With the first page: a server that looks at no links needs neither.
  const [html, encodings] = await Promise.all([import('htmlparser2'), import('html-encoding-sniffer')]);
  const decoderOf = (begin: Buffer) => toDecoder(encodings.default, begin, charset);
  const reader = new HeadReader(html.Parser);
  const head: Buffer[] = [];
  let size = 0;
  let decoder: TextDecoder | null = null;
  for await (const chunk of body) {
    if (decoder) {
      reader.write(decoder.decode(chunk, { stream: true }));
    } else {
      head.push(chunk);
      size += chunk.length;
      if (size < SNIFFED_BYTES) continue;
      const begin = Buffer.concat(head);
      decoder = decoderOf(begin);
      reader.write(decoder.decode(begin, { stream: true }));
    }
    if (reader.isDone) return reader.end();
  }
  if (!decoder) {
    const all = Buffer.concat(head);
    reader.write(decoderOf(all).decode(all));
  }
  return reader.end();
}

function toDecoder(sniff: typeof sniffEncoding, begin: Buffer, charset: string | undefined): TextDecoder {
  const encoding = sniff(begin, { transportLayerEncodingLabel: charset, defaultEncoding: 'utf-8' });
  try {
    return new TextDecoder(encoding);
  } catch {
    return new TextDecoder(); // One of the few that this platform cannot read.
  }
}

class HeadReader {
  /** What was read first stands. */
  readonly #meta = new Map<string, string>();
  readonly #parser: Parser;
  #title: string | null = null;
  #inTitle = false;
  isDone = false;

  constructor(HtmlParser: typeof Parser) {
    this.#parser = new HtmlParser({
      onopentag: (name, { name: key, property, content }) => {
        if (name === 'body') this.isDone = true;
        if (this.isDone) return;
        if (name === 'title') this.#inTitle = this.#title === null;
        if (name === 'meta') this.#take(property, content);
        if (name === 'meta') this.#take(key, content);
      },
      ontext: (text) => {
        const title = this.#title ?? '';
        if (this.#inTitle && title.length < MAX_READ) this.#title = title + text;
      },
      onclosetag: (name) => {
        if (name === 'title') this.#inTitle = false;
        if (name === 'head') this.isDone = true;
      },
    });
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  end(): PageHead {
    this.isDone = true;
    return {
      siteName: this.#tidy(MAX_SITE_NAME, ...this.#all(SITE_NAMES)),
      title: this.#tidy(MAX_TITLE, ...this.#all(TITLES), this.#title),
      description: this.#tidy(MAX_DESCRIPTION, ...this.#all(DESCRIPTIONS)),
      image: this.#all(IMAGES).find(Boolean)?.trim() ?? null,
    };
  }

  #take(name: string | undefined, content: string | undefined): void {
    const key = name?.trim().toLowerCase();
    if (key === undefined || content === undefined || !NAMES.has(key)) return;
    if (!this.#meta.has(key) && content.trim() !== '') this.#meta.set(key, content.slice(0, MAX_READ));
  }

  #all(names: readonly string[]): (string | undefined)[] {
    return names.map((name) => this.#meta.get(name));
  }

  /** The first that has words, in one line. */
  #tidy(length: number, ...texts: (string | null | undefined)[]): string | null {
    for (const text of texts) {
      const line = (text ?? '')
        .replace(UNSHOWN, '')
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim();
      if (line !== '') return shorten(line, length);
    }
    return null;
  }
}

/** What turns text around (bidirectional controls), and what is no character: a stranger's words must not move the kit's own. */
const UNSHOWN = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Cs}/gu;

/** By character, so that no emoji's half is left. */
function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text;
}
