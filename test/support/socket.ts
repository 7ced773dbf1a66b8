import { once } from 'node:events';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import {
  PROTOCOL_VERSION,
  serverFrameSchema,
  type ServerFrame,
  type ServerFrameOf,
  type ServerFrameType,
} from '../../src/protocol/index.ts';

/** A bare protocol client: says exactly what it is told, and holds every frame of the server against the protocol. */
export class TestSocket {
  readonly raw: WebSocket;
  /** Everything received and not yet taken by {@link take}. */
  readonly frames: ServerFrame[] = [];
  /** The close code, once closed. */
  readonly closed: Promise<number>;
  #requestId = 0;
  readonly #waiting = new Set<() => void>();
  #isClosed = false;

  private constructor(raw: WebSocket) {
    this.raw = raw;
    this.closed = new Promise((resolve) => {
      raw.on('close', (code) => {
        this.#isClosed = true;
        this.#wake();
        resolve(code);
      });
    });
    raw.on('message', (data: Buffer) => {
      this.frames.push(v.parse(serverFrameSchema, JSON.parse(data.toString())));
      this.#wake();
    });
  }

  /** Opens a socket without a word. Rejects when the upgrade is refused. */
  static async connect(url: string, options: { origin?: string } = {}): Promise<TestSocket> {
    const raw = new WebSocket(url, { perMessageDeflate: false, ...options });
    const socket = new TestSocket(raw);
    await once(raw, 'open');
    return socket;
  }

  /** Opens a socket and authenticates it. */
  static async open(url: string, token: string): Promise<TestSocket> {
    const socket = await TestSocket.connect(url);
    socket.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token });
    await socket.take('auth.accepted');
    return socket;
  }

  send(frame: unknown): void {
    this.raw.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

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

  close(): void {
    this.raw.close();
  }

  async #takeWhere<F extends ServerFrame>(matches: (frame: ServerFrame) => frame is F, what: string): Promise<F> {
    for (;;) {
      const index = this.frames.findIndex(matches);
      if (index !== -1) return this.frames.splice(index, 1)[0] as F;
      if (this.#isClosed) throw new Error(`The socket closed (${await this.closed}) while waiting for ${what}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
