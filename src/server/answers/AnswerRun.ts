import { AnswerParts, ChunkError } from '../../protocol/answers/index.ts';
import { ChatError, MAX_ANSWER_BYTES, type Answer, type AnswerChunk } from '../../protocol/index.ts';
import type { StoredPart } from '../attachments/AttachmentPort.ts';
import type { Clock } from '../clock.ts';
import type { StoredMessage } from '../storage/ChatStorage.ts';
import type { Logger } from '../types.ts';
import { ChunkGatherer } from './ChunkGatherer.ts';
import { DONE, failed, STOPPED, type Outcome } from './Outcome.ts';
import type { AnswerStream } from './types.ts';

/** What a model says within this time goes out together: as much as one frame on a screen. */
const GATHER_MS = 16;
/** How often what has grown is stored. */
const CHECKPOINT_MS = 1_000;

/** A growing answer at one place of it. */
export interface Snapshot {
  parts: StoredPart[];
  answer: Answer;
}

interface RunPorts {
  clock: Clock;
  logger: Logger;
  /** How long it may take, ms. */
  limitMs: number;
  publish(at: number, chunks: AnswerChunk[]): void;
  /** Stores what has grown. False: the answer is not this run's any more. */
  checkpoint(snapshot: Snapshot): Promise<boolean>;
}

/** Ends a run that is not to be finished by it: the message is gone, or another run has it. */
const LOST = Symbol('lost');

/** One attempt at an answer: reads the app's stream, tells what it brings, and stores it now and then. */
export class AnswerRun {
  readonly #message: StoredMessage;
  readonly #answer: Answer;
  readonly #ports: RunPorts;
  readonly #parts: AnswerParts;
  readonly #gathered = new ChunkGatherer();
  readonly #abort = new AbortController();
  #bytes = 0;
  #outcome: Outcome | typeof LOST | null = null;
  #cancelFlush: (() => void) | null = null;
  #cancelCheckpoint: () => void = () => {};
  #storing: Promise<unknown> = Promise.resolve();

  /** @param message the answer as it was stored when the attempt began; what parts it has are gone on with */
  constructor(message: StoredMessage & { answer: Answer }, ports: RunPorts) {
    this.#message = message;
    this.#answer = message.answer;
    this.#ports = ports;
    this.#parts = new AnswerParts(message.parts as never);
    // However often it is gone on with, all of it together is bounded.
    if (message.parts.length > 0) this.#bytes = Buffer.byteLength(JSON.stringify(message.parts));
  }

  get messageId(): string {
    return this.#message.id;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What there is of it now. What waited to be sent is sent, so that the next frame joins. */
  get snapshot(): Snapshot {
    this.#flush();
    const answer: Answer = { ...this.#answer, at: this.#gathered.at, open: this.#parts.open };
    return { parts: [...this.#parts.parts] as StoredPart[], answer };
  }

  /** Ends it from outside: somebody has had enough, or the server closes. The first word counts. */
  end(outcome: Outcome): void {
    this.#settle(outcome);
  }

  /** Reads the stream to its end. @returns the answer as it is to be stored; null when it is not this run's any more */
  async read(respond: (signal: AbortSignal) => AnswerStream | Promise<AnswerStream>): Promise<Snapshot | null> {
    const { clock, limitMs, logger } = this.#ports;
    const cancelLimit = clock.setTimer(
      () => this.#settle(failed('answer_timeout', `The answer took longer than ${limitMs} ms.`)),
      limitMs,
    );
    this.#checkpointLater();
    try {
      await this.#readAll(respond);
    } catch (cause) {
      logger.error('An answer failed: respond() threw.', { cause });
      this.#settle(
        ChatError.is(cause) ? failed(cause.code, cause.message) : failed('answer_failed', 'The assistant failed.'),
      );
    } finally {
      cancelLimit();
      this.#cancelCheckpoint();
    }
    await this.#storing.catch(() => {});
    const outcome = this.#outcome ?? failed('answer_cut_off', 'The answer ended without its end.');
    if (outcome === LOST) return null;
    const { parts, answer } = this.snapshot;
    const { open: _, ...rest } = answer;
    return { parts, answer: { ...rest, ...outcome } };
  }

  async #readAll(respond: (signal: AbortSignal) => AnswerStream | Promise<AnswerStream>): Promise<void> {
    // Ended before it began.
    if (this.#outcome) return;
    const ended = new Promise<null>((resolve) =>
      this.signal.addEventListener('abort', () => resolve(null), { once: true }),
    );
    const stream = await Promise.race([respond(this.signal), ended]);
    if (!stream || this.#outcome) return;
    if (!(Symbol.asyncIterator in stream))
      throw new TypeError('respond() returned neither a ReadableStream nor an async iterable.');
    const iterator = (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    while (!this.#outcome) {
      const step = await Promise.race([iterator.next(), ended]);
      if (!step || step.done === true) break;
      this.#take(step.value);
    }
    // Not awaited: a stream that heeds no signal must not hold up the answer's end.
    const rest = this.#outcome === DONE ? drain(iterator) : Promise.resolve(iterator.return?.());
    rest.catch(() => {});
  }

  #take(value: unknown): void {
    const chunk = value as AnswerChunk;
    if (typeof value !== 'object' || value === null || typeof chunk.type !== 'string') {
      this.#ports.logger.error('An answer failed: its stream held something that is no chunk.', { kind: typeof value });
      return this.#settle(failed('answer_invalid', 'The assistant sent what is no answer.'));
    }
    switch (chunk.type) {
      case 'finish':
        if (chunk.messageMetadata !== undefined)
          this.#grow({ type: 'message-metadata', messageMetadata: chunk.messageMetadata });
        return this.#settle(DONE);
      case 'abort':
        return this.#settle(STOPPED);
      case 'error':
        return this.#settle(failed('answer_failed', reasonOf(chunk.errorText)));
      case 'file':
        // A file part is one that was uploaded; what a model made travels as data.
        return this.#grow({ type: 'data-file', data: { url: chunk.url, mediaType: chunk.mediaType } });
      default:
        return this.#grow(chunk);
    }
  }

  #grow(chunk: AnswerChunk): void {
    let json: string;
    try {
      json = JSON.stringify(chunk);
    } catch {
      return this.#settle(failed('answer_invalid', 'The assistant sent what is no answer.'));
    }
    this.#bytes += Buffer.byteLength(json);
    if (this.#bytes > MAX_ANSWER_BYTES) {
      return this.#settle(failed('answer_too_long', `An answer holds at most ${MAX_ANSWER_BYTES} bytes.`));
    }
    try {
      this.#parts.add(chunk);
    } catch (cause) {
      if (!(cause instanceof ChunkError)) throw cause;
      this.#ports.logger.error('An answer failed: its stream is out of order.', { cause });
      return this.#settle(failed('answer_invalid', 'The assistant sent what is no answer.'));
    }
    this.#gathered.add(chunk);
    this.#cancelFlush ??= this.#ports.clock.setTimer(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    for (const { at, chunks } of this.#gathered.take()) this.#ports.publish(at, chunks);
  }

  #checkpointLater(): void {
    this.#cancelCheckpoint = this.#ports.clock.setTimer(() => {
      this.#storing = this.#checkpoint();
    }, CHECKPOINT_MS);
  }

  /** Also when nothing grew: it is the sign of life that others go by. */
  async #checkpoint(): Promise<void> {
    try {
      if (!(await this.#ports.checkpoint(this.snapshot))) this.#settle(LOST);
    } catch (cause) {
      this.#ports.logger.warn('What has grown of an answer could not be stored; it is tried again.', { cause });
    }
    if (!this.#outcome) this.#checkpointLater();
  }

  #settle(outcome: Outcome | typeof LOST): void {
    if (this.#outcome) return;
    this.#outcome = outcome;
    if (outcome !== DONE) this.#abort.abort();
  }
}

/** What follows the end of an answer is the app's own: to be called back when its stream was read. */
async function drain(iterator: AsyncIterator<unknown>): Promise<void> {
  while ((await iterator.next()).done !== true);
}

function reasonOf(errorText: unknown): string {
  return typeof errorText === 'string' ? errorText.slice(0, 500) : 'The assistant failed.';
}
