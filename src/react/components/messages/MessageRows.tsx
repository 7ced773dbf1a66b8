import ArrowDown from 'lucide/dist/esm/icons/arrow-down.mjs';
import ArrowUp from 'lucide/dist/esm/icons/arrow-up.mjs';
import { type ReactNode, type RefObject } from 'react';
import type { ChatUser } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { formatWhen } from '../../format.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useLatest } from '../../hooks/useLatest.ts';
import { useThread } from '../../hooks/useThread.ts';
import type { MessagesResult } from '../../hooks/useMessages.ts';
import type { MessageJump } from '../../../client/index.ts';
import { findEntry } from '../../entries.ts';
import { isSeparator, keyOf, type Row, type Rows } from '../../list/rows.ts';
import { useArrivals } from '../../list/useArrivals.ts';
import { useCopy } from '../../list/useCopy.ts';
import { useDay } from '../../list/useDay.ts';
import { useFlight } from '../../list/useFlight.ts';
import { useFollow } from '../../list/useFollow.ts';
import { useGoal } from '../../list/useGoal.ts';
import { useHasLayout } from '../../list/useHasLayout.ts';
import { useJump } from '../../list/useJump.ts';
import { useReading } from '../../list/useReading.ts';
import { useTakeOver } from '../../list/useTakeOver.ts';
import { useToUnread } from '../../list/useToUnread.ts';
import { useUnreadMark } from '../../list/useUnreadMark.ts';
import { useRows } from '../../list/useRows.ts';
import { accessOf, mayPinIn } from './abilities.ts';
import { useMessageKeys } from './useMessageKeys.ts';
import { Icon } from '../parts/Icon.tsx';
import { useRowElements } from './useRowElements.tsx';
import { VirtualRows } from './VirtualRows.tsx';

/** Further messages are asked for this far from the edge, so that most readers never see it. */
const LOAD_WITHIN_PX = 600;
/** Rows shown where nothing can be laid out: in a hidden panel, in jsdom. */
const STATIC_ROWS = 20;

/** The newest, or those around the message that somebody went to. */
function staticRows(rows: Rows, jump: MessageJump | null): readonly Row[] {
  const at = jump?.status === 'shown' ? rows.indexOf(jump.messageId) : -1;
  const end = at < 0 ? rows.length : Math.min(rows.length, at + STATIC_ROWS / 2);
  const begin = Math.max(0, end - STATIC_ROWS);
  return Array.from({ length: end - begin }, (_, index) => rows.at(begin + index) as Row);
}

function Loading({ label, edge = 'older' }: { label: string; edge?: 'older' | 'newer' }): ReactNode {
  return (
    <div className="lk-older" data-edge={edge} role="status">
      <span className="lk-spinner" aria-hidden="true" />
      {label}
    </div>
  );
}

export interface MessageRowsProps {
  threadId: string;
  thread: MessagesResult;
  /** What they stand in, and where others may have stood until now. */
  list: RefObject<HTMLElement | null>;
}

/** The rows of a list that has some. */
export function MessageRows({ threadId, thread, list }: MessageRowsProps): ReactNode {
  const { strings, locale, userId } = useChatContext('<MessageList>');
  const { entries, hasOlder, loadingOlder, loadOlder, hasNewer, loadingNewer, loadNewer, retry, discard } = thread;
  const { thread: itself } = useThread(threadId);
  const unreadAfter = useUnreadMark(entries, itself?.own);
  // Above what is here, the first unread one may be any: the separator stands once it is known where.
  const reachesBack = unreadAfter !== null && (!hasOlder || (entries.messages[0]?.seq ?? 0) <= unreadAfter);
  const unreadFrom = reachesBack ? unreadAfter : null;
  const model = useRows(entries, unreadFrom);
  const { rows, prepended, view } = model;
  const today = useDay();
  const follow = useFollow(hasNewer);
  const { viewport, virtualizer, following, release, leaveTop, keepUp, onRows, onGrown, onScroll, onResize, handlers } =
    follow;
  const hasLayout = useHasLayout(viewport);
  const goal = useGoal(viewport, virtualizer, rows);
  const toLatest = () => {
    goal.drop();
    thread.toLatest();
    follow.toLatest();
  };
  const arrivals = useArrivals(entries, thread.lastSent, following, toLatest);
  const unseen = hasNewer ? thread.arrived : arrivals.unseen;
  const focused = useTakeOver(list, viewport);
  const last = rows.at(rows.length - 1);
  const growing = last && !isSeparator(last) && last.message.answer?.status === 'streaming' ? rows.length - 1 : -1;
  const keys = useMessageKeys(threadId, viewport, rows, {
    focused,
    growing,
    following: following && !hasNewer,
    onEnd: () => !hasNewer && follow.toLatest(),
  });
  const jump = useJump(thread.jump, model, { goal, virtualizer, release, hasLayout, hasNewer });
  const access = accessOf(itself);
  const mayPin = mayPinIn(itself);
  const toUnread = useToUnread(thread, { goal, rows, unreadAfter, isLoaded: unreadFrom !== null, release });
  const look = useReading({ threadId, viewport, virtualizer, rows, onShown: toUnread.onShown });
  const onCopy = useCopy(entries);

  const mayLoad = useLatest({ older: hasOlder && !loadingOlder, newer: hasNewer && !loadingNewer });
  const loadIfNearEdge = () => {
    const list = virtualizer.current;
    if (!list || list.scrollSize === 0) return;
    const below = list.scrollSize - list.viewportSize - list.scrollOffset;
    // What went wrong shows in the thread's state; the next movement tries again.
    if (mayLoad.current.older && (list.scrollOffset < LOAD_WITHIN_PX || below + list.scrollOffset <= 0)) {
      loadOlder().catch(() => {});
    }
    if (mayLoad.current.newer && below < LOAD_WITHIN_PX) loadNewer().catch(() => {});
  };

  // Before a new list measures itself: it then begins with its newest rows.
  useIsomorphicLayoutEffect(keepUp, [view, hasLayout, keepUp]);
  // On the rows and not on each render: only they move the bottom.
  useIsomorphicLayoutEffect(onRows, [rows, onRows]);

  const markFlight = useFlight(viewport);
  const handleScroll = (offset: number) => {
    markFlight(offset);
    onScroll(offset);
    if (offset === 0 && hasOlder) leaveTop();
    loadIfNearEdge();
    look();
  };
  const handleRest = () => {
    markFlight();
    goal.onRest();
  };
  const handleResize = () => {
    onResize();
    const list = virtualizer.current;
    if (list && list.scrollSize <= list.viewportSize) loadIfNearEdge();
  };

  const elementOf = useRowElements({
    access,
    mayPin,
    today,
    highlighted: jump.highlighted,
    onRetry: retry,
    onDiscard: discard,
  });

  const gone = jump.highlighted === null ? undefined : findEntry(entries, jump.highlighted);
  const nameOf = ({ id, name }: ChatUser) => (id === userId ? strings.you : name || id);
  const goToUnread = () => {
    toUnread.go();
    viewport.current?.focus({ preventScroll: true });
  };
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
        aria-label={strings.messagesLabel(itself ? itself.title || strings.threadUntitled : null)}
        // Further up, rows come and go as the reader scrolls; only at the newest is a new row a new message.
        aria-live={following ? 'polite' : 'off'}
        tabIndex={0}
        data-following={following}
        data-growing={growing >= 0}
        {...handlers}
        onCopy={onCopy}
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
          <VirtualRows
            key={view}
            rows={rows}
            handle={virtualizer}
            viewport={viewport}
            growing={growing}
            onGrown={onGrown}
            onMoved={onScroll}
            shift={prepended}
            keepMounted={keys.keepMounted}
            onScroll={handleScroll}
            onScrollEnd={handleRest}
            onResize={handleResize}
          >
            {elementOf}
          </VirtualRows>
        ) : (
          <div>
            {staticRows(rows, thread.jump).map((item, index, all) => (
              <div key={keyOf(item)}>{elementOf(all, index)}</div>
            ))}
          </div>
        )}
      </div>
      {toUnread.isAbove && !loadingOlder && (
        <button type="button" className="lk-to-unread" onClick={goToUnread}>
          <Icon of={ArrowUp} size={16} />
          {strings.toUnread}
        </button>
      )}
      {loadingOlder && <Loading label={strings.loadingOlder} />}
      {jump.status === 'loading' && <Loading label={strings.messageLoading} />}
      {loadingNewer && <Loading edge="newer" label={strings.loadingNewer} />}
      {jump.status === 'failed' && (
        <div className="lk-older" role="status">
          {strings.messageUnavailable}
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
          <Icon of={ArrowDown} size={16} />
          {unseen > 0 && strings.newMessages(unseen)}
        </button>
      )}
      <span className="lk-hidden" role="status">
        {unseen > 0 ? strings.newMessages(unseen) : ''}
      </span>
      <span className="lk-hidden" role="status">
        {gone
          ? strings.messageShown(nameOf(gone.message.author), formatWhen(gone.message.createdAt, today, locale))
          : ''}
      </span>
    </>
  );
}
