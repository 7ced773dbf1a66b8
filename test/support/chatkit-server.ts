import {
  AttachmentStore,
  ChatKitServer,
  type Attachment,
  type AttachmentCreateParams,
  NotFoundError,
  Store,
  StreamingResult,
  type Page,
  type ThreadItem,
  type ThreadMetadata,
  type ThreadStreamEvent,
  type UserMessageItem,
} from 'chatkit-node-backend-sdk';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

class MemoryStore extends Store {
  readonly threads = new Map<string, ThreadMetadata>();
  readonly items = new Map<string, ThreadItem[]>();
  readonly attachments = new Map<string, Attachment>();

  loadThread(id: string): Promise<ThreadMetadata> {
    const thread = this.threads.get(id);
    return thread ? Promise.resolve(thread) : Promise.reject(new NotFoundError(`Thread ${id} not found`));
  }
  saveThread(thread: ThreadMetadata): Promise<void> {
    this.threads.set(thread.id, thread);
    return Promise.resolve();
  }
  deleteThread(id: string): Promise<void> {
    this.threads.delete(id);
    return Promise.resolve();
  }
  loadThreads(limit: number, after: string | null, order: 'asc' | 'desc'): Promise<Page<ThreadMetadata>> {
    return Promise.resolve(pageOf([...this.threads.values()], limit, after, order));
  }
  async loadThreadItems(id: string, after: string | null, limit: number, order: 'asc' | 'desc') {
    await this.loadThread(id);
    return pageOf(this.#of(id), limit, after, order);
  }
  addThreadItem(id: string, item: ThreadItem): Promise<void> {
    this.#of(id).push(item);
    return Promise.resolve();
  }
  saveItem(id: string, item: ThreadItem): Promise<void> {
    const items = this.#of(id);
    const at = items.findIndex((each) => each.id === item.id);
    if (at < 0) items.push(item);
    else items[at] = item;
    return Promise.resolve();
  }
  loadItem(id: string, itemId: string): Promise<ThreadItem> {
    const item = this.#of(id).find((each) => each.id === itemId);
    return item ? Promise.resolve(item) : Promise.reject(new NotFoundError(`Item ${itemId} not found`));
  }
  deleteThreadItem(id: string, itemId: string): Promise<void> {
    this.items.set(
      id,
      this.#of(id).filter((each) => each.id !== itemId),
    );
    return Promise.resolve();
  }
  saveAttachment(attachment: Attachment): Promise<void> {
    this.attachments.set(attachment.id, attachment);
    return Promise.resolve();
  }
  loadAttachment(id: string): Promise<Attachment> {
    const attachment = this.attachments.get(id);
    return attachment ? Promise.resolve(attachment) : Promise.reject(new NotFoundError(`Attachment ${id} not found`));
  }
  deleteAttachment(id: string): Promise<void> {
    this.attachments.delete(id);
    return Promise.resolve();
  }

  #of(id: string): ThreadItem[] {
    const items = this.items.get(id) ?? [];
    this.items.set(id, items);
    return items;
  }
}

function pageOf<T extends { id: string }>(all: T[], limit: number, after: string | null, order: string): Page<T> {
  const ordered = order === 'desc' ? [...all].reverse() : all;
  const from = after === null ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  const data = ordered.slice(from, from + limit);
  return { data, has_more: from + limit < ordered.length, after: data.at(-1)?.id ?? null };
}

/** Names a place on the same server, as the protocol has had it since its `upload_url` went. */
class FilePlaces extends AttachmentStore {
  base = '';

  createAttachment({ name, mime_type }: AttachmentCreateParams): Promise<Attachment> {
    const id = this.generateAttachmentId(mime_type, undefined);
    const url = `${this.base}/files/${id}`;
    const isImage = mime_type.startsWith('image/');
    const place = { url, method: 'PUT', headers: { 'x-place': 'signed' } };
    return Promise.resolve({
      ...{ id, name, mime_type, type: isImage ? 'image' : 'file', ...(isImage && { preview_url: url }) },
      upload_descriptor: place,
    } as unknown as Attachment);
  }
  deleteAttachment = () => Promise.resolve();
}

export interface PutFile {
  method: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

type Respond = (text: string, thread: ThreadMetadata, last: ThreadItem | undefined) => AsyncGenerator<object>;

const QUIET = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };

async function* nothing(): AsyncGenerator<object> {}

class TestServer extends ChatKitServer {
  readonly memory: MemoryStore;
  readonly feedback: unknown[] = [];
  /** What comes of the use of a widget. */
  onAction: (
    thread: ThreadMetadata,
    action: { type: string; payload?: unknown },
    sender: ThreadItem | null,
  ) => AsyncGenerator<object> = nothing;
  readonly #respond: Respond;

  constructor(memory: MemoryStore, places: FilePlaces, respond: Respond) {
    super(memory, places, QUIET);
    this.memory = memory;
    this.#respond = respond;
  }

  async *respond(thread: ThreadMetadata, input: UserMessageItem | null): AsyncGenerator<ThreadStreamEvent> {
    const content = input?.content as { text?: string }[] | undefined;
    const text = content?.map((each) => each.text ?? '').join('') ?? '';
    const last = this.memory.items.get(thread.id)?.at(-1);
    yield* this.#respond(text, thread, last) as AsyncGenerator<ThreadStreamEvent>;
  }

  override async *action(
    thread: ThreadMetadata,
    action: { type: string; payload?: unknown },
    sender: ThreadItem | null,
  ): AsyncGenerator<ThreadStreamEvent> {
    yield* this.onAction(thread, action, sender) as AsyncGenerator<ThreadStreamEvent>;
  }

  override addFeedback(threadId: string, itemIds: string[], kind: string): Promise<void> {
    this.feedback.push({ threadId, itemIds, kind });
    return Promise.resolve();
  }
}

interface StructuredInput {
  thread_id: string;
  item_id: string;
  input: { status: string; answers: Record<string, { values: string[]; skipped: boolean }> };
}

/** The SDK does not know structured input yet: this is the protocol's own account of it. */
async function answer(store: MemoryStore, { thread_id, item_id, input }: StructuredInput): Promise<ThreadItem> {
  const item = (await store.loadItem(thread_id, item_id)) as unknown as { status: string; inputs: { id: string }[] };
  if (item.status !== 'pending') throw new Error('Nothing is asked.');
  const inputs = item.inputs.map((each) => ({ ...each, answer: input.answers[each.id] ?? null }));
  const answered = { ...item, status: input.status, inputs } as unknown as ThreadItem;
  await store.saveItem(thread_id, answered);
  return answered;
}

/** A server made with a ChatKit SDK that is not OpenAI's and not ours, on a free port. A token that begins with `good` is accepted. */
export async function startChatKitServer(respond: Respond) {
  const store = new MemoryStore();
  const places = new FilePlaces();
  const put = new Map<string, PutFile>();
  /** What the place for a file answers, the first first; 200 after the last. `null`: nothing. */
  const answers: (number | null)[] = [];
  const server = new TestServer(store, places, respond);
  const posted: { type: string; params: Record<string, unknown> }[] = [];
  const http = createServer((request, response) => {
    void (async () => {
      if (request.url?.startsWith('/files/')) {
        const body = await new Response(Readable.toWeb(request) as never).text();
        const status = answers.length > 0 ? answers.shift()! : 200;
        if (status === null) return;
        if (status === 200) {
          put.set(request.url.slice('/files/'.length), { method: request.method!, headers: request.headers, body });
        }
        return void response.writeHead(status).end();
      }
      if (!(request.headers.authorization ?? '').startsWith('Bearer good')) return void response.writeHead(401).end();
      if (request.url === '/upload') {
        const status = answers.length > 0 ? answers.shift()! : 200;
        if (status === null) return;
        const form = await new Response(Readable.toWeb(request) as never, {
          headers: { 'content-type': request.headers['content-type'] ?? '' },
        }).formData();
        if (status !== 200) return void response.writeHead(status).end('no');
        const file = form.get('file') as File;
        const { upload_descriptor: _, ...attachment } = (await places.createAttachment({
          name: file.name,
          mime_type: file.type,
          size: file.size,
        })) as Attachment & { upload_descriptor?: unknown };
        await store.saveAttachment(attachment);
        put.set(attachment.id, { method: request.method!, headers: request.headers, body: await file.text() });
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(attachment));
      }
      const body = await new Response(Readable.toWeb(request) as never).text();
      posted.push(JSON.parse(body) as (typeof posted)[number]);
      const { type, params } = posted.at(-1)!;
      if (type === 'threads.add_structured_input') {
        const item = await answer(store, params as unknown as StructuredInput);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const thread = await store.loadThread(params['thread_id'] as string);
        const events = [{ type: 'thread.item.replaced', item }];
        for await (const event of respond('answered', thread, item)) events.push(event as (typeof events)[number]);
        for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
        return void response.end();
      }
      if (type === 'input.transcribe') {
        const { audio_base64, mime_type } = params as { audio_base64: string; mime_type: string };
        const text = `${Buffer.from(audio_base64, 'base64').toString()} (${mime_type})`;
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text }));
      }
      if (type === 'threads.sync_custom_action') {
        const item = await store.loadItem(params['thread_id'] as string, params['item_id'] as string);
        const updated_item = { ...item, widget: { type: 'Card', children: [{ type: 'Text', value: 'Synced' }] } };
        return void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ updated_item }));
      }
      const result = await server.process(body, {});
      if (!(result instanceof StreamingResult)) {
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(result.toString());
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for await (const event of result) response.write(event);
      response.end();
    })().catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(error instanceof Error && /not found/i.test(error.message) ? 404 : 500).end();
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  places.base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    url: `${places.base}/chatkit`,
    /** Takes a file in one request. */
    uploadUrl: `${places.base}/upload`,
    store,
    put,
    answers,
    server,
    posted,
    async end() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

let count = 0;

/** A message of the assistant, as it grows; `holds` leaves it unfinished. */
export async function* says(thread: ThreadMetadata, text: string, { holds = false } = {}): AsyncGenerator<object> {
  const item = {
    id: `msg_${(count += 1)}`,
    thread_id: thread.id,
    created_at: new Date(),
    type: 'assistant_message',
  };
  const part = (type: string, more: object) => ({
    type: 'thread.item.updated',
    item_id: item.id,
    update: { type: `assistant_message.content_part.${type}`, content_index: 0, ...more },
  });
  const source = { type: 'url', url: 'https://example.com/a', title: 'Almanac' };
  const annotations = [{ type: 'annotation', index: 1, source }];
  yield { type: 'thread.item.added', item: { ...item, content: [] } };
  yield part('added', { content: { type: 'output_text', text: '', annotations: [] } });
  for (const delta of text.match(/\s*\S+/g) ?? []) yield part('text_delta', { delta });
  if (holds) await new Promise(() => {});
  yield part('annotation_added', { annotation_index: 0, annotation: annotations[0] });
  yield part('done', { content: { type: 'output_text', text, annotations } });
  yield { type: 'thread.item.done', item: { ...item, content: [{ type: 'output_text', text, annotations }] } };
}
