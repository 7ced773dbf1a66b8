interface Waiting<I, O> {
  input: I;
  resolve: (output: O) => void;
  reject: (error: unknown) => void;
}

interface BatcherOptions {
  /** Inputs of one batch. */
  max: number;
  /** Batches that run at the same time: what comes meanwhile is gathered for the next. */
  concurrent: number;
}

/**
 * Gathers what is asked for within one turn of the event loop, and while enough is under way, and has it done at once. With little to
 * do each input is a batch of its own, and nothing waits for longer than the turn.
 */
export class Batcher<I, O> {
  readonly #run: (inputs: I[]) => Promise<PromiseSettledResult<O>[]>;
  readonly #options: BatcherOptions;
  #waiting: Waiting<I, O>[] = [];
  #running = 0;
  #scheduled = false;

  /** @param run gives each input's outcome in its place; rejects only when all of them fail */
  constructor(run: (inputs: I[]) => Promise<PromiseSettledResult<O>[]>, options: BatcherOptions) {
    this.#run = run;
    this.#options = options;
  }

  add(input: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#running >= this.#options.concurrent) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#waiting.length > 0 && this.#running < this.#options.concurrent) {
        void this.#settle(this.#waiting.splice(0, this.#options.max));
      }
    });
  }

  async #settle(batch: Waiting<I, O>[]): Promise<void> {
    this.#running += 1;
    try {
      const outcomes = await this.#run(batch.map(({ input }) => input));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome?.status === 'fulfilled') resolve(outcome.value);
        else reject(outcome?.reason);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#running -= 1;
      if (this.#waiting.length > 0) this.#schedule();
    }
  }
}
