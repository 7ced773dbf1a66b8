import type { Message } from '../../protocol/index.ts';
import type { OutboxItem } from './OutboxItem.ts';

/**
 * Where what is unsent outlives a reload: one person's, at one backend. Calls take effect in the order in which they were made. They
 * may reject; then the page goes on with what it holds in memory.
 */
export interface OutboxStore {
  /** Everything that is kept. */
  load(): Promise<OutboxItem[]>;
  /** Keeps an item, in the place of the one with the same `id`. */
  put(item: OutboxItem): Promise<void>;
  has(id: string): Promise<boolean>;
  /** `saved`: what the server answered, for the other tabs. */
  remove(id: string, saved?: Message): Promise<void>;
  /** Erases everything: the person signed out. */
  clear(): Promise<void>;
  /**
   * Runs `work` while no other tab runs its own for the same thread, so that each message goes out once and in order. Advice only: the
   * server stores a message once however often it is sent, so a store may end a long wait by running `work`.
   */
  exclusive(threadId: string, work: () => Promise<void>): Promise<void>;
  /** Hears that another tab changed what is kept, with what the server answered there, if it did. Ends with `close()`. */
  watch(listener: (saved: unknown) => void): void;
  /** Lets go of everything, once what was asked for is done. */
  close(): void;
}

/** Keeps nothing: where the platform has no storage, or where nobody may say under which name. */
export const noOutboxStore: OutboxStore = {
  load: () => Promise.resolve([]),
  put: () => Promise.resolve(),
  has: () => Promise.resolve(true),
  remove: () => Promise.resolve(),
  clear: () => Promise.resolve(),
  exclusive: (_threadId, work) => work(),
  watch: () => {},
  close: () => {},
};
