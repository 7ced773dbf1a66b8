import type * as Reducer from '../../protocol/answers/index.ts';
import type { Message, MessagePart } from '../../protocol/index.ts';
import type { BackendEvent } from '../backends/ChatBackend.ts';
import { Store } from '../store.ts';
import type { Readable } from '../store.ts';
import { asChatError } from './errors.ts';
import type { Line } from './Line.ts';

type Streamed = Extract<BackendEvent, { type: 'answer.streamed' }>;
type Parts = readonly MessagePart[];

/** Frames that may wait for what lies before them; with more, what there is of the answer is asked for anyway. */
const MAX_AHEAD = 1_000;

interface Growing {
  run: number;
  /** The number of the next chunk. */
  at: number;
  /** Null until the reducer is loaded. */
  parts: Reducer.AnswerParts | null;
  seed: Message;
  /** Frames that cannot be taken yet. */
  ahead: Streamed[];
  asking: boolean;
}

let loading: Promise<typeof Reducer> | null = null;

/** What makes parts of chunks: loaded with the first answer. */
function loadReducer() {
  loading ??= import('../../protocol/answers/index.ts').catch((error: unknown) => {
    loading = null; // the next answer tries again
    throw error;
  });
  return loading;
}

/**
 * The answers of a thread that grow. They are told to whoever shows one, once per frame of the screen, and to nobody else: a thread's
 * state does not change by a chunk.
 */
export class GrowingAnswers {
  readonly #threadId: string;
  readonly #line: Line;
  readonly #get: (messageId: string) => Message | undefined;
  readonly #growing = new Map<string, Growing>();
  readonly #shown = new Map<string, Store<Parts>>();
  readonly #due = new Set<string>();

  constructor(threadId: string, line: Line, get: (messageId: string) => Message | undefined) {
    this.#threadId = threadId;
    this.#line = line;
    this.#get = get;
  }

  /** Its parts as they grow; of one that does not, as they are. */
  shown(messageId: string): Readable<Parts> {
    let store = this.#shown.get(messageId);
    if (!store) {
      const message = this.#get(messageId);
      const growing = this.#growing.get(messageId);
      // What came of it before anybody showed it has been put together already.
      store = new Store<Parts>(growing?.parts?.parts ?? message?.parts ?? []);
      this.#shown.set(messageId, store);
      if (!growing && message?.answer?.status === 'streaming') this.#grow(message);
    }
    return store;
  }

  /** A copy of a message came: it ends its growing, or brings it further. */
  onMessage(message: Message): void {
    const { id, answer } = message;
    const growing = this.#growing.get(id);
    if (answer?.status === 'streaming') {
      if (!growing || isFurther(answer, growing)) this.#grow(message);
      return;
    }
    this.#growing.delete(id);
    this.#due.delete(id);
    this.#shown.get(id)?.set(message.parts);
    this.#shown.delete(id);
  }

  onStreamed(frame: Streamed): void {
    const message = this.#get(frame.messageId);
    if (message?.answer?.status !== 'streaming') return;
    const growing = this.#growing.get(frame.messageId) ?? this.#grow(message);
    // Of an attempt that ended, or of one whose beginning is still on its way: that brings all of it.
    if (frame.run !== growing.run) return frame.run > growing.run ? this.#ask(frame.messageId, growing) : undefined;
    // Nearly every one: the next, and nothing waits.
    if (growing.parts && growing.ahead.length === 0 && frame.at === growing.at) {
      take(growing.parts, frame.chunks);
      growing.at += frame.chunks.length;
      this.#publish(frame.messageId);
      return undefined;
    }
    growing.ahead.push(frame);
    this.#takeAhead(frame.messageId, growing);
  }

  /** The thread is live again: what was missed of them is asked for. */
  onLive(): void {
    for (const [id, growing] of this.#growing) this.#ask(id, growing);
  }

  clear(): void {
    this.#growing.clear();
    this.#due.clear();
    this.#shown.clear();
  }

  #grow(message: Message): Growing {
    const { run = 1, at = 0 } = message.answer ?? {};
    const ahead = this.#growing.get(message.id)?.ahead ?? [];
    const growing: Growing = { run, at, parts: null, seed: message, ahead, asking: false };
    this.#growing.set(message.id, growing);
    loadReducer().then(
      ({ AnswerParts }) => {
        growing.parts = new AnswerParts(message.parts, message.answer?.open);
        if (this.#growing.get(message.id) !== growing) return;
        this.#takeAhead(message.id, growing);
        this.#publish(message.id);
      },
      // The finished answer comes as a message, whole.
      (thrown: unknown) => this.#line.report(asChatError(thrown)),
    );
    return growing;
  }

  #takeAhead(id: string, growing: Growing): void {
    const { parts } = growing;
    if (!parts) return;
    const rest: Streamed[] = [];
    for (const frame of growing.ahead.sort((a, b) => a.at - b.at)) {
      if (frame.run !== growing.run) continue;
      if (frame.at > growing.at) rest.push(frame);
      else {
        take(parts, frame.chunks.slice(growing.at - frame.at));
        growing.at = Math.max(growing.at, frame.at + frame.chunks.length);
      }
    }
    growing.ahead = rest.slice(-MAX_AHEAD);
    if (rest.length > 0) this.#ask(id, growing);
    this.#publish(id);
  }

  #ask(messageId: string, growing: Growing): void {
    const resumed = growing.asking ? undefined : this.#line.session?.resumeAnswer?.(this.#threadId, messageId);
    if (!resumed) return;
    growing.asking = true;
    resumed.then(
      (message) => {
        growing.asking = false;
        if (this.#growing.get(messageId) !== growing) return;
        const { answer } = message;
        if (answer?.status === 'streaming' && isFurther(answer, growing)) this.#grow(message);
        else this.#takeAhead(messageId, growing);
      },
      () => (growing.asking = false), // The next frame asks again.
    );
  }

  #publish(id: string): void {
    const isComing = this.#due.size > 0;
    this.#due.add(id);
    if (isComing) return;
    this.#line.frame(() => {
      for (const each of this.#due) {
        const parts = this.#growing.get(each)?.parts;
        if (parts) this.#shown.get(each)?.set(parts.parts);
      }
      this.#due.clear();
    });
  }
}

function take(parts: Reducer.AnswerParts, chunks: Streamed['chunks']): void {
  for (const chunk of chunks) {
    try {
      parts.add(chunk);
    } catch {
      // What the server let through and this version cannot read: the whole comes at the end.
    }
  }
}

function isFurther(answer: { run: number; at: number }, growing: Growing): boolean {
  return answer.run > growing.run || (answer.run === growing.run && answer.at > growing.at);
}
