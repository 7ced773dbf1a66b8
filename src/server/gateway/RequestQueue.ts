/** Runs a connection's requests one after the other, so that two messages sent in a row keep their order. */
export class RequestQueue {
  readonly #max: number;
  #last: Promise<void> = Promise.resolve();
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /**
   * False when too many wait already.
   * @param job must not reject
   */
  push(job: () => Promise<void>): boolean {
    if (this.#length >= this.#max) return false;
    this.#length += 1;
    this.#last = this.#last.then(job).finally(() => (this.#length -= 1));
    return true;
  }

  /** Resolves when everything that was pushed before has run. */
  idle(): Promise<void> {
    return this.#last;
  }
}
