import type { ThreadListState } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { LOADING_THREADS, SIGNED_OUT_THREADS } from './initial-states.ts';
import { useReadable } from './useReadable.ts';

export interface ThreadsOptions {
  /** Those that the person has archived, and no others. Default false: the others. */
  archived?: boolean;
}

/** The person's conversations, the latest first. Asked for while a component uses this. */
export function useThreads({ archived = false }: ThreadsOptions = {}): ThreadListState {
  const { client } = useChatContext('useThreads()');
  const threads = archived ? client?.archivedThreads : client?.threads;
  return useReadable(threads ?? null, SIGNED_OUT_THREADS, LOADING_THREADS);
}
