import { ChatError } from '../../protocol/index.ts';
import type { Message } from '../../protocol/index.ts';
import { readMessage } from '../frames/readMessage.ts';
import { attempt } from '../frames/shape.ts';
import { asChatError } from './errors.ts';
import type { Line } from './Line.ts';
import { afterRefusal, outboxItem, perform } from './OutboxItem.ts';
import type { OutboxItem } from './OutboxItem.ts';
import { OutboxItems } from './OutboxItems.ts';
import type { OutboxStore } from './OutboxStore.ts';
import { Retry } from './Retry.ts';

/** A device that does not answer holds up no message for longer than this. */
const LOAD_PATIENCE_MS = 2_000;

export interface OutboxEvents {
  /** What is unsent in a thread is something else now. */
  changed(threadId: string): void;
  /** The server answered, here or in another tab: the message as it was then. What was unsent of it is gone already. */
  saved(message: Message): void;
}

/** Sends one thread's items, one at a time. */
interface Lane {
  readonly retry: Retry;
  /** Has the thread to itself, or waits for that. */
  running: boolean;
  /** The one that the server has not answered yet. */
  underway: OutboxItem | null;
}

/**
 * Brings to the server what the person did: messages, edits, deletions, reactions, per thread in the order of doing. An item shows at
 * once, is written to the device in the same tick, and is sent without waiting for that: it is lost only if the page dies within
 * the milliseconds before either is out. What was written is sent by this page, by another tab, or by the next visit, under the same id,
 * so the server has it once.
 */
export class Outbox {
  readonly #line: Line;
  readonly #store: OutboxStore;
  readonly #on: OutboxEvents;
  readonly #items: OutboxItems;
  readonly #lanes = new Map<string, Lane>();
  #state: 'new' | 'loading' | 'open' | 'over' = 'new';
  #cancelPatience: (() => void) | undefined;
  #toldOfStorage = false;

  constructor(line: Line, store: OutboxStore, on: OutboxEvents) {
    this.#line = line;
    this.#store = store;
    this.#on = on;
    this.#items = new OutboxItems(store, {
      changed: (threadId) => this.#changed(threadId),
      failed: (cause) => this.#tellOfStorage(cause),
    });
  }

  /** Takes over what earlier visits left. Nothing is sent before that, so that the order is kept. */
  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'loading';
    this.#store.watch((saved) => this.#onOtherTab(saved));
    this.#cancelPatience = this.#line.clock.setTimer(() => this.#open(), LOAD_PATIENCE_MS);
    void this.#items.read().then(() => this.#open());
  }

  /** What is unsent in a thread, in order. The same array until it changes. */
  itemsOf(threadId: string): readonly OutboxItem[] {
    return this.#items.of(threadId);
  }

  /** Whether an answer about this thread is awaited. */
  isBusy(threadId: string): boolean {
    return (this.#lanes.get(threadId)?.underway ?? null) !== null;
  }

  /** Adds an item, or replaces the one of the same id. */
  put(item: OutboxItem): void {
    this.#items.put(item);
    this.#changed(item.threadId);
  }

  /** Sends a refused item once more, behind what was done in the meantime. */
  retry({ id, threadId, messageId, at, task }: OutboxItem): void {
    this.put({ ...outboxItem(threadId, messageId, at, task), id });
  }

  /** Nobody wants it any more, or the server is known to have it. */
  remove(item: OutboxItem): void {
    this.#items.drop(item);
    this.#on.changed(item.threadId);
  }

  /** The server has these messages. Nobody is told: whoever asks shows them as sent. */
  dropSends(threadId: string, stored: (messageId: string) => Message | undefined): void {
    for (const item of this.itemsOf(threadId)) {
      const message = item.task.type === 'send' ? stored(item.messageId) : undefined;
      if (message) this.#items.drop(item, message);
    }
  }

  /** There is a connection: whatever waited need not. */
  resume(): void {
    for (const lane of this.#lanes.values()) lane.retry.reset();
    for (const threadId of this.#items.threadIds()) this.#next(threadId);
  }

  /** There is none: what is under way will be sent again, if it is not answered. */
  pause(): void {
    for (const lane of this.#lanes.values()) lane.retry.reset();
  }

  /** Erases everything, also from the device: the person signed out. */
  erase(): void {
    this.#store.clear().catch(() => {}); // a device that cannot forget could not keep either
    this.close();
  }

  /** Forgets everything here. What the device has is for the next visit. */
  close(): void {
    this.#state = 'over';
    this.#cancelPatience?.();
    this.pause();
    this.#items.close();
    this.#store.close();
  }

  get #isOver(): boolean {
    return this.#state === 'over';
  }

  #changed(threadId: string): void {
    this.#on.changed(threadId);
    this.#next(threadId);
  }

  #open(): void {
    this.#cancelPatience?.();
    if (this.#state !== 'loading') return;
    this.#state = 'open';
    this.resume();
  }

  #onOtherTab(saved: unknown): void {
    if (this.#isOver) return;
    const message = attempt(readMessage, saved);
    if (message) this.#on.saved(message);
    void this.#items.read();
  }

  #tellOfStorage(cause: unknown): void {
    if (this.#toldOfStorage) return;
    this.#toldOfStorage = true;
    this.#line.report(new ChatError('storage_unavailable', 'What is unsent cannot be kept on this device.', { cause }));
  }

  #head(threadId: string): OutboxItem | undefined {
    return this.itemsOf(threadId).find(({ error }) => error === null);
  }

  #next(threadId: string): void {
    if (this.#state !== 'open' || !this.#line.session || !this.#head(threadId)) return;
    const lane = this.#lane(threadId);
    if (lane.running || lane.retry.waiting) return;
    lane.running = true;
    void this.#store
      .exclusive(threadId, () => this.#flush(threadId, lane))
      .catch((thrown: unknown) => this.#line.report(asChatError(thrown)))
      .then(() => {
        lane.running = false;
        this.#next(threadId);
      });
  }

  #lane(threadId: string): Lane {
    let lane = this.#lanes.get(threadId);
    if (!lane) {
      lane = { retry: new Retry(this.#line.clock), running: false, underway: null };
      this.#lanes.set(threadId, lane);
    }
    return lane;
  }

  async #flush(threadId: string, lane: Lane): Promise<void> {
    for (let item = this.#head(threadId); item && !lane.retry.waiting; item = this.#head(threadId)) {
      if (await this.#items.isGone(item)) await this.#items.read();
      // Time has passed: it may be another one's turn, or there is nobody to send to.
      const { session } = this.#line;
      if (!session || this.#isOver) return;
      if (this.#head(threadId) !== item) continue;
      lane.underway = item;
      try {
        const message = await perform(session, item);
        if (this.#isStill(item)) this.#items.drop(item, message);
        if (!this.#isOver) this.#on.saved(message);
      } catch (thrown) {
        const error = asChatError(thrown);
        if (!error.retryable) this.#onRefused(item, error);
        else if (this.#line.session === session && this.#isStill(item)) {
          lane.retry.later(() => this.#next(threadId), error);
        }
      } finally {
        lane.underway = null;
      }
    }
  }

  #isStill(item: OutboxItem): boolean {
    return this.itemsOf(item.threadId).includes(item);
  }

  #onRefused(item: OutboxItem, error: ChatError): void {
    if (this.#isOver || !this.#isStill(item)) return;
    const { drop, put } = afterRefusal(item, error, this.itemsOf(item.threadId));
    for (const gone of drop) this.#items.drop(gone);
    if (put) this.#items.put(put);
    this.#on.changed(item.threadId);
    this.#line.report(error);
  }
}
