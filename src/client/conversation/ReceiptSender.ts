import type { Thread } from '../../protocol/index.ts';
import { asChatError } from './errors.ts';
import type { Line } from './Line.ts';
import { Retry } from './Retry.ts';

/** While somebody reads, the server is told no more often than this of each thread. */
const QUIET_MS = 1_000;

interface Lane {
  readonly retry: Retry;
  /** Read up to here; the server is known to have it up to `told`. */
  wanted: number;
  told: number;
  underway: boolean;
  /** Set while it is too early to tell again. */
  cancelQuiet: (() => void) | undefined;
}

/** Tells the server how far the person has read each thread: the first at once, then the newest once a second; after a loss, the newest. */
export class ReceiptSender {
  readonly #line: Line;
  readonly #onThread: (thread: Thread) => void;
  readonly #lanes = new Map<string, Lane>();

  constructor(line: Line, onThread: (thread: Thread) => void) {
    this.#line = line;
    this.#onThread = onThread;
  }

  put(threadId: string, readSeq: number): void {
    let lane = this.#lanes.get(threadId);
    if (!lane) {
      lane = { retry: new Retry(this.#line.clock), wanted: 0, told: 0, underway: false, cancelQuiet: undefined };
      this.#lanes.set(threadId, lane);
    }
    lane.wanted = Math.max(lane.wanted, readSeq);
    this.#next(threadId, lane);
  }

  /** There is a connection: what could not be told is told now. */
  resume(): void {
    for (const [threadId, lane] of this.#lanes) this.#next(threadId, lane);
  }

  pause(): void {
    for (const lane of this.#lanes.values()) lane.retry.reset();
  }

  forget(): void {
    for (const lane of this.#lanes.values()) {
      lane.retry.reset();
      lane.cancelQuiet?.();
    }
    this.#lanes.clear();
  }

  #next(threadId: string, lane: Lane): void {
    const { session, clock } = this.#line;
    if (!session?.sendReceipt || lane.wanted <= lane.told) return;
    if (lane.underway || lane.retry.waiting || lane.cancelQuiet) return;
    lane.cancelQuiet = clock.setTimer(() => {
      lane.cancelQuiet = undefined;
      this.#next(threadId, lane);
    }, QUIET_MS);
    lane.underway = true;
    const { wanted } = lane;
    session
      .sendReceipt(threadId, wanted)
      .then(
        (thread) => {
          lane.told = Math.max(lane.told, wanted);
          lane.retry.reset();
          if (this.#lanes.get(threadId) === lane) this.#onThread(thread);
        },
        (thrown: unknown) => {
          const error = asChatError(thrown);
          // What is refused for good is nobody's to see: the person reads on, and the server does not hear of it.
          if (!error.retryable) lane.told = lane.wanted;
          else if (this.#line.session === session) lane.retry.later(() => this.#next(threadId, lane), error);
        },
      )
      .finally(() => {
        lane.underway = false;
        this.#next(threadId, lane);
      });
  }
}
