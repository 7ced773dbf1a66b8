import { useCallback, useMemo } from 'react';
import type { ThreadStatus } from '../../client/index.ts';
import type { ChatError, Thread } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { SIGNED_OUT_THREAD } from './initial-states.ts';
import { TrackedView } from './TrackedView.ts';
import { useReadable } from './useReadable.ts';

export interface ThreadResult {
  /** `refused` and `error` come with `error`. While signed out: `refused`, with the error `signed_out`. */
  status: ThreadStatus;
  /** Null until it was read. */
  thread: Thread | null;
  error: ChatError | null;
  /** Reads the thread again after `error` or `refused`. Stable. */
  reload: () => void;
}

/** One conversation: title, access, and whether it may be read. Its messages: `useMessages`. */
export function useThread(threadId: string): ThreadResult {
  const { client } = useChatContext('useThread()');
  const handle = useMemo(() => client?.thread(threadId) ?? null, [client, threadId]);
  // Not for its messages: a header and a composer have nothing to do when one arrives.
  const view = useMemo(() => handle && new TrackedView(handle, ['status', 'thread', 'error']), [handle]);
  const { status, thread, error } = useReadable(view, SIGNED_OUT_THREAD, handle?.initial ?? SIGNED_OUT_THREAD);
  const reload = useCallback(() => handle?.reload(), [handle]);
  return useMemo(() => ({ status, thread, error, reload }), [status, thread, error, reload]);
}
