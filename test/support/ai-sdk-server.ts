import * as v6 from 'ai6';
import { MockLanguageModelV3 } from 'ai6/test';
import * as v7 from 'ai7';
import { MockLanguageModelV4 } from 'ai7/test';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

export type AiVersion = 6 | 7;

interface AiSdkBody {
  id: string;
  trigger: string;
  messageId?: string;
  messages: { id: string; role: string; parts: { type: string; text?: string; [field: string]: unknown }[] }[];
  [field: string]: unknown;
}

export interface AiSdkServer {
  api: string;
  /** What was posted and taken, in order. */
  posted: AiSdkBody[];
  /** Tokens of all requests, in order; '' for one without. */
  tokens: string[];
  /** Cuts all streams in the middle. */
  cut: () => void;
  /** Lets the growing answers say more, and end. */
  release: (text: string) => void;
  /** Whether the model was told to stop. */
  readonly stopped: boolean;
  end: () => Promise<void>;
}

/** Answers that are no answers, by the text that asks for them. */
const NONSENSE: Record<string, (response: ServerResponse) => void> = {
  html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
  broken: (response) => void response.writeHead(500).end('Internal'),
  busy: (response) => void response.writeHead(429, { 'retry-after': '7' }).end(),
  gone: (response) => void response.writeHead(404).end(),
  halfJson: (response) => events(response, ['{"type":"text-start","id":"t"}', said('so far'), '{"type":"text-del']),
  disorder: (response) => events(response, ['{"type":"text-start","id":"t"}', said('so far'), said('', 'other')]),
  endless: (response) =>
    events(response, ['{"type":"text-start","id":"t"}', said('so far'), said('x'.repeat(10_000_000))]),
  endsEarly: (response) => events(response, ['{"type":"text-start","id":"t"}', said('so far')]),
  error: (response) =>
    events(response, [
      '{"type":"text-start","id":"t"}',
      said('so far'),
      '{"type":"error","errorText":"No credit left."}',
    ]),
  future: (response) =>
    events(response, [
      '{"type":"start","messageId":"theirs","hologram":true}',
      '{"type":"hologram-start","id":"h"}',
      '{"type":"text-start","id":"t"}',
      said('understood'),
      '{"type":"text-end","id":"t"}',
      '{"type":"finish"}',
      '[DONE]',
    ]),
};

function said(delta: string, id = 't'): string {
  return JSON.stringify({ type: 'text-delta', id, delta });
}

function events(response: ServerResponse, data: string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' });
  for (const each of data) response.write(`data: ${each}\n\n`);
  response.end();
}

/** A chat endpoint as an app writes it with the AI SDK, on a free port. A token that begins with `good` is accepted. */
export async function startAiSdkServer(
  version: AiVersion,
  { keepsStreams = false, authorized = true }: { keepsStreams?: boolean; authorized?: boolean } = {},
): Promise<AiSdkServer> {
  const posted: AiSdkBody[] = [];
  const tokens: string[] = [];
  const streams = new Map<
    string,
    { pieces: string[]; listeners: Set<(piece: string | null) => void>; over: boolean }
  >();
  const open = new Set<ServerResponse>();
  let stopped = false;
  let release: (text: string) => void = () => {};

  const stream = (text: string, signal: AbortSignal | undefined) => {
    const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
    const finish = (reason: string) => ({ type: 'finish', finishReason: { unified: reason, raw: reason }, usage });
    const call = (toolName: string, input: object) => [
      { type: 'tool-call', toolCallId: `call-${toolName}`, toolName, input: JSON.stringify(input) },
      finish('tool-calls'),
    ];
    const speak = (...deltas: string[]) => [
      { type: 'text-start', id: 't' },
      ...deltas.map((delta) => ({ type: 'text-delta', id: 't', delta })),
      { type: 'text-end', id: 't' },
      finish('stop'),
    ];
    const parts: object[] =
      text === 'pay'
        ? call('pay', { euros: 5 })
        : text === 'where'
          ? call('locate', { exact: true })
          : text === 'think'
            ? [
                { type: 'reasoning-start', id: 'r' },
                { type: 'reasoning-delta', id: 'r', delta: 'Let me see.' },
                { type: 'reasoning-end', id: 'r' },
                { type: 'source', sourceType: 'url', id: 's', url: 'https://example.com/a', title: 'Almanac' },
                ...speak('It is **warm**.'),
              ]
            : speak('You said ', text);
    return new ReadableStream({
      start(controller) {
        controller.enqueue({ type: 'stream-start', warnings: [] });
        if (text !== 'long') {
          for (const part of parts) controller.enqueue(part);
          return controller.close();
        }
        controller.enqueue({ type: 'text-start', id: 't' });
        controller.enqueue({ type: 'text-delta', id: 't', delta: 'You said long' });
        signal?.addEventListener('abort', () => {
          stopped = true;
          controller.error(signal.reason);
        });
        release = (more) => {
          controller.enqueue({ type: 'text-delta', id: 't', delta: more });
          controller.enqueue({ type: 'text-end', id: 't' });
          controller.enqueue(finish('stop'));
          controller.close();
        };
        return undefined;
      },
    });
  };
  const doStream = ({ prompt, abortSignal }: { prompt: unknown; abortSignal?: AbortSignal }) => {
    const last = (prompt as { role: string; content: { type: string; text?: string; output?: unknown }[] }[]).at(-1);
    const result = last?.role === 'tool' ? last.content.findLast(({ type }) => type === 'tool-result') : undefined;
    const file = last?.content.find(({ type }) => type === 'file') as
      { mediaType: string; filename?: string } | undefined;
    const text = file
      ? `${file.filename}, ${file.mediaType}`
      : result
        ? JSON.stringify(result.output)
        : (last?.content.find(({ type }) => type === 'text')?.text ?? '');
    return Promise.resolve({ stream: stream(text, abortSignal) as never });
  };

  async function answer(body: AiSdkBody, signal: AbortSignal): Promise<Response> {
    const schema = { type: 'object', properties: {} } as const;
    const messages = body.messages as never;
    const originalMessages = body.messages as never;
    if (version === 6) {
      const result = v6.streamText({
        model: new MockLanguageModelV3({ doStream, supportedUrls: { '*/*': [/^https:/] } }),
        messages: await v6.convertToModelMessages(messages),
        abortSignal: signal,
        stopWhen: v6.stepCountIs(3),
        tools: {
          pay: v6.tool({ inputSchema: v6.jsonSchema(schema), needsApproval: true, execute: () => 'paid' }),
          locate: v6.tool({ inputSchema: v6.jsonSchema(schema) }),
        },
      });
      return result.toUIMessageStreamResponse({
        originalMessages,
        sendSources: true,
        generateMessageId: v6.generateId,
      });
    }
    const result = v7.streamText({
      model: new MockLanguageModelV4({ doStream, supportedUrls: { '*/*': [/^https:/] } }),
      messages: await v7.convertToModelMessages(messages),
      abortSignal: signal,
      allowSystemInMessages: true,
      stopWhen: v7.stepCountIs(3),
      tools: {
        pay: v7.tool({ inputSchema: v7.jsonSchema(schema), needsApproval: true, execute: () => 'paid' }),
        locate: v7.tool({ inputSchema: v7.jsonSchema(schema) }),
      },
    });
    return result.toUIMessageStreamResponse({ originalMessages, sendSources: true, generateMessageId: v7.generateId });
  }

  async function onPost(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await new Response(Readable.toWeb(request) as never).json()) as AiSdkBody;
    posted.push(body);
    const text = body.messages.findLast(({ role }) => role === 'user')?.parts[0]?.text ?? '';
    const nonsense = NONSENSE[text];
    if (nonsense) return nonsense(response);
    const abort = new AbortController();
    // A server that keeps streams goes on without its client.
    if (!keepsStreams) response.on('close', () => abort.abort());
    const answered = await answer(body, abort.signal);
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    const kept = { pieces: [] as string[], listeners: new Set<(piece: string | null) => void>(), over: false };
    streams.set(body.id, kept);
    const decoder = new TextDecoder();
    for await (const piece of answered.body as unknown as AsyncIterable<Uint8Array>) {
      const part = decoder.decode(piece, { stream: true });
      kept.pieces.push(part);
      response.write(part);
      for (const listener of kept.listeners) listener(part);
    }
    kept.over = true;
    response.end();
    for (const listener of kept.listeners) listener(null);
  }

  function onResume(threadId: string, response: ServerResponse): void {
    const kept = streams.get(threadId);
    if (!kept || kept.over) return void response.writeHead(204).end();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of kept.pieces) response.write(piece);
    kept.listeners.add((piece) => (piece === null ? response.end() : response.write(piece)));
  }

  const http = createServer((request, response) => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('access-control-allow-headers', 'authorization, content-type');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    tokens.push(token);
    if (authorized && !token.startsWith('good')) return void response.writeHead(401).end();
    if (request.method === 'PUT') return void request.resume().on('end', () => response.writeHead(200).end());
    open.add(response);
    response.on('close', () => open.delete(response));
    const resumed = /^\/api\/chat\/([^/]+)\/stream$/.exec(request.url ?? '')?.[1];
    if (resumed !== undefined) return onResume(decodeURIComponent(resumed), response);
    onPost(request, response).catch(() => response.destroy());
    return undefined;
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    api: `http://127.0.0.1:${(http.address() as AddressInfo).port}/api/chat`,
    posted,
    tokens,
    cut: () => {
      for (const response of open) response.destroy();
    },
    release: (text) => release(text),
    get stopped() {
      return stopped;
    },
    async end() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
