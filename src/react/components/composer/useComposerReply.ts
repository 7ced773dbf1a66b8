import { useCallback, useEffect, useRef, type RefObject } from 'react';
import type { Message } from '../../../protocol/index.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { usePerClient } from '../../hooks/usePerClient.ts';
import { placeOf, replyingOf } from '../../replying.ts';

/** What the next message answers, and what ends that. Whoever begins an answer writes at once: the focus comes here. */
export function useComposerReply(
  threadId: string,
  rootId: string | null,
  field: RefObject<HTMLTextAreaElement | null>,
): [message: Message | null, cancel: () => void] {
  const message = usePerClient(replyingOf, placeOf(threadId, rootId), (answered: Message | null) => answered);
  const { startReply } = useMessageActions(threadId, rootId);
  const shown = useRef(message);
  useEffect(() => {
    const before = shown.current;
    shown.current = message;
    if (message && message !== before) field.current?.focus();
  }, [message, field]);
  const cancel = useCallback(() => {
    startReply(null);
    field.current?.focus();
  }, [startReply, field]);
  return [message, cancel];
}
