import { ChatError } from '../../protocol/index.ts';
import type { ClientFrame } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import type { EventStreamLine, EventStreamOptions } from './EventStreamLine.ts';
import type { Transport, TransportLine } from './Transport.ts';

export interface EventStreamTransportOptions {
  /** The server's base; called per attempt. What it throws ends the connection. */
  url: () => string;
  clock: Clock;
  /** Default: the platform's. */
  fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Frames over HTTP alone, where no WebSocket goes: the server's as server-sent events, the client's by POST. Its code is loaded
 * when it is first needed, so that most people never pay for it.
 */
export function eventStreamTransport({ url, clock, fetch }: EventStreamTransportOptions): Transport {
  return {
    open: (handlers, token) =>
      // Looked up per attempt: an app may replace the global after this was made.
      new LoadingLine({ url: url(), clock, fetch: fetch ?? globalThis.fetch.bind(globalThis), handlers, token }),
  };
}

/** Stands for the line until its code is there. */
class LoadingLine implements TransportLine {
  #line: EventStreamLine | null = null;
  #closed = false;

  constructor(options: EventStreamOptions) {
    void this.#load(options);
  }

  send(frame: ClientFrame): void {
    this.#line?.send(frame);
  }

  close(): void {
    this.#closed = true;
    this.#line?.close();
  }

  async #load(options: EventStreamOptions): Promise<void> {
    try {
      const loaded = await import('./EventStreamLine.ts');
      if (!this.#closed) this.#line = new loaded.EventStreamLine(options);
    } catch (cause) {
      // An app that was deployed anew may have taken the file away; or there is no network.
      const error = new ChatError('connection_lost', 'A part of the chat could not be loaded.', { cause });
      if (!this.#closed) options.handlers.onEnd({ code: 1006, reason: '', error });
    }
  }
}
