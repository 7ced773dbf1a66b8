import type { Fanout, FanoutEvent, FanoutListener } from './Fanout.ts';

interface Subscription {
  listener: FanoutListener;
}

interface Topic {
  /** Objects, so that one function subscribed twice is two subscriptions. */
  subscriptions: Set<Subscription>;
  snapshot: FanoutListener[] | null;
}

const DONE = Promise.resolve();

/** Fan-out within one process. */
export class LocalFanout implements Fanout {
  readonly #topics = new Map<string, Topic>();
  readonly #onError: (error: unknown) => void;

  /** @param onError told of what a listener threw; the others are still told */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  publish(topic: string, event: FanoutEvent): Promise<void> {
    const found = this.#topics.get(topic);
    if (!found) return DONE;
    // Not the set itself: whoever subscribes in the middle hears the next event. Copied only after a change.
    found.snapshot ??= Array.from(found.subscriptions, ({ listener }) => listener);
    for (const listener of found.snapshot) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
    return DONE;
  }

  mayBeHeard(topic: string): boolean {
    return this.#topics.has(topic);
  }

  subscribe(topic: string, listener: FanoutListener): Promise<() => void> {
    const found = this.#topics.get(topic) ?? { subscriptions: new Set(), snapshot: null };
    this.#topics.set(topic, found);
    const own: Subscription = { listener };
    found.subscriptions.add(own);
    found.snapshot = null;
    return Promise.resolve(() => {
      found.subscriptions.delete(own);
      found.snapshot = null;
      if (found.subscriptions.size === 0 && this.#topics.get(topic) === found) this.#topics.delete(topic);
    });
  }

  close(): Promise<void> {
    this.#topics.clear();
    return Promise.resolve();
  }
}
