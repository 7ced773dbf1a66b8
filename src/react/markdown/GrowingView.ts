import { blockOf } from './BlockView.tsx';
import { make, plainOf, remove, update, type Drawn } from './draw.ts';
import type { Block, MarkdownBlocks } from './MarkdownBlocks.ts';
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
  /** Of each block, what shows it; the block is null where that is no longer so. */
  #drawn: { block: Block | null; drawn: Drawn | null }[] = [];

  /** Shows a text in an element that nothing else is put into, as React has it. */
  show(root: HTMLElement, { blocks, context, text, streaming }: Growing): void {
    if (root !== this.#root) this.#clear();
    if (context !== this.#context) this.#drawn = this.#drawn.map(({ drawn }) => ({ block: null, drawn }));
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
    let index = 0;
    for (const [at, group] of groups.entries()) {
      const isSame = group === this.#groups[at];
      for (const block of isSame ? [] : group) {
        if (this.#drawn[index]?.block !== block) this.#drawn[index] = { block, drawn: this.#place(index, block) };
        index += 1;
      }
      if (isSame) index += group.length;
    }
    this.#clear(index);
    this.#groups = groups;
    this.portals.tell();
  }

  #place(index: number, block: Block): Drawn | null {
    const was = this.#drawn[index]?.drawn;
    const of = plainOf(blockOf(block.token, this.#context!));
    const kept = was && of && update(was, of, this.portals);
    if (kept) return kept;
    const made = of ? make(of, this.portals) : null;
    if (made) this.#root!.insertBefore(made.node, was ? was.node : this.#after(index));
    if (was) remove(was, this.portals);
    return made;
  }

  /** The node before which a block’s stands. */
  #after(index: number): Node | null {
    for (let at = index - 1; at >= 0; at -= 1) {
      const node = this.#drawn[at]?.drawn?.node;
      if (node) return node.nextSibling;
    }
    return this.#root!.firstChild;
  }

  #clear(from = 0): void {
    for (const { drawn } of this.#drawn.splice(from)) if (drawn) remove(drawn, this.portals);
  }
}
