import type { Message } from '../../protocol/index.ts';
import type { OutboxItem } from './OutboxItem.ts';
import type { OutboxStore } from './OutboxStore.ts';

const NONE: readonly OutboxItem[] = [];

export interface OutboxItemsEvents {
  /** Another tab, or an earlier visit, changed what is unsent in a thread. */
  changed(threadId: string): void;
  /** The device could not keep an item. */
  failed(cause: unknown): void;
}

/**
 * What is unsent: in memory, where it is used from at once, and a copy of it on the device, written in the same tick. Other tabs change
 * that copy too, so it is read again when one says so; where both changed an item, this tab's word stands.
 */
export class OutboxItems {
  readonly #store: OutboxStore;
  readonly #on: OutboxItemsEvents;
  #all: readonly OutboxItem[] = NONE;
  readonly #byThread = new Map<string, readonly OutboxItem[]>();
  /** Ids of those that the device has a copy of: where it is gone, another tab had it answered or discarded it. */
  readonly #kept = new Set<string>();
  /** Ids of those that were changed here while the device was being read. */
  readonly #touched = new Set<string>();
  #reading: Promise<void> | null = null;
  #readAgain = false;
  #closed = false;

  constructor(store: OutboxStore, on: OutboxItemsEvents) {
    this.#store = store;
    this.#on = on;
  }

  /** Those of one thread, in order. The same array until it changes. */
  of(threadId: string): readonly OutboxItem[] {
    let items = this.#byThread.get(threadId);
    if (!items) {
      items = this.#all.filter((item) => item.threadId === threadId);
      this.#byThread.set(threadId, items);
    }
    return items;
  }

  threadIds(): Set<string> {
    return new Set(this.#all.map(({ threadId }) => threadId));
  }

  put(item: OutboxItem): void {
    if (this.#closed) return;
    this.#set([...this.#all.filter(({ id }) => id !== item.id), item]);
    this.#touched.add(item.id);
    this.#store.put(item).then(
      () => this.#kept.add(item.id),
      (cause: unknown) => this.#on.failed(cause),
    );
  }

  /** `saved`: what the server answered, for the other tabs. */
  drop({ id }: OutboxItem, saved?: Message): void {
    if (this.#closed) return;
    this.#set(this.#all.filter((item) => item.id !== id));
    this.#kept.delete(id);
    this.#touched.add(id);
    // If the device does not forget it, the next visit sends it once more, which changes nothing.
    this.#store.remove(id, saved).catch(() => {});
  }

  /** Whether another tab had it answered, or discarded it, without this one having heard. */
  async isGone({ id }: OutboxItem): Promise<boolean> {
    return this.#kept.has(id) && !(await this.#store.has(id).catch(() => true));
  }

  /** Takes over what the device has. One reading at a time; resolves after the last one. */
  read(): Promise<void> {
    this.#readAgain = this.#reading !== null;
    this.#reading ??= this.#readOnce().finally(() => (this.#reading = null));
    return this.#reading;
  }

  close(): void {
    this.#closed = true;
    this.#set(NONE);
  }

  async #readOnce(): Promise<void> {
    do {
      this.#readAgain = false;
      this.#touched.clear();
      const keptBefore = new Set(this.#kept);
      const items = await this.#store.load().catch(() => null);
      if (this.#closed) return;
      if (items) this.#adopt(items, keptBefore);
    } while (this.#readAgain);
  }

  #adopt(onDevice: readonly OutboxItem[], keptBefore: ReadonlySet<string>): void {
    const copies = new Map(onDevice.filter(({ id }) => !this.#touched.has(id)).map((item) => [item.id, item]));
    const changed = new Set<string>();
    const items: OutboxItem[] = [];
    for (const item of this.#all) {
      const copy = copies.get(item.id);
      copies.delete(item.id);
      const gone = !copy && keptBefore.has(item.id) && !this.#touched.has(item.id);
      const same = !gone && (!copy || JSON.stringify(copy) === JSON.stringify(item));
      if (same) items.push(item);
      else if (copy) items.push(copy);
      else this.#kept.delete(item.id);
      if (!same) changed.add(item.threadId);
    }
    for (const copy of copies.values()) {
      this.#kept.add(copy.id);
      changed.add(copy.threadId);
      items.push(copy);
    }
    if (changed.size > 0) this.#set(items);
    for (const threadId of changed) this.#on.changed(threadId);
  }

  #set(items: readonly OutboxItem[]): void {
    this.#all = [...items].sort((a, b) => (a.order < b.order ? -1 : 1));
    // What did not change keeps its array.
    for (const [threadId, before] of this.#byThread) {
      const now = this.#all.filter((item) => item.threadId === threadId);
      if (now.length !== before.length || now.some((item, index) => item !== before[index])) {
        this.#byThread.set(threadId, now);
      }
    }
  }
}
