import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import { browserTabs } from '../auth/browser-tabs.ts';
import type { TabsChannel, TabsPort } from '../auth/types.ts';
import type { OutboxItem } from './OutboxItem.ts';
import type { OutboxStore } from './OutboxStore.ts';

interface Schema extends DBSchema {
  items: { key: string; value: OutboxItem };
}

/** What of the platform's Web Locks is needed. Absent on pages without https, and in browsers before 2022. */
export interface Locks {
  request(name: string, options: { signal: AbortSignal }, work: () => Promise<void>): Promise<void>;
}

export interface IndexedDbOutboxOptions {
  /** Through what the person's tabs hear of each other's changes. Default: the browser's BroadcastChannel. */
  tabs?: TabsPort | false;
  /** Default: the browser's. */
  locks?: Locks | undefined;
}

/** Longer than a request may take. A tab that was frozen while it sent keeps its lock: nobody waits for that. */
const LOCK_PATIENCE_MS = 15_000;
/** Part of the name, so that a page with older code never reads what it cannot understand. */
const FORMAT = 1;

/** Keeps unsent items in IndexedDB, in a database of their own for each `name`. */
export function indexedDbOutboxStore(name: string, options: IndexedDbOutboxOptions = {}): OutboxStore {
  const id = `latchkit:outbox:${FORMAT}:${name}`;
  const { tabs = browserTabs(`outbox ${name}`), locks = platformLocks() } = options;
  let channel: TabsChannel | null = null;
  let opening: Promise<IDBPDatabase<Schema>> | undefined;
  const close = () => {
    void opening?.then(
      (db) => db.close(),
      () => {},
    );
    opening = undefined;
  };
  const open = () =>
    (opening ??= openDB<Schema>(id, 1, {
      upgrade: (db) => void db.createObjectStore('items', { keyPath: 'id' }),
      // Another page deletes or upgrades it, or the browser took it away: the next call opens it anew.
      blocking: close,
      terminated: () => (opening = undefined),
    }).catch((cause: unknown) => {
      opening = undefined;
      throw cause;
    }));
  const tell = (saved?: unknown) => channel?.post({ saved: saved ?? null });
  return {
    load: async () => (await (await open()).getAll('items')).filter(isItem),
    async put(item) {
      await (await open()).put('items', item);
      tell();
    },
    has: async (key) => (await (await open()).count('items', key)) > 0,
    async remove(key, saved) {
      await (await open()).delete('items', key);
      tell(saved);
    },
    async clear() {
      await (await open()).clear('items');
      tell();
    },
    async exclusive(threadId, work) {
      if (!locks) return work();
      let begun = false;
      const once = () => {
        begun = true;
        return work();
      };
      try {
        await locks.request(`${id} ${threadId}`, { signal: AbortSignal.timeout(LOCK_PATIENCE_MS) }, once);
      } catch (cause) {
        if (begun) throw cause;
        await work();
      }
    },
    watch(listener) {
      if (tabs) channel ??= tabs.open((message) => listener(savedOf(message)));
    },
    close() {
      channel?.close();
      channel = null;
      close();
    },
  };
}

function platformLocks(): Locks | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.locks;
}

function savedOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'saved' in message ? message.saved : null;
}

/** Any script of the page's origin may have written here. */
function isItem(value: unknown): value is OutboxItem {
  const item = value as Partial<OutboxItem> | null;
  const names = [item?.id, item?.order, item?.threadId, item?.messageId, item?.task?.type];
  return names.every((field) => typeof field === 'string') && typeof item?.at === 'number' && item.error !== undefined;
}
