import type { Token, Tokens } from 'marked';

/**
 * What most lines of an answer are, read without marked: it tries all that Markdown has at each place, and reads a growing text again with
 * every frame. What stands here says what marked would say, or null where it is to be asked.
 */

/** No mark, nothing that an address has, and nothing that is written in another way. */
const WORDS = String.raw`\p{L}\p{M}\p{N} .,;?!()"'’“”…–—-`;
// What is marked begins and ends within words, and no other mark touches it: of all rules for emphasis, none but the first applies.
const MARKED = String.raw`[\p{L}\p{N}](?:[${WORDS}]*[\p{L}\p{N}])?`;
const PIECE = new RegExp(String.raw`([${WORDS}]+)|\*\*(${MARKED})\*\*(?![*\x60])|\x60(${MARKED})\x60(?![*\x60])`, 'uy');
/** marked takes the rest for an address. */
const WWW = /www\./i;

/** Words in one line, some of them strong or code. */
export function simpleInline(text: string): Token[] | null {
  if (WWW.test(text)) return null;
  const tokens: Token[] = [];
  for (PIECE.lastIndex = 0; PIECE.lastIndex < text.length;) {
    const [raw, plain, strong, code] = PIECE.exec(text) ?? [];
    if (raw === undefined) return null;
    if (plain !== undefined) tokens.push(words(plain));
    else if (strong !== undefined) tokens.push({ type: 'strong', raw, text: strong, tokens: [words(strong)] });
    else tokens.push({ type: 'codespan', raw, text: code! });
  }
  return tokens;
}

function words(text: string): Tokens.Text {
  return { type: 'text', raw: text, text, escaped: false };
}

/** An item of words. What begins with another sign may be a list, a heading or a task within it. */
const ITEM = /([-+*]|(\d{1,9})[.)]) ((?:\*\*|`)?\p{L}[^\n]*)(?:\n|$)/uy;

/** A list to the end of a text, with an item in each of its lines. */
export function simpleList(source: string): Tokens.List | null {
  const items: Tokens.ListItem[] = [];
  let first: RegExpExecArray | null = null;
  for (ITEM.lastIndex = 0; ITEM.lastIndex < source.length;) {
    const item = ITEM.exec(source);
    const [raw, mark, , text = ''] = item ?? [];
    // Another mark begins another list.
    if (!raw || (first && mark!.at(-1) !== first[1]!.at(-1))) return null;
    first ??= item;
    const inner = simpleInline(text);
    if (!inner || text.endsWith(' ')) return null;
    items.push({
      type: 'list_item',
      raw: ITEM.lastIndex < source.length ? raw : raw.trimEnd(),
      task: false,
      loose: false,
      text,
      tokens: [{ type: 'text', raw: text, text, tokens: inner }],
    });
  }
  if (!first) return null;
  const start = first[2];
  return {
    type: 'list',
    raw: source,
    ordered: start !== undefined,
    start: start ? Number(start) : '',
    loose: false,
    items,
  };
}
