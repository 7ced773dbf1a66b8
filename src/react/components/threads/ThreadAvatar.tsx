import type { ReactNode } from 'react';
import type { Presence, Thread } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { Avatar as DefaultAvatar } from '../parts/Avatar.tsx';

interface ThreadAvatarProps {
  thread: Thread;
  presence: Presence | null;
  /** Whether the dot stands for words that are nowhere else. */
  speaks: boolean;
}

/** A conversation's picture; of two people's, a dot on it while the other one is here. */
export function ThreadAvatar({ thread, presence, speaks }: ThreadAvatarProps): ReactNode {
  const { strings, components } = useChatContext('<ThreadList>');
  const Avatar = components.Avatar ?? DefaultAvatar;
  return (
    <span className="lk-avatar-slot" data-online={presence?.online ?? false}>
      <Avatar user={{ id: thread.id, name: thread.title || strings.threadUntitled, avatarUrl: null }} />
      {presence?.online && (
        <>
          <i className="lk-presence" aria-hidden="true" />
          {speaks && <span className="lk-hidden">{strings.online}</span>}
        </>
      )}
    </span>
  );
}
