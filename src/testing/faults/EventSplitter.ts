/** Cuts an event stream (WHATWG HTML, 9.2) into its events, byte for byte as they came. */
export class EventSplitter {
  #rest: Buffer = Buffer.alloc(0);

  /** The events that this chunk completes, each with the empty line that ends it. */
  take(chunk: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const events: Buffer[] = [];
    for (let end = endOfEvent(this.#rest); end !== -1; end = endOfEvent(this.#rest)) {
      events.push(this.#rest.subarray(0, end));
      this.#rest = this.#rest.subarray(end);
    }
    return events;
  }

  /** What the stream ended in the middle of. */
  rest(): Buffer {
    return this.#rest;
  }
}

/** The `data` of one event; empty for a comment. */
export function eventData(event: Buffer): string {
  return event
    .toString()
    .split(/\r\n|\r|\n/)
    .flatMap((line) => (line.startsWith('data:') ? [line.slice(5).replace(/^ /, '')] : []))
    .join('\n');
}

/** Where the first empty line ends, or -1. A line ends in CR LF, LF or CR. */
function endOfEvent(bytes: Buffer): number {
  const match = /(?:\r\n|\n|\r(?!\n|$))(?:\r\n|\n|\r(?!\n|$))/.exec(bytes.toString('latin1'));
  return match ? match.index + match[0].length : -1;
}
