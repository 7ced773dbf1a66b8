import { AnswerParts } from '../../../protocol/answers/index.ts';
import type { AnswerChunk, MessagePart } from '../../../protocol/index.ts';
import { updateItem, type Update } from './item-updates.ts';
import { ToldChunks } from './ToldChunks.ts';
import type { Annotation, Item, OutputText } from './types.ts';

/** What a window shows by a part for it, or by a renderer of the app's: `parts={{ 'data-chatkit-widget': Widget }}`. */
const AS_DATA: Record<string, string> = {
  widget: 'data-chatkit-widget',
  workflow: 'data-chatkit-workflow',
  task: 'data-chatkit-task',
  structured_input: 'data-chatkit-structured-input',
};

/** Makes an answer's chunks of what happens to the items of a thread. One per answer. */
export class ItemTranslator {
  /** As they are now. */
  readonly #items = new Map<string, Item>();
  /** Texts by item and place: how much was told, and whether it is closed. */
  readonly #texts = new Map<string, { length: number; closed: boolean }>();
  readonly #known = new Set<string>();
  readonly #told = new ToldChunks();
  #sources = 0;

  /** Of the answer, in order. */
  get itemIds(): string[] {
    return [...this.#items.keys()];
  }

  item(id: string): Item | undefined {
    return this.#items.get(id);
  }

  /** A text of it is not whole. */
  get isOpen(): boolean {
    return [...this.#texts.values()].some(({ closed }) => !closed);
  }

  /** What was cut off is not gone on with. */
  settle(): void {
    for (const text of this.#texts.values()) text.closed = true;
  }

  /** The answer as it is now. */
  get parts(): MessagePart[] {
    const parts = new AnswerParts();
    for (const chunk of this.#told.all) parts.add(chunk);
    return [...parts.parts];
  }

  added(item: Item): AnswerChunk[] {
    this.#items.set(item.id, structuredClone(item));
    return this.#tell(item.id, this.#asData(item.id));
  }

  updated(itemId: string, update: Update): AnswerChunk[] {
    return this.#tell(itemId, this.#updated(itemId, update));
  }

  /** It is whole: what was not told of it is told now. */
  done(item: Item): AnswerChunk[] {
    this.#items.set(item.id, structuredClone(item));
    // A picture stands in place of the step that it was while it was made.
    const wasStep = item.type === 'generated_image' && !this.#known.has(item.id) && this.#told.has(item.id);
    const others = wasStep && item.image ? this.#told.without(item.id) : [];
    return [...others, ...this.#tell(item.id, this.#done(item))];
  }

  /** It is taken back. */
  removed(itemId: string): AnswerChunk[] {
    if (!this.#items.delete(itemId)) return [];
    for (const id of this.#texts.keys()) if (id.startsWith(`${itemId}:`)) this.#texts.delete(id);
    return this.#told.without(itemId);
  }

  /** A tool of the page gave something, which the answer has already. */
  gave(toolCallId: string, output: unknown): void {
    const call = [...this.#items.values()].find(({ call_id }) => call_id === toolCallId);
    if (call) this.#tell(call.id, [{ type: 'tool-output-available', toolCallId, output }]);
  }

  #tell(itemId: string, chunks: AnswerChunk[]): AnswerChunk[] {
    this.#told.add(itemId, chunks);
    return chunks;
  }

  #updated(itemId: string, update: Update): AnswerChunk[] {
    const item = this.#items.get(itemId);
    if (!item) return [];
    const { type } = update;
    if (type.startsWith('assistant_message.')) return this.#textUpdated(itemId, update);
    return updateItem(item, update) ? this.#asData(itemId) : [];
  }

  #done(item: Item): AnswerChunk[] {
    switch (item.type) {
      case 'assistant_message':
        return (item.content as OutputText[]).flatMap((content, index) => this.#whole(item.id, index, content));
      case 'client_tool_call':
        return this.#call(item);
      case 'generated_image':
        return this.#image(item);
      default:
        return this.#asData(item.id);
    }
  }

  #textUpdated(itemId: string, update: Update): AnswerChunk[] {
    const index = (update.content_index as number | undefined) ?? 0;
    switch (update.type) {
      case 'assistant_message.content_part.added':
        return this.#begin(itemId, index, (update.content as OutputText).text);
      case 'assistant_message.content_part.text_delta':
        return this.#say(itemId, index, update.delta as string);
      case 'assistant_message.content_part.annotation_added':
        return this.#source(`${itemId}:${index}:${String(update.annotation_index)}`, update.annotation as Annotation);
      case 'assistant_message.content_part.done':
        return this.#whole(itemId, index, update.content as OutputText);
      default:
        return [];
    }
  }

  #begin(itemId: string, index: number, text: string): AnswerChunk[] {
    const id = `${itemId}:${index}`;
    if (this.#texts.has(id)) return [];
    this.#texts.set(id, { length: 0, closed: false });
    return [{ type: 'text-start', id }, ...(text === '' ? [] : this.#say(itemId, index, text))];
  }

  #say(itemId: string, index: number, delta: string): AnswerChunk[] {
    const id = `${itemId}:${index}`;
    const text = this.#texts.get(id);
    if (!text) return this.#begin(itemId, index, delta);
    if (text.closed) return [];
    text.length += delta.length;
    return [{ type: 'text-delta', id, delta }];
  }

  #whole(itemId: string, index: number, { text, annotations = [] }: OutputText): AnswerChunk[] {
    const id = `${itemId}:${index}`;
    const chunks = this.#begin(itemId, index, '');
    const told = this.#texts.get(id)!;
    if (told.closed) return chunks;
    if (text.length > told.length) chunks.push(...this.#say(itemId, index, text.slice(told.length)));
    told.closed = true;
    chunks.push({ type: 'text-end', id });
    return [...chunks, ...annotations.flatMap((each, place) => this.#source(`${id}:${place}`, each))];
  }

  #source(key: string, { source }: Annotation): AnswerChunk[] {
    if (!source || this.#known.has(key)) return [];
    this.#known.add(key);
    const sourceId = `source-${(this.#sources += 1)}`;
    const { type, url, title, filename } = source;
    if (type === 'url' && url !== undefined) return [{ type: 'source-url', sourceId, url, ...(title && { title }) }];
    const named = { title: title ?? filename ?? sourceId, ...(filename !== undefined && { filename }) };
    return [{ type: 'source-document', sourceId, mediaType: 'application/octet-stream', ...named }];
  }

  #call({ call_id: toolCallId, name: toolName, arguments: input, status, output }: Item): AnswerChunk[] {
    const call = { type: 'tool-input-available', toolCallId, toolName, input };
    if (status !== 'completed') return [call];
    return [call, { type: 'tool-output-available', toolCallId, output: output ?? null }];
  }

  #image({ id, image }: Item): AnswerChunk[] {
    if (!image || this.#known.has(id)) return [];
    this.#known.add(id);
    return [{ type: 'file', url: (image as { url: string }).url, mediaType: 'image/png' }];
  }

  #asData(itemId: string): AnswerChunk[] {
    const item = this.#items.get(itemId)!;
    if (item.type === 'generated_image') return this.#known.has(itemId) ? [] : [drawing(itemId)];
    const type = Object.hasOwn(AS_DATA, item.type) ? AS_DATA[item.type] : undefined;
    return type === undefined ? [] : [{ type, id: itemId, data: structuredClone(item) }];
  }
}

/** A picture that is being made, as a step of its own. */
function drawing(id: string): AnswerChunk {
  return { type: 'data-chatkit-task', id, data: { id, task: { type: 'image', status_indicator: 'loading' } } };
}
