import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { CLOSE_CODES, type CloseName } from '../../protocol/index.ts';
import { decodeFrame } from './decodeFrame.ts';
import type { EncodedFrame } from './EncodedFrame.ts';
import type { Transport, TransportListener } from './Transport.ts';
import { TurnWriter } from './TurnWriter.ts';

/** What ws says by itself when a peer breaks RFC 6455 or a bound of ours, and the name that the protocol has for it. */
const OWN_NAMES: ReadonlyMap<number, CloseName> = new Map([
  [1002, 'frame_malformed'], // protocol error
  [1007, 'frame_malformed'], // no UTF-8
  [1008, 'frame_too_large'], // too many fragments
  [1009, 'frame_too_large'], // too many bytes
]);

/** Closes with the protocol's own codes, so that a client knows whether to come back. */
export class ChatSocket extends WebSocket {
  /** Nothing may be sent after the close frame: what still waits goes before it. */
  beforeClose: () => void = () => {};

  override close(code?: number, reason?: string | Buffer): void {
    if (this.readyState === WebSocket.OPEN) this.beforeClose();
    const name = code === undefined ? undefined : OWN_NAMES.get(code);
    if (name) super.close(CLOSE_CODES[name].code, name);
    else super.close(code, reason);
  }
}

/**
 * Frames over a WebSocket, one per message. ws reads, pings and closes; messages are written past it, because it would put a head of
 * its own before each for every reader, and hand both to the system by themselves.
 */
export class SocketTransport implements Transport {
  readonly name = 'websocket';
  readonly connectionId = undefined;
  readonly #socket: ChatSocket;
  readonly #writer: TurnWriter;

  /** @param wire what the WebSocket itself writes to */
  constructor(socket: ChatSocket, wire: Duplex) {
    this.#socket = socket;
    this.#writer = new TurnWriter(wire);
    socket.beforeClose = () => this.#writer.flush();
  }

  get bufferedAmount(): number {
    return this.#writer.bufferedAmount;
  }

  listen(listener: TransportListener): void {
    this.#socket.on('message', (data, isBinary) => {
      if (isBinary) listener.onFrame({ kind: 'malformed', why: 'a frame is text' });
      else listener.onFrame(decodeFrame((data as Buffer).toString('utf8')));
    });
    this.#socket.on('pong', () => listener.onAlive());
    // What broke is in the close event that follows; unheard, the error would end the process.
    this.#socket.on('error', () => {});
    this.#socket.on('close', (code) => listener.onClosed(code));
  }

  send(frame: EncodedFrame): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#writer.write(frame.webSocket);
  }

  ping(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(code: number, reason: string): void {
    // A paused socket would not hear the answer.
    this.#socket.resume();
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#writer.drop();
    this.#socket.terminate();
  }
}
