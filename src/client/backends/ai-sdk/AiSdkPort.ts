import {
  ChatError,
  type AnswerChunk,
  type ChatUser,
  type MessagePart,
  type MessagePartInput,
  type UploadLimits,
} from '../../../protocol/index.ts';
import { runClientTools } from '../turns/client-tools.ts';
import { assistantOf } from '../turns/createTurnBackend.ts';
import { loadError } from '../turns/load-error.ts';
import { readTypedEvents } from '../turns/readEvents.ts';
import { refusal } from '../turns/refusal.ts';
import type {
  ChunkStream,
  ListedThread,
  LoadedThread,
  Turn,
  TurnCall,
  TurnMessage,
  TurnPort,
} from '../turns/TurnPort.ts';
import { UploadedFiles } from '../turns/uploads/UploadedFiles.ts';
import type { AiSdkBackendOptions, AiSdkMessage, AiSdkRequest } from './types.ts';
import { fromUiMessage, saysSomething, toUiMessage } from './ui-messages.ts';

const DEFAULT_API = '/api/chat';

/** An endpoint that speaks the AI SDK's UI Message Stream, version 1. */
export class AiSdkPort implements TurnPort {
  readonly assistant: ChatUser;
  /** The SDK's own client cuts a conversation off where an answer is given anew. */
  readonly retryDropsLater = true;
  readonly load?: TurnPort['load'];
  readonly resume?: TurnPort['resume'];
  readonly listThreads?: TurnPort['listThreads'];
  readonly uploads: UploadLimits | undefined;
  readonly files = new UploadedFiles();
  readonly #options: AiSdkBackendOptions;
  readonly #api: string;
  /** What the far side calls an answer, by what it is called here. */
  readonly #ids = new Map<string, string>();
  /** What a conversation begins with, and is not shown. */
  readonly #systems = new Map<string, AiSdkMessage[]>();

  constructor(options: AiSdkBackendOptions) {
    this.#options = options;
    this.#api = options.api ?? DEFAULT_API;
    this.uploads = options.uploads;
    this.assistant = assistantOf(options.assistant);
    // Only what it has is there: without it, nothing is asked.
    if (options.loadMessages) this.load = (call) => this.#load(call);
    if (options.resume === true) this.resume = (call) => this.#resume(call);
    if (options.listThreads) this.listThreads = (call) => this.#listThreads(call);
  }

  take(parts: readonly MessagePartInput[]): MessagePart[] {
    return this.files.take(parts);
  }

  async run(turn: Turn): Promise<ChunkStream> {
    const { threadId, signal, fetch } = turn;
    const response = await fetch(this.#api, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...given(this.#options.headers) },
      body: JSON.stringify(this.#bodyOf(turn)),
      credentials: this.#options.credentials ?? 'same-origin',
      signal,
    });
    if (!response.ok) throw refusal(response, Date.now());
    return this.#chunks(response, threadId, turn.answer.id);
  }

  async stop({ threadId, signal, fetch }: TurnCall): Promise<void> {
    await this.#options.onStop?.({ threadId, signal, fetch });
  }

  async ended({ message }: TurnMessage, { signal }: TurnCall): Promise<MessagePart[] | null> {
    const { tools } = this.#options;
    return tools ? runClientTools(message.parts, tools, signal) : null;
  }

  changed(threadId: string, messages: readonly TurnMessage[]): void {
    this.#options.saveMessages?.({ threadId, messages: this.#history(threadId, messages) });
  }

  #bodyOf({ threadId, kind, messages, answer }: Turn): object {
    const history = this.#history(threadId, messages);
    const id = this.#ids.get(answer.id) ?? answer.id;
    if (kind === 'go-on') {
      const { parts, metadata } = answer;
      history.push({ id, role: 'assistant', parts, ...(metadata !== undefined && { metadata }) });
    }
    const request: AiSdkRequest = {
      id: threadId,
      messages: history,
      trigger: kind === 'retry' ? 'regenerate-message' : 'submit-message',
      messageId: kind === 'send' ? undefined : id,
    };
    const body = given(this.#options.body);
    return this.#options.prepareRequest?.({ ...request, body }) ?? { ...body, ...request };
  }

  #history(threadId: string, messages: readonly TurnMessage[]): AiSdkMessage[] {
    const told = messages.filter(saysSomething);
    return [
      ...(this.#systems.get(threadId) ?? []),
      ...told.map((each) => toUiMessage(each, this.#ids.get(each.message.id))),
    ];
  }

  async *#chunks(response: Response, threadId: string, answerId: string | null): AsyncGenerator<AnswerChunk[], void> {
    for await (const chunks of readTypedEvents(response, '[DONE]')) {
      for (const chunk of chunks) {
        if (chunk.type === 'start' && typeof chunk.messageId === 'string' && answerId !== null)
          this.#ids.set(answerId, chunk.messageId);
        if (chunk.type.startsWith('data-')) this.#options.onData?.(chunk, { threadId });
      }
      yield chunks;
    }
  }

  async #load({ threadId, signal, fetch }: TurnCall): Promise<LoadedThread> {
    const messages = await this.#options.loadMessages!({ threadId, signal, fetch }).catch((thrown: unknown) => {
      throw loadError(thrown);
    });
    this.#systems.set(
      threadId,
      messages.filter(({ role }) => role === 'system'),
    );
    return { messages: messages.flatMap((message) => fromUiMessage(message) ?? []) };
  }

  async #resume({ threadId, signal, fetch }: TurnCall): Promise<ChunkStream | null> {
    const response = await fetch(streamAddress(this.#api, threadId), {
      method: 'GET',
      headers: given(this.#options.headers),
      credentials: this.#options.credentials ?? 'same-origin',
      signal,
    });
    if (response.status === 204) return null;
    if (!response.ok) throw refusal(response, Date.now());
    return this.#chunks(response, threadId, null);
  }

  async #listThreads(
    call: Pick<TurnCall, 'signal' | 'fetch'>,
  ): Promise<{ threads: readonly ListedThread[]; nextCursor: null }> {
    return { threads: await this.#options.listThreads!(call), nextCursor: null };
  }
}

function given<T extends object>(value: T | (() => T) | undefined): T {
  return typeof value === 'function' ? value() : (value ?? ({} as T));
}

/** @throws {ChatError} `bad_request` for an id that an address cannot hold: even encoded, it would lead elsewhere */
function streamAddress(api: string, threadId: string): string {
  if (threadId === '.' || threadId === '..') throw new ChatError('bad_request', 'This id cannot stand in an address.');
  const at = api.search(/[?#]/);
  const [path, rest] = at < 0 ? [api, ''] : [api.slice(0, at), api.slice(at)];
  return `${path.replace(/\/$/, '')}/${encodeURIComponent(threadId)}/stream${rest}`;
}
