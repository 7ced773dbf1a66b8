import { ChatError, ERROR_REGISTRY, PROTOCOL_VERSION, type Message } from '../../../protocol/index.ts';
import { answerIdOf } from '../../answers/answer-id.ts';
import { corsHeaders, isCrossSite, preflight } from '../../token/cross-site.ts';
import { problem } from '../../token/problem.ts';
import type { Connection } from '../Connection.ts';
import type { Refusal } from '../EventStreams.ts';
import type { GatewayPorts } from '../GatewayPorts.ts';
import { FrameTransport } from './FrameTransport.ts';
import { readUiRequest, toUiPart, type UiRequest } from './ui-request.ts';
import type { AiSdkVersion } from './toUiChunk.ts';
import { UiMessageStream } from './UiMessageStream.ts';

const RETRY_AFTER_SECONDS = '5';
/** By which a client says that it is version 7 of the SDK: the SDK’s own says nothing of itself. */
const VERSION_HEADER = 'latchkit-ai-sdk';
const ALLOWED = { methods: 'GET, POST, DELETE', headers: `authorization, content-type, ${VERSION_HEADER}` };

interface Door {
  refusal(address: string | null): Refusal | null;
  accept(transport: FrameTransport, address: string | null): Connection;
}

/**
 * The same conversations for `useChat` of the AI SDK: `POST /ai` sends, asks again and decides, `GET /ai/{threadId}/stream` finds a growing
 * answer (204 where none grows), `DELETE` of the same stops it, `GET /ai/{threadId}/messages` is what to begin with. Reads no cookie.
 */
export class UiStreams {
  readonly #ports: GatewayPorts;
  readonly #door: Door;

  constructor(ports: GatewayPorts, door: Door) {
    this.#ports = ports;
    this.#door = door;
  }

  /** Null for a path that is about something else. */
  fetch(request: Request, path: string, address: string | null): Promise<Response> | null {
    if (path === '/ai')
      return this.#answer(request, address, ['POST'], (client, headers) => this.#ask(request, client, headers));
    const [, encoded, what] = /^\/ai\/([^/]+)\/(stream|messages)$/.exec(path) ?? [];
    if (encoded === undefined) return null;
    const threadId = decoded(encoded);
    if (what === 'messages')
      return this.#answer(request, address, ['GET'], (client, headers) => this.#messages(threadId, client, headers));
    return this.#answer(request, address, ['GET', 'DELETE'], (client, headers) =>
      request.method === 'GET'
        ? this.#resume(threadId, client, { headers, version: versionOf(request) })
        : this.#stop(threadId, client, headers),
    );
  }

  async #ask(request: Request, client: FrameTransport, headers: Headers): Promise<Response> {
    const version = versionOf(request);
    const asked = await readUiRequest(request);
    const { threadId } = asked;
    const { messages } = await client.ask({ type: 'thread.subscribe', threadId }, 'thread.subscribed');
    // From here on, what comes is kept until it is known which answer is meant.
    const stream = new UiMessageStream(client, headers, version);
    if (asked.kind === 'send') await this.#send(asked, client, stream);
    else if (asked.kind === 'retry') await this.#retry(asked, messages, client, stream);
    else await this.#goOn(asked, client, stream);
    return stream.response;
  }

  async #send(asked: UiRequest & { kind: 'send' }, client: FrameTransport, stream: UiMessageStream): Promise<void> {
    const { threadId, messageId, parts } = asked;
    const { answers } = this.#ports;
    const expected = answers?.expect(messageId);
    const sent = client.ask({ type: 'message.send', threadId, messageId, parts }, 'message.accepted');
    const { message } = await sent.catch((error: unknown) => {
      expected?.forget();
      throw error;
    });
    // One that was sent before is not heard of again: it has its answer, or gets none.
    if (message.version !== message.seq) expected?.forget();
    // Not awaited: the client is to know at once that its message was taken.
    void (async () => {
      if (message.version === message.seq && (await expected?.isAnswered) !== true) return stream.end();
      const answerId = answerIdOf(messageId);
      const answer = stream.told(answerId) ?? (await this.#current(threadId, answerId, client));
      if (answer) stream.begin(answer);
      else stream.end();
    })().catch(() => stream.end());
  }

  async #retry(
    { threadId, messageId }: UiRequest & { kind: 'retry' },
    messages: readonly Message[],
    client: FrameTransport,
    stream: UiMessageStream,
  ): Promise<void> {
    const id = messageId ?? messages.findLast(({ answer }) => answer !== undefined)?.id;
    if (id === undefined) throw new ChatError('message_not_found', 'There is no answer in this conversation.');
    const { message } = await client.ask({ type: 'answer.retry', threadId, messageId: id }, 'message.saved');
    stream.begin(message);
  }

  async #goOn(
    { threadId, messageId, decisions }: UiRequest & { kind: 'go-on' },
    client: FrameTransport,
    stream: UiMessageStream,
  ): Promise<void> {
    let last: Message | null = null;
    for (const decision of decisions) {
      const frame = { type: 'tool.decide' as const, threadId, messageId, ...decision };
      last = (await client.ask(frame, 'message.saved')).message;
    }
    // Where a question is still open, it waits for that.
    if (last?.answer?.status === 'streaming') stream.begin(last, { onlyNew: true });
    else stream.end();
  }

  async #resume(
    threadId: string,
    client: FrameTransport,
    { headers, version }: { headers: Headers; version: AiSdkVersion },
  ): Promise<Response> {
    const growing = await this.#growing(threadId, client);
    if (!growing) return this.#nothing(client, headers);
    const stream = new UiMessageStream(client, headers, version);
    const answer = await this.#current(threadId, growing.id, client);
    if (answer) stream.begin(answer);
    else stream.end();
    return stream.response;
  }

  async #stop(threadId: string, client: FrameTransport, headers: Headers): Promise<Response> {
    const growing = await this.#growing(threadId, client);
    if (growing) await client.ask({ type: 'answer.stop', threadId, messageId: growing.id }, 'message.saved');
    return this.#nothing(client, headers);
  }

  async #messages(threadId: string, client: FrameTransport, headers: Headers): Promise<Response> {
    const { messages } = await client.ask({ type: 'thread.subscribe', threadId }, 'thread.subscribed');
    client.terminate();
    // One that grows comes by its stream, from its beginning: half of it beside that would be told twice.
    const shown = messages.filter(
      ({ deletedAt, parts, answer }) => deletedAt === null && parts.length > 0 && answer?.status !== 'streaming',
    );
    headers.set('cache-control', 'no-store');
    return Response.json(
      shown.map(({ id, answer, parts, author, createdAt }) => ({
        id,
        role: answer ? 'assistant' : 'user',
        parts: parts.map(toUiPart),
        metadata: { author, createdAt },
      })),
      { headers },
    );
  }

  async #growing(threadId: string, client: FrameTransport): Promise<Message | undefined> {
    const { messages } = await client.ask({ type: 'thread.subscribe', threadId }, 'thread.subscribed');
    return messages.findLast(({ answer }) => answer?.status === 'streaming');
  }

  #nothing(client: FrameTransport, headers: Headers): Response {
    client.terminate();
    return new Response(null, { status: 204, headers });
  }

  /** An answer with all that there is of it. Null where there is none. */
  async #current(threadId: string, messageId: string, client: FrameTransport): Promise<Message | null> {
    try {
      return (await client.ask({ type: 'answer.resume', threadId, messageId }, 'answer.resumed')).message;
    } catch (error) {
      if (ChatError.is(error) && error.code === 'message_not_found') return null;
      throw error;
    }
  }

  async #answer(
    request: Request,
    address: string | null,
    methods: readonly string[],
    handle: (client: FrameTransport, headers: Headers) => Promise<Response>,
  ): Promise<Response> {
    const { origins, logger } = this.#ports;
    const headers = corsHeaders(request, origins);
    let client: FrameTransport | null = null;
    try {
      if (request.method === 'OPTIONS') return preflight(request, origins, headers, ALLOWED);
      if (!methods.includes(request.method)) {
        headers.set('allow', [...methods, 'OPTIONS'].join(', '));
        return problem('method_not_allowed', { headers });
      }
      if (isCrossSite(request, origins)) return problem('cross_site_refused', { headers });
      const refusal = this.#door.refusal(address);
      if (refusal) {
        headers.set('retry-after', RETRY_AFTER_SECONDS);
        return problem(refusal === 'address_full' ? 'rate_limited' : 'connection_lost', { headers });
      }
      const token = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
      if (token === undefined) return problem('token_invalid', { headers });
      client = new FrameTransport();
      await this.#door.accept(client, address).authenticate(token, PROTOCOL_VERSION);
      await client.accepted;
      return await handle(client, headers);
    } catch (error) {
      client?.terminate();
      const code = ChatError.is(error) ? error.code : 'internal';
      if (!ChatError.is(error)) logger.error('A request of a UI message stream failed.', { cause: error });
      if (ChatError.is(error) && error.retryAfterMs !== undefined)
        headers.set('retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1_000))));
      return problem(code, { status: ERROR_REGISTRY[code].status, headers });
    }
  }
}

function versionOf({ headers }: Request): AiSdkVersion {
  return headers.get(VERSION_HEADER) === '7' ? 7 : 6;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // No such conversation.
  }
}
