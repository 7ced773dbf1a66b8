import type { Thread } from '../../protocol/index.ts';
import type { Readable } from '../store.ts';
import { Store } from '../store.ts';
import type { Line } from './Line.ts';
import { asChatError, Retry } from './Retry.ts';
import type { ThreadListState } from './types.ts';

const LOADING: ThreadListState = { status: 'loading', threads: [], error: null };

/** The person's conversations, asked for while somebody subscribes and kept up to date by the server's word. */
export class ThreadListStore implements Readable<ThreadListState> {
  readonly #line: Line;
  readonly #retry: Retry;
  readonly #state = new Store<ThreadListState>(LOADING, () => this.#onFirst());
  #watched = false;
  /** Listed on this connection, which tells of every change from then on; `asking`: on the way. */
  #live: 'no' | 'asking' | 'yes' = 'no';
  #turn = 0;
  /** What changed while the list was on its way: it may be newer than the list. */
  #changed = new Map<string, Thread>();

  readonly get = this.#state.get;
  readonly subscribe = this.#state.subscribe;

  constructor(line: Line) {
    this.#line = line;
    this.#retry = new Retry(line.clock);
  }

  onConnected(): void {
    if (this.#live === 'no') this.#list();
  }

  onReconnected(): void {
    if (this.#live === 'yes') this.onLost();
    this.onConnected();
  }

  onLost(): void {
    this.#turn += 1;
    this.#live = 'no';
    this.#retry.reset();
  }

  onThread(thread: Thread): void {
    if (this.#live === 'asking') this.#changed.set(thread.id, thread);
    const { status, threads } = this.get();
    if (status === 'ready') this.#show([...threads.filter(({ id }) => id !== thread.id), thread]);
  }

  forget(): void {
    this.onLost();
    this.#changed.clear();
    this.#state.set(LOADING);
  }

  #onFirst(): () => void {
    this.#watched = true;
    if (this.#live === 'no') this.#list();
    return () => {
      this.#watched = false;
      this.#retry.reset();
    };
  }

  #list(): void {
    const { session } = this.#line;
    if (!session || !this.#watched) return;
    this.#live = 'asking';
    this.#changed.clear();
    this.#turn += 1;
    const turn = this.#turn;
    session.listThreads().then(
      (threads) => {
        if (turn !== this.#turn) return;
        this.#live = 'yes';
        this.#retry.reset();
        const newest = new Map(threads.map((thread) => [thread.id, thread]));
        for (const thread of this.#changed.values()) newest.set(thread.id, thread);
        this.#show([...newest.values()]);
      },
      (thrown: unknown) => {
        if (turn !== this.#turn) return;
        this.#live = 'no';
        const error = asChatError(thrown);
        if (error.code === 'connection_lost' && !this.#line.session) return;
        if (this.get().status !== 'ready') this.#state.set({ ...this.get(), status: 'error', error });
        this.#line.report(error);
        if (error.retryable) this.#retry.later(() => this.#list(), error);
      },
    );
  }

  #show(threads: Thread[]): void {
    threads.sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1));
    this.#state.set({ status: 'ready', threads, error: null });
  }
}
