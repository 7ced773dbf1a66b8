import type { OutboxStore } from './OutboxStore.ts';
import { noOutboxStore } from './OutboxStore.ts';

/**
 * The device's own: IndexedDB, whose code is loaded when it is first needed.
 * @param name whose, at which backend: another person's is another store. Asked for when it is needed.
 */
export function deviceOutboxStore(name: () => string): OutboxStore {
  if (typeof indexedDB === 'undefined') return noOutboxStore;
  let opened: Promise<OutboxStore> | undefined;
  // One promise for all, so that calls are made in the order in which they came.
  const open = () =>
    (opened ??= import('./indexedDbOutboxStore.ts').then(({ indexedDbOutboxStore }) => indexedDbOutboxStore(name())));
  return {
    load: async () => (await open()).load(),
    put: async (item) => (await open()).put(item),
    has: async (id) => (await open()).has(id),
    remove: async (id, saved) => (await open()).remove(id, saved),
    clear: async () => (await open()).clear(),
    exclusive: async (threadId, work) => {
      const store = await open().catch(() => noOutboxStore);
      await store.exclusive(threadId, work);
    },
    watch: (listener) => {
      open().then(
        (store) => store.watch(listener),
        () => {}, // told by the first call that needs it
      );
    },
    close: () => {
      opened?.then(
        (store) => store.close(),
        () => {},
      );
    },
  };
}
