import { cloneElement, Fragment, isValidElement, type ReactNode } from 'react';
import type { Portals } from './Portals.ts';

/** As an element of the page has them. */
type Value = string | number | bigint | boolean | object | null | undefined;
type Props = Record<string, Value> & { children?: ReactNode };

/** An element of the page. */
export interface Plain {
  type: string;
  props: Props;
  /** What stands in it, up to the first component. */
  inner: (Plain | string)[];
  /** From that on, it is React’s to show; null where there is none. */
  rest: ReactNode;
}

/** A node that was made without React, and what it shows. */
export interface Drawn {
  of: Plain;
  node: HTMLElement;
  inner: (Drawn | DrawnText)[];
}

interface DrawnText {
  of: string;
  node: Text;
}

/** What a React element says, if it is an element of the page. */
export function plainOf(node: ReactNode): Plain | null {
  if (!isValidElement<Props>(node) || typeof node.type !== 'string') return null;
  const { type, props } = node;
  // What listens has to be React’s, for it is React that tells of events.
  for (const name in props) if (typeof props[name] === 'function') return null;
  const inner: (Plain | string)[] = [];
  return { type, props, rest: gather(props.children, inner), inner };
}

/** Takes what comes before the first component, and gives the rest. */
function gather(node: ReactNode, into: (Plain | string)[]): ReactNode {
  if (Array.isArray(node)) {
    for (const [index, each] of (node as ReactNode[]).entries()) {
      const rest = gather(each, into);
      if (rest !== null) return [rest, ...(node as ReactNode[]).slice(index + 1)];
    }
    return null;
  }
  if (isValidElement<Props>(node)) {
    if (node.type === Fragment) {
      const rest = gather(node.props.children, into);
      return rest === null ? null : cloneElement(node, {}, rest);
    }
    const plain = plainOf(node);
    if (plain) into.push(plain);
    return plain ? null : node;
  }
  if (typeof node === 'object' && node !== null) return node;
  if (node === null || node === undefined || typeof node === 'boolean' || node === '') return null;
  const before = into.at(-1);
  if (typeof before === 'string') into[into.length - 1] = before + String(node);
  else into.push(String(node));
  return null;
}

/** Makes what is to be shown. */
export function make(of: Plain, portals: Portals): Drawn {
  const node = document.createElement(of.type);
  setAttributes(node, {}, of.props);
  return { of, node, inner: fill(node, [], of, portals) };
}

/** The same element, showing what it is to show now: only the difference is touched. Null where it has to be another one. */
export function update({ of: was, node, inner }: Drawn, of: Plain, portals: Portals): Drawn | null {
  if (was.type !== of.type) return null;
  setAttributes(node, was.props, of.props);
  return { of, node, inner: fill(node, inner, of, portals) };
}

/** Takes it away, and what React shows in it. */
export function remove(drawn: Drawn | DrawnText, portals: Portals): void {
  drawn.node.remove();
  forget(drawn, portals);
}

function forget(drawn: Drawn | DrawnText, portals: Portals): void {
  if (isText(drawn)) return;
  portals.delete(drawn.node);
  for (const each of drawn.inner) forget(each, portals);
}

function isText(drawn: Drawn | DrawnText): drawn is DrawnText {
  return typeof drawn.of === 'string';
}

function makeAny(of: Plain | string, portals: Portals): Drawn | DrawnText {
  return typeof of === 'string' ? { of, node: document.createTextNode(of) } : make(of, portals);
}

function updateAny(was: Drawn | DrawnText, of: Plain | string, portals: Portals): Drawn | DrawnText | null {
  if (isText(was)) return typeof of === 'string' ? updateText(was, of) : null;
  return typeof of === 'string' ? null : update(was, of, portals);
}

function updateText({ of: was, node }: DrawnText, of: string): DrawnText {
  // Added to, where it has only grown, and not set anew: what is selected in it stays so.
  if (!of.startsWith(was)) node.data = of;
  else if (of !== was) node.appendData(of.slice(was.length));
  return { of, node };
}

function fill(parent: HTMLElement, before: Drawn['inner'], { inner, rest }: Plain, portals: Portals): Drawn['inner'] {
  for (const drawn of before.slice(inner.length)) remove(drawn, portals);
  if (rest === null) portals.delete(parent);
  else portals.set(parent, rest);
  // What React shows stands behind all of these.
  let next = parent.firstChild;
  return inner.map((of, index) => {
    const was = before[index];
    const kept = was && updateAny(was, of, portals);
    const drawn = kept ?? makeAny(of, portals);
    if (!kept) parent.insertBefore(drawn.node, next);
    if (was && !kept) remove(was, portals);
    next = drawn.node.nextSibling;
    return drawn;
  });
}

function setAttributes(element: HTMLElement, before: Props, next: Props): void {
  for (const name in next) {
    if (name !== 'children' && next[name] !== before[name]) setAttribute(element, name, next[name]);
  }
  for (const name in before) if (!(name in next)) setAttribute(element, name, undefined);
}

function setAttribute(element: HTMLElement, name: string, value: Value): void {
  const attribute = name === 'className' ? 'class' : name;
  // A style is none: not every policy for a page’s content allows that.
  if (typeof value === 'object' && value !== null) Object.assign(element.style, value);
  else if (value === undefined || value === null || value === false) element.removeAttribute(attribute);
  else element.setAttribute(attribute, value === true ? '' : String(value));
}
