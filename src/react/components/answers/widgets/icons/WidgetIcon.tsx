import type { ReactNode } from 'react';
import { Icon } from '../../../parts/Icon.tsx';
import { textOf } from '../widget-node.ts';
import { DIRECTED, iconShapes } from './widget-icons.ts';

/** CSS pixels. */
const SIZES: Record<string, number> = { xs: 12, sm: 14, md: 16, lg: 20, xl: 24, '2xl': 28, '3xl': 32 };

interface WidgetIconProps {
  name: unknown;
  size?: unknown;
  /** In the words of the server; the kit has its own for them. */
  color?: unknown;
}

/** One of ChatKit’s named icons: an ornament of the words beside it. Nothing where it is not known. */
export function WidgetIcon({ name, size, color }: WidgetIconProps): ReactNode {
  const shapes = iconShapes(textOf(name));
  if (!shapes) return null;
  return (
    <span className="lk-widget-icon" data-color={textOf(color)} data-directed={DIRECTED.has(textOf(name))}>
      <Icon of={shapes} size={SIZES[textOf(size)] ?? 16} />
    </span>
  );
}
