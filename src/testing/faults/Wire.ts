import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** How often a throttled wire lets some bytes pass. */
const TICK_MS = 20;

/** A TCP socket as a stream that can be stilled, slowed and cut between any two bytes. */
export class Wire extends Duplex {
  readonly #socket: Socket;
  readonly #onEnded: () => void;
  #still = false;
  /** Bytes per second towards the socket. */
  #speed: number | null = null;
  /** Ends the connection after this many more bytes towards the socket. */
  #cutAfter: number | null = null;
  /** The write, the end or the destruction that waits for the wire to move again. */
  #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, onEnded: () => void = () => {}) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#onEnded = onEnded;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => {
      this.destroy();
      this.#end();
    });
    socket.pause();
    // Whoever reads or writes hears it as well; without anybody there, it is no reason to crash.
    this.on('error', () => {});
  }

  /** Lets nothing pass, either way, and tells neither side; or lets it pass again. */
  setStill(still: boolean): void {
    if (still === this.#still) return;
    this.#still = still;
    if (still) {
      this.#socket.pause();
      return;
    }
    for (const go of this.#waiting.splice(0)) go();
    if (!this.destroyed) this.#socket.resume();
  }

  setSpeed(bytesPerSecond: number | null): void {
    this.#speed = bytesPerSecond;
  }

  /** Of what is written from now on, only so many bytes still leave; then the connection is gone. */
  cutAfter(bytes: number): void {
    this.#cutAfter = this.writableLength + bytes;
  }

  /** Ends it at once, so that the far side hears a reset. */
  reset(): void {
    if (this.#still) {
      this.destroy();
      return;
    }
    this.#socket.resetAndDestroy();
    this.destroy();
  }

  /** Ends it for good, whatever it is held by. */
  kill(): void {
    this.#waiting = [];
    this.#still = false;
    this.destroy();
    this.#socket.destroy();
    this.#end();
  }

  override _read(): void {
    if (!this.#still) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#whenMoving(() => this.#send(chunk, done));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#whenMoving(() => {
      this.#socket.end();
      done();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#whenMoving(() => {
      clearTimeout(this.#timer);
      this.#socket.destroy();
    });
    done(error);
  }

  #send(chunk: Buffer, done: (error?: Error | null) => void): void {
    if (this.#socket.destroyed) return done(new Error('The connection is gone.'));
    if (this.#cutAfter !== null && chunk.length >= this.#cutAfter) {
      const rest = chunk.subarray(0, this.#cutAfter);
      this.#socket.write(rest, () => this.destroy());
      return;
    }
    const size = this.#speed === null ? chunk.length : Math.max(1, Math.floor((this.#speed * TICK_MS) / 1000));
    const now = chunk.subarray(0, size);
    if (this.#cutAfter !== null) this.#cutAfter -= now.length;
    if (size >= chunk.length) {
      this.#socket.write(now, this.#speed === null ? done : undefined);
      // A slow reader has the wire to itself until its next turn.
      if (this.#speed !== null) this.#timer = setTimeout(done, TICK_MS);
      return;
    }
    this.#socket.write(now);
    this.#timer = setTimeout(() => this.#whenMoving(() => this.#send(chunk.subarray(size), done)), TICK_MS);
  }

  #whenMoving(go: () => void): void {
    if (this.#still) this.#waiting.push(go);
    else go();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#onEnded();
  }
}
