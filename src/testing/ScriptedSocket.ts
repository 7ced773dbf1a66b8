import type { SocketConstructor, SocketEvent } from '../client/index.ts';
import type { ClientFrame, ServerFrame } from '../protocol/index.ts';

type EventName = 'open' | 'message' | 'close' | 'error';

/** One WebSocket of which the test is the other end: what the client sent can be read, what it gets is scripted. */
export class ScriptedSocket {
  readonly url: string;
  /** As on a real socket: 0 connecting, 1 open, 2 closing, 3 closed. */
  readyState: 0 | 1 | 2 | 3 = 0;
  /** Every frame that the client sent, in order. */
  readonly sent: ClientFrame[] = [];
  /** The code that the client closed with; null while it has not. */
  closedByClient: number | null = null;
  /** Called for each frame that the client sends. */
  onFrame: ((frame: ClientFrame) => void) | undefined;
  #cut = false;
  readonly #listeners: { name: EventName; listener: (event: SocketEvent) => void }[] = [];

  constructor(url: string) {
    this.url = url;
  }

  // The client's side, as the platform's WebSocket has it.

  addEventListener(name: EventName, listener: (event: SocketEvent) => void): void {
    this.#listeners.push({ name, listener });
  }

  send(data: string): void {
    if (this.readyState === 0) throw new Error('InvalidStateError: still connecting');
    if (this.readyState !== 1 || this.#cut) return;
    const frame = JSON.parse(data) as ClientFrame;
    this.sent.push(frame);
    this.onFrame?.(frame);
  }

  close(code = 1000): void {
    if (this.readyState >= 2) return;
    this.closedByClient = code;
    this.readyState = 3;
    if (!this.#cut) this.#emit('close', { code, reason: '' });
  }

  // The server's side.

  /** The handshake succeeds. */
  open(): void {
    if (this.readyState !== 0) return;
    this.readyState = 1;
    this.#emit('open', {});
  }

  /** The server sends a frame; a string travels as it is. */
  deliver(frame: ServerFrame | string): void {
    if (this.readyState !== 1 || this.#cut) return;
    this.#emit('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  /** The connection breaks, or the server closes it with `code`. Default 1006: lost without a word. */
  drop(code = 1006, reason = ''): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#emit('close', { code, reason });
  }

  /** Half-open from now on: nothing arrives on either side, and nobody is told. */
  cut(): void {
    this.#cut = true;
  }

  /** The frames of one type that the client sent. */
  sentOf<T extends ClientFrame['type']>(type: T): Extract<ClientFrame, { type: T }>[] {
    return this.sent.filter((frame): frame is Extract<ClientFrame, { type: T }> => frame.type === type);
  }

  #emit(name: EventName, event: SocketEvent): void {
    for (const entry of this.#listeners) if (entry.name === name) entry.listener(event);
  }
}

/** All sockets that a client opened through {@link ScriptedSockets.WebSocket}. */
export interface ScriptedSockets {
  /** To be given to the client in the place of the platform's. */
  WebSocket: SocketConstructor;
  /** In the order of opening. */
  readonly all: readonly ScriptedSocket[];
  /** The one opened last. Throws where there is none. */
  readonly latest: ScriptedSocket;
  /** Those that are connecting or open. */
  readonly alive: readonly ScriptedSocket[];
}

/** Makes a WebSocket constructor whose sockets the test holds. `onSocket` sees each new one, e.g. to script its answers. */
export function createScriptedSockets(onSocket?: (socket: ScriptedSocket) => void): ScriptedSockets {
  const all: ScriptedSocket[] = [];
  return {
    WebSocket: class extends ScriptedSocket {
      constructor(url: string) {
        super(url);
        all.push(this);
        onSocket?.(this);
      }
    },
    all,
    get latest() {
      const last = all.at(-1);
      if (!last) throw new Error('The client has opened no socket yet.');
      return last;
    },
    get alive() {
      return all.filter((socket) => socket.readyState < 2);
    },
  };
}
