import { useCallback, useEffect, useMemo, type ReactElement, type ReactNode, type RefObject } from 'react';
import { Virtualizer, type CacheSnapshot, type VirtualizerHandle, type VirtualizerProps } from 'virtua';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { carryFractions } from '../../list/carryFractions.ts';
import type { Rows } from '../../list/rows.ts';
import { GrowthProvider, ListRow, type Growth } from './ListRow.tsx';

/** No height is known yet, and a row is a little taller than most lists begin with: fewer are made that do not stay. */
const NO_HEIGHTS: CacheSnapshot = [[], 52];

export interface VirtualRowsProps extends Omit<VirtualizerProps, 'data' | 'children'> {
  rows: Rows;
  /** Makes the element of a row. */
  children: (rows: Rows, index: number) => ReactElement;
  handle: RefObject<VirtualizerHandle | null>;
  /** What scrolls. */
  viewport: RefObject<HTMLElement | null>;
  /** Which row an answer grows in; -1: none. */
  growing: number;
  onGrown: Growth['onGrown'];
  onMoved: Growth['onMoved'];
}

/** The rows that are near the screen, of a list of any length. */
export function VirtualRows(given: VirtualRowsProps): ReactNode {
  const { rows, children, handle, growing, viewport, onGrown, onMoved, ...props } = given;
  const growth = useMemo(() => {
    const list = () => handle.current;
    return growing < 0 ? null : { index: growing, list, viewport, onGrown, onMoved };
  }, [growing, handle, viewport, onGrown, onMoved]);
  // By its index: an array of them is nowhere.
  const data = useMemo<ArrayLike<undefined>>(() => ({ length: rows.length }), [rows]);
  const row = useCallback((_: undefined, index: number) => children(rows, index), [children, rows]);
  const { shift = false } = props;
  // Above older rows virtua moves the page, but hears of the new place with the browser's next event. What is measured before is counted
  // from the old one, and near the top that takes the list to its very beginning, where the next page is asked for.
  useIsomorphicLayoutEffect(() => {
    if (shift) queueMicrotask(() => viewport.current?.dispatchEvent(new Event('scroll')));
  }, [rows, shift, viewport]);
  useEffect(() => (viewport.current ? carryFractions(viewport.current) : undefined), [viewport]);
  return (
    <GrowthProvider value={growth}>
      <Virtualizer ref={handle} item={ListRow} cache={NO_HEIGHTS} data={data} {...props}>
        {row}
      </Virtualizer>
    </GrowthProvider>
  );
}
