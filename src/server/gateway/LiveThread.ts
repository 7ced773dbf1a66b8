import type { Message } from '../../protocol/index.ts';

interface LiveThreadPorts {
  send(message: Message): void;
  /** The next messages after a `seq`, ascending. */
  readAfter(seq: number): Promise<Message[]>;
  /** What is missing cannot be read. */
  onFailure(error: unknown): void;
}

/**
 * One connection's view of one thread: every message once and in the order of `seq`, whatever the fan-out does. Events that come
 * before the page was sent, out of order or with one missing are not trusted: what lies between is read from storage.
 */
export class LiveThread {
  readonly #ports: LiveThreadPorts;
  /** The last `seq` that was sent; null before the page was. */
  #sent: number | null = null;
  /** The greatest `seq` heard of. */
  #heard = 0;
  /** Nothing is sent while the page is being read, while access is being asked again, and after the end. */
  #holding = true;
  #reading = false;

  constructor(ports: LiveThreadPorts) {
    this.#ports = ports;
  }

  /** The page up to `seq` was sent: from here on live. */
  start(seq: number): void {
    this.#sent = seq;
    this.resume();
  }

  hold(): void {
    this.#holding = true;
  }

  resume(): void {
    if (this.#sent === null) return;
    this.#holding = false;
    void this.#catchUp();
  }

  receive(message: Message): void {
    this.#heard = Math.max(this.#heard, message.seq);
    if (this.#holding || this.#reading || this.#sent === null) return;
    if (message.seq === this.#sent + 1) this.#send(message);
    else void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (!this.#holding && this.#sent !== null && this.#heard > this.#sent) {
        const messages = await this.#ports.readAfter(this.#sent);
        if (messages.length === 0) throw new Error(`Message ${this.#heard} was announced but is not stored.`);
        for (const message of messages) if (!this.#holding) this.#send(message);
      }
    } catch (error) {
      this.#ports.onFailure(error);
    } finally {
      this.#reading = false;
    }
  }

  #send(message: Message): void {
    this.#sent = message.seq;
    this.#heard = Math.max(this.#heard, message.seq);
    this.#ports.send(message);
  }
}
