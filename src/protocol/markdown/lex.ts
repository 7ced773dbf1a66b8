import { Lexer, Tokenizer, type Links, type Token, type Tokens } from 'marked';
import { EXTENSIONS } from './extensions.ts';
import { simpleInline, simpleList } from './simple.ts';

/** Deeper quotes and lists than anybody writes; marked descends into each, and so would a stack. */
const MAX_DEPTH = 60;
/** Marks of emphasis, links and code in one block; beyond, it is no prose, and pairing them up costs more than it gives. */
const MAX_MARKS = 2_000;
const MARKS = /[*_~`[\]<&]/g;
/** A word as long as this is data; marked looks for an e-mail address from each of its letters. */
const ENDLESS_WORD = /\S{4000}/;
/** Columns of indentation that are kept. What looks for the end of more takes the square of its length. */
const ENDLESS_INDENT = /(?<=^[ \t]{200})[ \t]+/gm;

/** What a rule of marked's cannot do without. Its own patterns are long: each takes a page milliseconds to compile, and runs per update of a growing text. */
const BEGINS_QUOTE = /^ {0,3}>/;
const BEGINS_LIST = /^ {0,3}(?:[*+-]|\d)/;
const HAS_UNDERLINE = /\n {0,3}[=-]/;
const HAS_DELIMITER_ROW = /^[^\n]*\n {0,3}[|:-]/;

class ChatTokenizer extends Tokenizer {
  // Raw HTML is text: without these two rules, marked sees a paragraph.
  override html(): undefined {
    return undefined;
  }

  override tag(): undefined {
    return undefined;
  }

  override blockquote(source: string): Tokens.Blockquote | undefined {
    return BEGINS_QUOTE.test(source) ? super.blockquote(source) : undefined;
  }

  override list(source: string): Tokens.List | undefined {
    return BEGINS_LIST.test(source) ? super.list(source) : undefined;
  }

  override lheading(source: string): Tokens.Heading | undefined {
    return HAS_UNDERLINE.test(source) ? super.lheading(source) : undefined;
  }

  override table(source: string): Tokens.Table | undefined {
    return HAS_DELIMITER_ROW.test(source) ? super.table(source) : undefined;
  }
}

const tokenizer = new ChatTokenizer();

interface LexOptions {
  /** Whether a line break in a paragraph is one. */
  breaks: boolean;
  /** Link definitions that were met before, by label; those of the source are added. */
  links: Links;
}

/** Markdown's blocks, each with its inline tokens: CommonMark and GFM without raw HTML, with footnotes and formulas. Never throws, and never takes long. */
export function lex(source: string, { breaks, links }: LexOptions): Token[] {
  const list = simpleList(source);
  if (list) return [list];
  const lexer = new Lexer({ gfm: true, breaks, tokenizer, extensions: EXTENSIONS });
  lexer.tokens.links = links;
  readBlocks(source, lexer);
  // Lexer.lex() does just this, but for the checks.
  for (const { src, tokens } of lexer.inlineQueue) {
    const simple = simpleInline(src);
    if (simple) tokens.push(...simple);
    else if (isProse(src)) lexer.inlineTokens(src, tokens);
    else tokens.push({ type: 'text', raw: src, text: src });
  }
  return lexer.tokens;
}

/** A line between blank ones that begins with a letter: a paragraph; or with the mark of a heading. */
const LONE_LINE = /^([\p{L}#][^\n]*)(?:(\n(?=[ \t]*\n)(?:[ \t]*(?:\n|$))+)|$)/u;

/** Of what a growing text brings, most are paragraphs in one line: these need none of marked's rules for blocks. */
function readBlocks(source: string, lexer: Lexer): void {
  let rest = source;
  while (rest !== '') {
    const [block, line = '', blank] = LONE_LINE.exec(rest) ?? [];
    if (block === undefined) {
      lexer.blockTokens(withoutAbyss(rest), lexer.tokens);
      return;
    }
    if (line.startsWith('#')) lexer.blockTokens(block, lexer.tokens);
    else {
      lexer.tokens.push({ type: 'paragraph', raw: line, text: line, tokens: lexer.inline(line) });
      if (blank !== undefined) lexer.tokens.push({ type: 'space', raw: blank });
    }
    rest = rest.slice(block.length);
  }
}

function isProse(text: string): boolean {
  if (text.length < MAX_MARKS) return true;
  if (ENDLESS_WORD.test(text)) return false;
  MARKS.lastIndex = 0;
  for (let count = 0; count < MAX_MARKS; count += 1) if (!MARKS.test(text)) return true;
  return false;
}

/** Takes off what no line of a text begins with: nesting and indentation without end. */
function withoutAbyss(source: string): string {
  return source.replace(ENDLESS_INDENT, '').replace(ABYSS, '');
}

const MARKER = String.raw`(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])[ \t]*`;
const ABYSS = new RegExp(String.raw`(?<=^[ \t]*(?:${MARKER}){${MAX_DEPTH}})(?:${MARKER})+`, 'gm');
