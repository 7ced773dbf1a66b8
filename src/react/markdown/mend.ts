import remend from 'remend';
import { isLong } from './mend-length.ts';

/** Nothing yet: a list’s next marker, the beginning of a fence, an escape without what it escapes. */
const NOTHING_YET = /(?:^|\n)[ \t]*(?:[-+*]|\d{1,9}[.)]?|`{1,2}|~{1,2}|(?:`{3,}|~{3,})[^\n`]*|#{1,6}|>|\|)[ \t]*$|\\$/;
/** Marks that may open something, with nothing in it yet. */
const OPENING = /(^|[\s([{])[*_~`]{1,3}$/;
const TABLE_HEAD = /^(\|[^\n]*)(?:\n[|: \t-]*)?$/;
/** A link or a picture whose address is being written: only the words of a link are shown, and nothing of a picture. */
const HALF_AN_IMAGE = /!\[[^\]\n]*(?:\](?:\([^)\n]*)?)?$/;

/** Where a formula begins or ends, and the code in which neither counts. */
const FORMULA_MARKS = /`+|\$\$|\\[[\]()]|\n[ \t]*\n/g;
const CLOSING: Record<string, string> = { $$: '$$', '\\(': '\\)', '\\[': '\\]' };
/** What opens no further than this from the end is a formula being written; beyond, two dollars were just that. */
const FORMULA = 400;
/** A footnote's number, or what it says, before it can be told from a link. */
const HALF_A_FOOTNOTE = /\[\^[^\]\s]*$/;

const COMPLETIONS = {
  linkMode: 'text-only',
  htmlTags: false,
  images: false,
  comparisonOperators: false,
  katex: false,
} as const;

/** What may be a mark, within a class of characters. */
const MARKS = String.raw`*_~\x60[\]\\$|<>`;
/** Words, with marks that are closed around some of them, up to a word: nothing of it is half-written, and most of what comes is so. */
const WHOLE = new RegExp(
  String.raw`^(?:[^${MARKS}]|\*\*[^${MARKS}\s][^${MARKS}\n]*\*\*|\x60[^${MARKS}\n]+\x60)*\p{L}\p{N}*[.,]?$`,
  'u',
);

/** Closes what is half-written, so that it looks as it will look when it is whole: no asterisk, bracket or pipe flashes up. */
export function mend(source: string): string {
  // A long block is a list, a table or code: what is half-written stands in its last line.
  const from = isLong(source.length) ? source.lastIndexOf('\n') + 1 : 0;
  const last = source.slice(from);
  if (isLong(last.length) || WHOLE.test(last)) return source;
  return source.slice(0, from) + mendEnd(last);
}

/** The same for the end of a text that may not be whole. */
export function mendEnd(source: string): string {
  const shown = withoutHalfAFormula(source)
    .replace(NOTHING_YET, '')
    .replace(OPENING, '$1')
    .replace(HALF_AN_IMAGE, '')
    .replace(HALF_A_FOOTNOTE, '');
  return mendTable(shown) ?? remend(shown, COMPLETIONS);
}

/** A formula is shown when it is whole: its source would stand there until then. */
function withoutHalfAFormula(source: string): string {
  let open: { mark: string; at: number } | null = null;
  for (const { 0: mark, index: at } of source.matchAll(FORMULA_MARKS)) {
    if (open) {
      const isClosed = mark === (CLOSING[open.mark] ?? open.mark);
      if (isClosed || (open.mark in CLOSING && mark.startsWith('\n'))) open = null;
    } else if (mark in CLOSING || mark.startsWith('`')) open = { mark, at };
  }
  return open && open.mark in CLOSING && source.length - open.at <= FORMULA ? source.slice(0, open.at) : source;
}

/** A table is one as soon as its first row begins: with the line under it that makes it one. */
function mendTable(source: string): string | null {
  const start = source.lastIndexOf('\n\n') + 1 && source.lastIndexOf('\n\n') + 2;
  const head = TABLE_HEAD.exec(source.slice(start))?.[1];
  if (head === undefined) return null;
  const cells = head
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/);
  return `${source.slice(0, start)}|${cells.map((cell) => remend(cell, COMPLETIONS)).join('|')}|\n|${cells.map(() => '-').join('|')}|`;
}
