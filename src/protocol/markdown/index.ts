/** How a text is read as Markdown. A file of its own, so that a page loads it with its first Markdown, and a server that looks for links. */
export { definitionIn } from './extensions.ts';
export type { ExtraToken, FootnoteTextToken, FootnoteToken, MathsToken } from './extensions.ts';
export { lex } from './lex.ts';
