import { decodeEntities } from './markdown/entities.ts';

/** What stands for the n-th piece that is what it is, between two characters that no text has; or what is between two of them. */
const HELD_OR_WORDS = /\uE000(\d+)\uE001|[^\uE000]+/g;
/**
 * What has no Markdown in it: code, in a fence or in a line; formulas, and what looks like one; what is escaped. Bounded, since the end is
 * looked for of what nobody closed.
 */
const LITERAL = new RegExp(
  [
    /^[^\S\n]{0,3}(?<fence>`{3,}|~{3,})[^\n]*(?:\n|$)(?<block>[^]*?)(?:^[^\S\n]{0,3}\k<fence>[`~]*[^\S\n]*$|(?![^]))/,
    /(?<!`)(?<ticks>`+)(?!`)(?<code>.{0,400}?[^`\n])\k<ticks>(?!`)/,
    /\$\$\s*(?<display>(?:(?!\$\$|\n\s*\n)[^]){1,400}?)\s*\$\$/,
    /\\\[\s*(?<bracketed>(?:(?!\\\]|\n\s*\n)[^]){1,400}?)\s*\\\]/,
    /\\\(\s*(?<inline>(?:(?!\\\)|\n\s*\n)[^]){1,200}?)\s*\\\)/,
    /\$(?=[^\s$])(?<short>(?=[^$\n]*[\\^_={}<>+]|[A-Za-z]\$)[^$\n]{0,400}?[^\s$])\$(?!\w)/,
    /\\(?<escaped>[!-/:-@[-`{-~])/,
    /\uE000/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gm',
);

const LINK = /!?\[([^[\]]*)\]\([^()\s]*(?:[^\S\n]+"[^"\n]*")?\)/g;
const AUTOLINK = /<((?:https?:|mailto:)[^\s<>]*)>/g;
const FOOTNOTE = /\[\^[^\]\s]{1,40}\](?::[^\S\n]*)?/g;
/** Pairs of marks around words. */
const PAIR = /(?<!\w)(\*{1,3}|_{1,3}|~~)(?=\S)([^\n]{0,200}?\S)\1(?!\w)/g;
/** What a line begins with, and what is a line of its own. */
const START = /^[^\S\n]*(?:(?:#{1,6}|>|[-*+](?:[^\S\n]+\[[ xX]\])?)[^\S\n]+|(?:={2,}|-{3,}|\*{3,}|_{3,})[^\S\n]*$)/gm;
/** A table: its head, the line under that, and its rows. */
const TABLE =
  /^([^|\n]*\|.*)\n[^\S\n]*\|?(?:[^\S\n]*:?-+:?[^\S\n]*\|)+(?:[^\S\n]*:?-+:?)?[^\S\n]*((?:\n[^|\n]*\|.*)*)$/gm;

/**
 * A message's words without the marks of Markdown, for one line that shows or speaks it: a conversation's preview, a quote. What renders
 * Markdown is loaded later than these are shown, and far more than they need; of it, this has the small piece that reads entities, for which the
 * browser has the table.
 */
export function plainText(markdown: string): string {
  const literals: string[] = [];
  const held = markdown.replace(LITERAL, (...given) => {
    const { block, code, display, bracketed, inline, short, escaped } = given.at(-1) as Record<string, string>;
    const literal = block ?? code ?? display ?? bracketed ?? inline ?? short ?? escaped ?? '';
    return `\uE000${literals.push(literal) - 1}\uE001`;
  });
  // Pairs stand within pairs: bold within a link's name, and the other way round.
  const unpaired = (text: string) => text.replace(PAIR, '$2');
  const lines = held.replace(TABLE, (_, head: string, rows: string) => cells(head + rows)).replace(START, '');
  const words = unpaired(unpaired(lines.replace(LINK, '$1').replace(AUTOLINK, '$1').replace(FOOTNOTE, '')));
  // Last, so that a character by its name is never a mark.
  return words.replace(HELD_OR_WORDS, (given, index?: string) =>
    index === undefined ? decodeEntities(given) : (literals[Number(index)] ?? ''),
  );
}

function cells(rows: string): string {
  return rows.replace(/^[^\S\n]*\|?[^\S\n]*|[^\S\n]*\|?[^\S\n]*$/gm, '').replace(/[^\S\n]*\|[^\S\n]*/g, ' · ');
}
