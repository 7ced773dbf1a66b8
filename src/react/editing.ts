import { Store, type ChatClient } from '../client/index.ts';

/** Which message is being edited, by thread; kept while the client lives, so that scrolling it away or another view ends nothing. */
const editing = new WeakMap<ChatClient, Map<string, Store<string | null>>>();

/** The id of the thread's message that is being edited, or null. One at a time. */
export function editingOf(client: ChatClient, threadId: string): Store<string | null> {
  let own = editing.get(client);
  if (!own) editing.set(client, (own = new Map<string, Store<string | null>>()));
  let store = own.get(threadId);
  if (!store) own.set(threadId, (store = new Store<string | null>(null)));
  return store;
}
