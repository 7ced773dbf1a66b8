import ChevronLeft from 'lucide/dist/esm/icons/chevron-left.mjs';
import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useThread } from '../../hooks/useThread.ts';
import { Avatar as DefaultAvatar } from '../parts/Avatar.tsx';
import { ConnectionStatus as DefaultConnectionStatus } from '../window/ConnectionStatus.tsx';
import type { ThreadHeaderProps } from '../types.ts';
import { Root, useRoot } from '../parts/useRoot.tsx';
import { Icon } from '../parts/Icon.tsx';

/** Which conversation this is, and whether it is live. */
export function ThreadHeader({ threadId, onBack, className }: ThreadHeaderProps): ReactNode {
  const { strings, components } = useChatContext('<ThreadHeader>');
  const { status, thread } = useThread(threadId);
  const root = useRoot('lk-header', className);
  const Avatar = components.Avatar ?? DefaultAvatar;
  const ConnectionStatus = components.ConnectionStatus ?? DefaultConnectionStatus;
  const title = thread ? thread.title || strings.threadUntitled : null;
  return (
    <header {...root} data-status={status}>
      <Root>
        {onBack && (
          <button type="button" className="lk-icon-button lk-back" onClick={onBack} aria-label={strings.backToThreads}>
            <Icon of={ChevronLeft} size={20} />
          </button>
        )}
        {thread && title !== null ? (
          <>
            <Avatar user={{ id: thread.id, name: title, avatarUrl: null }} />
            <div className="lk-header-text">
              <h2 className="lk-title">{title}</h2>
              <p className="lk-subtitle">
                <ConnectionStatus variant="compact" />
                {thread.access === 'open' ? strings.accessOpen : strings.accessMembers}
              </p>
            </div>
          </>
        ) : (
          <div className="lk-header-text">
            <h2 className="lk-title" data-placeholder={status === 'loading'}>
              {strings.threadUntitled}
            </h2>
          </div>
        )}
      </Root>
    </header>
  );
}
