import type { ReactNode } from 'react';

/** What React shows in an element that it has not made. */
export interface Portal {
  key: number;
  element: HTMLElement;
  children: ReactNode;
}

/** Portals that React looks at as one, while nothing of them changes: what it looks at per update does not grow with the text. */
const GROUP = 24;

/** The elements of a drawn text whose content is React’s. A store: its value is another one when any of them changes. */
export class Portals {
  readonly #keys = new Map<Node, number>();
  readonly #listeners = new Set<() => void>();
  #groups: readonly (readonly Portal[])[] = [];
  #told: readonly (readonly Portal[])[] = this.#groups;
  #count = 0;

  set(element: HTMLElement, children: ReactNode): void {
    const key = this.#keys.get(element) ?? (this.#count += 1);
    this.#keys.set(element, key);
    this.#change(key, { key, element, children });
  }

  delete(node: Node): void {
    const key = this.#keys.get(node);
    if (key === undefined) return;
    this.#keys.delete(node);
    this.#change(key, null);
  }

  get = (): readonly (readonly Portal[])[] => this.#groups;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Tells of what changed since it did last. */
  tell(): void {
    if (this.#told === this.#groups) return;
    this.#told = this.#groups;
    for (const listener of this.#listeners) listener();
  }

  #change(key: number, portal: Portal | null): void {
    const at = Math.floor(key / GROUP);
    const group = [...(this.#groups[at] ?? [])];
    const index = group.findIndex((each) => each.key === key);
    group.splice(index < 0 ? group.length : index, index < 0 ? 0 : 1, ...(portal ? [portal] : []));
    this.#groups = Object.assign([...this.#groups], { [at]: group });
  }
}
