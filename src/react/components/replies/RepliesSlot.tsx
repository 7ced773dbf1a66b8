import { useCallback, useRef, type ReactNode, type RefObject } from 'react';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useOpenReplies } from '../../hooks/useOpenReplies.ts';
import { lazyPart } from '../parts/lazy-part.tsx';

const repliesPart = /* @__PURE__ */ lazyPart(async () => (await import('./RepliesPanel.tsx')).RepliesPanel);

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
    if (rootId !== null || before === null) return;
    const focused = document.activeElement;
    if (focused !== null && focused !== document.body) return;
    const message = window.current?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(before)}"]`);
    const opener = message?.querySelector<HTMLElement>('.lk-reply-count');
    (opener ?? message ?? window.current?.querySelector<HTMLElement>('.lk-viewport'))?.focus();
  }, [rootId, window]);
  const close = useCallback(() => open(null), [open]);
  if (rootId === null) return null;
  return <repliesPart.Part key={rootId} threadId={threadId} rootId={rootId} onClose={close} onLoadError={close} />;
}
