import { useCallback, useRef, type ReactNode, type RefObject } from 'react';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useOpenReplies } from '../../hooks/useOpenReplies.ts';
import { repliesPart } from './lazy-parts.ts';

/** In which the rows of a list that is seen again are there. */
const FRAMES_FOR_ROWS = 20;

/** Where the replies to a message stand once they are opened. Closed, the focus goes back to what opened them. */
export function RepliesSlot({
  threadId,
  window,
}: {
  threadId: string;
  window: RefObject<HTMLElement | null>;
}): ReactNode {
  const [rootId, open] = useOpenReplies(threadId);
  const shown = useRef(rootId);
  useIsomorphicLayoutEffect(() => {
    const before = shown.current;
    shown.current = rootId;
    if (rootId !== null || before === null) return undefined;
    const focused = document.activeElement;
    if (focused !== null && focused !== document.body) return undefined;
    let frame = 0;
    const goBack = (tries: number) => {
      const list = window.current?.querySelector<HTMLElement>('.lk-viewport');
      const message = list?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(before)}"]`);
      const opener = message?.querySelector<HTMLElement>('.lk-reply-count');
      (opener ?? message ?? list)?.focus();
      if (message || tries === 0) return;
      // Behind the replies of a narrow window the list had no rows: they come with the next frames.
      frame = requestAnimationFrame(() => {
        if (document.activeElement === list) goBack(tries - 1);
      });
    };
    goBack(FRAMES_FOR_ROWS);
    return () => cancelAnimationFrame(frame);
  }, [rootId, window]);
  const close = useCallback(() => open(null), [open]);
  if (rootId === null) return null;
  return <repliesPart.Part key={rootId} threadId={threadId} rootId={rootId} onClose={close} onLoadError={close} />;
}
