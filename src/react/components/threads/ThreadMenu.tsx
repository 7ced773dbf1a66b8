import Archive from 'lucide/dist/esm/icons/archive.mjs';
import ArchiveArrowUp from 'lucide/dist/esm/icons/archive-arrow-up.mjs';
import Bell from 'lucide/dist/esm/icons/bell.mjs';
import BellOff from 'lucide/dist/esm/icons/bell-off.mjs';
import LogIn from 'lucide/dist/esm/icons/log-in.mjs';
import LogOut from 'lucide/dist/esm/icons/log-out.mjs';
import Pencil from 'lucide/dist/esm/icons/pencil.mjs';
import Trash from 'lucide/dist/esm/icons/trash.mjs';
import Users from 'lucide/dist/esm/icons/users.mjs';
import { useState, type ReactNode } from 'react';
import { ChatError, type Thread } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useThreadActions } from '../../hooks/useThreadActions.ts';
import { errorText } from '../../strings.ts';
import { threadAbilitiesOf } from '../../thread-abilities.ts';
import { MenuItems, MenuPopover, type MenuItem } from '../parts/Menu.tsx';

export type ThreadDialogName = 'rename' | 'members' | 'leave' | 'delete';

export interface ThreadMenuProps {
  thread: Thread;
  /** Where it opens. */
  anchor: HTMLElement | null;
  /** Opens one of its dialogs. */
  onDialog: (dialog: ThreadDialogName) => void;
  /** `back`: focus goes back to the button; without it, the person pressed elsewhere. */
  onClose: (back: boolean) => void;
}

/** What one can do with a conversation, as a menu. It closes once that was done; what is refused stands in it. */
export function ThreadMenu({ thread, anchor, onDialog, onClose }: ThreadMenuProps): ReactNode {
  const { client, strings } = useChatContext('<ThreadMenu>');
  const { mute, unmute, archive, unarchive, join } = useThreadActions(thread.id);
  const [refusal, setRefusal] = useState<ChatError | null>(null);
  const { muted = false, archived = false } = thread.own ?? {};

  const run = (action: () => Promise<void>) => () => {
    setRefusal(null);
    action().then(
      () => onClose(true),
      (thrown: unknown) => setRefusal(ChatError.is(thrown) ? thrown : new ChatError('internal', String(thrown))),
    );
  };
  const abilities = threadAbilitiesOf(thread);
  const opens = (dialog: ThreadDialogName) => () => {
    onClose(true);
    onDialog(dialog);
  };
  const items: (MenuItem | false)[] = [
    abilities.join &&
      client?.can('joinThread') === true && { key: 'join', label: strings.joinThread, icon: LogIn, run: run(join) },
    client?.can('listMembers') === true && {
      key: 'members',
      label: strings.members,
      icon: Users,
      run: opens('members'),
    },
    abilities.rename &&
      client?.can('renameThread') === true && {
        key: 'rename',
        label: strings.renameThread,
        icon: Pencil,
        run: opens('rename'),
      },
    client?.can('muteThread') === true &&
      (muted
        ? { key: 'unmute', label: strings.unmute, icon: Bell, run: run(unmute) }
        : { key: 'mute', label: strings.mute, icon: BellOff, run: run(mute) }),
    client?.can('archiveThread') === true &&
      (archived
        ? { key: 'unarchive', label: strings.unarchive, icon: ArchiveArrowUp, run: run(unarchive) }
        : { key: 'archive', label: strings.archive, icon: Archive, run: run(archive) }),
    abilities.leave &&
      client?.can('leaveThread') === true && {
        key: 'leave',
        label: strings.leaveThread,
        icon: LogOut,
        danger: true,
        run: opens('leave'),
      },
    abilities.remove &&
      client?.can('deleteThread') === true && {
        key: 'delete',
        label: strings.deleteThread,
        icon: Trash,
        danger: true,
        run: opens('delete'),
      },
  ];
  const why = refusal && errorText(strings, refusal);
  return (
    <MenuPopover anchor={anchor} onClose={onClose}>
      <MenuItems label={strings.threadActions(null)} items={items} />
      {why && (
        <p className="lk-menu-refusal" role="alert">
          {why.what} {why.remedy}
        </p>
      )}
    </MenuPopover>
  );
}
