import {
  createContext,
  forwardRef,
  useCallback,
  useContext,
  useRef,
  type CSSProperties,
  type ReactNode,
  type RefObject,
} from 'react';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { GrowingRow, type GrowingRowOptions } from '../../list/GrowingRow.ts';

/** The row in which an answer grows, the last of the list. */
export interface Growth extends Omit<GrowingRowOptions, 'content' | 'viewport'> {
  index: number;
  viewport: RefObject<HTMLElement | null>;
}

const GrowthContext = /* @__PURE__ */ createContext<Growth | null>(null);

export const GrowthProvider = GrowthContext.Provider;

const WordsContext = /* @__PURE__ */ createContext<(() => void) | null>(null);

/** To be called with each change of the words of an answer that grows in the row that this stands in, the last of a list; null elsewhere. */
export function useOnWords(): (() => void) | null {
  return useContext(WordsContext);
}

/** The element in which the list places a row. */
export const ListRow = /* @__PURE__ */ forwardRef<
  HTMLDivElement,
  { style: CSSProperties; index: number; children: ReactNode }
>(function ListRow({ style, index, children }, ref) {
  const growth = useContext(GrowthContext);
  const growing = growth?.index === index ? growth : null;
  const grows = useRef<GrowingRow>(null);
  useIsomorphicLayoutEffect(() => {
    // The list's own, an object: a second one for the same element would be set and unset with each movement of each row.
    const row = typeof ref === 'object' ? ref?.current : null;
    const content = row?.firstElementChild;
    const viewport = growing?.viewport.current;
    if (!row || !viewport || !(content instanceof HTMLElement)) return undefined;
    const made = (grows.current = new GrowingRow(row, { ...growing, viewport, content }));
    return () => {
      made.end();
      grows.current = null;
    };
  }, [growing, ref]);
  const onWords = useCallback(() => grows.current?.onWords(), []);
  return (
    <div
      ref={ref}
      // What reaches out of it is to count for what can be scrolled.
      style={growing ? { ...style, contain: 'style' } : style}
    >
      <WordsContext.Provider value={growing && onWords}>{children}</WordsContext.Provider>
    </div>
  );
});
