import ArrowDown from 'lucide-react/icons/arrow-down';
import type { ReactNode } from 'react';
import { Virtualizer } from 'virtua';
import type { Thread } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useLatest } from '../../hooks/useLatest.ts';
import { useThread } from '../../hooks/useThread.ts';
import type { MessagesResult } from '../../hooks/useMessages.ts';
import type { Row } from '../../list/rows.ts';
import { useArrivals } from '../../list/useArrivals.ts';
import { useDay } from '../../list/useDay.ts';
import { useFollow } from '../../list/useFollow.ts';
import { useHasLayout } from '../../list/useHasLayout.ts';
import { useRows } from '../../list/useRows.ts';
import type { MessageAccess } from '../types.ts';
import { Separator } from './Separator.tsx';
import { MessageRow } from './MessageRow.tsx';
import { useMessageKeys } from './useMessageKeys.ts';

/** Older messages are asked for this far from the top, so that most readers never see the edge. */
const LOAD_OLDER_WITHIN_PX = 600;
/** Rows shown where nothing can be laid out: on a server, while hydrating, in jsdom. */
const STATIC_ROWS = 20;

/** What the person may do here, as far as their role says. */
function accessOf(thread: Thread | null): MessageAccess {
  const role = thread?.role;
  if (role === 'readonly') return 'read';
  return role === 'owner' || role === 'agent' ? 'moderate' : 'write';
}

/** The rows of a list that has some. */
export function MessageRows({ threadId, thread }: { threadId: string; thread: MessagesResult }): ReactNode {
  const { strings } = useChatContext('<MessageList>');
  const { messages, hasOlder, loadingOlder, loadOlder, retry, discard } = thread;
  const { rows, prepended } = useRows(messages);
  const today = useDay();
  const { viewport, virtualizer, following, toLatest, leaveTop, keepUp, onScroll, onResize, handlers } = useFollow();
  const hasLayout = useHasLayout(viewport);
  const { unseen } = useArrivals(messages, following, toLatest);
  const keys = useMessageKeys(threadId, viewport, rows, toLatest);
  const access = accessOf(useThread(threadId).thread);

  const mayLoadOlder = useLatest(hasOlder && !loadingOlder);
  const loadIfNearTop = () => {
    const list = virtualizer.current;
    if (!mayLoadOlder.current || !list || list.scrollSize === 0) return;
    const fits = list.scrollSize <= list.viewportSize;
    if (fits || list.scrollOffset < LOAD_OLDER_WITHIN_PX) {
      // What went wrong shows in the thread's state; the next movement tries again.
      loadOlder().catch(() => {});
    }
  };

  // On the rows and not on each render: only they move the bottom.
  useIsomorphicLayoutEffect(keepUp, [rows, hasLayout, keepUp]);

  const handleScroll = (offset: number) => {
    onScroll(offset);
    if (offset === 0 && hasOlder) leaveTop();
    loadIfNearTop();
  };
  const handleResize = () => {
    onResize();
    const list = virtualizer.current;
    if (list && list.scrollSize <= list.viewportSize) loadIfNearTop();
  };

  const row = (item: Row) =>
    item.kind !== 'message' ? (
      <Separator key={item.key} kind={item.kind} at={item.at} today={today} />
    ) : (
      <MessageRow
        key={item.key}
        entry={item.entry}
        continued={item.continued}
        access={access}
        onRetry={retry}
        onDiscard={discard}
      />
    );

  const scrollDown = () => {
    toLatest();
    // The button is about to go: focus stays in the list.
    viewport.current?.focus({ preventScroll: true });
  };

  return (
    <>
      <div
        ref={viewport}
        className="lk-viewport"
        role="log"
        aria-label={strings.messagesLabel(null)}
        // Further up, rows come and go as the reader scrolls; only at the newest is a new row a new message.
        aria-live={following ? 'polite' : 'off'}
        tabIndex={0}
        data-following={following}
        {...handlers}
        onFocus={keys.onFocus}
        onBlur={keys.onBlur}
        onKeyDown={(event) => {
          // What is written in a row, and where one goes in its menu, moves no list.
          if (event.target instanceof Element && event.target.closest('textarea, input, .lk-popover')) return;
          handlers.onKeyDown(event);
          keys.onKeyDown(event);
        }}
      >
        <div className="lk-spacer" />
        {hasLayout ? (
          <Virtualizer
            ref={virtualizer}
            data={rows}
            shift={prepended}
            keepMounted={keys.keepMounted}
            onScroll={handleScroll}
            onResize={handleResize}
          >
            {row}
          </Virtualizer>
        ) : (
          <div>
            {rows.slice(-STATIC_ROWS).map((item) => (
              <div key={item.key}>{row(item)}</div>
            ))}
          </div>
        )}
      </div>
      {loadingOlder && (
        <div className="lk-older" role="status">
          <span className="lk-spinner" aria-hidden="true" />
          {strings.loadingOlder}
        </div>
      )}
      {hasLayout && !following && (
        <button
          type="button"
          className="lk-to-latest"
          onClick={scrollDown}
          data-unseen={unseen}
          aria-label={unseen > 0 ? undefined : strings.toLatest}
        >
          <ArrowDown size={16} aria-hidden="true" />
          {unseen > 0 && strings.newMessages(unseen)}
        </button>
      )}
      <span className="lk-hidden" role="status">
        {unseen > 0 ? strings.newMessages(unseen) : ''}
      </span>
    </>
  );
}
