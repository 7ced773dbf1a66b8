import type { Writable } from 'node:stream';

/** Up to so many bytes are copied together: that costs less than to hand the pieces over one by one. */
const MAX_COPIED = 65_536;

const due: TurnWriter[] = [];

/**
 * Keeps what is written to a stream together until the end of this turn of the event loop, and then writes it at once: a system call
 * costs more than all that leads to it, and one turn brings several frames for the same reader, at the least the answer to who sent a
 * message and the message itself.
 */
export class TurnWriter {
  readonly #stream: Writable;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Bytes that were written and that the network did not take yet. */
  get bufferedAmount(): number {
    return this.#bytes + this.#stream.writableLength;
  }

  write(piece: Buffer): void {
    if (this.#pieces.length === 0 && due.push(this) === 1) setImmediate(flushAll);
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /** Writes what there is now. */
  flush(): void {
    const pieces = this.#pieces;
    const [first] = pieces;
    if (!first) return;
    const bytes = this.#bytes;
    this.drop();
    if (this.#stream.destroyed) return;
    if (pieces.length === 1) {
      this.#stream.write(first);
    } else if (bytes <= MAX_COPIED) {
      this.#stream.write(Buffer.concat(pieces, bytes));
    } else {
      this.#stream.cork();
      for (const piece of pieces) this.#stream.write(piece);
      this.#stream.uncork();
    }
  }

  /** Forgets what there is. */
  drop(): void {
    this.#pieces = [];
    this.#bytes = 0;
  }
}

function flushAll(): void {
  for (const writer of due.splice(0)) writer.flush();
}
