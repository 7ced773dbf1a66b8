import type { Message } from '../../protocol/index.ts';
import { Store } from '../store.ts';
import { EntryView } from './entries.ts';
import { unsupported } from './errors.ts';
import type { Line } from './Line.ts';
import { withQuoteOf } from './MessageLog.ts';
import type { OutboxItem } from './OutboxItem.ts';
import { PagedStore } from './PagedStore.ts';
import { EntryMaker, StoredEntries } from './StoredEntries.ts';
import type { RepliesHandle, RepliesState } from './types.ts';

const PAGE = 50;
const LOADING: RepliesState = {
  status: 'loading',
  root: null,
  messages: [],
  hasOlder: false,
  loadingOlder: false,
  error: null,
};

/** What replies need of their thread. */
export interface RepliesThread {
  id: string;
  isLive(): boolean;
  subscribe(listener: () => void): () => void;
  get(messageId: string): Message | undefined;
  outbox(): readonly OutboxItem[];
}

/** The replies that begin with one message: a page of them, then what the thread's events bring, with what is unsent. */
export class RepliesStore implements RepliesHandle {
  readonly #rootId: string;
  readonly #line: Line;
  readonly #thread: RepliesThread;
  readonly #pages: PagedStore<'messages', Message>;
  readonly #view = new EntryView();
  readonly #state = new Store<RepliesState>(LOADING, () => this.#onFirst());
  #root: Message | undefined;
  #stored: StoredEntries;
  #unsent: readonly OutboxItem[] = [];

  readonly get = this.#state.get;
  readonly subscribe = this.#state.subscribe;

  constructor(rootId: string, line: Line, thread: RepliesThread) {
    this.#rootId = rootId;
    this.#line = line;
    this.#thread = thread;
    this.#stored = new StoredEntries([], new EntryMaker(line.me.id));
    // The newest first: what comes page by page is what is older.
    this.#pages = new PagedStore<'messages', Message>(line, {
      name: 'messages',
      key: ({ id }) => id,
      compare: (a, b) => b.seq - a.seq,
      read: async (session, cursor) => {
        const beforeSeq = cursor === undefined ? undefined : Number(cursor);
        const page = await (session.listReplies?.(thread.id, rootId, { beforeSeq, limit: PAGE }) ?? unsupported());
        if (page.root) this.#takeRoot(page.root);
        // Without a first one, the frame had no room beside the root.
        const next = page.messages[0]?.seq ?? Number.MAX_SAFE_INTEGER;
        return { items: page.messages, nextCursor: page.hasOlder ? String(next) : null };
      },
      isLive: () => thread.isLive(),
      hold: () => thread.subscribe(() => {}),
    });
  }

  loadOlder(): Promise<void> {
    return this.#pages.loadMore();
  }

  message(messageId: string): Message | undefined {
    if (this.#root?.id === messageId) return this.#root;
    return this.#pages.get().messages.find(({ id }) => id === messageId);
  }

  /** A message of the thread that is new or was changed. */
  take(message: Message): void {
    if (message.id === this.#rootId) this.#takeRoot(message);
    else if (message.replyTo?.rootId === this.#rootId) {
      const known = this.message(message.id);
      if (!known || known.version < message.version) this.#pages.put(message);
    }
    for (const reply of this.#pages.get().messages) {
      const current = withQuoteOf(reply, message);
      if (current !== reply) this.#pages.put(current);
    }
  }

  onConnected(): void {
    this.#pages.onConnected();
  }

  onLost(): void {
    this.#pages.onLost();
  }

  forget(): void {
    this.#root = undefined;
    this.#pages.forget();
    this.refresh();
  }

  /** Shows what is there now. */
  refresh(): void {
    const { status, messages, hasMore, loadingMore, error } = this.#pages.get();
    const root = this.#root ?? this.#thread.get(this.#rootId);
    const stored = keep(this.#stored.messages, [...(root ? [root] : []), ...messages.toReversed()]);
    const unsent = this.#thread.outbox().filter(({ task }) => task.type !== 'send' || this.#isReply(task.replyTo));
    if (stored !== this.#stored.messages) this.#stored = this.#stored.lineUp(stored);
    this.#unsent = keep(this.#unsent, unsent);
    const entries = this.#view.entries(this.#stored, this.#unsent, this.#line.me).all;
    const shown = root ? entries.slice(1) : entries;
    const before = this.get();
    const after: RepliesState = {
      status,
      root: (root && entries[0]) ?? null,
      messages: keep(before.messages, shown),
      hasOlder: hasMore,
      loadingOlder: loadingMore,
      error,
    };
    const keys = Object.keys(after) as (keyof RepliesState)[];
    if (keys.some((key) => !Object.is(before[key], after[key]))) this.#state.set(after);
  }

  #isReply(quote: Message['replyTo']): boolean {
    return quote?.rootId === this.#rootId;
  }

  #takeRoot(message: Message): void {
    if (this.#root && this.#root.version >= message.version) return;
    this.#root = message;
    this.refresh();
  }

  #onFirst(): () => void {
    const stop = this.#pages.subscribe(() => this.refresh());
    this.refresh();
    return stop;
  }
}

/** The array from before, where it holds the same. */
function keep<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return before.length === after.length && before.every((item, index) => item === after[index]) ? before : after;
}
