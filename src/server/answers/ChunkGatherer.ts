import { MAX_FRAME_BYTES, type AnswerChunk } from '../../protocol/index.ts';

/** Longest piece of a text in one chunk, in UTF-16 code units: even escaped six times over, it fits a frame. */
const PIECE = 8_192;
/** The frame around the chunks takes the rest. */
const FRAME_BYTES = MAX_FRAME_BYTES - 4_096;

/** One frame's chunks, and the number of the first. */
interface Batch {
  at: number;
  chunks: AnswerChunk[];
}

/** Gathers what a model says in a moment: pieces of one text that follow each other are one chunk, and a long one is several. */
export class ChunkGatherer {
  #at = 0;
  #pending: AnswerChunk[] = [];

  /** The number of the next chunk, those that wait counted. */
  get at(): number {
    return this.#at;
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  add(chunk: AnswerChunk): void {
    const field = chunk.type === 'tool-input-delta' ? 'inputTextDelta' : 'delta';
    const text = chunk[field];
    if (!chunk.type.endsWith('-delta') || typeof text !== 'string') return this.#push({ ...chunk });
    const last = this.#pending.at(-1);
    const before = last?.[field];
    const joins =
      last?.type === chunk.type &&
      last.id === chunk.id &&
      last.toolCallId === chunk.toolCallId &&
      chunk.providerMetadata === undefined &&
      typeof before === 'string' &&
      before.length + text.length <= PIECE;
    if (joins) last[field] = before + text;
    else
      for (let from = 0; from === 0 || from < text.length; from += PIECE)
        this.#push({ ...chunk, [field]: text.slice(from, from + PIECE) });
  }

  /** What waited, in as many frames as it takes. */
  take(): Batch[] {
    const batches: Batch[] = [];
    let at = this.#at - this.#pending.length;
    let bytes = Infinity;
    for (const chunk of this.#pending) {
      const size = Buffer.byteLength(JSON.stringify(chunk)) + 1;
      if (bytes + size > FRAME_BYTES) {
        batches.push({ at, chunks: [] });
        bytes = 0;
      }
      batches.at(-1)!.chunks.push(chunk);
      bytes += size;
      at += 1;
    }
    this.#pending = [];
    return batches;
  }

  #push(chunk: AnswerChunk): void {
    this.#pending.push(chunk);
    this.#at += 1;
  }
}
