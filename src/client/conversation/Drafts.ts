import type { Mention } from '../../protocol/index.ts';
import { Store } from '../store.ts';

/** What is written and not sent. */
export interface Draft {
  text: string;
  /** Those whom it names. */
  mentions: readonly Mention[];
}

/** Where drafts outlive a reload: `localStorage`, or what does the same. May throw, as that does where it is forbidden or full. */
export interface DraftStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export const NO_DRAFT: Draft = { text: '', mentions: [] };

/** Part of the name, so that a page with older code never reads what it cannot understand. */
const FORMAT = 1;

/**
 * What a person has written and not sent, by the place that it is for: a thread, or the replies to a message. Kept on the device for this
 * person at this backend alone, and erased by a sign-out. As a store: the places that hold one.
 */
export class Drafts {
  readonly #prefix: (() => string) | null;
  readonly #storage: () => DraftStorage | null;
  readonly #drafts = new Map<string, Draft>();
  readonly #places: Store<ReadonlySet<string>>;
  #loaded = false;
  #over = false;
  readonly subscribe: (listener: () => void) => () => void;

  /** @param name whose, at which backend; null keeps nothing on the device. Asked for when it is needed. */
  constructor(name: (() => string) | null, storage: () => DraftStorage | null = platformStorage) {
    this.#prefix = name && (() => `latchkit:draft:${FORMAT}:${name()}\n`);
    this.#storage = storage;
    this.#places = new Store<ReadonlySet<string>>(new Set());
    this.subscribe = this.#places.subscribe;
  }

  readonly get = (): ReadonlySet<string> => {
    this.#load();
    return this.#places.get();
  };

  read(place: string): Draft {
    this.#load();
    return this.#drafts.get(place) ?? NO_DRAFT;
  }

  /** An empty text is none. */
  keep(place: string, draft: Draft): void {
    if (this.#over) return;
    this.#load();
    const isEmpty = draft.text === '';
    if (isEmpty) this.#drafts.delete(place);
    else this.#drafts.set(place, draft);
    this.#onDevice((storage, prefix) => {
      if (isEmpty) storage.removeItem(prefix + place);
      else storage.setItem(prefix + place, JSON.stringify(draft));
    });
    if (this.#places.get().has(place) === isEmpty) this.#places.set(new Set(this.#drafts.keys()));
  }

  /** Forgets everything, on the device too. */
  erase(): void {
    this.#onDevice((storage, prefix) => {
      for (const key of keysOf(storage, prefix)) storage.removeItem(key);
    });
    this.#over = true;
    this.#drafts.clear();
    this.#places.set(new Set());
  }

  #load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    this.#onDevice((storage, prefix) => {
      for (const key of keysOf(storage, prefix)) {
        const draft = parse(storage.getItem(key));
        if (draft) this.#drafts.set(key.slice(prefix.length), draft);
      }
    });
    if (this.#drafts.size > 0) this.#places.set(new Set(this.#drafts.keys()));
  }

  /** Forbidden, full, or taken away: then a draft lives as long as the page. */
  #onDevice(work: (storage: DraftStorage, prefix: string) => void): void {
    try {
      const storage = this.#storage();
      if (storage && this.#prefix) work(storage, this.#prefix());
    } catch {
      // see above
    }
  }
}

function platformStorage(): DraftStorage | null {
  // Node has one of its own by now, which is no person's.
  return typeof document === 'undefined' ? null : localStorage;
}

function keysOf(storage: DraftStorage, prefix: string): string[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  return keys.filter((key) => key.startsWith(prefix));
}

/** Any script of the page's origin may have written there. */
function parse(json: string | null): Draft | null {
  try {
    const { text, mentions } = JSON.parse(json ?? '') as Partial<Draft>;
    if (typeof text !== 'string' || text === '') return null;
    const valid = (Array.isArray(mentions) ? (mentions as Partial<Mention>[]) : []).filter(
      (each): each is Mention => typeof each?.userId === 'string' && typeof each.label === 'string',
    );
    return { text, mentions: valid };
  } catch {
    return null;
  }
}
