import { randomBytes } from 'node:crypto';
import type { ChatError } from '../../protocol/index.ts';
import { problem } from '../token/problem.ts';
import { decodeValue } from './decodeFrame.ts';
import type { EncodedFrame } from './EncodedFrame.ts';
import type { Transport, TransportListener } from './Transport.ts';

/** 144 bits: it cannot be guessed. */
const ID_BYTES = 18;
/** RFC 6455, 7.4.1: it ended without a word. */
const NO_CODE = 1006;
const FIELD = Buffer.from('data: ');
const END_OF_EVENT = Buffer.from('\n\n');
const COMMENT = Buffer.from(':\n\n');

/**
 * `opening`: nothing was said yet, so a refusal still has a status of its own. `ending`: the goodbye waits behind what was sent
 * before.
 */
type State = 'opening' | 'streaming' | 'ending' | 'over';

/** Frames to the client as server-sent events; those of the client come by POST and are handed in by {@link deliver}. */
export class EventStreamTransport implements Transport {
  readonly name = 'events';
  readonly connectionId = randomBytes(ID_BYTES).toString('base64url');
  /** The answer to the request for the stream: it, or a problem document. */
  readonly response: Promise<Response>;
  #answer!: (response: Response) => void;
  readonly #headers: Headers;
  readonly #onOver: (connectionId: string) => void;
  #listener: TransportListener | null = null;
  #state: State = 'opening';
  /** What the reader did not take yet. */
  #chunks: Buffer[] = [];
  #bytes = 0;
  #wake: () => void = () => {};
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #paused = false;

  /** @param headers of the answer, whichever it is */
  constructor(headers: Headers, onOver: (connectionId: string) => void) {
    this.#headers = headers;
    this.#onOver = onOver;
    this.response = new Promise((resolve) => (this.#answer = resolve));
  }

  get bufferedAmount(): number {
    return this.#bytes;
  }

  get paused(): boolean {
    return this.#paused;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  /** Hands in what a POST brought. */
  deliver(frames: readonly unknown[]): void {
    this.#listener?.onAlive();
    for (const frame of frames) this.#listener?.onFrame(decodeValue(frame));
  }

  send(frame: EncodedFrame): void {
    if (this.#state === 'opening') this.#begin();
    if (this.#state === 'streaming') this.#push(FIELD, frame.json, END_OF_EVENT);
  }

  ping(): void {
    if (this.#state === 'streaming') this.#push(COMMENT);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  close(code: number, reason: string, error: ChatError): void {
    if (this.#state === 'opening') {
      if (error.retryAfterMs !== undefined) {
        this.#headers.set('retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
      }
      this.#answer(problem(error.code, { status: error.status, headers: this.#headers }));
      return this.#over();
    }
    if (this.#state !== 'streaming') return;
    this.#push(Buffer.from(`event: close\ndata: ${JSON.stringify({ code, reason })}\n\n`));
    this.#state = 'ending';
  }

  terminate(): void {
    if (this.#state === 'over') return;
    this.#answer(problem('connection_lost', { headers: this.#headers }));
    this.#controller?.error(new Error('The connection was ended.'));
    this.#over();
  }

  #begin(): void {
    this.#state = 'streaming';
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: (controller) => this.#pull(controller),
        cancel: () => this.#over(),
      },
      // Kept here and not in the stream's own queue: what waits is then known to the byte.
      { highWaterMark: 0 },
    );
    this.#headers.set('content-type', 'text/event-stream; charset=utf-8');
    this.#headers.set('cache-control', 'no-store');
    // nginx and those who follow it would else hold the events back until a buffer is full.
    this.#headers.set('x-accel-buffering', 'no');
    this.#answer(new Response(body, { headers: this.#headers }));
  }

  /** The reader asks for more: it took what was given before. */
  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.#listener?.onAlive();
    if (this.#chunks.length === 0 && this.#state === 'streaming') {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#state === 'over') return;
    if (this.#chunks.length === 0) {
      controller.close();
      return this.#over();
    }
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#bytes = 0;
    controller.enqueue(Buffer.concat(chunks));
  }

  #push(...chunks: Buffer[]): void {
    for (const chunk of chunks) this.#bytes += chunk.byteLength;
    this.#chunks.push(...chunks);
    this.#wake();
  }

  #over(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#chunks = [];
    this.#bytes = 0;
    this.#wake();
    this.#onOver(this.connectionId);
    this.#listener?.onClosed(NO_CODE);
  }
}
