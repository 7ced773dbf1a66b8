import { connect, type Socket } from 'node:net';

const TEXT = 0x81;
const FINAL_TEXT = 0x1;
const PING = 0x9;

/** One text frame: its bytes are `buffer[start … end)`, good until the call returns. */
export type OnFrame = (buffer: Buffer, start: number, end: number) => void;

/**
 * The least of a WebSocket client: it masks with zeros, copies nothing and reads no more of a frame than its length. A real one would
 * cost more than the servers that are measured, and there are a thousand of them on the same machine.
 */
export class RawSocket {
  readonly #socket: Socket;
  #onHead: ((head: string) => void) | null = null;
  /** Null until somebody listens: what a server says first must not be lost. */
  #onFrame: OnFrame | null = null;
  #rest: Buffer | null = null;
  #onEnd: (why: Error) => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#onEnd(error));
    socket.on('close', () => this.#onEnd(new Error('The server closed a connection.')));
  }

  static async open(port: number, path: string): Promise<RawSocket> {
    const socket = connect(port, '127.0.0.1');
    const raw = new RawSocket(socket);
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await new Promise<void>((resolve, reject) => {
      raw.#onEnd = reject;
      raw.#onHead = (head) => {
        if (head.startsWith('HTTP/1.1 101')) resolve();
        else reject(new Error(`No WebSocket at ${path}: ${head.split('\r\n', 1)[0]}`));
      };
    });
    return raw;
  }

  /** From now on frames go to `onFrame`, those of before first; `onEnd` is told when the connection ends without {@link close}. */
  listen(onFrame: OnFrame, onEnd: (why: Error) => void): void {
    this.#onFrame = onFrame;
    this.#onEnd = onEnd;
    if (this.#rest) this.#read(Buffer.alloc(0));
  }

  send(text: string): void {
    const length = Buffer.byteLength(text);
    const isShort = length < 126;
    const frame = Buffer.alloc((isShort ? 6 : 8) + length);
    frame[0] = TEXT;
    frame[1] = 0x80 | (isShort ? length : 126);
    if (!isShort) frame.writeUInt16BE(length, 2);
    frame.write(text, isShort ? 6 : 8);
    this.#socket.write(frame);
  }

  close(): void {
    this.#onEnd = () => {};
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const data = this.#rest?.length ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = null;
    let at = 0;
    if (this.#onHead) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return void (this.#rest = data);
      this.#onHead(data.toString('latin1', 0, end));
      this.#onHead = null;
      at = end + 4;
    }
    while (this.#onFrame && at + 2 <= data.length) {
      let length = (data[at + 1] ?? 0) & 0x7f;
      let start = at + 2;
      if (length === 126) {
        if (data.length < at + 4) break;
        length = data.readUInt16BE(at + 2);
        start = at + 4;
      } else if (length === 127) {
        if (data.length < at + 10) break;
        length = Number(data.readBigUInt64BE(at + 2));
        start = at + 10;
      }
      if (start + length > data.length) break;
      const opcode = (data[at] ?? 0) & 0xf;
      if (opcode === FINAL_TEXT) this.#onFrame(data, start, start + length);
      else if (opcode === PING) this.#pong(data.subarray(start, start + length));
      at = start + length;
    }
    if (at < data.length) this.#rest = data.subarray(at);
  }

  #pong(payload: Buffer): void {
    this.#socket.write(Buffer.concat([Buffer.from([0x8a, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
  }
}
