import { afterEach, describe, expect, test, vi } from 'vitest';
import { agUiBackend } from '../../../src/client/backends/ag-ui/index.ts';
import { aiSdkBackend } from '../../../src/client/backends/ai-sdk/index.ts';
import { openAiChatKitBackend } from '../../../src/client/backends/openai-chatkit/index.ts';
import { createChatClient, latchkitBackend, type ChatBackend, type ChatClient } from '../../../src/client/index.ts';
import { textOf, type AnswerChunk, type ChatError } from '../../../src/protocol/index.ts';
import type { RespondContext } from '../../../src/server/index.ts';
import { startTestServer, type TestServer } from '../../support/chat-server.ts';
import { startRawServer, type RawAnswer } from '../../support/raw-server.ts';

const SILENCE_MS = 400;
const HUGE = 'x'.repeat(10_000_000);

/** How a protocol says things. */
interface Wire {
  backend: (url: string) => ChatBackend;
  /** What the person said last. */
  asked: (body: never) => string;
  /** Begins to say `text`, and leaves it open. */
  says: (text: string) => object[];
  /** Ends it, and the answer. */
  ends: object[];
  /** Something about what never began. */
  stray: object;
  /** JSON, but nothing of the protocol. */
  nonsense: unknown;
  /** Wrong in a field that the protocol names. */
  misshapen: object;
}

const line = (event: unknown) => `data: ${JSON.stringify(event)}\n\n`;
const item = { id: 'i', thread_id: 'thr_1', created_at: '2026-01-01T00:00:00' };
const update = (type: string, more: object, id = 'i') => ({
  type: 'thread.item.updated',
  item_id: id,
  update: { type: `assistant_message.content_part.${type}`, content_index: 0, ...more },
});
const userText = (messages: { role: string; content?: string; parts?: { text: string }[] }[]) => {
  const last = messages.findLast(({ role }) => role === 'user');
  return last?.content ?? last?.parts?.[0]?.text ?? '';
};

const WIRES: Record<string, Wire> = {
  'ai-sdk': {
    backend: (api) => aiSdkBackend({ api, silenceMs: SILENCE_MS }),
    asked: ({ messages }: { messages: [] }) => userText(messages),
    says: (text) => [
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: text },
    ],
    ends: [{ type: 'text-end', id: 't' }, { type: 'finish' }],
    stray: { type: 'text-delta', id: 'other', delta: 'x' },
    nonsense: ['no', 'chunk'],
    misshapen: { type: 'text-delta', id: 't', delta: { not: 'a text' } },
  },
  'ag-ui': {
    backend: (url) => agUiBackend({ url, silenceMs: SILENCE_MS }),
    asked: ({ messages }: { messages: [] }) => userText(messages),
    says: (text) => [
      { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
      { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: text },
    ],
    ends: [
      { type: 'TEXT_MESSAGE_END', messageId: 'm' },
      { type: 'RUN_FINISHED', threadId: 't', runId: 'r' },
    ],
    stray: { type: 'TEXT_MESSAGE_CONTENT', messageId: 'other', delta: 'x' },
    nonsense: 7,
    misshapen: { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: { not: 'a text' } },
  },
  'openai-chatkit': {
    backend: (url) => openAiChatKitBackend({ url, silenceMs: SILENCE_MS, isNew: () => true }),
    asked: ({ params }: { params: { input: { content: { text: string }[] } } }) => params.input.content[0]!.text,
    says: (text) => [
      { type: 'thread.item.added', item: { ...item, type: 'assistant_message', content: [] } },
      update('added', { content: { type: 'output_text', text: '', annotations: [] } }),
      update('text_delta', { delta: text }),
    ],
    ends: [update('done', { content: { type: 'output_text', text: '', annotations: [] } })],
    stray: update('text_delta', { delta: 'x' }, 'other'),
    nonsense: { no: 'type' },
    misshapen: update('text_delta', { delta: { not: 'a text' } }),
  },
};

interface Expected {
  code: string;
  text: string;
}

/** What goes wrong, and what the answer says of it. */
const FAULTS: Record<string, { answer: (wire: Wire) => RawAnswer; expected: Expected }> = {
  nonsense: {
    answer: ({ says, nonsense }) => ({ body: [...says('so far').map(line), line(nonsense)] }),
    expected: { code: 'answer_invalid', text: 'so far' },
  },
  'a field of the wrong kind': {
    answer: ({ says, misshapen }) => ({ body: [...says('so far').map(line), line(misshapen)] }),
    expected: { code: 'answer_invalid', text: 'so far' },
  },
  'half JSON': {
    answer: ({ says }) => ({ body: [...says('so far').map(line), 'data: {"type":"text-del\n\n'] }),
    expected: { code: 'answer_invalid', text: 'so far' },
  },
  'ids out of order': {
    answer: ({ says, stray }) => ({ body: [...says('so far').map(line), line(stray)] }),
    expected: { code: 'answer_invalid', text: 'so far' },
  },
  'a line of 10 MB': {
    answer: ({ says }) => ({ body: [...says('so far').map(line), `data: ${HUGE}`, '\n\n'] }),
    expected: { code: 'answer_too_long', text: 'so far' },
  },
  'an HTML page': {
    answer: () => ({ type: 'text/html', body: ['<html>Sign in</html>'] }),
    expected: { code: 'answer_invalid', text: '' },
  },
  'an HTML page in the middle': {
    answer: ({ says }) => ({ body: [...says('so far').map(line), 'data: <html>502 Bad Gateway</html>\n\n'] }),
    expected: { code: 'answer_invalid', text: 'so far' },
  },
  'a 500 with a page': {
    answer: () => ({ status: 500, type: 'text/html', body: ['<html>Oops</html>'] }),
    expected: { code: 'answer_failed', text: '' },
  },
  'a server that dies in the middle': {
    answer: ({ says }) => ({ body: says('so far').map(line), then: 'break' }),
    expected: { code: 'answer_cut_off', text: 'so far' },
  },
  'no end': {
    answer: ({ says }) => ({ body: says('so far').map(line), then: 'hang' }),
    expected: { code: 'answer_timeout', text: 'so far' },
  },
  'nothing at all': { answer: () => ({ then: 'hang' }), expected: { code: 'answer_timeout', text: '' } },
  'an end without its finish': {
    answer: ({ says }) => ({ body: says('so far').map(line) }),
    expected: { code: 'answer_cut_off', text: 'so far' },
  },
};

let client: ChatClient;
let end: () => Promise<unknown>;
afterEach(async () => {
  client.dispose();
  await end();
});

async function open(backend: ChatBackend, fetchToken: () => Promise<unknown>) {
  const errors: ChatError[] = [];
  client = createChatClient({
    userId: 'ada',
    backend,
    fetchToken: fetchToken as never,
    onError: (error) => errors.push(error),
  });
  client.retain();
  const thread = client.thread('room');
  thread.subscribe(() => {});
  await vi.waitFor(() => expect(thread.get().status).toBe('ready'), 10_000);
  const last = () => thread.get().messages.at(-1)!.message;

  /** The answer says what went wrong and keeps its text, the question stays, and the next one is answered. */
  async function check(fault: string, { code, text }: Expected) {
    thread.send(fault);
    await vi.waitFor(() => expect(last().answer?.status).toBe('failed'), 15_000);
    expect({ code: last().answer?.error?.code, text: textOf(last().parts) }).toEqual({ code, text });
    thread.send('fine');
    await vi.waitFor(() => expect(thread.get().messages).toHaveLength(4));
    await vi.waitFor(() => expect(last().answer?.status).toBe('done'), 10_000);
    expect(textOf(last().parts)).toBe('You said fine');
    expect(thread.get().messages.map(({ delivery, error }) => [delivery, error])).toEqual(
      Array.from({ length: 4 }, () => ['sent', null]),
    );
    expect(thread.get().messages[0]!.message.answer).toBeUndefined();
    expect(errors).toEqual([]);
  }
  return check;
}

describe.each(Object.entries(WIRES))('%s before a server that sends', (_, wire) => {
  test.each(Object.entries(FAULTS))('%s', async (fault, { answer, expected }) => {
    const server = await startRawServer((body) => {
      const asked = wire.asked(body as never);
      return asked === fault ? answer(wire) : { body: [...wire.says(`You said ${asked}`), ...wire.ends].map(line) };
    });
    end = () => server.end();
    const check = await open(wire.backend(server.url), () => Promise.resolve({ token: 'good', expires_in: 600 }));
    await check(fault, expected);
  });
});

/** The same for an app that answers on a LatchKit server: what it streams is no JSON there, but may be anything. */
const RESPONSES: Record<string, { chunks: () => AsyncGenerator<unknown>; expected: Expected }> = {
  nonsense: { chunks: () => after(7), expected: { code: 'answer_invalid', text: 'so far' } },
  'a field of the wrong kind': {
    chunks: () => after({ type: 'text-delta', id: 't', delta: { not: 'a text' } }),
    expected: { code: 'answer_invalid', text: 'so far' },
  },
  'half JSON': { chunks: () => after('{"type":"text-del'), expected: { code: 'answer_invalid', text: 'so far' } },
  'ids out of order': {
    chunks: () => after({ type: 'text-delta', id: 'other', delta: 'x' }),
    expected: { code: 'answer_invalid', text: 'so far' },
  },
  'a chunk of 10 MB': {
    chunks: () => after({ type: 'text-delta', id: 't', delta: HUGE }),
    expected: { code: 'answer_too_long', text: 'so far' },
  },
  'an HTML page': { chunks: () => after('<html>Sign in</html>'), expected: { code: 'answer_invalid', text: 'so far' } },
  'an error in the middle': {
    chunks: () => after(new Error('500')),
    expected: { code: 'answer_failed', text: 'so far' },
  },
  'no end': { chunks: () => after('hang'), expected: { code: 'answer_timeout', text: 'so far' } },
  'an end without its finish': { chunks: () => after(), expected: { code: 'answer_cut_off', text: 'so far' } },
};

async function* after(...more: unknown[]): AsyncGenerator<unknown> {
  yield { type: 'text-start', id: 't' };
  yield { type: 'text-delta', id: 't', delta: 'so far' };
  for (const each of more) {
    if (each === 'hang') await new Promise(() => {});
    if (each instanceof Error) throw each;
    yield each;
  }
}

async function* fine(text: string): AsyncGenerator<unknown> {
  await Promise.resolve();
  yield { type: 'text-start', id: 't' };
  yield { type: 'text-delta', id: 't', delta: `You said ${text}` };
  yield { type: 'text-end', id: 't' };
  yield { type: 'finish' };
}

describe('a LatchKit server whose app answers with', () => {
  test.each(Object.entries(RESPONSES))('%s', async (fault, { chunks, expected }) => {
    const respond = ({ message }: RespondContext) => {
      const text = textOf(message.parts);
      return (text === fault ? chunks() : fine(text)) as AsyncGenerator<AnswerChunk>;
    };
    const server: TestServer = await startTestServer({ respond, limits: { answerMs: SILENCE_MS * 2 } });
    end = () => server.stop();
    await server.chat.threads.upsert({ id: 'room', title: 'Room', members: ['ada'] });
    const check = await open(latchkitBackend({ url: `${server.url}/chat` }), () => server.mint('ada'));
    await check(fault, expected);
  });
});
