import MessagesSquare from 'lucide/dist/esm/icons/messages-square.mjs';
import TriangleAlert from 'lucide/dist/esm/icons/triangle-alert.mjs';
import { useId, type ReactNode } from 'react';
import { textOf, type Thread } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { formatMoment, formatShort } from '../../format.ts';
import { useChatConnection } from '../../hooks/useChatConnection.ts';
import { useReadable } from '../../hooks/useReadable.ts';
import { useThreads } from '../../hooks/useThreads.ts';
import { unreadLabel } from '../../hooks/useUnread.ts';
import { useDay } from '../../list/useDay.ts';
import { errorText } from '../../strings.ts';
import { numberIn } from '../../strings/forms.ts';
import { Avatar as DefaultAvatar } from '../parts/Avatar.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Skeleton } from '../parts/Skeleton.tsx';
import type { ThreadListProps } from '../types.ts';
import { searchPart, useSearchToggle } from '../search/useSearchToggle.tsx';
import { Root, useRoot } from '../parts/useRoot.tsx';
import { Icon } from '../parts/Icon.tsx';

/** The person's conversations, the latest first, and a search across them. */
export function ThreadList({ selectedId = null, onSelect, className }: ThreadListProps): ReactNode {
  const { strings, client } = useChatContext('<ThreadList>');
  const search = useSearchToggle();
  const { status, threads, error } = useThreads();
  const { reconnect, status: connection } = useChatConnection();
  const root = useRoot('lk-threads', className);
  const heading = useId();
  const text = error && errorText(strings, error);
  return (
    <nav {...root} aria-labelledby={heading} data-status={status}>
      <Root>
        <div className="lk-threads-head">
          <h2 className="lk-threads-heading" id={heading}>
            {strings.threadsHeading}
          </h2>
          {client?.can('searchMessages') && search.button(strings.searchAll)}
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
        ) : threads.length > 0 ? (
          <ul className="lk-threads-list">
            {threads.map((thread) => (
              <li key={thread.id}>
                <ThreadLine thread={thread} selected={thread.id === selectedId} onSelect={onSelect} />
              </li>
            ))}
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
            icon={<Icon of={MessagesSquare} size={20} />}
            title={strings.threadsEmpty}
            hint={strings.threadsEmptyHint}
          />
        )}
      </Root>
    </nav>
  );
}

const NO_DRAFTS: ReadonlySet<string> = /* @__PURE__ */ new Set<string>();

interface ThreadLineProps {
  thread: Thread;
  selected: boolean;
  onSelect: ThreadListProps['onSelect'];
}

function ThreadLine({ thread, selected, onSelect }: ThreadLineProps): ReactNode {
  const { client, strings, components, userId, locale } = useChatContext('<ThreadList>');
  const today = useDay();
  const Avatar = components.Avatar ?? DefaultAvatar;
  const title = thread.title || strings.threadUntitled;
  const last = thread.lastMessage;
  const unread = thread.own?.unreadCount ?? 0;
  const drafts = useReadable(client?.drafts ?? null, NO_DRAFTS, NO_DRAFTS);
  // What one has open is seen in its composer.
  const draft = !selected && drafts.has(thread.id) ? client?.drafts.read(thread.id).text : undefined;
  const author = last && (last.author.id === userId ? strings.you : last.author.name || last.author.id);
  return (
    <button
      type="button"
      className="lk-thread"
      aria-current={selected ? 'true' : undefined}
      data-selected={selected}
      data-unread={unread > 0}
      onClick={() => onSelect?.(thread.id)}
    >
      <Avatar user={{ id: thread.id, name: title, avatarUrl: null }} />
      <span className="lk-thread-title">{title}</span>
      <time
        className="lk-thread-time"
        dateTime={new Date(thread.updatedAt).toISOString()}
        title={formatMoment(thread.updatedAt, locale)}
        suppressHydrationWarning
      >
        {formatShort(thread.updatedAt, today, locale)}
      </time>
      <span className="lk-thread-preview" dir="auto">
        {draft ? (
          <>
            <em className="lk-thread-draft">{strings.draft}</em> {draft}
          </>
        ) : last && author !== null ? (
          strings.preview(author, textOf(last.parts))
        ) : (
          strings.messagesEmpty
        )}
      </span>
      {unread > 0 && (
        <span className="lk-thread-unread">
          <span aria-hidden="true">{unreadLabel(unread, (value) => numberIn(locale, value))}</span>
          <span className="lk-hidden">{strings.unread(unread)}</span>
        </span>
      )}
    </button>
  );
}
