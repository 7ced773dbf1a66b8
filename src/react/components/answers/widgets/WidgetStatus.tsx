import type { ReactNode } from 'react';
import { iconPart } from './lazy-components.ts';
import { isRecord, textOf } from './widget-node.ts';

/** What stands above a card or a list: in what state it is. */
export function WidgetStatus({ status }: { status: unknown }): ReactNode {
  const words = isRecord(status) ? textOf(status.text) : '';
  if (!isRecord(status) || words === '') return null;
  return (
    <span className="lk-widget-status">
      {status.icon !== undefined && <iconPart.Part name={status.icon} size="sm" />}
      {words}
    </span>
  );
}
