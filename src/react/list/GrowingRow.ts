import type { VirtualizerHandle } from 'virtua';

/** So much of a growing row the list may not know yet, as a part of what shows of it. With all of that it would see nothing of the row any more. */
const UNKNOWN = 0.75;
/** Words closer together than this come with nearly every frame, ms. */
const FAST_MS = 50;
/** Between two looks at the size of what grows by words that fast, ms. */
const LOOK_MS = 100;

export interface GrowingRowOptions {
  /** What grows within the row. */
  content: HTMLElement;
  /** The list, once it is there. Where it is no taller than what shows of it, its rows stand at the bottom, and it has to know how tall each is. */
  list: () => Pick<VirtualizerHandle, 'scrollSize' | 'viewportSize'> | null;
  /** The content is taller, and laid out already or about to be: to scroll now costs nothing more. */
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
  #writtenAt = -Infinity;
  /** Runs while the size is not observed. */
  #look: ReturnType<typeof setTimeout> | undefined;

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
    clearTimeout(this.#look);
    this.#row.style.height = '';
  }

  /** Call with each change of the words, when they are in the page. */
  onWords(): void {
    this.#options.onGrown();
    const now = performance.now();
    const isFast = now - this.#writtenAt < FAST_MS;
    this.#writtenAt = now;
    // What else grows in it is followed with the next words: with an observer, each frame would be gone through twice.
    if (!isFast || this.#known === null) return;
    this.#onHeight(this.#options.content.offsetHeight);
    if (this.#look !== undefined) return;
    this.#observer.unobserve(this.#options.content);
    this.#look = setTimeout(() => {
      this.#look = undefined;
      this.#observer.observe(this.#options.content);
    }, LOOK_MS);
  }

  #onSize(height: number): void {
    if (this.#known !== null) this.#options.onGrown();
    this.#onHeight(height);
  }

  #onHeight(height: number): void {
    this.#height = height;
    const { scrollSize, viewportSize } = this.#options.list() ?? { scrollSize: 0, viewportSize: 0 };
    if (this.#known === null) {
      if (scrollSize > viewportSize) this.#tell();
      return;
    }
    const unknown = height - this.#known;
    // Not at once: what is observed further up the page may not change while what stands in it is told of.
    if ((unknown < 0 || unknown > viewportSize * UNKNOWN) && this.#frame === 0)
      this.#frame = requestAnimationFrame(() => this.#tell());
  }

  #tell(): void {
    this.#frame = 0;
    this.#known = this.#height;
    this.#row.style.height = `${this.#height}px`;
  }
}
