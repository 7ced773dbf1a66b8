import ChevronLeft from 'lucide/dist/esm/icons/chevron-left.mjs';
import { useRef, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { formatShort } from '../../format.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { otherOf, usePresence } from '../../hooks/usePresence.ts';
import { useThread } from '../../hooks/useThread.ts';
import { ConnectionStatus as DefaultConnectionStatus } from '../window/ConnectionStatus.tsx';
import type { ThreadHeaderProps } from '../types.ts';
import { searchPart } from '../search/lazy-parts.ts';
import { useSearchToggle } from '../search/useSearchToggle.tsx';
import { Root, useRoot } from '../parts/useRoot.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { useDay } from '../../list/useDay.ts';
import { accessOf } from '../messages/abilities.ts';
import { reportsPart } from '../reports/lazy-parts.ts';
import { ThreadAvatar } from './ThreadAvatar.tsx';
import { ThreadMenuButton } from './ThreadMenuButton.tsx';

/** Which conversation this is, whether it is live, a search in it, and what one can do with it. */
export function ThreadHeader({ threadId, onBack, onLeave, className }: ThreadHeaderProps): ReactNode {
  const { strings, components, client, userId, locale } = useChatContext('<ThreadHeader>');
  const { status, thread } = useThread(threadId);
  const { jumpTo } = useMessageActions(threadId);
  const search = useSearchToggle();
  const header = useRef<HTMLElement>(null);
  const root = useRoot('lk-header', className);
  const presence = usePresence(otherOf(thread, userId));
  const today = useDay();
  const ConnectionStatus = components.ConnectionStatus ?? DefaultConnectionStatus;
  // Known only while connected; beside it the connection's own dot would say twice the same, or the contrary.
  const seen = presence?.online
    ? strings.online
    : presence?.lastSeenAt
      ? strings.lastSeen(formatShort(presence.lastSeenAt, today, locale))
      : null;
  const title = thread ? thread.title || strings.threadUntitled : null;
  return (
    <header {...root} ref={header} data-status={status}>
      <Root>
        {onBack && (
          <IconButton icon={ChevronLeft} size={20} label={strings.backToThreads} className="lk-back" onClick={onBack} />
        )}
        {thread && title !== null ? (
          <>
            <ThreadAvatar thread={thread} presence={presence} speaks={false} />
            <div className="lk-header-text">
              <h2 className="lk-title">{title}</h2>
              <p className="lk-subtitle">
                {seen ?? (
                  <>
                    <ConnectionStatus variant="compact" />
                    {thread.access === 'open' ? strings.accessOpen : strings.accessMembers}
                  </>
                )}
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
        {accessOf(thread) === 'moderate' && client?.can('listReported') && (
          <reportsPart.Part key={threadId} threadId={threadId} />
        )}
        {status === 'ready' && client?.can('searchMessages') && search.button(strings.searchThread)}
        {status === 'ready' && thread && <ThreadMenuButton thread={thread} onLeft={onLeave} />}
        {search.isOpen && (
          <div className="lk-header-panel">
            <searchPart.Part
              key={threadId}
              threadId={threadId}
              onPick={(_threadId, messageId) => {
                search.close();
                if (messageId === null) return;
                // What goes wrong shows where the message would be.
                jumpTo(messageId).catch(() => {});
                header.current?.closest('.lk-window')?.querySelector<HTMLElement>('.lk-viewport')?.focus();
              }}
              onClose={search.back}
              onLoadError={search.back}
            />
          </div>
        )}
      </Root>
    </header>
  );
}
