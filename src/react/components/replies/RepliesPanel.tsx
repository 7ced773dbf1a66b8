import X from 'lucide/dist/esm/icons/x.mjs';
import { useId, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { entriesIn } from '../../entries.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { useReplies } from '../../hooks/useReplies.ts';
import { useThread } from '../../hooks/useThread.ts';
import { useDay } from '../../list/useDay.ts';
import { useRows } from '../../list/useRows.ts';
import { placeOf } from '../../replying.ts';
import { errorText } from '../../strings.ts';
import { MessageComposer as DefaultComposer } from '../composer/MessageComposer.tsx';
import { accessOf, mayPinIn } from '../messages/abilities.ts';
import { MessageRow } from '../messages/MessageRow.tsx';
import { useMessageKeys } from '../messages/useMessageKeys.ts';
import { useRowElements } from '../messages/useRowElements.tsx';
import { RepliesProvider } from './RepliesContext.ts';
import { Skeleton } from '../parts/Skeleton.tsx';
import { Root, useRoot } from '../parts/useRoot.tsx';
import { IconButton } from '../parts/IconButton.tsx';

export interface RepliesPanelProps {
  threadId: string;
  /** The message that the replies begin with. */
  rootId: string;
  onClose: () => void;
}

/** The reader is at the newest within this distance. */
const AT_END_PX = 48;

/**
 * A message and what was answered to it, with a composer of its own. Escape closes it, from what is written in it too, unless that
 * ends something else first.
 */
export function RepliesPanel({ threadId, rootId, onClose }: RepliesPanelProps): ReactNode {
  const { strings, components } = useChatContext('<RepliesPanel>');
  const { status, root, messages, hasOlder, loadingOlder, error, loadOlder } = useReplies(threadId, rootId);
  const { retry, discard } = useMessageActions(threadId, rootId);
  const { thread } = useThread(threadId);
  const access = accessOf(thread);
  const mayPin = mayPinIn(thread);
  const { rows } = useRows(useMemo(() => entriesIn(messages), [messages]));
  const today = useDay();
  const elementOf = useRowElements({ access, mayPin, today, highlighted: null, onRetry: retry, onDiscard: discard });
  const panel = useRef<HTMLElement>(null);
  const viewport = useRef<HTMLDivElement>(null);
  const keys = useMessageKeys(placeOf(threadId, rootId), viewport, rows, { onEnd: () => {} });
  const heading = useId();
  const Composer = components.MessageComposer ?? DefaultComposer;
  const part = useRoot('lk-replies');

  const around = useMemo(() => ({ rootId, show: (id: string) => focusMessage(viewport.current, id) }), [rootId]);
  const atEnd = useRef(true);
  const first = useRef<{ key: string | undefined; height: number }>({ key: undefined, height: 0 });
  useIsomorphicLayoutEffect(() => {
    const list = viewport.current;
    if (!list) return;
    const key = messages[0]?.message.id;
    const prepended = first.current.key !== undefined && key !== first.current.key;
    if (prepended) list.scrollTop += list.scrollHeight - first.current.height;
    else if (atEnd.current || messages.at(-1)?.delivery === 'sending') list.scrollTop = list.scrollHeight;
    first.current = { key, height: list.scrollHeight };
  }, [messages]);
  useIsomorphicLayoutEffect(() => panel.current?.focus({ preventScroll: true }), []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onClose();
  };
  const why = error && errorText(strings, error);

  return (
    <section {...part} ref={panel} tabIndex={-1} role="dialog" aria-labelledby={heading} onKeyDown={onKeyDown}>
      <Root>
        <header className="lk-header">
          <h2 className="lk-title" id={heading}>
            {strings.repliesHeading}
          </h2>
          <IconButton icon={X} size={18} label={strings.closeReplies} className="lk-replies-close" onClick={onClose} />
        </header>
        <RepliesProvider value={around}>
          <div
            ref={viewport}
            className="lk-viewport"
            role="log"
            aria-label={strings.repliesHeading}
            tabIndex={0}
            onScroll={({ currentTarget: list }) => {
              atEnd.current = list.scrollHeight - list.scrollTop - list.clientHeight <= AT_END_PX;
            }}
            onFocus={keys.onFocus}
            onBlur={keys.onBlur}
            onKeyDown={(event) => {
              if (event.target instanceof Element && event.target.closest('textarea, input, .lk-popover')) return;
              keys.onKeyDown(event);
            }}
          >
            {root && (
              <div className="lk-replies-root">
                <MessageRow
                  entry={root}
                  continued={false}
                  access={access}
                  mayPin={mayPin}
                  onRetry={retry}
                  onDiscard={discard}
                />
              </div>
            )}
            {hasOlder && (
              <button
                type="button"
                className="lk-button lk-replies-older"
                disabled={loadingOlder}
                // What went wrong is told below.
                onClick={() => void loadOlder().catch(() => {})}
              >
                {strings.repliesOlder}
              </button>
            )}
            {status === 'loading' && <Skeleton label={strings.repliesLoading} shape="messages" rows={3} />}
            {Array.from({ length: rows.length }, (_, index) => elementOf(rows, index))}
            {why && (
              <p className="lk-replies-problem" role="alert">
                {why.what} {why.remedy}
              </p>
            )}
          </div>
        </RepliesProvider>
        <Composer threadId={threadId} replyTo={rootId} />
      </Root>
    </section>
  );
}

function focusMessage(list: HTMLElement | null, messageId: string): boolean {
  const message = list?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(messageId)}"]`);
  message?.focus();
  return message !== null && message !== undefined;
}
