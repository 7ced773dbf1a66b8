import Archive from 'lucide/dist/esm/icons/archive.mjs';
import ArchiveArrowUp from 'lucide/dist/esm/icons/archive-arrow-up.mjs';
import Bell from 'lucide/dist/esm/icons/bell.mjs';
import BellOff from 'lucide/dist/esm/icons/bell-off.mjs';
import { useState, type ReactNode } from 'react';
import { ChatError, type Thread } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useThreadActions } from '../../hooks/useThreadActions.ts';
import { errorText } from '../../strings.ts';
import { MenuItems, MenuPopover, type MenuItem } from '../parts/Menu.tsx';

export interface ThreadMenuProps {
  thread: Thread;
  /** Where it opens. */
  anchor: HTMLElement | null;
  /** `back`: focus goes back to the button; without it, the person pressed elsewhere. */
  onClose: (back: boolean) => void;
}

/** What one can do with a conversation, as a menu. It closes once that was done; what is refused stands in it. */
export function ThreadMenu({ thread, anchor, onClose }: ThreadMenuProps): ReactNode {
  const { client, strings } = useChatContext('<ThreadMenu>');
  const { mute, unmute, archive, unarchive } = useThreadActions(thread.id);
  const [refusal, setRefusal] = useState<ChatError | null>(null);
  const { muted = false, archived = false } = thread.own ?? {};

  const run = (action: () => Promise<void>) => () => {
    setRefusal(null);
    action().then(
      () => onClose(true),
      (thrown: unknown) => setRefusal(ChatError.is(thrown) ? thrown : new ChatError('internal', String(thrown))),
    );
  };
  const items: (MenuItem | false)[] = [
    client?.can('muteThread') === true &&
      (muted
        ? { key: 'unmute', label: strings.unmute, icon: Bell, run: run(unmute) }
        : { key: 'mute', label: strings.mute, icon: BellOff, run: run(mute) }),
    client?.can('archiveThread') === true &&
      (archived
        ? { key: 'unarchive', label: strings.unarchive, icon: ArchiveArrowUp, run: run(unarchive) }
        : { key: 'archive', label: strings.archive, icon: Archive, run: run(archive) }),
  ];
  const why = refusal && errorText(strings, refusal);
  return (
    <MenuPopover anchor={anchor} onClose={onClose}>
      <MenuItems label={strings.threadActions} items={items} />
      {why && (
        <p className="lk-menu-refusal" role="alert">
          {why.what} {why.remedy}
        </p>
      )}
    </MenuPopover>
  );
}
