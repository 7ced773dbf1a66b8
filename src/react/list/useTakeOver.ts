import { useEffect, useState, type RefObject } from 'react';

/** Rows are there after a few frames, and can have the focus once they were measured. */
const PATIENCE_FRAMES = 60;

/** A node by its way down from its message, or from the list itself. Whatever stands for a list makes the same of a message. */
interface Place {
  messageId: string | null;
  path: readonly number[];
}

interface Held {
  focus: Place | null;
  selection: { from: Place; fromOffset: number; to: Place; toOffset: number } | null;
}

const isMessage = (node: Node): node is HTMLElement =>
  node instanceof HTMLElement && node.dataset['messageId'] !== undefined;

function placeOf(list: Element, node: Node | null): Place | null {
  if (!node || !list.contains(node)) return null;
  const path: number[] = [];
  let at = node;
  while (at !== list && !isMessage(at)) {
    const parent = at.parentNode as Node;
    path.unshift(Array.prototype.indexOf.call(parent.childNodes, at));
    at = parent;
  }
  const messageId = isMessage(at) ? at.dataset['messageId'] : undefined;
  // Between messages, each list has elements of its own.
  return messageId === undefined && path.length > 0 ? null : { messageId: messageId ?? null, path };
}

function messageAt(list: Element, { messageId }: Place): Element | null {
  return messageId === null ? list : list.querySelector(`[data-message-id="${CSS.escape(messageId)}"]`);
}

function nodeAt(list: Element, place: Place): Node | null {
  return place.path.reduce<Node | null>((at, index) => at?.childNodes[index] ?? null, messageAt(list, place));
}

function heldIn(list: Element | null): Held | null {
  if (!list) return null;
  const selection = document.getSelection();
  const focus = placeOf(list, document.activeElement);
  const from = placeOf(list, selection?.anchorNode ?? null);
  const to = placeOf(list, selection?.focusNode ?? null);
  const isSelected = selection && !selection.isCollapsed && from && to;
  if (!focus && !isSelected) return null;
  return {
    focus,
    selection: isSelected ? { from, fromOffset: selection.anchorOffset, to, toOffset: selection.focusOffset } : null,
  };
}

/** Whether nothing is left to be done: it has the focus, or somebody went elsewhere. */
function focusAt(list: Element, place: Place): boolean {
  const { activeElement } = document;
  if (activeElement && activeElement !== document.body) return true;
  const node = nodeAt(list, place);
  // What came with the focus, as its toolbar, is not there without it.
  const target = node instanceof HTMLElement ? node : messageAt(list, place);
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  return target !== null && document.activeElement === target;
}

function selectAt(list: Element, { from, fromOffset, to, toOffset }: NonNullable<Held['selection']>): boolean {
  const selection = document.getSelection();
  if (!selection || !selection.isCollapsed) return true;
  const [a, b] = [nodeAt(list, from), nodeAt(list, to)];
  if (!a || !b) return false;
  selection.setBaseAndExtent(a, fromOffset, b, toOffset);
  return !selection.isCollapsed;
}

/**
 * Where a list comes in place of another one, it takes focus and selection over.
 * @param around what both stand in; its `.lk-viewport` is the one before, until the new one is there
 * @returns the message that the focus was in
 */
export function useTakeOver(
  around: RefObject<HTMLElement | null>,
  viewport: RefObject<HTMLElement | null>,
): string | null {
  // Read while the rows of the other list are in the page for the last time: with this render they go, and what was in them with them.
  const [held] = useState(() => heldIn(around.current?.querySelector('.lk-viewport') ?? null));
  useEffect(() => {
    let { focus = null, selection = null } = held ?? {};
    let frame = 0;
    const step = (left: number) => {
      const list = viewport.current;
      if (!list) return;
      if (focus && focusAt(list, focus)) focus = null;
      if (selection && selectAt(list, selection)) selection = null;
      if ((focus || selection) && left > 0) frame = requestAnimationFrame(() => step(left - 1));
    };
    step(PATIENCE_FRAMES);
    return () => cancelAnimationFrame(frame);
  }, [held, viewport]);
  return held?.focus?.messageId ?? null;
}
