import { useCallback, useMemo } from 'react';
import type { ThreadStatus } from '../../client/index.ts';
import type { ChatError, Thread } from '../../protocol/index.ts';
import { useThreadState } from './useThreadState.ts';

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
  const [handle, { status, thread, error }] = useThreadState(threadId, 'useThread()');
  const reload = useCallback(() => handle?.reload(), [handle]);
  return useMemo(() => ({ status, thread, error, reload }), [status, thread, error, reload]);
}
