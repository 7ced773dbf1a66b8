import * as v6 from 'ai6';
import { afterEach, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../../../test/support/chat-server.ts';
import type { AnswerChunk } from '../../../protocol/index.ts';

type Chunk = v6.UIMessageChunk;

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const said = [
  { type: 'start', messageId: 'm' },
  { type: 'start-step' },
  { type: 'text-start', id: 'a' },
  { type: 'text-delta', id: 'a', delta: 'never mi' },
] as const satisfies Chunk[];

/** One of each kind that version 6 knows, made to do away with the text where it could. */
const KINDS: Chunk[] = [
  { type: 'start', messageId: 'm' },
  { type: 'start', messageId: 'another' },
  { type: 'start' },
  { type: 'start-step' },
  { type: 'finish-step' },
  { type: 'text-start', id: 'a' },
  { type: 'text-delta', id: 'a', delta: '' },
  { type: 'text-end', id: 'a' },
  { type: 'reasoning-start', id: 'a' },
  { type: 'tool-input-start', toolCallId: 'a', toolName: 't' },
  { type: 'tool-input-available', toolCallId: 'a', toolName: 't', input: {} },
  { type: 'tool-input-error', toolCallId: 'a', toolName: 't', input: {}, errorText: '' },
  { type: 'source-url', sourceId: 'a', url: 'https://example.com' },
  { type: 'source-document', sourceId: 'a', mediaType: 'text/plain', title: '' },
  { type: 'file', url: 'https://example.com/a.png', mediaType: 'image/png' },
  { type: 'data-a', id: 'a', data: null },
  { type: 'message-metadata', messageMetadata: { parts: [] } },
  { type: 'abort' },
  { type: 'finish' },
];

test.each(KINDS)('version 6 takes no text off a message that grows: not by %o', async (chunk) => {
  expect((await v6.uiMessageChunkSchema().validate!(chunk)).success).toBe(true);
  const stream = new ReadableStream<Chunk>({
    start(controller) {
      for (const each of [...said, chunk]) controller.enqueue(each);
      controller.close();
    },
  });
  const page = new PageChat({
    sendMessages: () => Promise.resolve(stream),
    reconnectToStream: () => Promise.resolve(null),
  });
  await page.sendMessage({ text: 'hello' });
  expect(
    page.messages.some(({ parts }) => parts.some((part) => part.type === 'text' && part.text === 'never mi')),
  ).toBe(true);
});

/** As `useChat` keeps what a page shows. */
class PageChat extends v6.AbstractChat<v6.UIMessage> {
  constructor(transport: v6.ChatTransport<v6.UIMessage>, more: Partial<v6.ChatInit<v6.UIMessage>> = {}) {
    const state: v6.ChatState<v6.UIMessage> = {
      status: 'ready',
      error: undefined,
      messages: [],
      pushMessage: (message) => void (state.messages = [...state.messages, message]),
      popMessage: () => void (state.messages = state.messages.slice(0, -1)),
      replaceMessage: (index, message) => void (state.messages = state.messages.with(index, structuredClone(message))),
      snapshot: (value) => structuredClone(value),
    };
    super({ id: 'pair', transport, state, ...more });
  }
}

test.each(['while it grows', 'once it has ended'])(
  'a page of version 6 is told, and shows what there is by asking once more: %s',
  async (when) => {
    let goOn = () => {};
    const waits = new Promise<void>((resolve) => (goOn = resolve));
    server = await startTestServer({
      async *respond(): AsyncGenerator<AnswerChunk> {
        yield* said.slice(1);
        yield { type: 'reset-step' };
        yield* [
          { type: 'text-start', id: 'b' },
          { type: 'text-delta', id: 'b', delta: 'Anew' },
        ];
        if (when === 'while it grows') await waits;
        yield* [{ type: 'text-delta', id: 'b', delta: '.' }, { type: 'text-end', id: 'b' }, { type: 'finish' }];
      },
    });
    await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada'] });
    const api = `${server.url}/chat/ai`;
    const headers = { authorization: `Bearer ${await server.mint('ada')}` };
    const transport = new v6.DefaultChatTransport<v6.UIMessage>({ api, headers });
    // As docs/answers.md has it.
    const again = async () => {
      await chat.stop();
      await chat.resumeStream();
      chat.messages = (await (await fetch(`${api}/pair/messages`, { headers })).json()) as v6.UIMessage[];
    };
    const onData = vi.fn(({ type }: { type: string }) => {
      if (type === 'data-reset-step') void again();
    });
    const chat: PageChat = new PageChat(transport, { onData });
    const shown = () => chat.messages.at(-1)?.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])) ?? [];
    const sent = chat.sendMessage({ text: 'hello' });
    if (when === 'while it grows') {
      await vi.waitFor(() => expect(shown()).toEqual(['Anew']), 5_000);
      goOn();
    }
    await sent;
    await vi.waitFor(() => expect(shown()).toEqual(['Anew.']), 5_000);
    expect(onData.mock.calls.map(([part]) => part)).toMatchObject([{ type: 'data-reset-step' }]);
    expect(chat.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  },
);
