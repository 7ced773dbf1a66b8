import { useRef, type RefObject } from 'react';
import { useIsomorphicLayoutEffect } from './useIsomorphicLayoutEffect.ts';

/** The value of the last committed render: lets an inline callback change without tearing anything down. */
export function useLatest<T>(value: T): RefObject<T> {
  const ref = useRef(value);
  // Not during render: a render that React throws away must leave no trace.
  useIsomorphicLayoutEffect(() => {
    ref.current = value;
  });
  return ref;
}
