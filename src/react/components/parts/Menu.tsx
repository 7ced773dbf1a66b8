import type { KeyboardEvent, ReactNode } from 'react';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { Icon, type IconShapes } from './Icon.tsx';
import { usePopover } from './usePopover.ts';

export interface MenuItem {
  key: string;
  label: string;
  icon: IconShapes;
  run: () => void;
  /** What cannot be taken back. Default false. */
  danger?: boolean;
}

interface MenuPopoverProps {
  /** Where it opens. */
  anchor: HTMLElement | null;
  /** `back`: focus goes back to where it came from; without it, the person pressed elsewhere. */
  onClose: (back: boolean) => void;
  /** Whether it asks something in place of its items: the focus goes to `[data-cancel]`, and Tab moves. Default false. */
  asking?: boolean;
  children: ReactNode;
}

/** What a menu opens in: arrow keys, Home, End and first letters move between its items, Escape and Tab close it. */
export function MenuPopover({ anchor, onClose, asking = false, children }: MenuPopoverProps): ReactNode {
  const popover = usePopover(anchor, () => onClose(false));

  useIsomorphicLayoutEffect(() => {
    // To the first entry; asked something, to what does no harm.
    popover.current?.querySelector<HTMLElement>(asking ? '[data-cancel]' : '[role="menuitem"]')?.focus();
  }, [asking, popover]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    event.stopPropagation(); // What is around it moves by the same keys.
    if (event.key === 'Escape' || (event.key === 'Tab' && !asking)) {
      event.preventDefault();
      onClose(true);
      return;
    }
    const target = asking ? null : nextItem(event);
    if (!target) return;
    event.preventDefault();
    target.focus();
  };

  return (
    <div ref={popover} className="lk-popover" aria-live="off" onKeyDown={onKeyDown}>
      {children}
    </div>
  );
}

export function MenuItems({ label, items }: { label: string; items: readonly (MenuItem | false)[] }): ReactNode {
  return (
    <div className="lk-menu" role="menu" aria-label={label}>
      {items.map(
        (item) =>
          item && (
            <button
              key={item.key}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className="lk-menu-item"
              data-danger={item.danger ?? false}
              onClick={item.run}
            >
              <Icon of={item.icon} size={16} />
              {item.label}
            </button>
          ),
      )}
    </div>
  );
}

function nextItem(event: KeyboardEvent<HTMLDivElement>): HTMLElement | undefined {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const current = items.indexOf(document.activeElement as HTMLElement);
  const { key } = event;
  if (key === 'ArrowDown') return items[(current + 1) % items.length];
  if (key === 'ArrowUp') return items.at(current <= 0 ? -1 : current - 1);
  if (key === 'Home') return items[0];
  if (key === 'End') return items.at(-1);
  if (key.length !== 1 || key === ' ' || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const from = [...items.slice(current + 1), ...items.slice(0, current + 1)];
  return from.find((item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase()));
}
