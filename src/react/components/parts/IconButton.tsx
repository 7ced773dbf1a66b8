import type { ComponentPropsWithoutRef, ReactNode, Ref } from 'react';
import { Icon, type IconShapes } from './Icon.tsx';
import { classes } from './classes.ts';

interface IconButtonProps extends Omit<ComponentPropsWithoutRef<'button'>, 'aria-label' | 'children'> {
  icon: IconShapes;
  /** What it does: read out, and shown when the pointer rests on it. */
  label: string;
  /** Of the icon, px. */
  size?: number;
  /** Beyond its own class. */
  className?: string;
  buttonRef?: Ref<HTMLButtonElement>;
}

/** A button that shows an icon alone. */
export function IconButton({ icon, label, size = 16, className, buttonRef, ...rest }: IconButtonProps): ReactNode {
  return (
    <button
      ref={buttonRef}
      type="button"
      className={classes('lk-icon-button', className)}
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon of={icon} size={size} />
    </button>
  );
}
