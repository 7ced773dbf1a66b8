import { once } from 'node:events';
import { WebSocket } from 'ws';

const PATIENCE_MS = 60_000;

/** A well-behaved client: shows that the server still works for everybody else. */
export class Witness {
  readonly #socket: WebSocket;
  #number = 0;
  #onFrame: (frame: { type: string; requestId?: number }) => void = () => {};
  #onClose: (code: number) => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('close', (code) => this.#onClose(code));
    socket.on('message', (data: Buffer) => this.#onFrame(JSON.parse(data.toString()) as { type: string }));
  }

  static async open(url: string, token: string): Promise<Witness> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open');
    const witness = new Witness(socket);
    await witness.#ask({ type: 'auth.open', protocol: 1, token }, ({ type }) => type === 'auth.accepted');
    return witness;
  }

  /** Sends a message and waits until it is stored; answers how long that took, ms. */
  async sends(): Promise<number> {
    const requestId = ++this.#number;
    const begun = performance.now();
    const parts = [{ type: 'text', text: `still here ${requestId}` }];
    // The same few ids again and again, each with its own text, would be conflicts: edits are what does not grow.
    const frame =
      requestId === 1
        ? { type: 'message.send', requestId, threadId: 'calm', messageId: 'calm', parts }
        : { type: 'message.edit', requestId, threadId: 'calm', messageId: 'calm', parts };
    await this.#ask(frame, (answer) => answer.requestId === requestId && answer.type !== 'request.refused');
    return performance.now() - begun;
  }

  close(): void {
    this.#socket.terminate();
  }

  #ask(frame: object, isAnswer: (answer: { type: string; requestId?: number }) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('The server does not answer a well-behaved client.')),
        PATIENCE_MS,
      );
      this.#onFrame = (answer) => {
        if (!isAnswer(answer)) return;
        clearTimeout(timer);
        resolve();
      };
      this.#onClose = (code) => reject(new Error(`A well-behaved client was closed: ${code}`));
      this.#socket.send(JSON.stringify(frame));
    });
  }
}
