import Copy from 'lucide/dist/esm/icons/copy.mjs';
import Flag from 'lucide/dist/esm/icons/flag.mjs';
import Link from 'lucide/dist/esm/icons/link.mjs';
import Pencil from 'lucide/dist/esm/icons/pencil.mjs';
import Pin from 'lucide/dist/esm/icons/pin.mjs';
import PinOff from 'lucide/dist/esm/icons/pin-off.mjs';
import Reply from 'lucide/dist/esm/icons/reply.mjs';
import RotateCcw from 'lucide/dist/esm/icons/rotate-ccw.mjs';
import SmilePlus from 'lucide/dist/esm/icons/face-slightly-smiling-plus.mjs';
import Trash2 from 'lucide/dist/esm/icons/trash.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import { useEffect, useId, useState, type ReactNode } from 'react';
import { textOf } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { MenuItems, MenuPopover, type MenuItem } from '../parts/Menu.tsx';
import type { MessageItemProps } from '../types.ts';
import { reportPart } from '../reports/lazy-parts.ts';
import type { Abilities } from './abilities.ts';

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

/** What one can do with a message, as a menu. Deleting asks first. */
export function MessageMenu(props: MessageMenuProps): ReactNode {
  const { entry, abilities, anchor, onRetry, onDiscard, onReact, onReply, onPin, onEdit, onDelete, onClose } = props;
  const { strings, messageHref } = useChatContext('<MessageItem>');
  const [asking, setAsking] = useState(false);
  const [reporting, setReporting] = useState(false);
  const [copied, setCopied] = useState<{ what: 'text' | 'link'; done: boolean } | null>(null);
  const { id, threadId } = entry.message;

  useEffect(() => {
    if (copied === null) return undefined;
    const timer = setTimeout(() => onClose(true), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied, onClose]);

  const close = (then: () => void) => () => {
    onClose(true);
    then();
  };
  const copy = (what: 'text' | 'link', text: string) => {
    const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('insecure'));
    written.then(
      () => setCopied({ what, done: true }),
      () => setCopied({ what, done: false }),
    );
  };
  const copyLink = () => copy('link', new URL(messageHref({ threadId, messageId: id }), document.baseURI).href);
  const outcome = copied?.done ? strings.copied : strings.copyFailed;
  const items: (MenuItem | false)[] = [
    abilities.retry && { key: 'retry', label: strings.retry, icon: RotateCcw, run: close(() => onRetry(id)) },
    abilities.react && { key: 'react', label: strings.react, icon: SmilePlus, run: onReact },
    abilities.reply && { key: 'reply', label: strings.reply, icon: Reply, run: close(onReply) },
    abilities.copy && {
      key: 'copy',
      label: copied?.what === 'text' ? outcome : strings.copyText,
      icon: Copy,
      run: () => copy('text', textOf(entry.message.parts)),
    },
    abilities.link && {
      key: 'link',
      label: copied?.what === 'link' ? outcome : strings.copyLink,
      icon: Link,
      run: copyLink,
    },
    abilities.pin && {
      key: 'pin',
      label: entry.message.pinned ? strings.unpin : strings.pin,
      icon: entry.message.pinned ? PinOff : Pin,
      run: close(onPin),
    },
    abilities.report && { key: 'report', label: strings.report, icon: Flag, run: () => setReporting(true) },
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

  if (reporting) {
    const end = () => onClose(true);
    return <reportPart.Part message={entry.message} onClose={end} onLoadError={end} />;
  }
  return (
    <MenuPopover anchor={anchor} onClose={onClose} asking={asking}>
      {asking ? (
        <DeleteQuestion onDelete={close(onDelete)} onCancel={() => onClose(true)} />
      ) : (
        <MenuItems label={strings.messageActions} items={items} />
      )}
      <span className="lk-hidden" role="status">
        {copied === null ? '' : outcome}
      </span>
    </MenuPopover>
  );
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
