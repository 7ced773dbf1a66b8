interface Waiting<I, O> {
  input: I;
  resolve: (output: O) => void;
  reject: (error: unknown) => void;
}

interface BatcherOptions<I> {
  /** Inputs of one batch. */
  max: number;
  /** Batches that run at the same time: what comes meanwhile is gathered for the next. */
  concurrent: number;
  /** What is of one key is done in its order: while a batch with some of it runs, the rest waits. Default: nothing is. */
  keyOf?: (input: I) => string;
}

/**
 * Gathers what is asked for within one turn of the event loop, and while enough is under way, and has it done at once. With little to
 * do each input is a batch of its own, and nothing waits for longer than the turn.
 */
export class Batcher<I, O> {
  readonly #run: (inputs: I[]) => Promise<PromiseSettledResult<O>[]>;
  readonly #options: BatcherOptions<I>;
  #waiting: Waiting<I, O>[] = [];
  #running = 0;
  /** Keys of what runs. */
  readonly #busy = new Set<string>();
  #scheduled = false;

  /** @param run gives each input's outcome in its place; rejects only when all of them fail */
  constructor(run: (inputs: I[]) => Promise<PromiseSettledResult<O>[]>, options: BatcherOptions<I>) {
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
      while (this.#running < this.#options.concurrent) {
        const batch = this.#take();
        if (batch.length === 0) break;
        void this.#settle(batch);
      }
    });
  }

  /** The first that may run now. */
  #take(): Waiting<I, O>[] {
    const { max, keyOf } = this.#options;
    if (!keyOf || this.#busy.size === 0) return this.#waiting.splice(0, max);
    const batch: Waiting<I, O>[] = [];
    this.#waiting = this.#waiting.filter((each) => {
      if (batch.length === max || this.#busy.has(keyOf(each.input))) return true;
      batch.push(each);
      return false;
    });
    return batch;
  }

  async #settle(batch: Waiting<I, O>[]): Promise<void> {
    const { keyOf } = this.#options;
    const keys = keyOf ? new Set(batch.map(({ input }) => keyOf(input))) : [];
    this.#running += 1;
    for (const key of keys) this.#busy.add(key);
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
      for (const key of keys) this.#busy.delete(key);
      if (this.#waiting.length > 0) this.#schedule();
    }
  }
}
