import { once } from 'node:events';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION } from '../../src/protocol/index.ts';
import { TestClient } from './TestClient.ts';

/** A {@link TestClient} over a WebSocket. */
export class TestSocket extends TestClient {
  readonly raw: WebSocket;

  private constructor(raw: WebSocket) {
    super();
    this.raw = raw;
    raw.on('close', (code, reason) => this.onEnded({ code, reason: reason.toString() }));
    raw.on('message', (data: Buffer) => this.onData(data.toString()));
  }

  /** Opens a socket without a word. Rejects when the upgrade is refused. */
  static async connect(
    url: string,
    options: { origin?: string; headers?: Record<string, string> } = {},
  ): Promise<TestSocket> {
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

  close(): void {
    this.raw.close();
  }

  pause(): void {
    this.raw.pause();
  }

  resume(): void {
    this.raw.resume();
  }
}
