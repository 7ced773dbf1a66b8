import type { Answer, Message, MessagePart } from '../../../protocol/index.ts';
import type { BackendEvent, PartAction } from '../../index.ts';
import type { ThreadLog } from './ThreadLog.ts';
import type { ThreadHost } from './ThreadHost.ts';
import type { ChunkStream, Turn, TurnCall } from './TurnPort.ts';
import { TurnRun } from './TurnRun.ts';

/** How often a cut stream is asked for again, and after how long, ms. */
const RESUME_AFTER = [0, 500, 2_000];

interface AnswersPorts {
  log: ThreadLog;
  host: ThreadHost;
  call: (signal: AbortSignal) => TurnCall;
  emit: (event: BackendEvent) => void;
  /** Tells of a message that is another now. */
  changed: (message: Message) => Message;
  /** An answer came to its end, and was not stopped. */
  done: (messageId: string) => void;
}

/** The answer that grows in a conversation: one at a time. Asks for it, reads its stream, finds one again that was cut. */
export class TurnAnswers {
  readonly #ports: AnswersPorts;
  #run: { run: TurnRun; messageId: string; ended: Promise<void> } | null = null;

  constructor(ports: AnswersPorts) {
    this.#ports = ports;
  }

  /** Resolves once none grows. */
  get ended(): Promise<void> {
    return this.#run?.ended ?? Promise.resolve();
  }

  isGrowing(messageId: string): boolean {
    return this.#run?.messageId === messageId;
  }

  /** A message with all that there is of it now. */
  current(message: Message): Message {
    return this.#run?.messageId === message.id ? { ...message, ...this.#run.run.snapshot } : message;
  }

  stop(): void {
    this.#run?.run.stop();
  }

  /** The page leaves the conversation. */
  leave(): void {
    this.#run?.run.leave();
  }

  /** Asks the far side. What comes is read by {@link follow}, once the question has its place. */
  ask(
    kind: Turn['kind'],
    id: string,
    answer: Answer,
    parts: MessagePart[],
    { more = [], action }: { more?: Turn['messages']; action?: PartAction | undefined },
  ): { run: TurnRun; stream: Promise<ChunkStream> } {
    const run = this.#makeRun(id, answer, parts, false);
    const at = this.#ports.log.messages.findIndex(({ message }) => message.id === id);
    const messages = [...(at < 0 ? this.#ports.log.messages : this.#ports.log.messages.slice(0, at)), ...more];
    const { metadata } = this.#ports.log.messages[at] ?? {};
    const leave = () => run.leave();
    this.#ports.host.signal.addEventListener('abort', leave, { once: true });
    const turn = { ...this.#ports.call(run.signal), kind, action, messages, answer: { id, parts, metadata } };
    const stream = this.#ports.host.port.run(turn);
    // From then on it is left with its conversation.
    const forget = () => this.#ports.host.signal.removeEventListener('abort', leave);
    stream.then(forget, forget);
    return { run, stream };
  }

  /** An answer grows on the far side that began before this page: its stream, from the beginning. */
  takeUp(messageId: string, answer: Answer, stream: ChunkStream): void {
    this.follow(this.#makeRun(messageId, answer, [], true), messageId, stream);
  }

  follow(run: TurnRun, messageId: string, stream: ChunkStream): void {
    const ended = this.#read(run, messageId, stream).finally(() => (this.#run = null));
    this.#run = { run, messageId, ended };
  }

  #makeRun(messageId: string, answer: Answer, parts: readonly MessagePart[], isReplay: boolean): TurnRun {
    const { clock, silenceMs } = this.#ports.host;
    const run: TurnRun = new TurnRun(answer, parts, {
      clock,
      silenceMs,
      began: () => {
        // What was shown stays until the replay has something in its place.
        if (isReplay) this.#ports.changed(this.#ports.log.change(messageId, run.snapshot));
      },
      publish: (at, chunks) =>
        this.#ports.emit({
          type: 'answer.streamed',
          threadId: this.#ports.log.id,
          messageId,
          run: answer.run,
          at,
          chunks,
        }),
    });
    return run;
  }

  async #read(first: TurnRun, messageId: string, stream: ChunkStream): Promise<void> {
    let run = first;
    await run.read(stream);
    const base = this.#ports.log.get(messageId)?.parts ?? [];
    for (const wait of RESUME_AFTER) {
      if (!this.#wasCut(run)) break;
      const next = await this.#again(run, messageId, base, wait);
      if (!next) break;
      run = next;
    }
    const { parts, answer } = run.snapshot;
    this.#ports.changed(this.#ports.log.change(messageId, { parts, answer }, run.metadata));
    if (answer.status === 'done' && !this.#ports.host.signal.aborted) this.#ports.done(messageId);
  }

  #wasCut(run: TurnRun): boolean {
    const { code } = run.snapshot.answer.error ?? {};
    return code === 'answer_cut_off' && this.#ports.host.port.resume !== undefined && !this.#ports.host.signal.aborted;
  }

  /** The stream of a cut answer once more, from its beginning; null where the far side has none. */
  async #again(cut: TurnRun, messageId: string, base: MessagePart[], wait: number): Promise<TurnRun | null> {
    const { port, clock, signal } = this.#ports.host;
    if (wait > 0) await new Promise<void>((resolve) => clock.setTimer(resolve, wait));
    try {
      const run = this.#makeRun(messageId, { ...cut.answer, run: cut.answer.run + 1 }, base, true);
      const stream = await port.resume!(this.#ports.call(signal));
      if (!stream || !this.#run) return null;
      this.#run = { ...this.#run, run };
      await run.read(stream);
      return run.snapshot.answer.at > 0 ? run : cut;
    } catch {
      return cut; // The next wait tries again.
    }
  }
}
