import X from 'lucide/dist/esm/icons/x.mjs';
import { useCallback, useMemo, useRef, useState, type KeyboardEvent, type ReactNode, type SyntheticEvent } from 'react';
import { ChatContext, useChatContext } from '../../ChatContext.ts';
import { useLatest } from '../../hooks/useLatest.ts';
import { ChatWindow } from '../window/ChatWindow.tsx';
import { StartableMessageList, StartContext } from './StartScreen.tsx';
import type { LauncherPanelProps } from './types.ts';
import { useDialog, useVisibleArea } from './useDialog.ts';
import { usePhone } from './usePhone.ts';
import { IconButton } from '../parts/IconButton.tsx';

/** A menu in the browser's top layer has the first Escape. */
function hasOpenPopover(dialog: HTMLElement): boolean {
  return typeof dialog.showPopover === 'function' && dialog.querySelector(':popover-open') !== null;
}

/** The opened chat: over all of a phone's page, in a corner of a larger one. `data-modal` says which. */
export function LauncherPanel({
  id,
  takesFocus,
  onClose,
  greeting,
  suggestions,
  threadId,
  showThreads = false,
  newThreads = 'none',
  onThreadChange,
}: LauncherPanelProps): ReactNode {
  const context = useChatContext('<ChatLauncher>');
  const { strings, components } = context;
  const dialog = useRef<HTMLDialogElement>(null);
  const modal = usePhone();
  useDialog(dialog, modal, takesFocus);
  useVisibleArea(dialog, modal);

  const MessageList = components.MessageList;
  const [shown, setShown] = useState(threadId);
  const latestOnThreadChange = useLatest(onThreadChange);
  const show = useCallback(
    (id: string) => {
      setShown(id);
      latestOnThreadChange.current?.(id);
    },
    [latestOnThreadChange],
  );
  const [given, setGiven] = useState(threadId);
  if (given !== threadId) {
    setGiven(threadId);
    setShown(threadId);
  }
  const start = useMemo(
    () => ({ greeting, suggestions, MessageList, showThreads, onSelect: show }),
    [greeting, suggestions, MessageList, showThreads, show],
  );
  const within = useMemo(
    () => ({ ...context, components: { ...components, MessageList: StartableMessageList } }),
    [context, components],
  );

  const onKeyDown = (event: KeyboardEvent<HTMLDialogElement>) => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return;
    if (hasOpenPopover(event.currentTarget)) return;
    event.preventDefault();
    onClose();
  };
  // What else closes a modal: a phone's back gesture. A file field's own cancel comes by here too.
  const onCancel = (event: SyntheticEvent<HTMLDialogElement>) => {
    if (event.target !== event.currentTarget) return;
    event.preventDefault();
    onClose();
  };

  return (
    <dialog
      ref={dialog}
      id={id}
      className="lk-launcher-panel"
      data-modal={modal}
      aria-modal={modal}
      aria-label={strings.windowLabel}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onCancel={onCancel}
    >
      <IconButton icon={X} size={18} label={strings.closeChat} className="lk-launcher-close" onClick={onClose} />
      <ChatContext.Provider value={within}>
        <StartContext.Provider value={start}>
          <ChatWindow
            threadId={shown}
            showThreads={showThreads}
            newThreads={newThreads}
            onThreadChange={show}
            autoFocus={takesFocus && !modal}
          />
        </StartContext.Provider>
      </ChatContext.Provider>
    </dialog>
  );
}
