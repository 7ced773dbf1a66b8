import * as v6 from 'ai6';
import * as v7 from 'ai7';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../../../test/support/chat-server.ts';
import { startTestGateway } from '../../../../test/support/gateway.ts';
import { textOf, type AnswerChunk } from '../../../protocol/index.ts';
import type { RespondContext } from '../../answers/types.ts';
import { topics } from '../../fanout/Fanout.ts';
import { toWireMessage } from '../wire.ts';
import type { ChatServerOptions } from '../../types.ts';

interface UiMessage {
  id: string;
  role: 'user' | 'assistant';
  parts: { type: string; [field: string]: unknown }[];
}

const CITATION = {
  source: { type: 'source', sourceType: 'url', id: 's', url: 'https://example.com/a' },
  startIndex: 0,
};

let server: TestServer;
afterEach(() => server.stop());

const said = (id: string, text: string): UiMessage => ({ id, role: 'user', parts: [{ type: 'text', text }] });
const asked = ({ message }: RespondContext) => textOf(message.parts);

/** Says what it is told to. */
async function* respond(context: RespondContext): AsyncGenerator<AnswerChunk> {
  const { messages, signal } = context;
  const text = asked(context);
  yield { type: 'start', messageId: 'a-name-of-its-own', messageMetadata: { model: 'm' } };
  yield { type: 'start-step' };
  const last = messages.at(-1);
  if (text === 'pay' && last?.role === 'assistant') {
    const part = last.parts.find((each) => 'approval' in each) as { approval: { approved: boolean; reason?: string } };
    if (part.approval.approved) yield { type: 'tool-output-available', toolCallId: 'c', output: 'paid' };
    else yield { type: 'tool-output-denied', toolCallId: 'c' };
    yield* speak(part.approval.reason ?? 'no reason');
  } else if (text === 'pay') {
    yield { type: 'tool-input-available', toolCallId: 'c', toolName: 'pay', input: { euros: 5 } };
    yield { type: 'tool-approval-request', toolCallId: 'c', approvalId: 'p', reason: 'dear', isAutomatic: false };
  } else if (text === 'fail') {
    throw new Error('secret detail');
  } else {
    yield { type: 'hologram', of: 'the future' };
    yield { type: 'custom', kind: 'acme.thing' };
    yield { type: 'file', url: 'https://example.com/a.png', mediaType: 'image/png' };
    yield { type: 'text-start', id: 't' };
    yield { type: 'text-delta', id: 't', delta: `You said ${text}` };
    if (text === 'long') {
      await new Promise((resolve) => {
        release = () => resolve(null);
        signal.addEventListener('abort', resolve);
      });
      yield { type: 'text-delta', id: 't', delta: ' and more' };
    }
    yield { type: 'text-end', id: 't', citations: [] };
  }
  yield { type: 'finish' };
}
let release: () => void = () => {};

function* speak(text: string): Generator<AnswerChunk> {
  yield { type: 'text-start', id: 'x' };
  yield { type: 'text-delta', id: 'x', delta: text };
  yield { type: 'text-end', id: 'x' };
}

async function start(options: Partial<ChatServerOptions> = {}): Promise<void> {
  server = await startTestServer({ respond, ...options });
  await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada', 'ben'] });
}

const headersOf = async (userId: string) => ({ authorization: `Bearer ${await server.mint(userId)}` });

async function get(path: string, userId = 'ada', method = 'GET'): Promise<Response> {
  return fetch(`${server.url}/chat/ai/${path}`, { method, headers: await headersOf(userId) });
}

describe.each([6, 7] as const)('the transport of ai %i', (version) => {
  /** What the SDK's own client makes of the answer. */
  async function ask(
    messages: UiMessage[],
    more: { trigger?: 'submit-message' | 'regenerate-message'; messageId?: string; signal?: AbortSignal } = {},
  ): Promise<UiMessage | null> {
    const headers = { ...(await headersOf('ada')), ...(version === 7 && { 'latchkit-ai-sdk': '7' }) };
    const options = { api: `${server.url}/chat/ai`, headers };
    const request = {
      chatId: 'pair',
      messages: messages as never[],
      trigger: more.trigger ?? ('submit-message' as const),
      messageId: more.messageId,
      abortSignal: more.signal,
    };
    const last = messages.at(-1);
    const message = last?.role === 'assistant' ? (last as never) : undefined;
    if (version === 6) {
      const stream = await new v6.DefaultChatTransport(options).sendMessages(request);
      return read(v6.readUIMessageStream({ stream, message, terminateOnError: true }));
    }
    const stream = await new v7.DefaultChatTransport(options).sendMessages(request);
    return read(v7.readUIMessageStream({ stream, message, terminateOnError: true }));
  }

  async function read(stream: AsyncIterable<unknown>): Promise<UiMessage | null> {
    let message: UiMessage | null = null;
    for await (const each of stream) message = each as UiMessage;
    return message;
  }

  test('sends into the conversation, and reads the answer that everybody sees', async () => {
    await start();
    const ben = await server.connect('ben');
    await ben.request({ type: 'thread.subscribe', threadId: 'pair' }, 'thread.subscribed');
    const answer = await ask([said('q1', 'hello')]);
    expect(answer).toMatchObject({
      role: 'assistant',
      metadata: { model: 'm' },
      parts: [
        { type: 'step-start' },
        ...(version === 7 ? [{ type: 'custom', kind: 'acme.thing' }] : []),
        { type: 'file', url: 'https://example.com/a.png', mediaType: 'image/png' },
        { type: 'text', text: 'You said hello', state: 'done' },
      ],
    });
    const { message } = await ben.take('message.created');
    expect(message).toMatchObject({ id: 'q1', author: { id: 'ada' }, parts: [{ text: 'hello' }] });
    expect((await ben.take('message.created')).message.id).toBe(answer?.id);
    // Sent again, it is not stored again, and has its answer.
    expect((await ask([said('q1', 'hello')]))?.id).toBe(answer?.id);
    const begin = (await (await get('pair/messages')).json()) as UiMessage[];
    expect(begin.map(({ id, role }) => [id, role])).toEqual([
      ['q1', 'user'],
      [answer?.id, 'assistant'],
    ]);
  });

  test('reads of the news what it knows: a step that is taken back, what only version 7 has, and metadata at the end', async () => {
    async function* news(): AsyncGenerator<AnswerChunk> {
      await Promise.resolve();
      yield { type: 'start-step' };
      yield { type: 'text-start', id: 'a' };
      yield { type: 'text-delta', id: 'a', delta: 'never mi' };
      if (version === 7) yield { type: 'reset-step' };
      else yield { type: 'text-end', id: 'a' };
      yield { type: 'custom', kind: 'acme.thing' };
      yield { type: 'reasoning-file', url: 'https://example.com/a.png', mediaType: 'image/png' };
      yield { type: 'tool-input-available', toolCallId: 'c', toolName: 'pay', input: {} };
      yield { type: 'tool-approval-request', toolCallId: 'c', approvalId: 'p', reason: 'dear' };
      yield { type: 'tool-approval-response', approvalId: 'p', approved: false };
      yield { type: 'tool-output-denied', toolCallId: 'c' };
      yield { type: 'text-start', id: 'b' };
      yield { type: 'text-delta', id: 'b', delta: 'Anew.' };
      yield { type: 'text-end', id: 'b', citations: [CITATION] };
      yield { type: 'steering-message', id: 'm', parts: [] };
      yield { type: 'hologram', of: 'the future' };
      yield { type: 'finish', finishReason: 'stop', messageMetadata: { tokens: 7 } };
    }
    await start({ respond: () => news() });
    const answer = await ask([said('q1', 'hello')]);
    expect(answer).toMatchObject({ metadata: { tokens: 7 } });
    expect(answer?.parts.map((part) => part.text ?? part.state ?? part.type)).toEqual(
      version === 7
        ? ['step-start', 'custom', 'reasoning-file', 'output-denied', 'Anew.']
        : ['step-start', 'never mi', 'output-denied', 'Anew.'],
    );
    if (version === 7) {
      expect(answer?.parts.at(-1)).toMatchObject({ citations: [CITATION] });
      expect(answer?.parts.at(-2)).toMatchObject({ approval: { approved: false, requestReason: 'dear' } });
      // Asked for again, it comes as it is: the stream of an answer that is there is made of its parts.
      const again = await ask([said('q1', 'hello')]);
      const kinds = (message: UiMessage | null) => message?.parts.map(({ type }) => type);
      expect(kinds(again)).toEqual(kinds(answer));
    }
  });

  test('a decision on a tool goes on with the answer', async () => {
    await start();
    const answer = (await ask([said('q1', 'pay')]))!;
    expect(answer.parts.at(-1)).toMatchObject({ state: 'approval-requested', approval: { id: 'p' } });
    const parts = answer.parts.map((part) =>
      part.state === 'approval-requested'
        ? { ...part, state: 'approval-responded', approval: { id: 'p', approved: true, reason: 'my treat' } }
        : part,
    );
    const gone = (await ask([said('q1', 'pay'), { ...answer, parts }]))!;
    expect(gone.id).toBe(answer.id);
    expect(gone.parts).toMatchObject([
      { type: 'step-start' },
      { type: 'tool-pay', state: 'output-available', output: 'paid' },
      { type: 'step-start' },
      { type: 'text', text: 'my treat' },
    ]);
  });

  test('asks for an answer anew', async () => {
    await start();
    const answer = (await ask([said('q1', 'hello')]))!;
    const again = await ask([said('q1', 'hello')], { trigger: 'regenerate-message', messageId: answer.id });
    expect(again?.id).toBe(answer.id);
    expect(again?.parts.at(-1)).toMatchObject({ text: 'You said hello' });
    expect((await (await get('pair/messages')).json()) as unknown[]).toHaveLength(2);
  });

  test('a failed answer is an error without its cause', async () => {
    await start();
    await expect(ask([said('q1', 'fail')])).rejects.toThrow('The assistant failed.');
  });

  test('a growing answer is found by who comes again: all of it, and what follows; leaving does not stop it', async () => {
    await start();
    const leave = new AbortController();
    const left = ask([said('q1', 'long')], { signal: leave.signal }).catch(() => null);
    await vi.waitFor(async () => expect((await get('pair/stream')).status).toBe(200));
    const begin = (await (await get('pair/messages')).json()) as UiMessage[];
    expect(begin.map(({ id }) => id)).toEqual(['q1']);
    leave.abort();
    await left;
    const api = `${server.url}/chat/ai`;
    const options = { api, headers: await headersOf('ben') };
    const stream =
      version === 6
        ? await new v6.DefaultChatTransport(options).reconnectToStream({ chatId: 'pair' })
        : await new v7.DefaultChatTransport(options).reconnectToStream({ chatId: 'pair' });
    const reading = read(
      version === 6
        ? v6.readUIMessageStream({ stream: stream as never })
        : v7.readUIMessageStream({ stream: stream as never }),
    );
    release();
    expect((await reading)?.parts.at(-1)).toMatchObject({
      type: 'text',
      text: 'You said long and more',
      state: 'done',
    });
    expect((await get('pair/stream')).status).toBe(204);
  });

  test('a message that is not answered ends at once', async () => {
    await start({ respondTo: () => false });
    expect(await ask([said('q1', 'hello')])).toBeNull();
    expect((await (await get('pair/messages')).json()) as unknown[]).toHaveLength(1);
  });
});

describe('the address of the AI SDK’s clients', () => {
  const post = async (body: unknown, userId = 'ada', headers: Record<string, string> = {}) =>
    fetch(`${server.url}/chat/ai`, {
      method: 'POST',
      headers: { ...(await headersOf(userId)), ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const code = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];
  const hello = { id: 'pair', messages: [said('q1', 'hello')] };

  test('is for members, and for nobody without a token', async () => {
    await start();
    expect(await code(await post(hello, 'eve'))).toEqual([403, 'thread_forbidden']);
    expect(await code(await post(hello, 'ada', { authorization: '' }))).toEqual([401, 'token_invalid']);
    expect(await code(await post(hello, 'ada', { authorization: 'Bearer x.y.z' }))).toEqual([401, 'token_invalid']);
    expect(await code(await post({ ...hello, id: 'nowhere' }))).toEqual([404, 'thread_not_found']);
    expect(await code(await get('pair/stream', 'eve'))).toEqual([403, 'thread_forbidden']);
    expect(await code(await get('pair/messages', 'eve'))).toEqual([403, 'thread_forbidden']);
    expect(await code(await post(hello, 'ada', { origin: 'https://evil.test' }))).toEqual([403, 'cross_site_refused']);
    expect((await get('pair/messages', 'ada', 'POST')).status).toBe(405);
    await server.chat.revoke({ userId: 'ada' });
  });

  test.each([
    ['no JSON', '{', 400, 'bad_request'],
    ['no request', {}, 400, 'bad_request'],
    ['no message', { id: 'pair', messages: [] }, 400, 'bad_request'],
    ['a system prompt', { id: 'pair', messages: [{ id: 's', role: 'system', parts: [] }] }, 400, 'bad_request'],
    ['nothing to say', { id: 'pair', messages: [{ ...said('q', ''), parts: [] }] }, 400, 'bad_request'],
    ['a file', { id: 'pair', messages: [{ id: 'f', role: 'user', parts: [{ type: 'file' }] }] }, 400, 'bad_request'],
    ['an id that is none', { id: 'pair', messages: [said('with space', 'x')] }, 400, 'bad_request'],
    [
      'what a tool of the page gave',
      { id: 'pair', messages: [{ id: 'a', role: 'assistant', parts: [] }] },
      400,
      'bad_request',
    ],
    ['more than a megabyte', 'x'.repeat(1_100_000), 413, 'bad_request'],
    ['a text that is too long', { id: 'pair', messages: [said('q', 'x'.repeat(20_000))] }, 413, 'message_too_long'],
  ])('refuses %s', async (_, body, status, expected) => {
    await start();
    expect(await code(await post(body))).toEqual([status, expected]);
  });

  test('stops a growing answer for everybody', async () => {
    await start();
    const posted = post({ id: 'pair', messages: [said('q1', 'long')] });
    await vi.waitFor(async () => expect((await get('pair/stream')).status).toBe(200));
    expect((await get('pair/stream', 'ada', 'DELETE')).status).toBe(204);
    expect(await (await posted).text()).toMatch(/"type":"abort"\}\n\ndata: \[DONE\]\n\n$/);
  });

  test('a token that is taken back ends the stream in the middle', async () => {
    await start();
    const reader = (await post({ id: 'pair', messages: [said('q1', 'long')] })).body!.getReader();
    await reader.read();
    await server.chat.revoke({ userId: 'ada' });
    await expect(
      (async () => {
        for (let step = await reader.read(); !step.done; step = await reader.read());
      })(),
    ).rejects.toThrow();
  });
});

test('a token may lapse while its stream runs', async () => {
  const day = 86_400_000;
  const gateway = await startTestGateway({ pingMs: day });
  const { storage, base, clock } = gateway;
  const to = await storage.appendMessage({ id: 'q', threadId: 'open', authorId: 'ada', parts: [] });
  const answer = { status: 'streaming' as const, to: to.id, run: 1, at: 0, error: null };
  const growing = await storage.appendMessage({ id: 'a', threadId: 'open', authorId: 'bot', parts: [], answer });
  const headers = { authorization: `Bearer ${await gateway.mint('ada', 60)}` };
  const streamed = await fetch(`${base}/ai/open/stream`, { headers });
  clock.advance(3_600_000);
  const done = {
    ...toWireMessage(growing, undefined),
    version: growing.version + 1,
    answer: { ...answer, status: 'done' as const },
  };
  await gateway.fanout.publish(topics.thread('open'), { type: 'message.updated', message: done });
  expect(await streamed.text()).toBe(
    'data: {"type":"start","messageId":"a"}\n\ndata: {"type":"finish"}\n\ndata: [DONE]\n\n',
  );
  await gateway.stop();
});
