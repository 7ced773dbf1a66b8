import { AnswerParts, ChunkError } from '../../../protocol/answers/index.ts';
import { ChatError, type Answer, type AnswerChunk, type MessagePart } from '../../../protocol/index.ts';
import type { Clock } from '../../index.ts';
import type { ChunkStream } from './TurnPort.ts';

type End = Pick<Answer, 'status' | 'error'>;

interface RunPorts {
  clock: Clock;
  /** An answer that says nothing for so long has failed, ms. */
  silenceMs: number;
  /** It has its first chunks: what was said of it before holds no more. */
  began(): void;
  publish(at: number, chunks: AnswerChunk[]): void;
}

const DONE: End = { status: 'done', error: null };
const STOPPED: End = { status: 'stopped', error: null };

/** One attempt at an answer: reads the far side's stream, and tells what it brings. Never rejects: how it ended is the answer's to say. */
export class TurnRun {
  readonly answer: Answer;
  readonly #ports: RunPorts;
  readonly #parts: AnswerParts;
  readonly #abort = new AbortController();
  readonly #isOver: Promise<null>;
  #at = 0;
  #end: End | null = null;

  /** @param parts what it goes on from */
  constructor(answer: Answer, parts: readonly MessagePart[], ports: RunPorts) {
    this.answer = answer;
    this.#ports = ports;
    this.#parts = new AnswerParts(parts);
    this.#isOver = new Promise((resolve) =>
      this.#abort.signal.addEventListener('abort', () => resolve(null), { once: true }),
    );
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get metadata(): unknown {
    return this.#parts.metadata;
  }

  /** What there is of it now. */
  get snapshot(): { parts: MessagePart[]; answer: Answer } {
    const open = this.#end ? {} : { open: this.#parts.open };
    return { parts: [...this.#parts.parts], answer: { ...this.answer, at: this.#at, ...open, ...this.#end } };
  }

  stop(): void {
    this.#settle(STOPPED);
  }

  /** Ends it because the page leaves. */
  leave(): void {
    this.fail(new ChatError('answer_interrupted', 'The page was left in the middle of the answer.'));
  }

  fail({ code, message }: ChatError): void {
    this.#settle({ status: 'failed', error: { code, message } });
  }

  async read(stream: ChunkStream): Promise<void> {
    const iterator = stream[Symbol.asyncIterator]();
    try {
      while (!this.#end) {
        const step = await this.#next(iterator);
        if (!step || step.done === true) break;
        this.#take(step.value);
      }
      if (!this.#end) this.fail(new ChatError('answer_cut_off', 'The server ended the answer without its end.'));
    } catch (thrown) {
      // What no check has seen coming: an event that is not shaped like its kind.
      this.fail(ChatError.is(thrown) ? thrown : new ChatError('answer_invalid', 'The server sent what is no answer.'));
    }
    // Not awaited: what follows the end is the far side's own, and a stream that heeds no signal must hold up nothing.
    (this.#end === DONE ? drain(iterator) : Promise.resolve(iterator.return?.())).catch(() => {});
  }

  /** The next piece; null once the answer has ended otherwise. */
  async #next(iterator: AsyncIterator<readonly AnswerChunk[]>) {
    const { clock, silenceMs } = this.#ports;
    const cancel = clock.setTimer(
      () => this.fail(new ChatError('answer_timeout', `The answer said nothing for ${silenceMs} ms.`)),
      silenceMs,
    );
    try {
      return await Promise.race([iterator.next(), this.#isOver]);
    } finally {
      cancel();
    }
  }

  #take(chunks: readonly AnswerChunk[]): void {
    const at = this.#at;
    const taken: AnswerChunk[] = [];
    for (const chunk of chunks) {
      if (this.#end) break;
      const end = endOf(chunk);
      try {
        this.#parts.add(chunk);
      } catch (cause) {
        if (!(cause instanceof ChunkError)) throw cause;
        this.fail(new ChatError('answer_invalid', `The server’s stream is out of order: ${cause.message}.`, { cause }));
        break;
      }
      taken.push(chunk);
      if (end) this.#settle(end);
    }
    if (taken.length === 0) return;
    this.#at += taken.length;
    if (at === 0) this.#ports.began();
    this.#ports.publish(at, taken);
  }

  #settle(end: End): void {
    if (this.#end) return;
    this.#end = end;
    if (end !== DONE) this.#abort.abort();
  }
}

function endOf({ type, errorText }: AnswerChunk): End | null {
  if (type === 'finish') return DONE;
  if (type === 'abort') return STOPPED;
  if (type !== 'error') return null;
  const message = typeof errorText === 'string' ? errorText.slice(0, 500) : 'The assistant failed.';
  return { status: 'failed', error: { code: 'answer_failed', message } };
}

async function drain(iterator: AsyncIterator<unknown>): Promise<void> {
  while ((await iterator.next()).done !== true);
}
