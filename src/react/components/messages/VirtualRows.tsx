import type { ReactNode, Ref } from 'react';
import { Virtualizer, type VirtualizerHandle, type VirtualizerProps } from 'virtua';
import type { Row } from '../../list/rows.ts';
import { GrowthProvider, ListRow, type Growth } from './ListRow.tsx';

export interface VirtualRowsProps extends VirtualizerProps<Row> {
  handle: Ref<VirtualizerHandle>;
  /** The row in which an answer grows; null: none does. */
  growth: Growth | null;
}

/** The rows that are near the screen, of a list of any length. */
export function VirtualRows({ handle, growth, ...props }: VirtualRowsProps): ReactNode {
  return (
    <GrowthProvider value={growth}>
      <Virtualizer ref={handle} item={ListRow} {...props} />
    </GrowthProvider>
  );
}
