import { once } from 'node:events';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { CLOSE_CODES, ERROR_REGISTRY, serverFrameSchema, type ServerFrame } from '../../src/protocol/index.ts';
import { decodeFrame } from '../../src/server/gateway/decodeFrame.ts';
import type { Shot } from './mutate.ts';

/** A request of the shooter's own: its answer shows that everything before it was handled. */
const MARK = 4_000_000_001;
/** Nothing takes this long unless something hangs. */
const PATIENCE_MS = 60_000;
const CODES: ReadonlySet<number> = new Set(Object.values(CLOSE_CODES).map(({ code }) => code));

export interface Tally {
  /** Answered refusals by error code, and closes by close code. */
  refusals: Map<string, number>;
  closes: Map<string, number>;
  /** What broke the protocol's promise. */
  violations: string[];
}

/** Fires shots over sockets of one person, and holds every answer against the protocol. */
export class Shooter {
  readonly #url: string;
  readonly #token: () => string;
  readonly #tally: Tally;
  #socket: WebSocket | null = null;
  #frames: ServerFrame[] = [];
  #closed = 0;
  #wake: () => void = () => {};
  #lastShot = '';

  constructor(url: string, token: () => string, tally: Tally) {
    this.#url = url;
    this.#token = token;
    this.#tally = tally;
  }

  /** Over an authenticated connection. Resolves when all were handled; those that end the connection are fired one by one. */
  async fire(shots: readonly Shot[]): Promise<void> {
    const fatal = shots.filter(mayEnd);
    await this.#open();
    for (const shot of shots) if (!mayEnd(shot)) this.#send(shot);
    await this.#mark();
    for (const shot of fatal) {
      if (this.#closed !== 0) await this.#open();
      this.#send(shot);
      await this.#mark();
    }
  }

  /** As the first thing that a socket says. */
  async fireUnauthenticated(shot: Shot): Promise<void> {
    this.close();
    await this.#connect();
    this.#send(shot);
    await this.#until(() => this.#closed !== 0 || this.#frames.some(({ type }) => type === 'auth.accepted'));
    this.close();
  }

  close(): void {
    this.#socket?.terminate();
    this.#socket = null;
    this.#closed = 1;
  }

  async #open(): Promise<void> {
    if (this.#socket && this.#closed === 0) return;
    await this.#connect();
    this.#socket!.send(JSON.stringify({ type: 'auth.open', protocol: 1, token: this.#token() }));
    await this.#until(() => this.#closed !== 0 || this.#frames.some(({ type }) => type === 'auth.accepted'));
    if (this.#closed !== 0) throw new Error(`A good token was refused: ${this.#closed}`);
  }

  async #connect(): Promise<void> {
    // Another local address each time: the ports of one are soon all in TIME_WAIT.
    const localAddress = `127.0.0.${1 + Math.floor(performance.now() % 250)}`;
    const socket = new WebSocket(this.#url, { perMessageDeflate: false, localAddress });
    this.#socket = socket;
    this.#frames = [];
    this.#closed = 0;
    socket.on('message', (data: Buffer) => this.#onMessage(socket, data));
    socket.on('error', () => {});
    socket.on('close', (code) => {
      if (this.#socket === socket) this.#onClose(code);
    });
    await once(socket, 'open');
  }

  #send(shot: Shot): void {
    this.#lastShot = shot.mutation;
    const socket = this.#socket!;
    if (shot.kind === 'binary') return socket.send(shot.bytes);
    shot.pieces.forEach((piece, index) => {
      socket.send(piece, { binary: false, fin: index === shot.pieces.length - 1 });
    });
  }

  async #mark(): Promise<void> {
    if (this.#closed !== 0) return;
    this.#socket!.send(JSON.stringify({ type: 'member.list', requestId: MARK, threadId: 'open' }));
    const isMark = (frame: ServerFrame) => 'requestId' in frame && frame.requestId === MARK;
    await this.#until(() => this.#closed !== 0 || this.#frames.some(isMark));
    this.#frames = [];
  }

  #onMessage(socket: WebSocket, data: Buffer): void {
    if (socket !== this.#socket) return;
    const frame = v.safeParse(serverFrameSchema, JSON.parse(data.toString()));
    if (!frame.success)
      return this.#violate(`a frame that the protocol does not know: ${data.toString().slice(0, 200)}`);
    if (data.byteLength > 65_536) this.#violate(`a frame of ${data.byteLength} bytes, of type ${frame.output.type}`);
    if (frame.output.type === 'request.refused') {
      const { code } = frame.output.error;
      if (!Object.hasOwn(ERROR_REGISTRY, code)) this.#violate(`the error code ${code}`);
      if (code === 'internal') this.#violate('an internal error');
      count(this.#tally.refusals, code);
    }
    this.#frames.push(frame.output);
    this.#wake();
  }

  #onClose(code: number): void {
    this.#closed = code;
    count(this.#tally.closes, String(code));
    if (!CODES.has(code)) this.#violate(`the close code ${code}`);
    this.#wake();
  }

  #violate(what: string): void {
    if (this.#tally.violations.length < 100) this.#tally.violations.push(`${what} (after: ${this.#lastShot})`);
  }

  async #until(condition: () => boolean): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!condition()) {
      const left = end - performance.now();
      if (left <= 0) throw new Error(`No answer within ${PATIENCE_MS} ms, after: ${this.#lastShot}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

/** Whether the connection may end over it. Only for the order of firing; what the server says is checked without it. */
function mayEnd(shot: Shot): boolean {
  if (shot.kind === 'binary' || shot.pieces.length > 50) return true;
  const bytes = Buffer.concat(shot.pieces);
  if (bytes.length > 65_536 || !bytes.equals(Buffer.from(bytes.toString()))) return true;
  const decoded = decodeFrame(bytes.toString());
  return decoded.kind === 'malformed' || (decoded.kind === 'frame' && decoded.frame.type.startsWith('auth.'));
}

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
