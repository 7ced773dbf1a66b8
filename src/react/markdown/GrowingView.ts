import { DrawnBlocks } from './DrawnBlocks.ts';
import type { MarkdownBlocks } from './MarkdownBlocks.ts';
import type { MarkdownContextValue } from './MarkdownContext.ts';
import { Portals } from './Portals.ts';

export interface Growing {
  blocks: MarkdownBlocks;
  context: MarkdownContextValue;
  text: string;
  streaming: boolean;
}

type Groups = ReturnType<MarkdownBlocks['update']>;

let anyHasGrown = false;

/** Whether a text has grown on this page by what was written. */
export function hasGrown(): boolean {
  return anyHasGrown;
}

/**
 * A growing text in the page, without React: it would look at the whole page for the few words of each frame. What React would render is
 * made into nodes, and of what comes next only the difference is touched. Components are React’s, in {@link Portals} into these nodes.
 */
export class GrowingView {
  readonly portals = new Portals();
  #root: HTMLElement | null = null;
  #blocks: MarkdownBlocks | null = null;
  #context: MarkdownContextValue | null = null;
  #text = '';
  #groups: Groups = [];
  readonly #drawn: DrawnBlocks[] = [];

  /** Shows a text in an element that nothing else is put into, as React has it. */
  show(root: HTMLElement, { blocks, context, text, streaming }: Growing): void {
    if (root !== this.#root) this.#clear();
    if (root !== this.#root || context !== this.#context) this.#groups = [];
    this.#root = root;
    this.#blocks = blocks;
    this.#context = context;
    // What is here may be further than what was rendered last.
    if (!streaming || !this.#text.startsWith(text)) this.#text = text;
    this.#draw(blocks.update(this.#text, streaming));
  }

  /** Shows more of the text. False where none is shown yet. */
  write(text: string): boolean {
    if (!this.#root?.isConnected || !this.#blocks) return false;
    anyHasGrown = true;
    this.#text = text;
    this.#blocks.extend(text);
    this.#draw(this.#blocks.update(text, true));
    return true;
  }

  #draw(groups: Groups): void {
    if (groups === this.#groups) return;
    for (const [at, group] of groups.entries()) {
      if (group !== this.#groups[at]) (this.#drawn[at] ?? this.#begin(at)).show(group, this.#context!);
    }
    this.#clear(groups.length);
    this.#groups = groups;
    this.portals.tell();
  }

  #begin(at: number): DrawnBlocks {
    const drawn = new DrawnBlocks(this.portals);
    this.#root!.append(drawn.element);
    return (this.#drawn[at] = drawn);
  }

  #clear(from = 0): void {
    for (const drawn of this.#drawn.splice(from)) drawn.remove();
  }
}
