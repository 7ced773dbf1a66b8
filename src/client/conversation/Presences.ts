import { MAX_PRESENCES, type Presence } from '../../protocol/index.ts';
import { Store, type Readable } from '../store.ts';
import type { Line } from './Line.ts';

/** Whom nobody looks at any more is watched for this long: a list that scrolls, or another conversation, asks nothing again. */
const GRACE_MS = 5_000;

/** Who is here, of the people that somebody looks at. */
export class Presences {
  readonly #line: Line;
  readonly #stores = new Map<string, Store<Presence | null>>();
  /** Those who are looked at, and those who were a moment ago. */
  readonly #wanted = new Set<string>();
  /** Those who are wanted and not asked for on this connection yet. */
  readonly #due = new Set<string>();
  /** What stops the giving up of each. */
  readonly #cancels = new Map<string, () => void>();
  #asking = false;

  constructor(line: Line) {
    this.#line = line;
  }

  of(userId: string): Readable<Presence | null> {
    let store = this.#stores.get(userId);
    if (!store) {
      store = new Store<Presence | null>(null, () => this.#onFirst(userId));
      this.#stores.set(userId, store);
    }
    return store;
  }

  onTold(presence: Presence): void {
    if (this.#wanted.has(presence.userId)) this.#stores.get(presence.userId)?.set(presence);
  }

  onConnected(): void {
    for (const userId of this.#wanted) this.#due.add(userId);
    this.#askSoon();
  }

  /** Who was here may have gone since. */
  onLost(): void {
    this.#due.clear();
    for (const userId of this.#wanted) this.#stores.get(userId)?.set(null);
  }

  #onFirst(userId: string): () => void {
    // Looked at again before it was given up, it is known still.
    this.#cancels.get(userId)?.();
    this.#cancels.delete(userId);
    if (!this.#wanted.has(userId)) {
      this.#wanted.add(userId);
      this.#due.add(userId);
      this.#askSoon();
    }
    return () => {
      this.#cancels.set(
        userId,
        this.#line.clock.setTimer(() => this.#giveUp(userId), GRACE_MS),
      );
    };
  }

  #giveUp(userId: string): void {
    this.#cancels.delete(userId);
    this.#wanted.delete(userId);
    this.#stores.get(userId)?.set(null);
    if (!this.#due.delete(userId)) this.#line.session?.unwatchPresence?.([userId]);
  }

  /** All that one render wants is one question. */
  #askSoon(): void {
    if (this.#asking || this.#due.size === 0) return;
    this.#asking = true;
    queueMicrotask(() => {
      this.#asking = false;
      void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    const { session } = this.#line;
    if (!session?.watchPresence) return;
    const userIds = [...this.#due].slice(0, MAX_PRESENCES);
    for (const userId of userIds) this.#due.delete(userId);
    this.#askSoon();
    if (userIds.length === 0) return;
    try {
      const presences = await session.watchPresence(userIds);
      if (this.#line.session === session) for (const presence of presences) this.onTold(presence);
    } catch {
      // It is asked again with the next connection; until then nobody is shown as here.
    }
  }
}
