import Copy from 'lucide/dist/esm/icons/copy.mjs';
import Pencil from 'lucide/dist/esm/icons/pencil.mjs';
import Pin from 'lucide/dist/esm/icons/pin.mjs';
import PinOff from 'lucide/dist/esm/icons/pin-off.mjs';
import Reply from 'lucide/dist/esm/icons/reply.mjs';
import RotateCcw from 'lucide/dist/esm/icons/rotate-ccw.mjs';
import SmilePlus from 'lucide/dist/esm/icons/face-slightly-smiling-plus.mjs';
import Trash2 from 'lucide/dist/esm/icons/trash.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import { useEffect, useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { textOf } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { usePopover } from '../parts/usePopover.ts';
import type { MessageItemProps } from '../types.ts';
import type { Abilities } from './abilities.ts';
import { Icon, type IconShapes } from '../parts/Icon.tsx';

/** How long “Copied” stands before the menu closes. */
const COPIED_MS = 900;

export interface MessageMenuProps extends Pick<MessageItemProps, 'entry' | 'onRetry' | 'onDiscard'> {
  abilities: Abilities;
  /** Where it opens. */
  anchor: HTMLElement | null;
  onReact: () => void;
  onReply: () => void;
  onPin: () => void;
  onEdit: () => void;
  onDelete: () => void;
  /** `back`: focus goes back to the message; without it, the person pressed elsewhere. */
  onClose: (back: boolean) => void;
}

interface Item {
  key: string;
  label: string;
  icon: IconShapes;
  run: () => void;
  danger?: boolean;
}

/** What one can do with a message, as a menu: arrow keys, Home, End and first letters move, Escape closes. Deleting asks first. */
export function MessageMenu(props: MessageMenuProps): ReactNode {
  const { entry, abilities, anchor, onRetry, onDiscard, onReact, onReply, onPin, onEdit, onDelete, onClose } = props;
  const { strings } = useChatContext('<MessageItem>');
  const popover = usePopover(anchor, () => onClose(false));
  const [asking, setAsking] = useState(false);
  const [copied, setCopied] = useState<boolean | null>(null);
  const { id } = entry.message;

  useIsomorphicLayoutEffect(() => {
    // To the first entry; asked whether to delete, to what does no harm.
    popover.current?.querySelector<HTMLElement>(asking ? '[data-cancel]' : '[role="menuitem"]')?.focus();
  }, [asking, popover]);

  useEffect(() => {
    if (copied === null) return undefined;
    const timer = setTimeout(() => onClose(true), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied, onClose]);

  const close = (then: () => void) => () => {
    onClose(true);
    then();
  };
  const copy = () => {
    const written =
      navigator.clipboard?.writeText(textOf(entry.message.parts)) ?? Promise.reject(new Error('insecure'));
    written.then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  const copyLabel = copied === null ? strings.copyText : copied ? strings.copied : strings.copyFailed;
  const items: (Item | false)[] = [
    abilities.retry && { key: 'retry', label: strings.retry, icon: RotateCcw, run: close(() => onRetry(id)) },
    abilities.react && { key: 'react', label: strings.react, icon: SmilePlus, run: onReact },
    abilities.reply && { key: 'reply', label: strings.reply, icon: Reply, run: close(onReply) },
    abilities.copy && { key: 'copy', label: copyLabel, icon: Copy, run: copy },
    abilities.pin && {
      key: 'pin',
      label: entry.message.pinned ? strings.unpin : strings.pin,
      icon: entry.message.pinned ? PinOff : Pin,
      run: close(onPin),
    },
    abilities.edit && { key: 'edit', label: strings.edit, icon: Pencil, run: onEdit },
    abilities.retry && { key: 'discard', label: strings.discard, icon: X, run: close(() => onDiscard(id)) },
    abilities.delete && {
      key: 'delete',
      label: strings.delete,
      icon: Trash2,
      run: () => setAsking(true),
      danger: true,
    },
  ];

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    event.stopPropagation(); // The list moves by the same keys.
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
      {asking ? (
        <DeleteQuestion onDelete={close(onDelete)} onCancel={() => onClose(true)} />
      ) : (
        <div className="lk-menu" role="menu" aria-label={strings.messageActions}>
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
      )}
      <span className="lk-hidden" role="status">
        {copied === null ? '' : copyLabel}
      </span>
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

function DeleteQuestion({ onDelete, onCancel }: { onDelete: () => void; onCancel: () => void }): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  const id = useId();
  return (
    <div className="lk-question" role="alertdialog" aria-labelledby={`${id}title`} aria-describedby={`${id}hint`}>
      <p className="lk-question-title" id={`${id}title`}>
        {strings.deleteQuestion}
      </p>
      <p className="lk-question-hint" id={`${id}hint`}>
        {strings.deleteHint}
      </p>
      <div className="lk-question-actions">
        <button type="button" className="lk-button" data-cancel="" onClick={onCancel}>
          {strings.cancel}
        </button>
        <button type="button" className="lk-button" data-danger="true" onClick={onDelete}>
          {strings.delete}
        </button>
      </div>
    </div>
  );
}
