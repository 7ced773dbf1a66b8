import { TYPING_LIFE_MS, type ChatUser, type Message } from '../../protocol/index.ts';
import { Store } from '../store.ts';
import type { Line } from './Line.ts';
import type { TypingHandle } from './types.ts';

/** While the person goes on writing, the server is told this often: well within the time after which a reader forgets. */
const REPEAT_MS = 3_000;
/** Who has written nothing for this long is thinking. */
const IDLE_MS = 5_000;

interface OpenThread {
  id: string;
  isLive(): boolean;
  /** Whether the person may write in it. */
  mayWrite(): boolean;
  subscribe(listener: () => void): () => void;
}

/** Who writes in a thread at this moment. Nothing of it is stored anywhere: what is not said again lapses. */
export class Typing implements TypingHandle {
  readonly #line: Line;
  readonly #thread: OpenThread;
  readonly #store: Store<readonly ChatUser[]>;
  /** What ends each one's time. */
  readonly #lapses = new Map<string, () => void>();
  /** When the server was last told that the person writes; null while it is not to think so. */
  #toldAt: number | null = null;
  #cancelIdle: (() => void) | undefined;

  readonly get: () => readonly ChatUser[];
  readonly subscribe: (listener: () => void) => () => void;

  constructor(line: Line, thread: OpenThread) {
    this.#line = line;
    this.#thread = thread;
    this.#store = new Store<readonly ChatUser[]>([], () => thread.subscribe(() => {}));
    this.get = this.#store.get;
    this.subscribe = this.#store.subscribe;
  }

  notify(active = true): void {
    const { session, clock } = this.#line;
    if (!active) return this.stop();
    if (!session?.sendTyping || !this.#thread.isLive() || !this.#thread.mayWrite()) return;
    this.#cancelIdle?.();
    this.#cancelIdle = clock.setTimer(() => this.stop(), IDLE_MS);
    const now = clock.monotonic();
    if (this.#toldAt !== null && now - this.#toldAt < REPEAT_MS) return;
    this.#toldAt = now;
    session.sendTyping(this.#thread.id, true);
  }

  stop(): void {
    this.#cancelIdle?.();
    if (this.#toldAt === null) return;
    this.#toldAt = null;
    this.#line.session?.sendTyping?.(this.#thread.id, false);
  }

  /** Somebody writes, or no longer does. */
  onTold(user: ChatUser, active: boolean): void {
    if (user.id === this.#line.me.id) return;
    if (!active) return this.#forget(user.id);
    const isKnown = this.#lapses.has(user.id);
    this.#lapses.get(user.id)?.();
    this.#lapses.set(
      user.id,
      this.#line.clock.setTimer(() => this.#forget(user.id), TYPING_LIFE_MS),
    );
    if (!isKnown) this.#store.set([...this.get(), user]);
  }

  /** What somebody wrote is there. */
  onMessage({ author }: Message): void {
    this.#forget(author.id);
  }

  onLost(): void {
    this.#cancelIdle?.();
    this.#toldAt = null;
    for (const cancel of this.#lapses.values()) cancel();
    this.#lapses.clear();
    if (this.get().length > 0) this.#store.set([]);
  }

  #forget(userId: string): void {
    const cancel = this.#lapses.get(userId);
    if (!cancel) return;
    cancel();
    this.#lapses.delete(userId);
    this.#store.set(this.get().filter(({ id }) => id !== userId));
  }
}
