import type { Message, ServerFrame, ServerFrameOf } from '../../protocol/index.ts';

type MessageFrame = ServerFrameOf<'message.created' | 'message.updated'>;

interface LiveThreadPorts {
  send: (frame: ServerFrame) => void;
  /** The next messages that changed after a place in the log, ascending by `version`, and the place up to which they are all. */
  readAfter(version: number): Promise<{ messages: Message[]; upTo: number }>;
  /** What is missing cannot be read. */
  onFailure(error: unknown): void;
}

/**
 * One connection's view of one thread: every place of the log in its order and never an older state after a newer one, whatever the
 * fan-out does. Events that come before the page was sent, out of order or with one missing are not trusted: what lies between is
 * read from storage. There a message that changed twice is found once, by its newest `version`: the places before are passed over.
 */
export class LiveThread {
  readonly #ports: LiveThreadPorts;
  /** The place up to which everything was sent; null before the page was. */
  #sent: number | null = null;
  /** The greatest place heard of. */
  #heard = 0;
  /** Nothing is sent while the page is being read, while access is being asked again, and after the end. */
  #holding = true;
  #reading = false;
  /** What has no place in the log and came while nothing was sent. */
  #held: ServerFrame[] = [];

  constructor(ports: LiveThreadPorts) {
    this.#ports = ports;
  }

  /** The page up to a place was sent: from here on live. */
  start(upTo: number): void {
    this.#sent = upTo;
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

  /** A message that was made or changed. */
  receive(frame: MessageFrame): void {
    const { version } = frame.message;
    this.#heard = Math.max(this.#heard, version);
    if (this.#holding || this.#reading || this.#sent === null) return;
    if (version === this.#sent + 1) this.#send(frame);
    else void this.#catchUp();
  }

  /** What is not in the log: a change of the members, or what an answer grew by. It goes behind what is being read of the log. */
  pass(frame: ServerFrame): void {
    if (this.#holding || this.#reading) this.#held.push(frame);
    else this.#ports.send(frame);
  }

  /** What is worth something at this moment alone: not kept for later. */
  whisper(frame: ServerFrame): void {
    if (!this.#holding && !this.#reading) this.#ports.send(frame);
  }

  async #catchUp(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    const begin = this.#sent ?? 0;
    const told = new Set<string>();
    try {
      while (!this.#holding && this.#sent !== null && this.#heard > this.#sent) {
        const from = this.#sent;
        const { messages, upTo } = await this.#ports.readAfter(from);
        if (upTo <= from) throw new Error(`Place ${this.#heard} of the log was announced but is not stored.`);
        // Held in the meantime: what was read is read again, by then perhaps as something newer.
        if (this.#holding) continue;
        for (const message of messages) {
          // By what was known when it began: in a later page there are changes of messages that were told in none before.
          const isNew = message.seq > begin && !told.has(message.id);
          told.add(message.id);
          this.#send({ type: isNew ? 'message.created' : 'message.updated', message });
        }
        this.#sent = Math.max(this.#sent, upTo);
      }
    } catch (error) {
      this.#ports.onFailure(error);
    } finally {
      this.#reading = false;
      if (!this.#holding) for (const frame of this.#held.splice(0)) this.#ports.send(frame);
    }
  }

  #send(frame: MessageFrame): void {
    this.#sent = frame.message.version;
    this.#heard = Math.max(this.#heard, this.#sent);
    this.#ports.send(frame);
  }
}
