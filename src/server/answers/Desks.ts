import type { Logger } from '../types.ts';
import type { AnswerRun } from './AnswerRun.ts';

type Job = () => Promise<void>;

export interface Desk {
  run: AnswerRun | null;
  /** Resolves when that one's end is stored. */
  ended: Promise<void>;
  /** The newest message that waits for an answer: those before it are answered with it. */
  next: { messageId: string; work: Job } | null;
  /** Answers that are to be given anew. */
  again: Job[];
}

/** Whose turn it is: the work of a thread is done one piece after the other, that of several threads at once. */
export class Desks {
  readonly #logger: Logger;
  readonly #desks = new Map<string, Desk>();
  readonly #working = new Set<Promise<void>>();
  #closed = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The desk of a thread, where there is work. */
  get(threadId: string): Desk | undefined {
    return this.#desks.get(threadId);
  }

  /** Puts work on a thread's desk, and has it done when it is its turn. */
  enqueue(threadId: string, put: (desk: Desk) => void): void {
    const known = this.#desks.get(threadId);
    const desk = known ?? { run: null, ended: Promise.resolve(), next: null, again: [] };
    put(desk);
    if (known) return;
    this.#desks.set(threadId, desk);
    const work = this.#workOff(desk).finally(() => {
      this.#desks.delete(threadId);
      this.#working.delete(work);
    });
    this.#working.add(work);
  }

  /** Begins nothing any more, and ends what is under way. Resolves when its end is stored. */
  async close(end: (run: AnswerRun) => void): Promise<void> {
    this.#closed = true;
    for (const desk of this.#desks.values()) {
      desk.next = null;
      desk.again = [];
      if (desk.run) end(desk.run);
    }
    await Promise.all(this.#working);
  }

  async #workOff(desk: Desk): Promise<void> {
    for (;;) {
      const job = desk.again.shift() ?? takeNext(desk);
      if (!job || this.#closed) return;
      try {
        await job();
      } catch (cause) {
        this.#logger.error('An answer could not be stored.', { cause });
      }
    }
  }
}

function takeNext(desk: Desk): Job | undefined {
  const work = desk.next?.work;
  desk.next = null;
  return work;
}
