import { useState, useSyncExternalStore, type RefObject } from 'react';
import { useIsomorphicLayoutEffect } from '../hooks/useIsomorphicLayoutEffect.ts';

const NEVER = () => () => {};
const canObserve = () => typeof ResizeObserver !== 'undefined';

/**
 * Whether the element has a height to lay rows out in. False on a server, while hydrating, in a DOM without layout (jsdom) and
 * in a hidden tab panel; turns true by itself. Elsewhere true from the first render on, so that nothing is rendered twice.
 */
export function useHasLayout(element: RefObject<HTMLElement | null>): boolean {
  const isBrowser = useSyncExternalStore(NEVER, canObserve, () => false);
  const [isFlat, setIsFlat] = useState(false);
  useIsomorphicLayoutEffect(() => {
    const target = element.current;
    if (!isBrowser || !target) return undefined;
    if (target.clientHeight > 0) {
      setIsFlat(false);
      return undefined;
    }
    setIsFlat(true);
    const observer = new ResizeObserver(() => {
      if (target.clientHeight > 0) setIsFlat(false);
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, isBrowser, isFlat]);
  return isBrowser && !isFlat;
}
