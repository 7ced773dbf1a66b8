import type { ChatError, Message, MessagePart } from '../../protocol/index.ts';
import type { Line } from './Line.ts';
import { asChatError, Retry } from './Retry.ts';

export interface OutboxItem {
  threadId: string;
  messageId: string;
  parts: MessagePart[];
}

/** One thread's unsent messages: sent in order, one at a time, under the same id until the server has answered. Kept in memory. */
export class Outbox {
  readonly #line: Line;
  readonly #retry: Retry;
  readonly #onAccepted: (message: Message) => void;
  readonly #onRefused: (messageId: string, error: ChatError) => void;
  #queue: OutboxItem[] = [];
  /** The one that the server has not answered yet. */
  #underway: OutboxItem | null = null;

  constructor(
    line: Line,
    on: { accepted: (message: Message) => void; refused: (messageId: string, error: ChatError) => void },
  ) {
    this.#line = line;
    this.#retry = new Retry(line.clock);
    this.#onAccepted = on.accepted;
    this.#onRefused = on.refused;
  }

  /** Whether an answer is awaited. */
  get busy(): boolean {
    return this.#underway !== null;
  }

  add(item: OutboxItem): void {
    this.#queue.push(item);
    this.#next();
  }

  /** The server is known to have it, or nobody wants it sent. */
  remove(messageId: string): void {
    this.#queue = this.#queue.filter((item) => item.messageId !== messageId);
  }

  /** There is a connection: whatever waited need not. */
  resume(): void {
    this.#retry.reset();
    this.#next();
  }

  /** There is none: what is under way will be sent again, if it is not answered. */
  pause(): void {
    this.#retry.reset();
  }

  /** Forgets everything, also what is under way. */
  clear(): void {
    this.#queue = [];
    this.#underway = null;
    this.#retry.reset();
  }

  #next(): void {
    const { session } = this.#line;
    const item = this.#queue[0];
    if (!session || !item || this.#underway || this.#retry.waiting) return;
    this.#underway = item;
    session.sendMessage(item).then(
      (message) => this.#settle(item, () => this.#onAccepted(message)),
      (thrown: unknown) => {
        const error = asChatError(thrown);
        if (!error.retryable) return this.#settle(item, () => this.#onRefused(item.messageId, error));
        if (this.#underway !== item) return;
        this.#underway = null;
        // Without a connection, resume() comes with the next one.
        if (!this.#line.session) return;
        if (this.#line.session !== session || !this.#queue.includes(item)) this.#next();
        else this.#retry.later(() => this.#next(), error);
      },
    );
  }

  #settle(item: OutboxItem, tell: () => void): void {
    if (this.#underway !== item) return;
    this.#underway = null;
    this.remove(item.messageId);
    this.#retry.reset();
    tell();
    this.#next();
  }
}
