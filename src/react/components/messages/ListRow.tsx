import { createContext, forwardRef, useContext, type CSSProperties, type ReactNode } from 'react';
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
  useIsomorphicLayoutEffect(() => {
    // The list's own, an object: a second one for the same element would be set and unset with each movement of each row.
    const row = typeof ref === 'object' ? ref?.current : null;
    const content = row?.firstElementChild;
    if (!growing || !row || !content) return undefined;
    const grows = new GrowingRow(row, { ...growing, content });
    return () => grows.end();
  }, [growing, ref]);
  return (
    <div
      ref={ref}
      // What reaches out of it is to count for what can be scrolled.
      style={growing ? { ...style, contain: 'style' } : style}
    >
      {children}
    </div>
  );
});
