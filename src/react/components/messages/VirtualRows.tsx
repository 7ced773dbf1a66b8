import { useMemo, type ReactNode, type RefObject } from 'react';
import { Virtualizer, type CacheSnapshot, type VirtualizerHandle, type VirtualizerProps } from 'virtua';
import type { Row } from '../../list/rows.ts';
import { GrowthProvider, ListRow, type Growth } from './ListRow.tsx';

/** No height is known yet, and a row is a little taller than most lists begin with: fewer are made that do not stay. */
const NO_HEIGHTS: CacheSnapshot = [[], 52];

export interface VirtualRowsProps extends VirtualizerProps<Row> {
  handle: RefObject<VirtualizerHandle | null>;
  /** Which row an answer grows in; -1: none. */
  growing: number;
  onGrown: Growth['onGrown'];
}

/** The rows that are near the screen, of a list of any length. */
export function VirtualRows({ handle, growing, onGrown, ...props }: VirtualRowsProps): ReactNode {
  const growth = useMemo(() => {
    const isFull = () => {
      const list = handle.current;
      return list !== null && list.scrollSize > list.viewportSize;
    };
    return growing < 0 ? null : { index: growing, isFull, onGrown };
  }, [growing, handle, onGrown]);
  return (
    <GrowthProvider value={growth}>
      <Virtualizer ref={handle} item={ListRow} cache={NO_HEIGHTS} {...props} />
    </GrowthProvider>
  );
}
