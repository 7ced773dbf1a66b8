import { isValidElement, type FunctionComponent, type ReactElement, type ReactNode } from 'react';
import { shallowEqual } from '../hooks/useStable.ts';

/** What React shows in an element that it has not made. */
export interface Portal {
  key: number;
  element: HTMLElement;
  children: ReactNode;
}

/** Portals that React looks at as one, while nothing of them changes: what it looks at per update does not grow with the text. */
const GROUP = 24;

/** A component that can also show itself in an element without React, as long as it is alone there. Gives what ends that. */
export type Drawable<Props> = FunctionComponent<Props> & { draw: (host: HTMLElement, props: Props) => () => void };

type Props = Record<string, unknown>;

/** The elements of a drawn text whose content is a component’s: React’s, but for what can be drawn. A store: its value is another one when what is React’s changes. */
export class Portals {
  readonly #keys = new Map<Node, number>();
  readonly #drawn = new Map<Node, { of: ReactElement<Props, Drawable<Props>>; end: () => void }>();
  readonly #listeners = new Set<() => void>();
  #groups: readonly (readonly Portal[])[] = [];
  #told: readonly (readonly Portal[])[] = this.#groups;
  #count = 0;

  set(element: HTMLElement, children: ReactNode): void {
    if (isDrawable(children)) {
      const was = this.#drawn.get(element)?.of;
      if (was?.type === children.type && shallowEqual(was.props, children.props)) return;
      this.delete(element);
      this.#drawn.set(element, { of: children, end: children.type.draw(element, children.props) });
      return;
    }
    this.#endDrawn(element);
    const key = this.#keys.get(element) ?? (this.#count += 1);
    this.#keys.set(element, key);
    this.#change(key, { key, element, children });
  }

  delete(node: Node): void {
    this.#endDrawn(node);
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

  #endDrawn(node: Node): void {
    const drawn = this.#drawn.get(node);
    if (!drawn) return;
    this.#drawn.delete(node);
    drawn.end();
    (node as Element).replaceChildren();
  }

  #change(key: number, portal: Portal | null): void {
    const at = Math.floor(key / GROUP);
    const group = [...(this.#groups[at] ?? [])];
    const index = group.findIndex((each) => each.key === key);
    group.splice(index < 0 ? group.length : index, index < 0 ? 0 : 1, ...(portal ? [portal] : []));
    this.#groups = Object.assign([...this.#groups], { [at]: group });
  }
}

function isDrawable(node: ReactNode): node is ReactElement<Props, Drawable<Props>> {
  return isValidElement(node) && typeof node.type === 'function' && 'draw' in node.type;
}
