import type { Lexer, MarkedOptions, Token, Tokens } from 'marked';

/** A formula in TeX: on a line of its own, or within one. */
export interface MathsToken {
  type: 'mathsBlock' | 'maths';
  raw: string;
  text: string;
}

/** `[^1]`, where it stands in a text. */
export interface FootnoteToken {
  type: 'footnote';
  raw: string;
  label: string;
}

/** `[^1]: what the note says`. */
export interface FootnoteTextToken {
  type: 'footnoteText';
  raw: string;
  label: string;
  text: string;
  tokens: Token[];
}

export type ExtraToken = MathsToken | FootnoteToken | FootnoteTextToken;

/** By what the label of a footnote is told from that of a link, among the definitions of a text. */
const FOOTNOTE = '^';

// A blank line ends a formula, as it does in TeX: so a dollar that nobody closes costs one paragraph.
const MATHS_BLOCK =
  /^ {0,3}(?:\$\$((?:(?!\$\$|\n[ \t]*\n)[^])+?)\$\$|\\\[((?:(?!\\\]|\n[ \t]*\n)[^])+?)\\\])[ \t]*(?:\n+|$)/;
const MATHS_BLOCK_AHEAD = /\n {0,3}(?:\$\$|\\\[)/;
const MATHS = /^(?:\$\$((?:(?!\$\$|\n[ \t]*\n)[^])+?)\$\$|\\\(((?:(?!\\\)|\n[ \t]*\n)[^])+?)\\\))/;
/** Between single dollars only what looks like TeX: there are prices, too, and names of variables. */
const SHORT_MATHS = /^\$(?![\s$])((?:\\[^\n]|[^$\\\n])+?)(?<!\s)\$(?!\w)/;
const LOOKS_LIKE_TEX = /[\\^_={}<>+]|^[A-Za-z]'?$/;
// Its further lines: indented, or the rest of a paragraph.
const FOOTNOTE_TEXT =
  /^ {0,3}\[\^([^\]\s]{1,40})\]:[ \t]*((?:[^\n]*)(?:\n(?! {0,3}\[\^[^\]\s]{1,40}\]:)(?=[ \t]*\S)[^\n]*)*)(?:\n+|$)/;
const FOOTNOTE_REF = /^\[\^([^\]\s]{1,40})\](?!\()/;

type Rule = NonNullable<NonNullable<MarkedOptions['extensions']>['block']>[number];

const mathsBlock: Rule = (src) => {
  const found = MATHS_BLOCK.exec(src);
  if (!found) return undefined;
  return { type: 'mathsBlock', raw: found[0], text: (found[1] ?? found[2] ?? '').trim() };
};

const maths: Rule = (src) => {
  const found = MATHS.exec(src);
  if (found) return { type: 'maths', raw: found[0], text: (found[1] ?? found[2] ?? '').trim() };
  const short = SHORT_MATHS.exec(src);
  if (!short?.[1] || !LOOKS_LIKE_TEX.test(short[1])) return undefined;
  return { type: 'maths', raw: short[0], text: short[1] };
};

const footnoteText: Rule = function (this: { lexer: Lexer }, src) {
  const [raw, label, text] = FOOTNOTE_TEXT.exec(src) ?? [];
  if (raw === undefined || label === undefined || text === undefined || text.trim() === '') return undefined;
  this.lexer.tokens.links[FOOTNOTE + label] ??= { href: '', title: '' };
  return { type: 'footnoteText', raw, label, text, tokens: this.lexer.inline(text) };
};

/** A number is one before its note has come: those stand at the end, and a growing text would show brackets until then. */
const footnote: Rule = function (this: { lexer: Lexer }, src) {
  const [raw, label] = FOOTNOTE_REF.exec(src) ?? [];
  if (raw === undefined || label === undefined) return undefined;
  const isKnown = /^\d{1,3}$/.test(label) || FOOTNOTE + label in this.lexer.tokens.links;
  return isKnown ? { type: 'footnote', raw, label } : undefined;
};

/** What a chat's Markdown has beside CommonMark and GFM: formulas and footnotes. */
export const EXTENSIONS: NonNullable<MarkedOptions['extensions']> = {
  renderers: {},
  childTokens: {},
  block: [mathsBlock, footnoteText],
  startBlock: [(src) => MATHS_BLOCK_AHEAD.exec(src)?.index ?? -1],
  inline: [maths, footnote],
  startInline: [(src) => src.search(/\$|\\\(|\[\^/)],
};

/** What a block defines for the blocks around it: the label and the address of a link, or the label of a footnote. */
export function definitionIn(
  token: Token,
): { label: string; link: { href: string; title: string | undefined } } | null {
  if (token.type === 'def') {
    const { tag, href, title } = token as Tokens.Def;
    return { label: tag, link: { href, title } };
  }
  if (token.type !== 'footnoteText') return null;
  return { label: FOOTNOTE + (token as unknown as FootnoteTextToken).label, link: { href: '', title: '' } };
}
