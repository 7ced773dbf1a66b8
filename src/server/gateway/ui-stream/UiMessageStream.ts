import type { Answer, AnswerChunk, Message, ServerFrame } from '../../../protocol/index.ts';
import type { FrameTransport } from './FrameTransport.ts';
import { partsToChunks } from './parts-to-chunks.ts';
import { toUiChunk, type AiSdkVersion } from './toUiChunk.ts';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-vercel-ai-ui-message-stream': 'v1',
  'x-accel-buffering': 'no',
};

/** One answer as the AI SDK's UI Message Stream, version 1. */
export class UiMessageStream {
  readonly response: Response;
  readonly #client: FrameTransport;
  readonly #version: AiSdkVersion;
  readonly #encoder = new TextEncoder();
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #place: { messageId: string; run: number; at: number } | null = null;
  /** What came before it is known which answer is meant. */
  #early: ServerFrame[] = [];
  #isOver = false;

  constructor(client: FrameTransport, headers: Headers, version: AiSdkVersion) {
    this.#client = client;
    this.#version = version;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => client.alive(),
        cancel: () => {
          this.#isOver = true;
          client.terminate();
        },
      },
      // Its queue is then counted to the byte.
      new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
    );
    for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
    this.response = new Response(body, { headers });
    client.buffered = () => -(this.#controller.desiredSize ?? 0);
    client.onPing = () => this.#write(': keep-alive\n\n');
    client.follow({
      frame: (frame) => this.#take(frame),
      // A stream that just ends would be taken for a whole answer.
      over: (error) => this.#fail(error),
    });
  }

  /** The beginning of an answer that was told of already. */
  told(messageId: string): Message | null {
    for (const frame of this.#early) {
      if (frame.type === 'message.created' && frame.message.id === messageId) return frame.message;
    }
    return null;
  }

  /** Begins with an answer: all that there is of it, or with `onlyNew` what comes from here on. */
  begin({ id, parts, answer }: Message, { onlyNew = false } = {}): void {
    if (!answer || this.#isOver) return;
    this.#place = { messageId: id, run: answer.run, at: answer.at };
    this.#send({ type: 'start', messageId: id });
    if (!onlyNew) this.#sendAll(partsToChunks(parts, answer.open));
    this.#endBy(answer);
    for (const frame of this.#early.splice(0)) this.#take(frame);
  }

  /** Nothing is said. */
  end(): void {
    if (this.#isOver) return;
    this.#write('data: [DONE]\n\n');
    this.#isOver = true;
    this.#controller.close();
    this.#client.terminate();
  }

  #take(frame: ServerFrame): void {
    if (this.#isOver) return;
    if (!this.#place) return void this.#early.push(frame);
    const place = this.#place;
    if (frame.type === 'answer.streamed') {
      if (frame.messageId !== place.messageId || frame.run !== place.run) return;
      // Something was lost on the way: the client asks for the stream again, and gets all of it.
      if (frame.at > place.at) return this.#fail(new Error('A piece of the answer was lost.'));
      this.#sendAll(frame.chunks.slice(place.at - frame.at));
      place.at = Math.max(place.at, frame.at + frame.chunks.length);
    } else if (frame.type === 'message.updated' && frame.message.id === place.messageId) {
      const { answer } = frame.message;
      if (!answer || frame.message.deletedAt !== null) return this.#endBy({ status: 'stopped', error: null });
      if (answer.run >= place.run) this.#endBy(answer);
    }
  }

  #endBy({ status, error }: Pick<Answer, 'status' | 'error'>): void {
    if (status === 'streaming') return;
    if (status === 'done') this.#send({ type: 'finish' });
    else if (status === 'stopped') this.#send({ type: 'abort' });
    else this.#send({ type: 'error', errorText: error?.message ?? 'The assistant failed.' });
    this.end();
  }

  #sendAll(chunks: readonly AnswerChunk[]): void {
    for (const chunk of chunks) {
      const told = toUiChunk(chunk, this.#version);
      if (told) this.#send(told);
    }
  }

  #send(chunk: AnswerChunk): void {
    this.#write(`data: ${JSON.stringify(chunk)}\n\n`);
  }

  #write(text: string): void {
    if (!this.#isOver) this.#controller.enqueue(this.#encoder.encode(text));
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller.error(error);
    this.#client.terminate();
  }
}
