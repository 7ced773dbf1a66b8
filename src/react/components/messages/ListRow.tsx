import { createContext, forwardRef, useContext, useRef, type CSSProperties, type ReactNode } from 'react';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { GrowingRow, type GrowingRowOptions } from '../../list/GrowingRow.ts';

/** The row in which an answer grows, the last of the list. */
export interface Growth extends Omit<GrowingRowOptions, 'content'> {
  index: number;
}

const GrowthContext = /* @__PURE__ */ createContext<Growth | null>(null);

export const GrowthProvider = GrowthContext.Provider;

/** Of the list that this stands in. */
export function useGrowth(): Growth | null {
  return useContext(GrowthContext);
}

/** The element in which the list places a row. */
export const ListRow = /* @__PURE__ */ forwardRef<
  HTMLDivElement,
  { style: CSSProperties; index: number; children: ReactNode }
>(function ListRow({ style, index, children }, ref) {
  const growth = useGrowth();
  const growing = growth?.index === index ? growth : null;
  const row = useRef<HTMLDivElement | null>(null);
  useIsomorphicLayoutEffect(() => {
    const content = row.current?.firstElementChild;
    if (!growing || !row.current || !content) return undefined;
    const grows = new GrowingRow(row.current, { ...growing, content });
    return () => grows.end();
  }, [growing]);
  return (
    <div
      ref={(element) => {
        row.current = element;
        if (typeof ref === 'function') ref(element);
        else if (ref) ref.current = element;
      }}
      // What reaches out of it is to count for what can be scrolled.
      style={growing ? { ...style, contain: 'style' } : style}
    >
      {children}
    </div>
  );
});
