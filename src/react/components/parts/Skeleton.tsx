import type { ReactNode } from 'react';

/** Grey shapes where rows will be, with the words for it read out. */
export function Skeleton({
  label,
  shape,
  rows,
}: {
  label: string;
  shape: 'messages' | 'threads';
  rows: number;
}): ReactNode {
  return (
    <div className="lk-skeleton" data-shape={shape} role="status">
      <span className="lk-hidden">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="lk-skeleton-row" data-side={shape === 'messages' && row % 3 === 1 ? 'end' : 'start'}>
          <i />
          <b />
        </div>
      ))}
    </div>
  );
}
