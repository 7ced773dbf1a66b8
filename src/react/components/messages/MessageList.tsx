import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import Lock from 'lucide/dist/esm/icons/lock.mjs';
import MessageCircle from 'lucide/dist/esm/icons/message-circle.mjs';
import TriangleAlert from 'lucide/dist/esm/icons/triangle-alert.mjs';
import type { Message } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useChatConnection } from '../../hooks/useChatConnection.ts';
import { useIsHydrating } from '../../hooks/useIsHydrating.ts';
import { useMessages, type MessagesResult } from '../../hooks/useMessages.ts';
import { errorText } from '../../strings.ts';
import { someParts } from './lazy-parts.ts';
import { rowsPart } from './lazy-rows.ts';
import { AfterLoading } from '../parts/lazy-part.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Skeleton } from '../parts/Skeleton.tsx';
import type { MessageListProps } from '../types.ts';
import { StaticRows } from './StaticRows.tsx';
import { useExtras } from './useExtras.ts';
import { Root, useRoot } from '../parts/useRoot.tsx';
import { Icon } from '../parts/Icon.tsx';

/**
 * The messages of a thread: virtual, at its newest until the reader moves up. `data-status` is the thread's (`loading`, `ready`,
 * `refused`, `error`).
 *
 * By keyboard: the list is one stop of the Tab key. ArrowUp and ArrowDown lead from message to message, Enter opens what one can do with
 * the one that has the focus, Escape goes back to the composer.
 */
export function MessageList({ threadId, focusMessageId, className }: MessageListProps): ReactNode {
  const root = useRoot('lk-list', className);
  const list = useRef<HTMLDivElement>(null);
  const thread = useMessages(threadId);
  const { jumpTo } = thread;
  useExtras(thread.entries);
  useEffect(() => {
    // What goes wrong shows in the list.
    if (focusMessageId !== undefined) jumpTo(focusMessageId).catch(() => {});
  }, [focusMessageId, jumpTo]);
  return (
    <div {...root} ref={list} data-status={thread.status}>
      <Root>
        <Contents key={threadId} threadId={threadId} thread={thread} list={list} />
      </Root>
    </div>
  );
}

/** Where a list opens, at its newest or at a message amid its page, is within so many from the end. */
const MOST_SEEN_FIRST = 200;

interface RowsProps {
  threadId: string;
  thread: MessagesResult;
  /** What they stand in. */
  list: RefObject<HTMLElement | null>;
}

/** Where the first messages have more than words, they wait for what shows that. */
function Rows(props: RowsProps): ReactNode {
  const { strings } = useChatContext('<MessageList>');
  const isLoaded = rowsPart.useIsLoaded();
  const [hasMore] = useState(() => {
    return props.thread.entries.messages.slice(-MOST_SEEN_FIRST).some(isMoreThanWords);
  });
  const rows = isLoaded ? <rowsPart.Part {...props} /> : <StaticRows {...props} />;
  if (!hasMore) return rows;
  const fallback = <Skeleton label={strings.messagesLoading} shape="messages" rows={5} />;
  return (
    <AfterLoading loader={someParts} fallback={fallback} orWithout>
      {rows}
    </AfterLoading>
  );
}

function isMoreThanWords({ event, replyTo, reactions, parts }: Message): boolean {
  return !!event || !!replyTo || reactions.length > 0 || parts.some(({ type }) => type === 'file');
}

/** So long messages wait for the list that moves through them, rather than being made twice; most pages have it before them. */
const PATIENCE_MS = 200;

/** Whether messages can be shown for good, or have waited for that. What stands in a server's markup does not wait. */
function useIsDue(areThere: boolean): boolean {
  const isLoaded = rowsPart.useIsLoaded();
  const isHydrating = useIsHydrating();
  const [isOver, setIsOver] = useState(isHydrating || typeof ResizeObserver === 'undefined');
  const waits = areThere && !isLoaded && !isOver;
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(() => setIsOver(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waits]);
  return !waits;
}

function Contents(props: RowsProps): ReactNode {
  const { thread } = props;
  const { strings } = useChatContext('<MessageList>');
  const connection = useChatConnection();
  const { status, entries, error, reload } = thread;
  const isDue = useIsDue(entries.length > 0);
  // A connection that is closed for good will bring no messages: its reason stands where they would.
  const cut = status === 'loading' && connection.status === 'closed';
  if (status === 'refused' || cut) {
    const reason = cut ? connection.error : error;
    const text = reason ? errorText(strings, reason) : strings.signedOut;
    const mayRetry = reason !== null && reason.code !== 'signed_out';
    return (
      <Notice
        kind="refused"
        icon={<Icon of={Lock} size={20} />}
        title={text.what}
        hint={text.remedy}
        action={mayRetry ? strings.retry : undefined}
        onAction={cut ? connection.reconnect : reload}
      />
    );
  }
  if (entries.length > 0 && isDue) return <Rows {...props} />;
  if (entries.length > 0 || status === 'loading')
    return <Skeleton label={strings.messagesLoading} shape="messages" rows={5} />;
  if (status === 'error') {
    const text = error && errorText(strings, error);
    return (
      <Notice
        kind="error"
        icon={<Icon of={TriangleAlert} size={20} />}
        title={text?.what ?? strings.errorFallback}
        hint={text?.remedy}
        action={strings.retry}
        onAction={reload}
      />
    );
  }
  return (
    <Notice
      kind="empty"
      icon={<Icon of={MessageCircle} size={20} />}
      title={strings.messagesEmpty}
      hint={thread.jump?.status === 'failed' ? strings.messageUnavailable : strings.messagesEmptyHint}
    />
  );
}
