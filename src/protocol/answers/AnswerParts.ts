import type { AnswerChunk, OpenParts } from '../answer.ts';
import type { MessagePart } from '../message.ts';
import { checked, fieldsOf } from './chunk-fields.ts';
import { ChunkError } from './ChunkError.ts';
import { partialJson } from './partial-json.ts';

export { ChunkError };

/** A part while it is made: what the SDK knows of it, and more than a page is shown. */
type Part = Record<string, unknown> & { type: string };

/** A tool's input while it is written. */
interface Input {
  index: number;
  text: string;
}

/**
 * The parts of an answer, chunk by chunk, as the AI SDK's own reader makes them (of version 7; version 6 differs where a wrong input of a
 * tool is kept). A chunk of text costs the same however long the text is: it is joined and read only when somebody looks. A part is
 * the same object until something about it changes. Unknown chunks change nothing.
 */
export class AnswerParts {
  #parts: Part[];
  /** The same while nothing changes. */
  #shown: readonly MessagePart[] | null = null;
  /** Parts that grew since they were looked at, with their text as it is now. */
  readonly #grown = new Map<number, string>();
  readonly #text: Map<string, number>;
  readonly #reasoning: Map<string, number>;
  readonly #inputs: Map<string, Input>;
  #metadata: unknown;

  /** @param parts what there is of it already, with what was open then */
  constructor(parts: readonly MessagePart[] = [], open?: OpenParts) {
    this.#parts = [...(parts as unknown as Part[])];
    this.#text = new Map(Object.entries(open?.text ?? {}));
    this.#reasoning = new Map(Object.entries(open?.reasoning ?? {}));
    this.#inputs = new Map(
      Object.entries(open?.input ?? {}).map(([id, text]) => [id, { index: this.#toolAt(id), text }]),
    );
  }

  /** The same array until something changes; a part that did not change keeps its object. */
  get parts(): readonly MessagePart[] {
    if (this.#shown) return this.#shown;
    for (const [index, text] of this.#grown) this.#parts[index] = { ...this.#parts[index]!, text };
    this.#grown.clear();
    for (const { index, text } of this.#inputs.values()) {
      const part = this.#parts[index];
      if (part && text !== '' && part.rawInput !== text) this.#parts[index] = { ...part, ...inputOf(part, text) };
    }
    return (this.#shown = [...this.#parts] as unknown as MessagePart[]);
  }

  /** What it takes to go on from {@link parts} elsewhere. */
  get open(): OpenParts {
    return {
      text: Object.fromEntries(this.#text),
      reasoning: Object.fromEntries(this.#reasoning),
      input: Object.fromEntries([...this.#inputs].map(([id, { text }]) => [id, text])),
    };
  }

  /** What the stream said about the message as a whole. */
  get metadata(): unknown {
    return this.#metadata;
  }

  /** @throws {ChunkError} for one that does not go with those before, or is not shaped like its kind; nothing has changed then */
  add(chunk: AnswerChunk): void {
    const fields = fieldsOf(chunk.type);
    if (fields) this.#take(checked(chunk, fields));
    else if (chunk.type.startsWith('data-') && chunk.type.length > 5) this.#data(chunk);
  }

  #take(chunk: Part): void {
    const id = chunk.id as string;
    switch (chunk.type) {
      case 'text-start':
      case 'reasoning-start':
        return this.#begin(chunk, id);
      case 'text-delta':
      case 'reasoning-delta':
        return this.#grow(chunk, id);
      case 'text-end':
      case 'reasoning-end':
        return this.#end(chunk, id);
      case 'file':
      case 'reasoning-file':
        return this.#push(pick(chunk, ['type', 'mediaType', 'url', 'providerMetadata']));
      case 'source-url':
        return this.#push(pick(chunk, ['type', 'sourceId', 'url', 'title', 'providerMetadata']));
      case 'source-document':
        return this.#push(pick(chunk, ['type', 'sourceId', 'mediaType', 'title', 'filename', 'providerMetadata']));
      case 'custom':
        return this.#push(pick(chunk, ['type', 'kind', 'providerMetadata']));
      case 'start-step':
        return this.#push({ type: 'step-start' });
      case 'reset-step':
        return this.#resetStep();
      case 'start':
      case 'finish':
      case 'message-metadata':
        if (isGiven(chunk.messageMetadata)) this.#metadata = merged(this.#metadata, chunk.messageMetadata);
        return undefined;
      default:
        return this.#tool(chunk, chunk.toolCallId as string);
    }
  }

  #begin({ type, providerMetadata }: Part, id: string): void {
    const isText = type === 'text-start';
    (isText ? this.#text : this.#reasoning).set(id, this.#parts.length);
    const part = isText ? { type: 'text', text: '' } : { type: 'reasoning', id, text: '' };
    this.#push(pick({ ...part, providerMetadata, state: 'streaming' }));
  }

  #grow({ type, delta, providerMetadata }: Part, id: string): void {
    const index = this.#openAt(type, id);
    // The engine keeps the pieces and joins them once somebody reads: `+=` copies nothing.
    const before = this.#grown.get(index) ?? (this.#parts[index]!.text as string);
    this.#grown.set(index, before + (delta as string));
    this.#shown = null;
    if (providerMetadata !== undefined) this.#change(index, { providerMetadata });
  }

  #end({ type, providerMetadata, citations }: Part, id: string): void {
    const index = this.#openAt(type, id);
    this.#change(
      index,
      pick({ state: 'done', citations: type === 'text-end' ? citations : undefined, providerMetadata }),
    );
    (type === 'text-end' ? this.#text : this.#reasoning).delete(id);
  }

  #openAt(type: string, id: string): number {
    const index = (type.startsWith('text') ? this.#text : this.#reasoning).get(id);
    if (index === undefined) throw new ChunkError(`${type} for ${JSON.stringify(id)}, which is not open`);
    return index;
  }

  #tool(chunk: Part, id: string): void {
    switch (chunk.type) {
      case 'tool-input-start': {
        const index = this.#toolInStep(chunk, id, { state: 'input-streaming' });
        this.#inputs.set(id, { index, text: '' });
        return;
      }
      case 'tool-input-delta': {
        const input = this.#inputs.get(id);
        if (!input) throw new ChunkError(`tool-input-delta for ${JSON.stringify(id)}, which did not start`);
        input.text += chunk.inputTextDelta as string;
        this.#shown = null;
        return;
      }
      case 'tool-input-available':
        this.#toolInStep(chunk, id, { state: 'input-available', input: chunk.input });
        return;
      case 'tool-input-error': {
        // It may have begun as the other kind.
        const known = this.#parts.findIndex(
          (part, at) => at >= this.#stepAt() && isTool(part) && part.toolCallId === id,
        );
        const dynamic = known >= 0 ? this.#parts[known]!.type === 'dynamic-tool' : chunk.dynamic === true;
        const { input, errorText } = chunk;
        this.#toolInStep({ ...chunk, dynamic, title: undefined }, id, { state: 'output-error', input, errorText });
        return;
      }
      case 'tool-approval-request': {
        const { approvalId, approvalDescriptor: descriptor, inputSchemaInput, reason, isAutomatic, signature } = chunk;
        const approval = pick({
          id: approvalId,
          descriptor: descriptor ?? undefined,
          inputSchemaInput,
          requestReason: reason ?? undefined,
          isAutomatic: isAutomatic === true ? true : undefined,
          signature: signature ?? undefined,
        });
        return this.#change(this.#knownTool(id), { state: 'approval-requested', approval });
      }
      case 'tool-approval-response':
        return this.#approve(chunk);
      case 'tool-output-denied':
        return this.#change(this.#knownTool(id), { state: 'output-denied' });
      case 'tool-output-available':
        return this.#result(chunk, id, {
          state: 'output-available',
          output: chunk.output,
          preliminary: chunk.preliminary,
        });
      case 'tool-output-error':
        return this.#result(chunk, id, { state: 'output-error', errorText: chunk.errorText });
    }
  }

  #approve({ approvalId, approved, reason, providerExecuted, providerMetadata }: Part): void {
    const index = this.#parts.findIndex(
      (part) => isTool(part) && (part.approval as { id?: unknown } | undefined)?.id === approvalId,
    );
    if (index < 0) throw new ChunkError(`tool-approval-response for ${JSON.stringify(approvalId)}, which nobody asked`);
    const approval = pick({ ...(this.#parts[index]!.approval as object), approved, reason: reason ?? undefined });
    const change = pick({ providerExecuted, callProviderMetadata: providerMetadata });
    this.#change(index, { ...change, state: 'approval-responded', approval });
  }

  /** A call in the step that runs: one that it has, or a new one. */
  #toolInStep(chunk: Part, id: string, fields: Record<string, unknown>): number {
    const type = chunk.dynamic === true ? 'dynamic-tool' : `tool-${chunk.toolName as string}`;
    const from = this.#stepAt();
    const index = this.#parts.findIndex(
      (part, at) =>
        at >= from &&
        part.toolCallId === id &&
        (chunk.dynamic === true ? part.type === 'dynamic-tool' : part.type.startsWith('tool-')),
    );
    const named = chunk.dynamic === true ? { toolName: chunk.toolName } : {};
    if (index >= 0) {
      this.#change(index, { type, ...named, ...this.#updated(this.#parts[index]!, chunk, fields) });
      return index;
    }
    this.#push(pick({ type, ...named, toolCallId: id, title: chunk.title, ...this.#updated(null, chunk, fields) }));
    return this.#parts.length - 1;
  }

  /** What a tool gave, or why it did not. */
  #result(chunk: Part, id: string, fields: Record<string, unknown>): void {
    const index = this.#knownTool(id);
    // Read before: the input may still be in pieces.
    void this.parts;
    const part = this.#parts[index]!;
    const keepsRaw = part.type !== 'dynamic-tool' && fields.state === 'output-error';
    const { input, rawInput } = part;
    this.#change(index, this.#updated(part, chunk, { ...fields, input, ...(keepsRaw && { rawInput }) }));
  }

  /** The fields of a call after a chunk: what the chunk does not say of input, output and error is no more. */
  #updated(part: Part | null, chunk: Part, fields: Record<string, unknown>): Record<string, unknown> {
    const { inputEncoding, providerExecuted, providerMetadata, toolMetadata } = chunk;
    // From now on it is whole.
    if (fields.state !== 'input-streaming') this.#inputs.delete(chunk.toolCallId as string);
    const isResult = fields.state === 'output-available' || fields.state === 'output-error';
    return {
      input: undefined,
      rawInput: undefined,
      output: undefined,
      errorText: undefined,
      preliminary: undefined,
      inputEncoding: chunk.type === 'tool-input-start' ? (inputEncoding ?? undefined) : undefined,
      providerExecuted: providerExecuted ?? part?.providerExecuted,
      ...(chunk.title !== undefined && { title: chunk.title }),
      ...(toolMetadata !== undefined && { toolMetadata }),
      ...(isGiven(providerMetadata) && {
        [isResult ? 'resultProviderMetadata' : 'callProviderMetadata']: providerMetadata,
      }),
      ...fields,
    };
  }

  /** In the step that runs if it is there, else the newest. */
  #knownTool(id: string): number {
    const from = this.#stepAt();
    const inStep = this.#parts.findIndex((part, at) => at >= from && isTool(part) && part.toolCallId === id);
    const index = inStep >= 0 ? inStep : this.#toolAt(id);
    if (index < 0) throw new ChunkError(`a result for the tool call ${JSON.stringify(id)}, which nobody made`);
    return index;
  }

  #toolAt(id: string): number {
    return this.#parts.findLastIndex((part) => isTool(part) && part.toolCallId === id);
  }

  #stepAt(): number {
    return this.#parts.findLastIndex(({ type }) => type === 'step-start') + 1;
  }

  #resetStep(): void {
    const from = this.#stepAt();
    this.#text.clear();
    this.#reasoning.clear();
    this.#inputs.clear();
    for (const index of this.#grown.keys()) if (index >= from) this.#grown.delete(index);
    this.#parts.length = from;
    this.#shown = null;
  }

  #data(chunk: Part): void {
    if (chunk.id !== undefined && typeof chunk.id !== 'string')
      throw new ChunkError(`${chunk.type} with an id that is no text`);
    // For the moment alone: nothing is kept of it.
    if (chunk.transient === true) return;
    const index =
      chunk.id === undefined ? -1 : this.#parts.findIndex(({ type, id }) => type === chunk.type && id === chunk.id);
    if (index < 0) this.#push({ ...chunk });
    else this.#change(index, { data: chunk.data });
  }

  #push(part: Part | Record<string, unknown>): void {
    this.#parts.push(part as Part);
    this.#shown = null;
  }

  #change(index: number, change: Record<string, unknown>): void {
    this.#parts[index] = pick({ ...this.#parts[index]!, ...change }) as Part;
    this.#shown = null;
  }
}

function isTool({ type }: Part): boolean {
  return type === 'dynamic-tool' || type.startsWith('tool-');
}

function inputOf({ inputEncoding }: Part, text: string) {
  return { input: inputEncoding === 'text' ? text : partialJson(text), rawInput: text };
}

/** Without what is undefined, which JSON does not have; with `names`, these alone. */
function pick(from: Record<string, unknown>, names: readonly string[] = Object.keys(from)): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) if (from[name] !== undefined) picked[name] = from[name];
  return picked;
}

/** One object's fields over another's, deeply; arrays and the like are replaced. */
function merged(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype' || value === undefined) continue;
    result[key] = isObject(value) && isObject(result[key]) ? merged(result[key], value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
