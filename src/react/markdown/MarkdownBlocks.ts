import type { Links, Token } from 'marked';
import { definitionIn, lex } from '../../protocol/markdown/index.ts';
import { isLong } from './mend-length.ts';
import type { Mend } from './useMend.ts';

/** One block at the top of a text. The same object for as long as what it shows stays the same. */
export interface Block {
  /** Where it begins in the text: its key among the others. */
  at: number;
  token: Token;
}

/**
 * Blocks in one element. Once they are finished, React does not look at them again, nor does the browser, which would else paint all of a
 * growing text that is near what is seen. Each element costs it something, too: of 4, 8 and 24, four cost least.
 */
const GROUP = 4;
/** What a list's next item begins with, before it can be told from a paragraph. */
const HALF_AN_ITEM = /^ {0,3}(?:[-+*]|\d{1,9}[.)]?)?[ \t]*$/;
/** A definition changes blocks far before it. */
const DEFINITION = ']:';
const CLOSING_MARKS = /^[*_~`]*$/;
// The look ahead keeps a row of backticks from being tried at each of its lengths.
const OPEN_FENCE = /^ {0,3}(`{3,}(?!`)|~{3,}(?!~))([^\n]*)\n/;

/**
 * The blocks of a text that grows at its end. What is finished is read once and kept; only the last block is read again when more
 * comes, and a half-written one is shown as it will look when it is whole.
 */
export class MarkdownBlocks {
  readonly #breaks: boolean;
  readonly #mend: Mend | null;
  #text = '';
  #streaming = false;
  #finished: Block[] = [];
  /** Where the text goes on that is not finished. */
  #from = 0;
  #links: Links = {};
  #tail: Block[] = [];
  /** Nothing of the tail is half-written: what is shown of it is all of it, as it is. */
  #isWhole = false;
  #full: Block[][] = [];
  #groups: readonly (readonly Block[])[] = [];

  /** @param options.mend closes what is half-written; null leaves it as it is */
  constructor({ breaks, mend }: { breaks: boolean; mend: Mend | null }) {
    this.#breaks = breaks;
    this.#mend = mend;
  }

  /**
   * The blocks of a text, in groups: the n-th block is always in the same one, and a group whose blocks are all finished is the same
   * array each time. What is shown depends on the arguments alone; what was read before only saves work.
   *
   * @param streaming whether more is to come
   */
  update(text: string, streaming: boolean): readonly (readonly Block[])[] {
    if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
    if (text === this.#text && streaming === this.#streaming) return this.#groups;
    const grown = text.length >= this.#text.length && text.startsWith(this.#text);
    const ended = this.#streaming && !streaming;
    // A definition may stand behind the places that it is for: the whole is read once more when it is there.
    if (!grown || (ended && text.includes(DEFINITION))) this.#restart();
    this.#text = text;
    this.#streaming = streaming;
    this.#read(streaming);
    return (this.#groups = this.#group());
  }

  /**
   * Takes a text that grew by plain words alone, at the end of words that it ended with: then nothing needs to be read.
   *
   * @returns whether it is one; of any other text nothing has changed
   */
  extend(text: string): boolean {
    const block = this.#tail.at(-1);
    // Not after a blank line, either: those are in no block.
    const goesOn = this.#streaming && this.#isWhole && block && this.#text.endsWith(block.token.raw);
    if (!goesOn || !text.startsWith(this.#text)) return false;
    const added = text.slice(this.#text.length);
    const token = PLAIN_WORDS.test(added) ? withWords(block.token, added) : null;
    if (!token || isLong(text.length - this.#from) !== isLong(this.#text.length - this.#from)) return false;
    this.#text = text;
    this.#tail = [...this.#tail.slice(0, -1), { at: block.at, token }];
    this.#groups = this.#group();
    return true;
  }

  #group(): Block[][] {
    const full = Math.floor(this.#finished.length / GROUP);
    while (this.#full.length < full) {
      const from = this.#full.length * GROUP;
      this.#full.push(this.#finished.slice(from, from + GROUP));
    }
    const rest = [...this.#finished.slice(full * GROUP), ...this.#tail.filter(isShown)];
    const groups = [...this.#full];
    for (let from = 0; from < rest.length; from += GROUP) groups.push(rest.slice(from, from + GROUP));
    return groups;
  }

  #restart(): void {
    this.#finished = [];
    this.#full = [];
    this.#tail = [];
    this.#isWhole = false;
    this.#from = 0;
    this.#links = {};
  }

  #read(streaming: boolean): void {
    const source = this.#text.slice(this.#from);
    this.#isWhole = false;
    if (!streaming) {
      this.#tail = this.#reuse(this.#lex(source));
      return;
    }
    if (this.#readFence(source)) return;
    const mended = this.#mend?.(source) ?? source;
    let blocks = this.#lex(mended);
    // Where marks are closed at the end, and no more, blocks are what they will be. Of any other, they have to be looked for.
    const added = mended.startsWith(source) ? mended.slice(source.length) : null;
    const closed = added !== null && CLOSING_MARKS.test(added) ? added : null;
    this.#isWhole = closed === '';
    const found = closed === null ? this.#lex(source) : blocks;
    const last = this.#firstOpen(found);
    const open = found[last];
    if (last > 0 && open) {
      this.#finished.push(...this.#reuse(found.slice(0, last)).filter(isShown));
      for (const { token } of found.slice(0, last)) this.#define(token);
      this.#from = open.at;
      const tail = this.#text.slice(open.at);
      if (this.#readFence(tail)) return;
      const mendedTail = this.#mend?.(tail) ?? tail;
      // Marks of the blocks before it may have been closed with it.
      blocks = closed !== null && mendedTail === tail + closed ? found.slice(last) : this.#lex(mendedTail);
      this.#isWhole = mendedTail === tail;
    }
    this.#tail = blocks;
  }

  /** A code block that nobody has closed yet. */
  #readFence(source: string): boolean {
    const fence = openFence(source);
    if (fence) this.#tail = [{ at: this.#from, token: fence }];
    return fence !== null;
  }

  /** The index from which on blocks may still change. */
  #firstOpen(blocks: readonly Block[]): number {
    const last = blocks.length - 1;
    const before = blocks[last - 1];
    const raw = blocks[last]?.token.raw ?? '';
    // “2” after a list may become its next item, and a blank line before it the list's own.
    return before?.token.type === 'list' && HALF_AN_ITEM.test(raw) ? last - 1 : last;
  }

  #lex(source: string): Block[] {
    const blocks: Block[] = [];
    let at = this.#from;
    for (const token of lex(source, { breaks: this.#breaks, links: { ...this.#links } })) {
      if (token.type !== 'space') blocks.push({ at, token });
      at += token.raw.length;
    }
    return blocks;
  }

  #define(token: Token): void {
    const found = definitionIn(token);
    if (found) this.#links[found.label] ??= found.link;
  }

  /** The blocks, as the objects that stood in their places where these say the same. */
  #reuse(blocks: Block[]): Block[] {
    return blocks.map((block) => {
      const shown = this.#tail.find(({ at }) => at === block.at);
      const same = shown?.token.raw === block.token.raw && shown.token.type === block.token.type;
      return same && !('open' in shown.token) ? shown : block;
    });
  }
}

/** What goes on within words: no mark, nothing that ends an address, and no space at the end, which would be none. */
const PLAIN_WORDS = /^[\p{L}\p{M}\p{N} ,'’]*[\p{L}\p{M}\p{N}]$/u;
/** Words that plain words go on from: after a mark they could say what that is. */
const ENDS_IN_WORDS = /[\p{L}\p{M}\p{N},]$/u;
/** What words may stand in for more to belong to it. */
const HOLDERS = new Set(['paragraph', 'heading', 'blockquote', 'list', 'list_item', 'text']);
/** Words in one piece beyond this are read anew: the reader looks at longer ones in another way. */
const MAX_WORDS = 1_500;

interface Holder {
  type: string;
  raw: string;
  text?: string;
  tokens?: Token[];
  items?: Token[];
}

/** The token with more words at its end, or null for one that does not end in words. */
function withWords(token: Token, added: string): Token | null {
  const { type, raw, text = '', tokens, items } = token as Holder;
  if (!HOLDERS.has(type)) return null;
  const inner = tokens ?? items;
  const last = inner?.at(-1);
  if (!inner || !last) {
    const isPlain = type === 'text' && raw === text && raw.length < MAX_WORDS && ENDS_IN_WORDS.test(text);
    return isPlain ? { ...token, raw: raw + added, text: text + added } : null;
  }
  const extended = withWords(last, added);
  if (!extended || !raw.endsWith(last.raw)) return null;
  const within = [...inner.slice(0, -1), extended];
  return {
    ...token,
    raw: raw + added,
    ...('text' in token && { text: text + added }),
    ...(tokens ? { tokens: within } : { items: within }),
  };
}

/** Nothing is seen of a definition: a group of these would be a gap. */
function isShown({ token }: Block): boolean {
  return token.type !== 'def';
}

/** A code block that nobody has closed is not searched for anything but its end: it may be the longest block of all. */
function openFence(source: string): Token | null {
  const [opening, fence, info = ''] = OPEN_FENCE.exec(source) ?? [];
  if (opening === undefined || fence === undefined || (fence.startsWith('`') && info.includes('`'))) return null;
  const closing = new RegExp(String.raw`^ {0,3}${fence}${fence.charAt(0)}*[ \t]*$`, 'm');
  const text = source.slice(opening.length);
  if (closing.test(text)) return null;
  return { type: 'code', raw: source, lang: info.trim(), text, open: true };
}
