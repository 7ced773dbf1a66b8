import type { MarkdownBlocks } from './MarkdownBlocks.ts';

/**
 * Writes the further words of a growing text into the page itself, where that is all that changes: most frames bring a word or two, and
 * React would look at the whole page for them. React goes on from there with whatever else comes: it sets the words anew, whole.
 */
export class TailWriter {
  #element: Element | null = null;
  #blocks: MarkdownBlocks | null = null;
  /** The node that was written into: what stands there, what React believes to stand there, and the text that this belongs to. */
  #written: { node: Text; shown: string; rendered: string; text: string } | null = null;

  /** @param element what the text stands in, with nothing behind it */
  attach(element: Element | null): void {
    this.#element = element;
  }

  /** React has rendered this text. */
  onRendered(blocks: MarkdownBlocks, text: string): void {
    const written = this.#written;
    this.#written = null;
    this.#blocks = blocks;
    // A text that does not go on from what was written: where it has the very words that React rendered last, React sets nothing.
    const isUntouched = written?.node.data === written?.shown;
    if (written && isUntouched && !text.startsWith(written.text)) written.node.data = written.rendered;
  }

  /** Whether the text is shown by now: else it is to be rendered. */
  write(text: string): boolean {
    const extended = this.#blocks?.extend(text);
    const node = extended && lastText(this.#element);
    // What is within the words was made of them, such as a mark for a source.
    if (!extended || !node || node.data !== extended.before) return false;
    const rendered = this.#written?.rendered ?? node.data;
    node.appendData(extended.added);
    this.#written = { node, shown: node.data, rendered, text };
    return true;
  }
}

function lastText(element: Element | null): Text | null {
  let node: Node | null = element;
  while (node?.lastChild) node = node.lastChild;
  return node?.nodeType === 3 ? (node as Text) : null;
}
