import type { BackendEvent } from '../backends/ChatBackend.ts';
import type { ThreadListStore } from './lists.ts';

/** What few pages have, so that it is no part of the client: its lists are kept up to date with the client's, and it hears what that hears. */
export interface ClientPart {
  lists: ThreadListStore[];
  onEvent(event: BackendEvent): void;
}
