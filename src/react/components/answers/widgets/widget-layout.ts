import type { CSSProperties } from 'react';
import type { WidgetNode } from './widget-node.ts';

const JUSTIFY: Record<string, CSSProperties['justifyContent']> = {
  between: 'space-between',
  around: 'space-around',
  evenly: 'space-evenly',
};

/** How a component places those in it. */
export function layoutOf({ align, justify, gap }: WidgetNode): CSSProperties {
  const style: CSSProperties = {};
  if (typeof align === 'string') style.alignItems = align;
  if (typeof justify === 'string') style.justifyContent = Object.hasOwn(JUSTIFY, justify) ? JUSTIFY[justify] : justify;
  // In steps of 4 px.
  if (typeof gap === 'number' && gap >= 0) style.gap = Math.min(gap, 16) * 4;
  return style;
}

/** Of a text that is to be cut off: at so many lines. */
export function linesOf({ truncate, maxLines }: WidgetNode): CSSProperties {
  const lines = truncate === true ? 1 : maxLines;
  return typeof lines === 'number' && lines >= 1 ? { WebkitLineClamp: Math.floor(lines) } : {};
}
