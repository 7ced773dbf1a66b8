import type { Readable } from '../../client/index.ts';

/** Whether something was told in the frame that is being made. */
let isTold = false;
/** Who is to be told with the next one. */
const waiting = new Set<() => void>();

function onFrame(): void {
  isTold = waiting.size > 0;
  const due = [...waiting];
  waiting.clear();
  if (isTold) requestAnimationFrame(onFrame);
  for (const listener of due) listener();
}

function tell(listener: () => void): void {
  // No frame is made of a page that nobody sees.
  if (document.hidden) return listener();
  if (isTold) return void waiting.add(listener);
  isTold = true;
  requestAnimationFrame(onFrame);
  listener();
}

/**
 * Tells of changes once per frame: of the first at once, of what comes before the next frame together, just before that. A burst
 * costs what can be seen of it. `get` is never behind.
 */
export class PacedView<T> implements Readable<T> {
  readonly #source: Readable<T>;

  constructor(source: Readable<T>) {
    this.#source = source;
  }

  get = (): T => this.#source.get();

  subscribe = (listener: () => void): (() => void) => {
    const entry = () => listener();
    const stop = this.#source.subscribe(() => tell(entry));
    return () => {
      waiting.delete(entry);
      stop();
    };
  };
}
