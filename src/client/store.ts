/** A value that can be read at once and watched: the shape that React's `useSyncExternalStore` wants. */
export interface Readable<T> {
  /** The value now. The same reference until it changes. */
  get(): T;
  /** Calls `listener` after each change; returns what ends it. */
  subscribe(listener: () => void): () => void;
}

/** A {@link Readable} whose owner sets it. `onFirst` runs when the first listener comes, its result when the last one has left. */
export class Store<T> implements Readable<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();
  readonly #onFirst: (() => () => void) | undefined;
  #onLast: (() => void) | undefined;

  constructor(value: T, onFirst?: () => () => void) {
    this.#value = value;
    this.#onFirst = onFirst;
  }

  get = (): T => this.#value;

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    // A fresh function per call, so that the same listener given twice is counted twice.
    const entry = () => listener();
    this.#listeners.add(entry);
    if (this.#listeners.size === 1) this.#onLast = this.#onFirst?.();
    return () => {
      if (!this.#listeners.delete(entry) || this.#listeners.size > 0) return;
      this.#onLast?.();
      this.#onLast = undefined;
    };
  };
}
