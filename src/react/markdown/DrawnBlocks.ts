import { BLOCKS_CLASS, blockOf } from './BlockView.tsx';
import { make, plainOf, remove, update, type Drawn } from './draw.ts';
import type { Block } from './MarkdownBlocks.ts';
import type { MarkdownContextValue } from './MarkdownContext.ts';
import type { Portals } from './Portals.ts';

/** A group of blocks in the page, in an element of its own. */
export class DrawnBlocks {
  readonly element = document.createElement('div');
  readonly #portals: Portals;
  #context: MarkdownContextValue | null = null;
  /** Of each block, what shows it. */
  readonly #drawn: { block: Block; drawn: Drawn | null }[] = [];

  constructor(portals: Portals) {
    this.#portals = portals;
    this.element.className = BLOCKS_CLASS;
  }

  /** Shows these, and touches only what is not shown yet. */
  show(blocks: readonly Block[], context: MarkdownContextValue): void {
    const isSame = context === this.#context;
    this.#context = context;
    for (const [index, block] of blocks.entries()) {
      if (isSame && this.#drawn[index]?.block === block) continue;
      this.#drawn[index] = { block, drawn: this.#place(index, block, context) };
    }
    this.#clear(blocks.length);
  }

  remove(): void {
    this.#clear(0);
    this.element.remove();
  }

  #place(index: number, block: Block, context: MarkdownContextValue): Drawn | null {
    const was = this.#drawn[index]?.drawn;
    const of = plainOf(blockOf(block.token, context));
    const kept = was && of && update(was, of, this.#portals);
    if (kept) return kept;
    const made = of ? make(of, this.#portals) : null;
    if (made) this.element.insertBefore(made.node, was ? was.node : this.#after(index));
    if (was) remove(was, this.#portals);
    return made;
  }

  /** The node before which a block’s stands. */
  #after(index: number): Node | null {
    for (let at = index - 1; at >= 0; at -= 1) {
      const node = this.#drawn[at]?.drawn?.node;
      if (node) return node.nextSibling;
    }
    return this.element.firstChild;
  }

  #clear(from: number): void {
    for (const { drawn } of this.#drawn.splice(from)) if (drawn) remove(drawn, this.#portals);
  }
}
