import type { VirtualizerHandle } from 'virtua';

/** So much of a growing row a list may not know that hears of its movements, as a part of what shows of it: with all of that, it would see nothing of the row. */
const UNKNOWN = 0.75;
/** So far above what shows the row begins when the rows before it are let go, as a part of that. */
const FAR = 0.5;
/** Words closer together than this come with nearly every frame, ms. */
const FAST_MS = 50;
/** Between two looks at the size of what grows by words that fast, ms. */
const LOOK_MS = 100;

export interface GrowingRowOptions {
  /** What grows within the row. */
  content: HTMLElement;
  /** The list, once it is there. Where it is no taller than what shows of it, its rows stand at the bottom, and it has to know how tall each is. */
  list: () => Pick<VirtualizerHandle, 'scrollSize' | 'viewportSize'> | null;
  /** What scrolls. */
  viewport: HTMLElement;
  /** The content may be taller. Goes to the bottom where that is followed, and says where it is; null: it is not. */
  onGrown: () => number | null;
  /** Called with where the list is when somebody moved it that hears of it late. */
  onMoved: (offset: number) => void;
}

/**
 * The last row of a list while an answer grows in it. A list that is told of a new height lays out its rows again, and the page once
 * more: with each frame, for the one row that nothing stands below. So the row keeps the height that the list knows, and what grows
 * reaches out of it. While the growing end is followed, the list does not hear of that movement either: what it knows fits together.
 * Before it hears of any other, it is told how tall the row is; and once more when the rows above are far, so that it lets them go.
 */
export class GrowingRow {
  readonly #row: HTMLElement;
  readonly #options: GrowingRowOptions;
  readonly #observer: ResizeObserver;
  #height = 0;
  /** The height that the list knows; null: that of the content. */
  #known: number | null = null;
  /** Where the list has come to by following; null: it is not followed. */
  #followedTo: number | null = null;
  #telling = 0;
  #writtenAt = -Infinity;
  /** Runs while the size is not observed. */
  #look: ReturnType<typeof setTimeout> | undefined;
  /** Since somebody last moved it, the list was told that the rows above are far. */
  #hasLetGo = false;
  /** The list hears of the next movement, and lets go of them. */
  #letsGo = false;
  /** The list was told just now, and hears of movements once it has taken that in. */
  #holds = false;

  constructor(row: HTMLElement, options: GrowingRowOptions) {
    this.#row = row;
    this.#options = options;
    this.#observer = new ResizeObserver((entries) => this.#onSize(entries.at(-1)!.borderBoxSize[0]!.blockSize));
    this.#observer.observe(options.content);
    options.viewport.addEventListener('scroll', this.#onScroll, { capture: true });
  }

  /** From now on it is as tall as what stands in it. */
  end(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#telling);
    clearTimeout(this.#look);
    this.#row.style.height = '';
    this.#followedTo = null;
    const leave = () => this.#options.viewport.removeEventListener('scroll', this.#onScroll, { capture: true });
    if (this.#isFarBehind) this.#hold(leave);
    else leave();
  }

  /** Call with each change of the words, when they are in the page. */
  onWords(): void {
    this.#follow();
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
    if (this.#known !== null) this.#follow();
    this.#onHeight(height);
  }

  #follow(): void {
    this.#followedTo = this.#options.onGrown();
  }

  #onHeight(height: number): void {
    this.#height = height;
    const { scrollSize, viewportSize } = this.#options.list() ?? { scrollSize: 0, viewportSize: 0 };
    if (this.#known === null) {
      if (scrollSize > viewportSize) this.#tell();
      return;
    }
    if (this.#telling !== 0) return;
    // Not at once: what is observed further up the page may not change while what stands in it is told of.
    if (this.#mayLetGo) {
      this.#hasLetGo = true;
      this.#telling = requestAnimationFrame(() => this.#letGo());
    } else if (this.#unknown < 0 || (this.#followedTo === null && this.#isFarBehind)) {
      this.#telling = requestAnimationFrame(() => this.#tell());
    }
  }

  get #unknown(): number {
    return this.#known === null ? 0 : this.#height - this.#known;
  }

  get #isFarBehind(): boolean {
    return this.#unknown > (this.#options.list()?.viewportSize ?? 0) * UNKNOWN;
  }

  /** Rows that nobody sees cost the browser something with each frame. */
  get #mayLetGo(): boolean {
    if (this.#hasLetGo || this.#followedTo === null) return false;
    const above = this.#followedTo - this.#row.offsetTop;
    return above > (this.#options.list()?.viewportSize ?? Infinity) * FAR && !this.#isSelectedAbove;
  }

  /** What is selected would be lost with its row. */
  get #isSelectedAbove(): boolean {
    const { anchorNode, focusNode, isCollapsed } = document.getSelection() ?? { isCollapsed: true };
    if (isCollapsed) return false;
    return [anchorNode, focusNode].some((node) => this.#options.viewport.contains(node) && !this.#row.contains(node));
  }

  #letGo(): void {
    this.#tell();
    this.#hold(() => {
      this.#letsGo = true;
    });
  }

  #tell(): void {
    cancelAnimationFrame(this.#telling);
    this.#telling = 0;
    this.#known = this.#height;
    this.#row.style.height = `${this.#height}px`;
  }

  #onScroll = (event: Event): void => {
    const { scrollTop } = this.#options.viewport;
    if (this.#letsGo) {
      this.#letsGo = false;
      return;
    }
    if (!this.#holds && scrollTop !== this.#followedTo) {
      this.#followedTo = null;
      this.#hasLetGo = false;
      if (!this.#isFarBehind) return;
      this.#options.onMoved(scrollTop);
      this.#tell();
      this.#hold();
    }
    event.stopImmediatePropagation();
  };

  /** The list is told within this frame, and has taken it in with the next: then it hears of where it is. */
  #hold(then?: () => void): void {
    this.#holds = true;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.#holds = false;
        then?.();
        this.#options.viewport.dispatchEvent(new Event('scroll'));
      }),
    );
  }
}
