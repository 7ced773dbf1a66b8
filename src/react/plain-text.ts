/** What of Markdown stands in a line: links, pairs of marks around words, and the marks that begin a line. */
const LINK = /!?\[([^[\]]*)\]\([^()\s]*\)/g;
const PAIR = /(?<!\w)(\*{1,3}|_{1,3}|~~|`+)(?=\S)([^\n]*?\S)\1(?!\w)/g;
const START = /^[^\S\n]*(?:#{1,6}|>|[-*+])[^\S\n]+|^```.*$/gm;

/**
 * A message's words without the marks of Markdown, for one line that shows or speaks it: a conversation's preview, a quote. What renders
 * Markdown is loaded later than these are shown, and far more than they need.
 */
export function plainText(markdown: string): string {
  // Pairs stand within pairs: bold within a link's name, code within bold.
  const inline = (text: string) => text.replace(PAIR, '$2');
  return inline(inline(markdown.replace(START, '').replace(LINK, '$1')));
}
