import X from 'lucide/dist/esm/icons/x.mjs';
import { useId, useRef, type KeyboardEvent, type ReactNode, type RefObject, type SyntheticEvent } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useVisibleArea } from '../launcher/useDialog.ts';
import { IconButton } from './IconButton.tsx';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A modal dialog over the page, over all of it on a phone. The focus goes to `[data-autofocus]` in it and comes back to where it was;
 * Escape closes it.
 */
export function Dialog({ title, onClose, children }: DialogProps): ReactNode {
  const { strings } = useChatContext('<Dialog>');
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useModal(dialog);
  useVisibleArea(dialog, true);

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation(); // What is around it moves by the same keys, and closes by Escape.
    if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onClose();
  };
  // What else closes a modal: a phone's back gesture.
  const onCancel = (event: SyntheticEvent) => {
    event.stopPropagation();
    if (event.target !== event.currentTarget) return;
    event.preventDefault();
    onClose();
  };

  return (
    <dialog
      ref={dialog}
      className="lk-dialog"
      aria-modal="true"
      aria-labelledby={heading}
      onKeyDown={onKeyDown}
      onCancel={onCancel}
    >
      <div className="lk-dialog-head">
        <h2 className="lk-title" id={heading}>
          {title}
        </h2>
        <IconButton icon={X} size={18} label={strings.closeDialog} onClick={onClose} />
      </div>
      {children}
    </dialog>
  );
}

function useModal(dialog: RefObject<HTMLDialogElement | null>): void {
  useIsomorphicLayoutEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    if (!element) return undefined;
    // jsdom has no top layer.
    if (typeof element.showModal === 'function') element.showModal();
    else element.setAttribute('open', '');
    element.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      const held = element.contains(document.activeElement);
      if (typeof element.close === 'function') element.close();
      else element.removeAttribute('open');
      if (held && opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [dialog]);
}
