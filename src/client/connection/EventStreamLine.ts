import { createParser } from 'eventsource-parser';
import { MAX_FRAME_BYTES, PROTOCOL_VERSION } from '../../protocol/index.ts';
import type { ClientFrame } from '../../protocol/index.ts';
import type { ChatToken } from '../auth/ChatToken.ts';
import type { Clock } from '../clock.ts';
import { readEnd, readRefusal } from './event-stream-ends.ts';
import type { LineEnd, LineHandlers, TransportLine } from './Transport.ts';

/** A request that hangs holds up all that are behind it; the line is as good as dead then. */
const POST_MS = 10_000;
const MAX_BATCH = 50;
const BRACKETS = 2;

export interface EventStreamOptions {
  /** The server's base, absolute. */
  url: string;
  clock: Clock;
  fetch: typeof globalThis.fetch;
  handlers: LineHandlers;
  token: () => ChatToken;
}

/** One connection over HTTP: a stream of events from the server, and one request at a time to it, which keeps the order. */
export class EventStreamLine implements TransportLine {
  readonly #options: EventStreamOptions;
  readonly #abort = new AbortController();
  /** As JSON, in the order of sending. */
  #queue: string[] = [];
  #connectionId: string | null = null;
  #posting = false;
  #over = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    void this.#listen();
  }

  send(frame: ClientFrame): void {
    if (this.#over) return;
    this.#queue.push(JSON.stringify(frame));
    if (!this.#posting) void this.#flush();
  }

  close(): void {
    this.#over = true;
    this.#queue = [];
    this.#abort.abort();
  }

  #end(end: LineEnd): void {
    if (this.#over) return;
    this.close();
    this.#options.handlers.onEnd(end);
  }

  async #listen(): Promise<void> {
    try {
      const response = await this.#fetch('/events', {
        headers: { accept: 'text/event-stream', 'latchkit-protocol': String(PROTOCOL_VERSION) },
      });
      const type = response.headers.get('content-type') ?? '';
      if (response.status !== 200 || !type.startsWith('text/event-stream') || !response.body) {
        return this.#end(await readRefusal(response, this.#options.clock.now()));
      }
      await this.#read(response.body);
      this.#end({ code: 1006, reason: '' });
    } catch {
      this.#end({ code: 1006, reason: '' });
    }
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const { handlers } = this.#options;
    const parser = createParser({
      onEvent: ({ event = 'message', data }) => {
        if (this.#over) return;
        if (event === 'close') return this.#end(readEnd(data));
        if (event !== 'message') return handlers.onAlive();
        this.#connectionId ??= readConnectionId(data);
        handlers.onFrame(data);
      },
      onComment: () => {
        if (!this.#over) handlers.onAlive();
      },
    });
    const decoder = new TextDecoder();
    const reader = body.getReader();
    while (!this.#over) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
    }
  }

  async #flush(): Promise<void> {
    this.#posting = true;
    await Promise.resolve(); // What is sent in one go travels in one request.
    while (this.#queue.length > 0 && !this.#over) {
      const end = await this.#post(takeBatch(this.#queue));
      if (end) return this.#end(end);
    }
    this.#posting = false;
  }

  /** Null once the server has taken the frames. */
  async #post(frames: string[]): Promise<LineEnd | null> {
    const { clock } = this.#options;
    const cancel = clock.setTimer(() => this.#end({ code: 1006, reason: '' }), POST_MS);
    try {
      const response = await this.#fetch('/frames', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'latchkit-connection': this.#connectionId ?? '' },
        body: `[${frames.join()}]`,
      });
      return response.ok ? null : await readRefusal(response, clock.now());
    } catch {
      return { code: 1006, reason: '' };
    } finally {
      cancel();
    }
  }

  #fetch(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const { fetch, url, token } = this.#options;
    return fetch(url + path, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${token().raw()}` },
      // The server reads no cookie. But a balancer's cookie leads the frames to where their stream is, and an access proxy before
      // the page wants its own; a WebSocket carries them, too.
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: this.#abort.signal,
    });
  }
}

/** Takes from the front as many as one request may hold. */
function takeBatch(queue: string[]): string[] {
  const encoder = new TextEncoder();
  let bytes = BRACKETS;
  let count = 0;
  for (const frame of queue.slice(0, MAX_BATCH)) {
    bytes += encoder.encode(frame).length + 1;
    if (count > 0 && bytes > MAX_FRAME_BYTES) break;
    count += 1;
  }
  return queue.splice(0, count);
}

function readConnectionId(data: string): string | null {
  try {
    const frame: unknown = JSON.parse(data);
    if (typeof frame !== 'object' || frame === null || !('connectionId' in frame)) return null;
    return typeof frame.connectionId === 'string' ? frame.connectionId : null;
  } catch {
    return null;
  }
}
