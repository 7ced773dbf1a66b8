import type { ThreadPage } from '../backends/ChatBackend.ts';
import type { Line } from './Line.ts';
import { threadChanges } from './threadChanges.ts';
import { threadRequests } from './threadRequests.ts';
import { ThreadStore, type ThreadHost } from './ThreadStore.ts';
import type { ThreadHandle } from './types.ts';

/** A conversation as its client has it: the store with what can be done in it. @param page to begin with */
export function openThread(id: string, line: Line, host: ThreadHost, page?: ThreadPage): ThreadStore & ThreadHandle {
  const store = new ThreadStore(id, line, host, page);
  return Object.assign(store, threadChanges(store, host.outbox), threadRequests(store, line, host));
}
