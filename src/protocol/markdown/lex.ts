import { Lexer, Tokenizer, type Links, type Token } from 'marked';
import { EXTENSIONS } from './extensions.ts';

/** Deeper quotes and lists than anybody writes; marked descends into each, and so would a stack. */
const MAX_DEPTH = 60;
/** Marks of emphasis, links and code in one block; beyond, it is no prose, and pairing them up costs more than it gives. */
const MAX_MARKS = 2_000;
const MARKS = /[*_~`[\]<&]/g;
/** A word as long as this is data; marked looks for an e-mail address from each of its letters. */
const ENDLESS_WORD = /\S{4000}/;
/** Columns of indentation that are kept. What looks for the end of more takes the square of its length. */
const ENDLESS_INDENT = /(?<=^[ \t]{200})[ \t]+/gm;

class ChatTokenizer extends Tokenizer {
  // Raw HTML is text: without these two rules, marked sees a paragraph.
  override html(): undefined {
    return undefined;
  }

  override tag(): undefined {
    return undefined;
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
  const lexer = new Lexer({ gfm: true, breaks, tokenizer, extensions: EXTENSIONS });
  lexer.tokens.links = links;
  lexer.blockTokens(withoutAbyss(source), lexer.tokens);
  // Lexer.lex() does just this, but for the check.
  for (const { src, tokens } of lexer.inlineQueue) {
    if (isProse(src)) lexer.inlineTokens(src, tokens);
    else tokens.push({ type: 'text', raw: src, text: src });
  }
  return lexer.tokens;
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
