import type { Fanout, FanoutEvent, FanoutListener } from './Fanout.ts';

/** Fan-out within one process. */
export class LocalFanout implements Fanout {
  readonly #listeners = new Map<string, Set<FanoutListener>>();
  readonly #onError: (error: unknown) => void;

  /** @param onError told of what a listener threw; the others are still told */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  publish(topic: string, event: FanoutEvent): Promise<void> {
    for (const listener of [...(this.#listeners.get(topic) ?? [])]) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
    return Promise.resolve();
  }

  subscribe(topic: string, listener: FanoutListener): Promise<() => void> {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    // A wrapper of its own, so that one function subscribed twice is two subscriptions.
    const own: FanoutListener = (event) => listener(event);
    listeners.add(own);
    return Promise.resolve(() => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
    });
  }

  close(): Promise<void> {
    this.#listeners.clear();
    return Promise.resolve();
  }
}
