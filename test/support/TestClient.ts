import * as v from 'valibot';
import {
  serverFrameSchema,
  type ServerFrame,
  type ServerFrameOf,
  type ServerFrameType,
} from '../../src/protocol/index.ts';

export interface Closed {
  code: number;
  reason: string;
}

/** A bare protocol client: says exactly what it is told, and holds every frame of the server against the protocol. */
export abstract class TestClient {
  /** Everything received and not yet taken by {@link take}. */
  readonly frames: ServerFrame[] = [];
  /** Bytes of the largest frame that was received. */
  largestFrame = 0;
  /** Code and reason, once closed. */
  readonly ended: Promise<Closed>;
  /** The close code, once closed. */
  readonly closed: Promise<number>;
  #end!: (closed: Closed) => void;
  #requestId = 0;
  readonly #waiting = new Set<() => void>();
  #isClosed = false;

  constructor() {
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.closed = this.ended.then(({ code }) => code);
  }

  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** Sends a frame; a string as it is. */
  abstract send(frame: unknown): void;
  abstract close(): void;
  /** Reads nothing any more, as a sleeping laptop does. */
  abstract pause(): void;
  abstract resume(): void;

  /** Waits for the next frame of a type, skipping others, and takes it out. */
  take<T extends ServerFrameType>(type: T): Promise<ServerFrameOf<T>> {
    return this.#takeWhere((frame): frame is ServerFrameOf<T> => frame.type === type, type);
  }

  /** Sends a request and waits for its answer, a refusal too. */
  async request<T extends ServerFrameType>(
    frame: { type: string; [field: string]: unknown },
    answer: T,
  ): Promise<ServerFrameOf<T>> {
    const requestId = this.#requestId++;
    this.send({ ...frame, requestId });
    const frameOf = await this.#takeWhere(
      (each): each is ServerFrame & { requestId: number } => 'requestId' in each && each.requestId === requestId,
      `an answer to ${frame.type}`,
    );
    if (frameOf.type !== answer) throw new Error(`Expected ${answer}, got ${JSON.stringify(frameOf)}`);
    return frameOf as unknown as ServerFrameOf<T>;
  }

  sendText(threadId: string, text: string, messageId: string = crypto.randomUUID()) {
    const parts = [{ type: 'text', text }];
    return this.request({ type: 'message.send', threadId, messageId, parts }, 'message.accepted');
  }

  /** Resolves when the server has answered: it lives, and has handled what was sent before. */
  async ping(): Promise<void> {
    this.send({ type: 'ping' });
    await this.take('pong');
  }

  protected onData(data: string): void {
    this.largestFrame = Math.max(this.largestFrame, Buffer.byteLength(data));
    this.frames.push(v.parse(serverFrameSchema, JSON.parse(data)));
    this.#wake();
  }

  protected onEnded(closed: Closed): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#wake();
    this.#end(closed);
  }

  async #takeWhere<F extends ServerFrame>(matches: (frame: ServerFrame) => frame is F, what: string): Promise<F> {
    for (;;) {
      const index = this.frames.findIndex(matches);
      if (index !== -1) return this.frames.splice(index, 1)[0] as F;
      if (this.#isClosed) throw new Error(`The connection closed (${await this.closed}) while waiting for ${what}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
