import { useState, type RefObject } from 'react';
import { useIsomorphicLayoutEffect } from '../hooks/useIsomorphicLayoutEffect.ts';

/**
 * Whether the element has a height to lay rows out in. False on a server, while hydrating, in a DOM without layout (jsdom) and
 * in a hidden tab panel; turns true by itself.
 */
export function useHasLayout(element: RefObject<HTMLElement | null>): boolean {
  const [hasLayout, setHasLayout] = useState(false);
  useIsomorphicLayoutEffect(() => {
    const target = element.current;
    if (hasLayout || !target || typeof ResizeObserver === 'undefined') return undefined;
    if (target.clientHeight > 0) {
      setHasLayout(true);
      return undefined;
    }
    const observer = new ResizeObserver(() => {
      if (target.clientHeight > 0) setHasLayout(true);
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, hasLayout]);
  return hasLayout;
}
