import type { Clock } from './clock.ts';
import type { Readable } from './store.ts';
import type { ChatEvent, ChatEventEntry } from './types.ts';

/** Hours of a healthy chat, or the whole of a bad quarter of an hour. */
const CAPACITY = 200;

/** What happened last, in order. Costs an append per event; the list is made only for those who read it. */
export class EventLog implements Readable<readonly ChatEventEntry[]> {
  readonly #clock: Clock;
  readonly #entries: ChatEventEntry[] = [];
  readonly #listeners = new Set<() => void>();
  #view: readonly ChatEventEntry[] | null = null;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(event: ChatEvent): void {
    this.#count += 1;
    this.#entries.push({ id: this.#count, at: this.#clock.now(), event });
    if (this.#entries.length > CAPACITY) this.#entries.shift();
    this.#view = null;
    for (const listener of [...this.#listeners]) listener();
  }

  get = (): readonly ChatEventEntry[] => (this.#view ??= [...this.#entries]);

  subscribe = (listener: () => void): (() => void) => {
    // A fresh function per call, so that the same listener given twice is counted twice.
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  };
}
