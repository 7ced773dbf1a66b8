type Job = () => Promise<void>;

/** Runs a connection's requests one after the other, so that two messages sent in a row keep their order. */
export class RequestQueue {
  readonly #max: number;
  readonly #waiting: Job[] = [];
  #running: Promise<void> | null = null;

  constructor(max: number) {
    this.#max = max;
  }

  /**
   * False when too many wait already. With none before it, the job begins at once.
   * @param job must not reject
   */
  push(job: Job): boolean {
    if (this.#waiting.length >= this.#max) return false;
    this.#waiting.push(job);
    this.#running ??= this.#run();
    return true;
  }

  /** Resolves when nothing waits any more. */
  idle(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  async #run(): Promise<void> {
    // Taken out only when it has run: it counts until then.
    for (let job = this.#waiting[0]; job; job = this.#waiting[0]) {
      await job();
      this.#waiting.shift();
    }
    this.#running = null;
  }
}
