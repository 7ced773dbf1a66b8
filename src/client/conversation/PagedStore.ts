import type { ChatError } from '../../protocol/index.ts';
import type { BackendSession } from '../backends/ChatBackend.ts';
import { Store } from '../store.ts';
import { asChatError } from './errors.ts';
import type { Line } from './Line.ts';
import { Retry } from './Retry.ts';
import type { PagedReadable, PagedState } from './types.ts';

/** A list of a thousand pages is read again from its beginning, not as a whole. */
const MAX_PAGES_AGAIN = 20;

export interface PagedSource<Name extends string, Item> {
  /** What the state calls the items. */
  name: Name;
  /** What makes an item the same one. */
  key: (item: Item) => string;
  /** The order that pages come in. */
  compare: (a: Item, b: Item) => number;
  read(session: BackendSession, cursor?: string): Promise<{ items: Item[]; nextCursor: string | null }>;
  /** Whether changes are told from now on, so that the list may be asked for. Default: always. */
  isLive?(): boolean;
  /** Called while somebody subscribes; returns what ends it. */
  hold?(): () => void;
}

/** A list that is asked for page by page while somebody subscribes, and kept up to date by the server's word. */
export class PagedStore<Name extends string, Item> implements PagedReadable<PagedState<Name, Item>> {
  readonly #line: Line;
  readonly #source: PagedSource<Name, Item>;
  readonly #retry: Retry;
  readonly #state: Store<PagedState<Name, Item>>;
  #watched = false;
  /** Read on this connection, which tells of every change from then on; `asking`: on the way. */
  #live: 'no' | 'asking' | 'yes' = 'no';
  /** Counts what makes an answer under way void. */
  #turn = 0;
  #items: readonly Item[] = [];
  #cursor: string | null = null;
  #more: Promise<void> | null = null;
  #loadingMore = false;
  /** What changed while a page was on its way: it may be newer than the page. Null: it is gone. */
  readonly #changed = new Map<string, Item | null>();

  readonly get: () => PagedState<Name, Item>;
  readonly subscribe: (listener: () => void) => () => void;

  constructor(line: Line, source: PagedSource<Name, Item>) {
    this.#line = line;
    this.#source = source;
    this.#retry = new Retry(line.clock);
    this.#state = new Store(this.#view({ status: 'loading' }), () => this.#onFirst());
    this.get = this.#state.get;
    this.subscribe = this.#state.subscribe;
  }

  loadMore(): Promise<void> {
    const { session } = this.#line;
    const cursor = this.#cursor;
    if (!session || this.#live !== 'yes' || cursor === null) return Promise.resolve();
    this.#more ??= this.#loadMore(session, cursor);
    return this.#more;
  }

  onConnected(): void {
    if (this.#live === 'no') void this.#list();
  }

  onReconnected(): void {
    if (this.#live === 'yes') this.onLost();
    this.onConnected();
  }

  /** It is another list now: read anew, whatever is under way. */
  again(): void {
    this.onLost();
    this.onConnected();
  }

  onLost(): void {
    this.#turn += 1;
    this.#live = 'no';
    this.#retry.reset();
  }

  /** An item is there, or is another one than it was. */
  put(item: Item): void {
    this.#changed.set(this.#source.key(item), item);
    if (this.get().status === 'ready')
      this.#show(this.#withChanges(this.#items, new Map([[this.#source.key(item), item]])));
  }

  /** An item, if it is there. */
  find(key: string): Item | undefined {
    const changed = this.#changed.get(key);
    return changed === undefined ? this.#items.find((each) => this.#source.key(each) === key) : (changed ?? undefined);
  }

  remove(key: string): void {
    this.#changed.set(key, null);
    if (this.#items.some((item) => this.#source.key(item) === key)) {
      this.#show(this.#items.filter((item) => this.#source.key(item) !== key));
    }
  }

  forget(): void {
    this.onLost();
    this.#changed.clear();
    this.#items = [];
    this.#cursor = null;
    this.#state.set(this.#view({ status: 'loading' }));
  }

  #onFirst(): () => void {
    this.#watched = true;
    const release = this.#source.hold?.();
    if (this.#live === 'no') void this.#list();
    return () => {
      this.#watched = false;
      this.#retry.reset();
      release?.();
    };
  }

  /** Reads from the beginning as much as there was. */
  async #list(): Promise<void> {
    const { session } = this.#line;
    if (!session || !this.#watched || this.#source.isLive?.() === false) return;
    this.#live = 'asking';
    this.#changed.clear();
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const items: Item[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const page: { items: Item[]; nextCursor: string | null } = await this.#source.read(
          session,
          cursor ?? undefined,
        );
        if (turn !== this.#turn) return;
        items.push(...page.items);
        cursor = page.nextCursor;
        pages += 1;
      } while (cursor !== null && items.length < this.#items.length && pages < MAX_PAGES_AGAIN);
      this.#live = 'yes';
      this.#retry.reset();
      this.#cursor = cursor;
      this.#show(this.#withChanges(items, this.#changed));
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.#live = 'no';
      const error = asChatError(thrown);
      if (error.code === 'connection_lost' && !this.#line.session) return;
      if (this.get().status !== 'ready') this.#state.set(this.#view({ status: 'error', error }));
      this.#line.report(error);
      if (error.retryable) this.#retry.later(() => void this.#list(), error);
    }
  }

  async #loadMore(session: BackendSession, cursor: string): Promise<void> {
    this.#changed.clear();
    const turn = this.#turn;
    this.#setLoadingMore(true);
    try {
      const page = await this.#source.read(session, cursor);
      if (turn !== this.#turn) return;
      this.#cursor = page.nextCursor;
      this.#show(this.#withChanges([...page.items, ...this.#items], this.#changed));
    } catch (thrown) {
      if (turn !== this.#turn) return;
      const error = asChatError(thrown);
      this.#state.set({ ...this.get(), error });
      this.#line.report(error);
    } finally {
      // Before it is told: who hears that it is done may ask for the next one at once.
      this.#more = null;
      this.#setLoadingMore(false);
    }
  }

  #setLoadingMore(loadingMore: boolean): void {
    this.#loadingMore = loadingMore;
    this.#state.set({ ...this.get(), loadingMore });
  }

  /** Each item once, the later copy of it. What belongs behind the last page that was read comes with its page. */
  #withChanges(items: readonly Item[], changes: ReadonlyMap<string, Item | null>): Item[] {
    const { key, compare } = this.#source;
    const byKey = new Map(items.map((item) => [key(item), item]));
    const last = this.#cursor === null ? undefined : [...byKey.values()].sort(compare).at(-1);
    for (const [id, item] of changes) {
      if (item === null) byKey.delete(id);
      else if (byKey.has(id) || last === undefined || compare(item, last) < 0) byKey.set(id, item);
    }
    return [...byKey.values()];
  }

  #show(items: Item[]): void {
    this.#items = items.sort((a, b) => this.#source.compare(a, b));
    this.#state.set(this.#view({ status: 'ready' }));
  }

  #view(change: { status: 'loading' | 'ready' | 'error'; error?: ChatError }): PagedState<Name, Item> {
    const rest = { hasMore: this.#cursor !== null, loadingMore: this.#loadingMore, error: null };
    return { ...rest, ...change, [this.#source.name]: this.#items } as PagedState<Name, Item>;
  }
}
