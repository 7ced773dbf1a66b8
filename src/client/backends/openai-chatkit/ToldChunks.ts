import type { AnswerChunk } from '../../../protocol/index.ts';

interface Told {
  itemId: string;
  chunk: AnswerChunk;
}

/** What an answer was told of its items, in order: an item that is taken back leaves by telling all the others anew. */
export class ToldChunks {
  #told: Told[] = [];

  add(itemId: string, chunks: readonly AnswerChunk[]): void {
    for (const chunk of chunks) this.#add(itemId, chunk);
  }

  /** Whether anything of an item was told. */
  has(itemId: string): boolean {
    return this.#told.some((each) => each.itemId === itemId);
  }

  get all(): AnswerChunk[] {
    return this.#told.map(({ chunk }) => ({ ...chunk }));
  }

  /** The answer from its beginning without an item. There are no steps in it, so that a reset clears all of it. */
  without(itemId: string): AnswerChunk[] {
    this.#told = this.#told.filter((each) => each.itemId !== itemId);
    return [{ type: 'reset-step' }, ...this.all];
  }

  /** As short as it can be told: a text is one chunk, and of an item’s data only the newest counts. */
  #add(itemId: string, chunk: AnswerChunk): void {
    const last = this.#told.at(-1);
    const same = (other: AnswerChunk) => other.type === chunk.type && other.id === chunk.id;
    if (chunk.type === 'text-delta' && last && same(last.chunk)) {
      last.chunk = { ...last.chunk, delta: `${last.chunk.delta as string}${chunk.delta as string}` };
      return;
    }
    const known = chunk.type.startsWith('data-') ? this.#told.find((each) => same(each.chunk)) : undefined;
    if (known) known.chunk = chunk;
    else this.#told.push({ itemId, chunk });
  }
}
