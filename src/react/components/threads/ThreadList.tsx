import Archive from 'lucide/dist/esm/icons/archive.mjs';
import MessageSquarePlus from 'lucide/dist/esm/icons/message-square-plus.mjs';
import MessagesSquare from 'lucide/dist/esm/icons/messages-square.mjs';
import TriangleAlert from 'lucide/dist/esm/icons/triangle-alert.mjs';
import { useCallback, useId, useRef, useState, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useChatConnection } from '../../hooks/useChatConnection.ts';
import { useLatest } from '../../hooks/useLatest.ts';
import { useThreads } from '../../hooks/useThreads.ts';
import { errorText } from '../../strings.ts';
import { Icon } from '../parts/Icon.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { Notice } from '../parts/Notice.tsx';
import { useKeptFocus } from '../parts/useKeptFocus.ts';
import { Root, useRoot } from '../parts/useRoot.tsx';
import { Skeleton } from '../parts/Skeleton.tsx';
import { searchPart } from '../search/lazy-parts.ts';
import { useSearchToggle } from '../search/useSearchToggle.tsx';
import type { ThreadListProps } from '../types.ts';
import { longListPart } from './lazy-parts.ts';
import { newThreadPart } from './manage/lazy-parts.ts';
import { ThreadRow } from './ThreadRow.tsx';

/** Conversations that fit into most windows: nobody scrolls through them. */
const SHORT = 10;

/** The person's conversations, the latest first, with those that they have archived behind a switch, and a search across all. */
export function ThreadList({
  selectedId = null,
  onSelect,
  onLeave,
  newThreads = 'members',
  className,
}: ThreadListProps): ReactNode {
  const { strings, client } = useChatContext('<ThreadList>');
  const search = useSearchToggle();
  const [archived, setArchived] = useState(false);
  const [making, setMaking] = useState(false);
  const endMaking = useCallback(() => setMaking(false), []);
  const list = useThreads({ archived });
  const { status, threads, error, hasMore } = list;
  const { reconnect, status: connection } = useChatConnection();
  const root = useRoot('lk-threads', className);
  const heading = useId();
  const scroller = useRef<HTMLElement>(null);
  const rows = useRef<HTMLUListElement>(null);
  const filter = useRef<HTMLButtonElement>(null);
  const focus = useKeptFocus(rows, threads, () => filter.current);
  const told = useLatest({ onSelect, onLeave });
  const select = useCallback((threadId: string) => told.current.onSelect?.(threadId), [told]);
  const leave = useCallback((threadId: string) => told.current.onLeave?.(threadId), [told]);
  const text = error && errorText(strings, error);
  return (
    <nav {...root} ref={scroller} aria-labelledby={heading} data-status={status} data-archived={archived}>
      <Root>
        <div className="lk-threads-head">
          <h2 className="lk-threads-heading" id={heading}>
            {archived ? strings.archivedHeading : strings.threadsHeading}
          </h2>
          {client?.can('archiveThread') && (
            <IconButton
              icon={Archive}
              size={18}
              label={strings.showArchived}
              buttonRef={filter}
              className="lk-archived-toggle"
              aria-pressed={archived}
              onClick={() => setArchived(!archived)}
            />
          )}
          {client?.can('searchMessages') && search.button(strings.searchAll)}
          {newThreads !== 'none' && client?.can('createThread') && (
            <IconButton
              icon={MessageSquarePlus}
              size={18}
              label={strings.newThread}
              aria-haspopup="dialog"
              onPointerEnter={newThreadPart.preload}
              onFocus={newThreadPart.preload}
              onClick={() => setMaking(true)}
            />
          )}
          {making && (
            <newThreadPart.Part
              offersOpen={newThreads === 'any'}
              onCreated={(thread) => {
                setMaking(false);
                onSelect?.(thread.id);
              }}
              onClose={endMaking}
              onLoadError={endMaking}
            />
          )}
        </div>
        {search.isOpen ? (
          <searchPart.Part
            onPick={(threadId, messageId) => {
              search.close();
              // What goes wrong shows where the message would be.
              if (messageId !== null)
                client
                  ?.thread(threadId)
                  .jumpTo(messageId)
                  .catch(() => {});
              onSelect?.(threadId);
            }}
            onClose={search.back}
            onLoadError={search.back}
          />
        ) : threads.length > 0 || hasMore ? (
          <ul className="lk-threads-list" ref={rows} {...focus}>
            {threads.map((thread) => (
              <li key={thread.id}>
                <ThreadRow thread={thread} selected={thread.id === selectedId} onSelect={select} onLeave={leave} />
              </li>
            ))}
            {(hasMore || threads.length > SHORT) && <longListPart.Part list={list} scroller={scroller} rows={rows} />}
          </ul>
        ) : status === 'loading' && connection !== 'closed' ? (
          <Skeleton label={strings.threadsLoading} shape="threads" rows={4} />
        ) : status !== 'ready' ? (
          <Notice
            kind="error"
            icon={<Icon of={TriangleAlert} size={20} />}
            title={text?.what ?? strings.connectionClosed}
            hint={text?.remedy}
            action={error?.code === 'signed_out' ? undefined : strings.retry}
            onAction={reconnect}
          />
        ) : (
          <Notice
            kind="empty"
            icon={<Icon of={archived ? Archive : MessagesSquare} size={20} />}
            title={archived ? strings.archivedEmpty : strings.threadsEmpty}
            hint={archived ? strings.archivedEmptyHint : strings.threadsEmptyHint}
          />
        )}
      </Root>
    </nav>
  );
}
