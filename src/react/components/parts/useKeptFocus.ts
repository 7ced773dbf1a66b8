import { useRef, type FocusEvent, type RefObject } from 'react';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';

/**
 * A row that leaves a list with the focus in it hands it to the one that stands in its place then, else to the one before, else to
 * what `otherwise` finds.
 * @param key changes with the rows
 */
export function useKeptFocus(list: RefObject<HTMLElement | null>, key: unknown, otherwise: () => HTMLElement | null) {
  const held = useRef<{ element: Element; index: number } | null>(null);

  useIsomorphicLayoutEffect(() => {
    const { current } = held;
    if (!current || current.element.isConnected) return;
    held.current = null;
    const { activeElement } = document;
    if (activeElement !== null && activeElement !== document.body) return;
    const rows = list.current?.children ?? [];
    const row = rows[Math.min(current.index, rows.length - 1)];
    (row?.querySelector<HTMLElement>('button') ?? otherwise())?.focus();
  }, [key]);

  return {
    onFocus(event: FocusEvent) {
      const row = event.target.closest('li');
      const index = row ? [...(list.current?.children ?? [])].indexOf(row) : -1;
      held.current = index < 0 ? null : { element: event.target, index };
    },
    onBlur(event: FocusEvent) {
      const { target } = event;
      // Taken out of the page it is still the one that had it.
      queueMicrotask(() => {
        if (target.isConnected && held.current?.element === target) held.current = null;
      });
    },
  };
}
