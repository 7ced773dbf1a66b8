import type { Clock } from '../client/index.ts';
import { MAX_UNREAD_COUNT, type ChatUser, type Message, type OwnThreadState, type Receipt } from '../protocol/index.ts';

/** What one conversation is to each person alone: how far they have read, whether they have muted it or put it away. */
export class FakeOwnStates {
  readonly #clock: Clock;
  readonly #messages: ReadonlyMap<string, Message>;
  /** By person, how far they have read and when they said so. */
  readonly #reads = new Map<string, { seq: number; at: number | null }>();
  /** Who has muted it; and who has put it away, at which number of messages. */
  readonly #muted = new Set<string>();
  readonly #archived = new Map<string, number>();

  /** @param messages those of the conversation, as they are at any time */
  constructor(clock: Clock, messages: ReadonlyMap<string, Message>) {
    this.#clock = clock;
    this.#messages = messages;
  }

  /** What was said before somebody came is not unread to them. */
  begin(userId: string): void {
    if (!this.#reads.has(userId)) this.#reads.set(userId, { seq: this.#lastSeq, at: null });
  }

  forget(userId: string): void {
    for (const own of [this.#reads, this.#muted, this.#archived]) own.delete(userId);
  }

  /** Puts a person at a place, whatever was there before. @param at null: nobody was told */
  setRead(userId: string, seq: number, at: number | null): void {
    this.#reads.set(userId, { seq, at });
  }

  /** Whether that is further than before. */
  read(userId: string, seq: number): boolean {
    const upTo = Math.min(seq, this.#lastSeq);
    if (upTo <= (this.#reads.get(userId)?.seq ?? 0)) return false;
    this.#reads.set(userId, { seq: upTo, at: this.#clock.now() });
    return true;
  }

  /** Muted or not anew, it goes on being archived or not. */
  set(userId: string, change: { muted: boolean } | { archived: boolean }): void {
    const archived = 'archived' in change ? change.archived : this.#isArchived(userId);
    if (archived) this.#archived.set(userId, this.#messages.size);
    else this.#archived.delete(userId);
    if (!('muted' in change)) return;
    if (change.muted) this.#muted.add(userId);
    else this.#muted.delete(userId);
  }

  of(userId: string, isMember: boolean): OwnThreadState {
    const readSeq = this.#reads.get(userId)?.seq ?? (isMember ? 0 : null);
    const unread = [...this.#messages.values()].filter(
      ({ seq, author, deletedAt, event }) =>
        readSeq !== null && seq > readSeq && author.id !== userId && deletedAt === null && !event,
    );
    return {
      readSeq,
      unreadCount: Math.min(unread.length, MAX_UNREAD_COUNT),
      muted: this.#muted.has(userId),
      archived: this.#isArchived(userId),
    };
  }

  /** Those who have read furthest first. */
  receipts(user: (id: string) => ChatUser): Receipt[] {
    return [...this.#reads]
      .flatMap(([id, { seq, at }]) => (at === null ? [] : [{ user: user(id), readSeq: seq, readAt: at }]))
      .sort((a, b) => b.readSeq - a.readSeq || (a.user.id < b.user.id ? -1 : 1));
  }

  /** Until the next message, or for good where it is muted. */
  #isArchived(userId: string): boolean {
    const count = this.#archived.get(userId);
    return count !== undefined && (this.#muted.has(userId) || count >= this.#messages.size);
  }

  /** Of the last message that somebody wrote. */
  get #lastSeq(): number {
    return [...this.#messages.values()].findLast(({ event }) => !event)?.seq ?? 0;
  }
}
