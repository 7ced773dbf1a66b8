import {
  ChatError,
  type AnswerChunk,
  type ChatUser,
  type MessagePart,
  type MessagePartInput,
  type Rating,
  type UploadLimits,
} from '../../../protocol/index.ts';
import type { BackendActions } from '../../index.ts';
import type { AuthorizedFetch } from '../turns/authorizedFetch.ts';
import { toBase64 } from '../turns/base64.ts';
import { runClientTools } from '../turns/client-tools.ts';
import { assistantOf } from '../turns/createTurnBackend.ts';
import { readTypedEvents, type TypedEvent } from '../turns/readEvents.ts';
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
import { readAct } from './acts.ts';
import { Attachments } from './attachments/Attachments.ts';
import { Endpoint, type Call } from './Endpoint.ts';
import { toInput } from './input.ts';
import { ItemTranslator } from './ItemTranslator.ts';
import { toLoadedMessages } from './loaded-items.ts';
import type { Item, MessageTag, OpenAiChatKitBackendOptions, Page, RemoteThread } from './types.ts';

const PAGE = 50;

/** A server that speaks OpenAI ChatKit's protocol: one endpoint, `{ type, params }`. */
export class ChatKitPort implements TurnPort {
  readonly assistant: ChatUser;
  /** The server does, and does not say so. */
  readonly retryDropsLater = true;
  readonly actions: readonly (keyof BackendActions)[] = ['renameThread', 'deleteThread', 'actOnPart', 'rateAnswer'];
  readonly uploads: UploadLimits | undefined;
  readonly attachments: Attachments;
  /** By id: those that were offered, or that the conversation has. */
  readonly tags = new Map<string, MessageTag>();
  readonly #endpoint: Endpoint;
  readonly #options: OpenAiChatKitBackendOptions;
  /** The server's id of what the page made. */
  readonly #threads = new Map<string, string>();
  /** The server's id of a message that was sent from here. */
  readonly #messages = new Map<string, string>();
  /** What an answer is made of. */
  readonly #answers = new Map<string, ItemTranslator>();
  /** Where the next page of older items begins. */
  readonly #cursors = new Map<string, string>();
  #fetch: AuthorizedFetch | null = null;

  constructor(options: OpenAiChatKitBackendOptions) {
    this.#options = options;
    if (options.uploads) this.uploads = { maxBytes: options.uploads.maxBytes, types: options.uploads.types };
    this.#endpoint = new Endpoint(options);
    this.attachments = new Attachments(this.#endpoint, options);
    this.assistant = assistantOf(options.assistant);
  }

  remoteId(threadId: string): string | null {
    const { isNew = (id: string) => !id.startsWith('thr_') } = this.#options;
    return this.#threads.get(threadId) ?? (isNew(threadId) ? null : threadId);
  }

  async load(call: TurnCall): Promise<LoadedThread> {
    this.#fetch = call.fetch;
    const remote = this.remoteId(call.threadId);
    if (remote === null) return { messages: [] };
    const [thread, page] = await Promise.all([
      this.#endpoint.ask<RemoteThread>(call, 'threads.get_by_id', { thread_id: remote }),
      this.#endpoint.ask<Page<Item>>(call, 'items.list', { thread_id: remote, limit: PAGE, order: 'desc' }),
    ]);
    return { ...toldOf(thread), ...this.#pageOf(call.threadId, page) };
  }

  async loadOlder(call: TurnCall): Promise<LoadedThread> {
    const after = this.#cursors.get(call.threadId);
    const remote = this.remoteId(call.threadId);
    if (after === undefined || remote === null) return { messages: [] };
    const params = { thread_id: remote, limit: PAGE, order: 'desc', after };
    return this.#pageOf(call.threadId, await this.#endpoint.ask<Page<Item>>(call, 'items.list', params));
  }

  async listThreads(call: Call, cursor?: string): Promise<{ threads: ListedThread[]; nextCursor: string | null }> {
    const params = { limit: PAGE, order: 'desc', ...(cursor !== undefined && { after: cursor }) };
    const { data, has_more, after } = await this.#endpoint.ask<Page<RemoteThread>>(call, 'threads.list', params);
    const own = new Map([...this.#threads].map(([id, remote]) => [remote, id]));
    const threads = data.map((thread) => ({
      ...toldOf(thread),
      id: own.get(thread.id) ?? thread.id,
      title: thread.title ?? '',
      updatedAt: Date.parse(thread.created_at) || 0,
    }));
    return { threads, nextCursor: has_more ? (after ?? null) : null };
  }

  async rename(call: TurnCall, title: string): Promise<void> {
    const remote = this.remoteId(call.threadId);
    if (remote !== null) await this.#endpoint.ask(call, 'threads.update', { thread_id: remote, title });
  }

  async remove(call: TurnCall): Promise<void> {
    const remote = this.remoteId(call.threadId);
    if (remote !== null) await this.#endpoint.ask(call, 'threads.delete', { thread_id: remote });
    this.#threads.delete(call.threadId);
    this.#cursors.delete(call.threadId);
  }

  take(parts: readonly MessagePartInput[]): MessagePart[] {
    return this.attachments.files.take(parts);
  }

  async run(turn: Turn): Promise<ChunkStream> {
    this.#fetch = turn.fetch;
    if (turn.kind === 'act') return this.#act(turn);
    const { type, params } = this.#question(turn);
    const response = await this.#endpoint.post(turn, type, params);
    if (!response.ok) throw refusal(response, Date.now());
    // An answer that goes on knows what it is made of.
    const known = turn.kind === 'go-on' ? this.#answers.get(turn.answer.id) : undefined;
    const items = known ?? new ItemTranslator();
    this.#answers.set(turn.answer.id, items);
    return this.#chunks(response, turn, items);
  }

  async ended({ message }: TurnMessage, { signal }: TurnCall): Promise<MessagePart[] | null> {
    return runClientTools(message.parts, this.#options.tools ?? {}, signal);
  }

  /** @throws {ChatError} `message_not_found`, and what the request fails with */
  async sendFeedback(threadId: string, messageId: string, kind: string): Promise<void> {
    const fetch = this.#fetch;
    if (!fetch) throw new ChatError('message_not_found', 'There is no such answer in an opened conversation.');
    await this.#feedback({ threadId, fetch, signal: new AbortController().signal }, messageId, kind);
  }

  async #feedback(call: Call & { threadId: string }, messageId: string, kind: string): Promise<void> {
    const remote = this.remoteId(call.threadId);
    const item_ids = this.#answers.get(messageId)?.itemIds;
    if (remote === null || !item_ids)
      throw new ChatError('message_not_found', 'There is no such answer in an opened conversation.');
    await this.#endpoint.ask(call, 'items.feedback', { thread_id: remote, item_ids, kind });
  }

  /** There is no reason in the protocol, and no way to take it back. */
  async rate(call: Call & { threadId: string }, messageId: string, { value }: Rating): Promise<void> {
    if (value !== null) await this.#feedback(call, messageId, value === 'good' ? 'positive' : 'negative');
  }

  async transcribe(call: Call, audio: Blob): Promise<string> {
    const params = { audio_base64: await toBase64(audio), mime_type: audio.type };
    const { text } = await this.#endpoint.ask<{ text?: unknown }>(call, 'input.transcribe', params);
    if (typeof text === 'string') return text;
    throw new ChatError('internal', 'The server answered a recording without a text.');
  }

  /** @throws {ChatError} `internal`: the app's own search failed */
  async searchTags(query: string, context: { threadId: string; signal: AbortSignal }): Promise<ChatUser[]> {
    try {
      const found = (await this.#options.searchTags?.(query, context)) ?? [];
      for (const tag of found) this.tags.set(tag.id, tag);
      return found.map(({ id, text }) => ({ id, name: text, avatarUrl: null }));
    } catch (cause) {
      throw new ChatError('internal', 'searchTags() threw.', { cause });
    }
  }

  /** Somebody used a widget, or answered what was asked. */
  async #act(turn: Turn): Promise<ChunkStream> {
    const { threadId, answer, action: { partId, data } = { partId: '', data: null } } = turn;
    const items = this.#answers.get(answer.id);
    const act = readAct(items?.item(partId), data);
    if (act.to === 'page') {
      this.#options.onAction?.({ threadId, itemId: partId, action: act.action });
      return finished([]);
    }
    const params = { thread_id: this.remoteId(threadId), ...act.params };
    if (act.to === 'sync') {
      const { updated_item: item } = await this.#endpoint.ask<{ updated_item?: Item | null }>(turn, act.type, params);
      return finished(item ? items!.done(item) : []);
    }
    const response = await this.#endpoint.post(turn, act.type, params);
    if (!response.ok) throw refusal(response, Date.now());
    return this.#chunks(response, turn, items!, act.answered);
  }

  #question({ threadId, kind, messages, answer }: Turn): { type: string; params: object } {
    const thread_id = this.remoteId(threadId);
    const asked = messages.findLast(({ role }) => role === 'user')?.message;
    if (kind === 'go-on') {
      const result = answer.parts.findLast((part) => 'toolCallId' in part && part.state === 'output-available');
      const { output = null, toolCallId = '' } = result && 'toolCallId' in result ? result : {};
      this.#answers.get(answer.id)?.gave(toolCallId, output);
      return { type: 'threads.add_client_tool_output', params: { thread_id, result: output } };
    }
    if (kind === 'retry') {
      if (!asked) throw new ChatError('message_not_found', 'The question of this answer is not there any more.');
      const item_id = this.#messages.get(asked.id) ?? asked.id;
      return { type: 'threads.retry_after_item', params: { thread_id, item_id } };
    }
    const input = toInput(asked, messages, this.#options, this.tags);
    if (thread_id === null) return { type: 'threads.create', params: { input } };
    return { type: 'threads.add_user_message', params: { thread_id, input } };
  }

  /** The end of the response is the answer's: there is no event for it. */
  async *#chunks(
    response: Response,
    turn: Turn,
    items: ItemTranslator,
    answered?: Item,
  ): AsyncGenerator<AnswerChunk[], void> {
    items.settle();
    // A stream that breaks before its first event has refused.
    let first = answered ? items.done(answered) : null;
    for await (const events of readTypedEvents(response)) {
      const chunks = events.flatMap((event) => this.#take(event, turn, items));
      if (first) chunks.unshift(...first);
      first = null;
      if (chunks.length > 0) yield chunks;
    }
    if (first) yield first;
    if (items.isOpen) throw new ChatError('answer_cut_off', 'The server ended the answer in the middle of a text.');
    yield [{ type: 'finish' }];
  }

  #take(event: TypedEvent, turn: Turn, items: ItemTranslator): AnswerChunk[] {
    const { threadId, messages, told } = turn;
    const { onEffect, onNotice, onProgress } = this.#options;
    switch (event.type) {
      case 'thread.created':
      case 'thread.updated': {
        // Its items are always empty here: they say nothing of the conversation.
        const thread = event.thread as RemoteThread;
        if (thread.id !== threadId) this.#threads.set(threadId, thread.id);
        told(toldOf(thread));
        return [];
      }
      case 'thread.item.added':
        return items.added(event.item as Item);
      case 'thread.item.updated':
        return this.#updated(event.item_id as string, event.update as TypedEvent, turn, items);
      case 'thread.item.replaced':
      case 'thread.item.done': {
        const item = event.item as Item;
        if (item.type !== 'user_message') {
          const isElsewhere = !items.item(item.id) && this.#elsewhere(item.id, turn, (earlier) => earlier.done(item));
          return isElsewhere ? [] : items.done(item);
        }
        const asked = messages.findLast(({ role }) => role === 'user')?.message;
        if (asked) this.#messages.set(asked.id, item.id);
        return [];
      }
      case 'thread.item.removed':
        return this.#removed(event.item_id as string, turn, items);
      case 'client_effect':
        onEffect?.({ threadId, name: event.name as string, data: event.data });
        return [];
      case 'notice':
        onNotice?.({ threadId, ...(event as unknown as { level: string; message: string; title?: string }) });
        return [];
      case 'progress_update':
        onProgress?.({ threadId, ...(event as unknown as { text: string; icon?: string }) });
        return [];
      case 'error':
        return [{ type: 'error', errorText: event.message ?? 'The assistant failed.' }];
      default:
        return [];
    }
  }

  /** The server took something back: of the answer that grows, of an earlier one, or what the person said. */
  #removed(itemId: string, turn: Turn, items: ItemTranslator): AnswerChunk[] {
    if (items.item(itemId)) return items.removed(itemId);
    if (!this.#elsewhere(itemId, turn, (earlier) => earlier.removed(itemId))) {
      const sent = [...this.#messages].find(([, remote]) => remote === itemId)?.[0];
      turn.changed(sent ?? itemId, []);
    }
    return [];
  }

  #updated(itemId: string, update: TypedEvent, turn: Turn, items: ItemTranslator): AnswerChunk[] {
    if (items.item(itemId)) return items.updated(itemId, update);
    const isKnown = this.#elsewhere(itemId, turn, (earlier) => earlier.updated(itemId, update));
    // One that this page has not loaded may change; but the words of one that never began are lost words.
    if (!isKnown && update.type.startsWith('assistant_message.'))
      throw new ChatError('answer_invalid', `The server goes on with an item ${itemId} that did not begin.`);
    return [];
  }

  /** Changes an answer that does not grow. @returns whether an item is in one */
  #elsewhere(itemId: string, { changed }: Turn, change: (items: ItemTranslator) => unknown): boolean {
    const found = [...this.#answers].find(([, items]) => items.item(itemId));
    if (!found) return false;
    const [answerId, items] = found;
    change(items);
    changed(answerId, items.parts);
    return true;
  }

  #pageOf(threadId: string, { data, has_more, after }: Page<Item>): LoadedThread {
    const { messages, answers } = toLoadedMessages([...data].reverse(), {
      fileOf: (each) => this.attachments.partOf(each),
      learn: (tag) => this.tags.set(tag.id, tag),
    });
    for (const [id, items] of answers) this.#answers.set(id, items);
    const cursor = after ?? data.at(-1)?.id;
    if (has_more && cursor !== undefined) this.#cursors.set(threadId, cursor);
    else this.#cursors.delete(threadId);
    return { messages, hasOlder: has_more };
  }
}

/** What a window shows of a conversation; one that has no status here is open. */
function toldOf({ title, status }: RemoteThread): { title: string | undefined; isClosed: boolean } {
  return { title: title || undefined, isClosed: status?.type === 'locked' || status?.type === 'closed' };
}

/** An answer to which nothing more is added, at once. */
async function* finished(chunks: AnswerChunk[]): AsyncGenerator<AnswerChunk[], void> {
  yield await Promise.resolve([...chunks, { type: 'finish' }]);
}
