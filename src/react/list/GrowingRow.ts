/** So much of a growing row the list may not know yet, px: less than a screen, and some dozen frames of a fast answer. */
const UNKNOWN_PX = 400;

export interface GrowingRowOptions {
  /** What grows within the row. */
  content: Element;
  /** Whether the list is taller than what shows of it. Where it is not, its rows stand at the bottom, and it has to know how tall each is. */
  isFull: () => boolean;
  /** The content is taller, and laid out already: to scroll now costs nothing. */
  onGrown: () => void;
}

/**
 * The last row of a list while an answer grows in it. A list that is told of a new height lays out its rows again, and the page once
 * more: with each frame, for the one row that nothing stands below. So the row keeps the height that the list knows, what grows
 * reaches out of it, and the list is told of it now and then.
 */
export class GrowingRow {
  readonly #row: HTMLElement;
  readonly #options: GrowingRowOptions;
  readonly #observer: ResizeObserver;
  #height = 0;
  /** The height that the list knows; null: that of the content. */
  #known: number | null = null;
  #frame = 0;

  constructor(row: HTMLElement, options: GrowingRowOptions) {
    this.#row = row;
    this.#options = options;
    this.#observer = new ResizeObserver((entries) => this.#onSize(entries.at(-1)!.borderBoxSize[0]!.blockSize));
    this.#observer.observe(options.content);
  }

  /** From now on it is as tall as what stands in it. */
  end(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#row.style.height = '';
  }

  #onSize(height: number): void {
    this.#height = height;
    if (this.#known === null) {
      if (this.#options.isFull()) this.#tell();
      return;
    }
    this.#options.onGrown();
    const unknown = height - this.#known;
    // Not here: what is observed further up the page may not change while what stands in it is told of.
    if ((unknown < 0 || unknown > UNKNOWN_PX) && this.#frame === 0)
      this.#frame = requestAnimationFrame(() => this.#tell());
  }

  #tell(): void {
    this.#frame = 0;
    this.#known = this.#height;
    this.#row.style.height = `${this.#height}px`;
  }
}
