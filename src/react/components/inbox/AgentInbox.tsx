import InboxIcon from 'lucide/dist/esm/icons/inbox.mjs';
import TriangleAlert from 'lucide/dist/esm/icons/triangle-alert.mjs';
import { useCallback, useEffect, useId, useRef, useState, type ReactNode } from 'react';
import type { Thread } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useChatConnection } from '../../hooks/useChatConnection.ts';
import { useInbox, type InboxResult } from '../../hooks/useInbox.ts';
import { useLatest } from '../../hooks/useLatest.ts';
import { errorText } from '../../strings.ts';
import { numberIn } from '../../strings/forms.ts';
import { refusalText } from '../handover/refusal-text.ts';
import { Icon } from '../parts/Icon.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Skeleton } from '../parts/Skeleton.tsx';
import { useKeptFocus } from '../parts/useKeptFocus.ts';
import { Root, useRoot } from '../parts/useRoot.tsx';
import type { AgentInboxProps } from '../types.ts';
import { InboxRow } from './InboxRow.tsx';

/** How often it is told anew how long somebody waits. */
const TICK_MS = 15_000;

/** The conversations that wait for a person, the longest wait first, and those that this person answers in. */
export function AgentInbox({ selectedId = null, onSelect, className }: AgentInboxProps): ReactNode {
  const { strings, locale } = useChatContext('<AgentInbox>');
  const { waiting, mine, take } = useInbox();
  const { reconnect, status: connection } = useChatConnection();
  const root = useRoot('lk-inbox', className);
  const heading = useId();
  const rows = useRef<HTMLUListElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const focus = useKeptFocus(rows, waiting.threads, () => title.current);
  const told = useLatest({ onSelect });
  const select = useCallback((threadId: string) => told.current.onSelect?.(threadId), [told]);
  const { status, error, threads } = waiting;
  const count = threads.length;
  const now = useNow();
  const [refused, setRefused] = useState<string | null>(null);
  const takeAndOpen = useCallback(
    async (thread: Thread) => {
      setRefused(null);
      try {
        await take(thread.id);
        select(thread.id);
      } catch (thrown) {
        setRefused(refusalText(thrown, undefined, strings));
      }
    },
    [take, select, strings],
  );
  const text = error && errorText(strings, error);
  const isEmpty = count === 0 && !waiting.hasMore;
  const row = (thread: Thread, isWaiting: boolean) => (
    <li key={thread.id} data-selected={thread.id === selectedId}>
      <InboxRow
        thread={thread}
        now={now}
        selected={thread.id === selectedId}
        onSelect={select}
        onTake={isWaiting ? takeAndOpen : undefined}
      />
    </li>
  );
  return (
    <nav {...root} aria-labelledby={heading} data-status={status} data-count={count}>
      <Root>
        <div className="lk-inbox-head">
          <h2 className="lk-threads-heading" id={heading} ref={title} tabIndex={-1}>
            {strings.inboxHeading}
          </h2>
          {count > 0 && (
            <span className="lk-thread-unread">
              <span aria-hidden="true">
                {numberIn(locale, count)}
                {waiting.hasMore && '+'}
              </span>
              <span className="lk-hidden">{strings.inboxCount(count)}</span>
            </span>
          )}
        </div>
        {refused !== null && (
          <p className="lk-inbox-error" role="alert">
            {refused}
          </p>
        )}
        {isEmpty && status === 'loading' && connection !== 'closed' ? (
          <Skeleton label={strings.inboxLoading} shape="threads" rows={3} />
        ) : isEmpty && status !== 'ready' ? (
          <Notice
            kind="error"
            icon={<Icon of={TriangleAlert} size={20} />}
            title={text?.what ?? strings.connectionClosed}
            hint={text?.remedy}
            action={error?.retryable === false ? undefined : strings.retry}
            onAction={reconnect}
          />
        ) : isEmpty ? (
          <Notice
            kind="empty"
            icon={<Icon of={InboxIcon} size={20} />}
            title={strings.inboxEmpty}
            hint={strings.inboxEmptyHint}
          />
        ) : (
          <>
            <h3 className="lk-inbox-part">{strings.inboxWaiting}</h3>
            <ul className="lk-inbox-list" ref={rows} {...focus}>
              {threads.map((thread) => row(thread, true))}
            </ul>
            <More {...waiting} />
          </>
        )}
        {mine.threads.length > 0 && (
          <>
            <h3 className="lk-inbox-part">{strings.inboxMine}</h3>
            <ul className="lk-inbox-list">{mine.threads.map((thread) => row(thread, false))}</ul>
            <More {...mine} />
          </>
        )}
      </Root>
    </nav>
  );
}

function More({ hasMore, loadingMore, loadMore }: InboxResult['waiting']): ReactNode {
  const { strings } = useChatContext('<AgentInbox>');
  return (
    hasMore && (
      <button
        type="button"
        className="lk-button lk-inbox-more"
        aria-disabled={loadingMore}
        onClick={() => void loadMore()}
      >
        {strings.inboxMore}
      </button>
    )
  );
}

/** Wall-clock time, ms since 1970, some moments old; 0 in a server's markup, where nobody waits yet. */
function useNow(): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    const first = setTimeout(tick, 0);
    const timer = setInterval(tick, TICK_MS);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, []);
  return now;
}
