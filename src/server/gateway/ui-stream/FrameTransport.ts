import {
  ChatError,
  type ClientFrame,
  type ServerFrame,
  type ServerFrameOf,
  type ServerFrameType,
} from '../../../protocol/index.ts';
import { decodeValue } from '../decodeFrame.ts';
import type { EncodedFrame } from '../EncodedFrame.ts';
import type { Transport, TransportListener } from '../Transport.ts';

/** RFC 6455, 7.4.1: it ended without a word. */
const NO_CODE = 1006;

type Request = Extract<ClientFrame, { requestId: number }>;
type RequestToSend = Request extends infer R ? (R extends Request ? Omit<R, 'requestId'> : never) : never;

/**
 * A client inside the server, for one HTTP request in another protocol: it asks in frames, so that access, limits and revocations
 * are the ones of every other client.
 */
export class FrameTransport implements Transport {
  readonly name = 'ui-stream';
  readonly isOneRequest = true;
  readonly connectionId = undefined;
  /** Resolves once the token is accepted. */
  readonly accepted: Promise<void>;
  #accept!: { resolve: () => void; reject: (error: ChatError) => void };
  #listener: TransportListener | null = null;
  #onFrame: (frame: ServerFrame) => void = () => {};
  #onOver: (error: ChatError) => void = () => {};
  readonly #pending = new Map<number, { resolve: (frame: ServerFrame) => void; reject: (error: ChatError) => void }>();
  #requestId = 0;
  #isOver = false;
  /** What the reader of the answer has not taken, bytes. */
  buffered: () => number = () => 0;
  /** Shows that the reader is there; called when nothing was said for a while. */
  onPing: () => void = () => this.alive();

  constructor() {
    this.accepted = new Promise((resolve, reject) => (this.#accept = { resolve, reject }));
    this.accepted.catch(() => {}); // Whoever asks is told; nobody may.
  }

  get bufferedAmount(): number {
    return this.buffered();
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  /** From now on, what is no answer to a request, and the end. */
  follow(on: { frame(frame: ServerFrame): void; over(error: ChatError): void }): void {
    this.#onFrame = (frame) => on.frame(frame);
    this.#onOver = (error) => on.over(error);
  }

  /** @throws {ChatError} what the server refuses it with */
  async ask<T extends ServerFrameType>(frame: RequestToSend, answer: T): Promise<ServerFrameOf<T>> {
    if (this.#isOver) throw new ChatError('connection_lost', 'The server closes.');
    const requestId = (this.#requestId += 1);
    const answered = new Promise<ServerFrame>((resolve, reject) => this.#pending.set(requestId, { resolve, reject }));
    this.#listener?.onFrame(decodeValue({ ...frame, requestId }));
    const given = await answered;
    if (given.type !== answer) throw new ChatError('internal', `${frame.type} was answered with ${given.type}.`);
    return given as ServerFrameOf<T>;
  }

  alive(): void {
    this.#listener?.onAlive();
  }

  send(encoded: EncodedFrame): void {
    if (this.#isOver) return;
    const frame = JSON.parse(encoded.json.toString()) as ServerFrame;
    if (frame.type === 'auth.accepted') return this.#accept.resolve();
    const requestId = 'requestId' in frame ? frame.requestId : null;
    const pending = requestId === null ? undefined : this.#pending.get(requestId);
    if (requestId === null || !pending) return this.#onFrame(frame);
    this.#pending.delete(requestId);
    if (frame.type === 'request.refused') pending.reject(ChatError.fromWire(frame.error));
    else pending.resolve(frame);
  }

  ping(): void {
    this.onPing();
  }

  pause(): void {
    // It asks a handful of times, and then listens.
  }

  resume(): void {
    // See pause().
  }

  close(_code: number, _reason: string, error: ChatError): void {
    this.#end(error);
  }

  terminate(): void {
    this.#end(new ChatError('connection_lost', 'The connection was ended.'));
  }

  #end(error: ChatError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#accept.reject(error);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.#onOver(error);
    this.#listener?.onClosed(NO_CODE);
  }
}
