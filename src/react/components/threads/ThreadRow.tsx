import BellOff from 'lucide/dist/esm/icons/bell-off.mjs';
import { memo, useRef, type ReactNode } from 'react';
import type { Thread } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { formatMoment, formatShort } from '../../format.ts';
import { otherOf, usePresence } from '../../hooks/usePresence.ts';
import { useReadable } from '../../hooks/useReadable.ts';
import { unreadLabel } from '../../hooks/useUnread.ts';
import { useDay } from '../../list/useDay.ts';
import { numberIn } from '../../strings/forms.ts';
import { Icon } from '../parts/Icon.tsx';
import type { ThreadListProps } from '../types.ts';
import { previewText } from './preview-text.ts';
import { ThreadAvatar } from './ThreadAvatar.tsx';
import { ThreadMenuButton } from './ThreadMenuButton.tsx';

const NO_DRAFTS: ReadonlySet<string> = /* @__PURE__ */ new Set<string>();

interface ThreadRowProps {
  thread: Thread;
  selected: boolean;
  onSelect: ThreadListProps['onSelect'];
  onLeave: ThreadListProps['onLeave'];
}

/** One conversation in the list, and what one can do with it. Rendered again when its own props change: a list may have hundreds. */
export const ThreadRow = memo(function ThreadRow({ thread, selected, onSelect, onLeave }: ThreadRowProps): ReactNode {
  const { client, strings, userId, locale } = useChatContext('<ThreadList>');
  const today = useDay();
  const menu = useRef<{ open: () => boolean }>(null);
  const presence = usePresence(otherOf(thread, userId));
  const title = thread.title || strings.threadUntitled;
  const last = thread.lastMessage;
  const unread = thread.own?.unreadCount ?? 0;
  const muted = thread.own?.muted ?? false;
  const drafts = useReadable(client?.drafts ?? null, NO_DRAFTS, NO_DRAFTS);
  // What one has open is seen in its composer.
  const draft = !selected && drafts.has(thread.id) ? client?.drafts.read(thread.id).text : undefined;
  return (
    <>
      <button
        type="button"
        className="lk-thread"
        aria-current={selected ? 'true' : undefined}
        data-selected={selected}
        data-unread={unread > 0}
        data-muted={muted}
        onClick={() => onSelect?.(thread.id)}
        onContextMenu={(event) => {
          if (menu.current?.open()) event.preventDefault();
        }}
      >
        <ThreadAvatar thread={thread} presence={presence} speaks />
        <span className="lk-thread-title">
          {title}
          {muted && <span className="lk-hidden">{strings.muted}</span>}
        </span>
        <span className="lk-thread-meta">
          {muted && <Icon of={BellOff} size={13} />}
          <time
            className="lk-thread-time"
            dateTime={new Date(thread.updatedAt).toISOString()}
            title={formatMoment(thread.updatedAt, locale)}
            suppressHydrationWarning
          >
            {formatShort(thread.updatedAt, today, locale)}
          </time>
        </span>
        <span className="lk-thread-preview" dir="auto">
          {draft ? (
            <>
              <em className="lk-thread-draft">{strings.draft}</em> {draft}
            </>
          ) : last ? (
            previewText(last, userId, strings)
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
      <ThreadMenuButton ref={menu} thread={thread} onLeft={() => onLeave?.(thread.id)} />
    </>
  );
});
