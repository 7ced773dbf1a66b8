import Ellipsis from 'lucide/dist/esm/icons/ellipsis.mjs';
import { useCallback, useImperativeHandle, useRef, useState, type ReactNode, type Ref } from 'react';
import type { BackendActions } from '../../../client/index.ts';
import type { Thread } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { Icon } from '../parts/Icon.tsx';
import { menuPart } from './lazy-parts.ts';
import { deletePart, leavePart, membersPart, renamePart } from './manage/lazy-parts.ts';
import type { ThreadDialogName } from './ThreadMenu.tsx';
import { classes } from '../parts/classes.ts';

/** Without any of these there is nothing in the menu. */
const OFFERED: readonly (keyof BackendActions)[] = [
  'muteThread',
  'archiveThread',
  'listMembers',
  'renameThread',
  'leaveThread',
  'deleteThread',
];

const DIALOGS = { rename: renamePart, members: membersPart, leave: leavePart, delete: deletePart };

export interface ThreadMenuButtonProps {
  thread: Thread;
  className?: string;
  /** The person has left the conversation, or deleted it. */
  onLeft?: (() => void) | undefined;
  /** `open` opens the menu as a press does; false where there is none. */
  ref?: Ref<{ open: () => boolean }>;
}

/** Opens what one can do with a conversation. The menu is loaded when a pointer or the focus comes near. */
export function ThreadMenuButton({ thread, className, onLeft, ref }: ThreadMenuButtonProps): ReactNode {
  const { client, strings } = useChatContext('<ThreadMenu>');
  const button = useRef<HTMLButtonElement>(null);
  /** Where the menu is open; null while it is not. */
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [dialog, setDialog] = useState<ThreadDialogName | null>(null);
  const closeDialog = useCallback(() => setDialog(null), []);
  const Dialog = dialog && DIALOGS[dialog].Part;
  const open = anchor !== null;
  // A press on the button closes the menu before the click comes, which is not to open it again.
  const wasOpen = useRef(false);
  useImperativeHandle(
    ref,
    () => ({
      open() {
        setAnchor(button.current);
        return button.current !== null;
      },
    }),
    [],
  );
  const close = useCallback((back: boolean) => {
    setAnchor(null);
    if (back) button.current?.focus();
  }, []);
  if (!OFFERED.some((action) => client?.can(action))) return null;
  return (
    <>
      <button
        ref={button}
        type="button"
        className={classes('lk-icon-button lk-thread-more', className)}
        aria-label={strings.threadActions(thread.title || strings.threadUntitled)}
        title={strings.threadActions(null)}
        aria-haspopup="menu"
        aria-expanded={open}
        onPointerEnter={menuPart.preload}
        onFocus={menuPart.preload}
        onPointerDown={() => (wasOpen.current = open)}
        onClick={(event) => {
          setAnchor(event.detail > 0 && wasOpen.current ? null : event.currentTarget);
          wasOpen.current = false;
        }}
      >
        <Icon of={Ellipsis} size={18} />
      </button>
      {open && (
        <menuPart.Part
          thread={thread}
          anchor={anchor}
          onDialog={setDialog}
          onClose={close}
          onLoadError={() => close(true)}
        />
      )}
      {Dialog && <Dialog thread={thread} onClose={closeDialog} onLeft={() => onLeft?.()} onLoadError={closeDialog} />}
    </>
  );
}
