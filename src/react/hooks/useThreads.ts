import type { ThreadListState } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { LOADING_THREADS, SIGNED_OUT_THREADS } from './initial-states.ts';
import { useReadable } from './useReadable.ts';

/** The person's conversations, the latest first. Asked for while a component uses this. */
export function useThreads(): ThreadListState {
  const { client } = useChatContext('useThreads()');
  return useReadable(client?.threads ?? null, SIGNED_OUT_THREADS, LOADING_THREADS);
}
