/**
 * Ends a value when nobody holds it any more, but not at once: StrictMode, Fast Refresh and a remount let go and take hold
 * again, and must find the same client, with its one connection.
 */
export class Lease<T> {
  readonly value: T;
  readonly #end: (value: T) => void;
  readonly #graceMs: number;
  #holders = 0;
  #ended = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param graceMs how long it stays without a holder; 0 waits for the end of the current task's microtask. */
  constructor(value: T, end: (value: T) => void, graceMs: number) {
    this.value = value;
    this.#end = end;
    this.#graceMs = graceMs;
  }

  /** True once the value was ended: get another one. */
  get ended(): boolean {
    return this.#ended;
  }

  hold(): () => void {
    this.#holders += 1;
    clearTimeout(this.#timer);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holders -= 1;
      if (this.#holders > 0) return;
      if (this.#graceMs === 0) queueMicrotask(() => this.#endIfUnheld());
      else this.#timer = setTimeout(() => this.#endIfUnheld(), this.#graceMs);
    };
  }

  #endIfUnheld(): void {
    if (this.#holders > 0 || this.#ended) return;
    this.#ended = true;
    this.#end(this.value);
  }
}
