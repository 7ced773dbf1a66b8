import { useMemo } from 'react';
import type { ThreadHandle, ThreadState } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { SIGNED_OUT_THREAD } from './initial-states.ts';
import { PacedView } from './PacedView.ts';
import { useReadable } from './useReadable.ts';

/** A thread's handle (null while signed out) and its state, once per frame; live while a component uses it. */
export function useThreadState(threadId: string, caller: string): [ThreadHandle | null, ThreadState] {
  const { client } = useChatContext(caller);
  const handle = useMemo(() => client?.thread(threadId) ?? null, [client, threadId]);
  const view = useMemo(() => handle && new PacedView(handle), [handle]);
  return [handle, useReadable(view, SIGNED_OUT_THREAD, handle?.initial ?? SIGNED_OUT_THREAD)];
}
