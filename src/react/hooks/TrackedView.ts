import type { Readable } from '../../client/index.ts';

/**
 * Lets a component re-render only for the fields that it reads: `get` keeps returning the same value until one of those changes.
 * (The idea of TanStack Query's tracked results.)
 */
export class TrackedView<T extends object> {
  readonly #source: Readable<T>;
  readonly #read: Set<keyof T>;
  #seen: T;

  constructor(source: Readable<T>, read: readonly (keyof T)[] = []) {
    this.#source = source;
    this.#read = new Set(read);
    this.#seen = source.get();
  }

  get = (): T => {
    const next = this.#source.get();
    for (const key of this.#read) {
      if (!Object.is(next[key], this.#seen[key])) {
        this.#seen = next;
        break;
      }
    }
    return this.#seen;
  };

  subscribe = (listener: () => void): (() => void) => this.#source.subscribe(listener);

  /** Says that a component depends on this field from now on. */
  track(key: keyof T): void {
    this.#read.add(key);
  }
}
