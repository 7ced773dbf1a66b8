import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  openAiChatKitBackend,
  type OpenAiChatKitBackend,
  type OpenAiChatKitBackendOptions,
} from '../../../src/client/backends/openai-chatkit/index.ts';
import { createChatClient, type ChatClient } from '../../../src/client/index.ts';
import { textOf } from '../../../src/protocol/index.ts';
import { backendConformance } from '../../../src/testing/index.ts';
import { says, startChatKitServer } from '../../support/chatkit-server.ts';

const HISTORY = 65;
let tokenCount = 0;
const fetchToken = () => Promise.resolve({ token: `good${tokenCount++}`, expires_in: 600 });
type Server = Awaited<ReturnType<typeof startChatKitServer>>;

/** Answers what the suite asks for. */
const echo: Parameters<typeof startChatKitServer>[0] = (text, thread) =>
  says(thread, `You said ${text}`, { holds: text === 'long' });

async function fill({ store }: Server, id: string, count: number): Promise<void> {
  await store.saveThread({ id, created_at: new Date(), status: { type: 'active' }, metadata: {} } as never);
  for (let index = 0; index < count; index += 1) {
    const base = { id: `${id}-${index}`, thread_id: id, created_at: new Date(1_000 * index) };
    const text = `Message ${index}`;
    const item =
      index % 2 === 0
        ? {
            ...base,
            type: 'user_message',
            content: [{ type: 'input_text', text }],
            attachments: [],
            inference_options: {},
          }
        : { ...base, type: 'assistant_message', content: [{ type: 'output_text', text, annotations: [] }] };
    await store.addThreadItem(id, item as never);
  }
}

async function stage() {
  const server = await startChatKitServer(echo);
  await fill(server, 'thr_long', HISTORY);
  return {
    backend: openAiChatKitBackend({ url: server.url }),
    userId: 'ada',
    fetchToken,
    threadId: 'room',
    history: { threadId: 'thr_long', count: HISTORY },
    forbiddenThreadId: 'thr_nowhere',
    refusedToken: 'bad',
    countStored: () =>
      [...server.store.items].flatMap(([id, items]) =>
        id === 'thr_long' ? [] : items.filter(({ type }) => type === 'user_message'),
      ).length,
    end: () => server.end(),
  };
}

describe('openAiChatKitBackend before a server of another SDK', () => {
  for (const { name, skipped, run } of backendConformance({ stage, patienceMs: 20_000 }))
    test.skipIf(skipped)(name, run);
});

describe('a client before a ChatKit server', () => {
  let server: Server;
  let client: ChatClient;
  let backend: OpenAiChatKitBackend;
  afterEach(async () => {
    client.dispose();
    await server.end();
  });

  async function open(respond = echo, options: Partial<OpenAiChatKitBackendOptions> = {}, threadId = 'room') {
    server = await startChatKitServer(respond);
    return again(options, threadId);
  }

  async function again(options: Partial<OpenAiChatKitBackendOptions> = {}, threadId = 'room') {
    backend = openAiChatKitBackend({ url: server.url, ...options });
    client = createChatClient({ userId: 'ada', fetchToken, backend });
    client.retain();
    const thread = client.thread(threadId);
    thread.subscribe(() => {});
    await vi.waitFor(() => expect(thread.get().status).toBe('ready'));
    return thread;
  }
  const last = (threadId = 'room') => client.thread(threadId).get().messages.at(-1)!.message;
  const ended = () =>
    vi.waitFor(() => expect([last().answer?.status, last().answer?.error ?? null]).toEqual(['done', null]), 5_000);

  test('the first message makes the conversation; its title and its messages are the server’s from then on', async () => {
    const thread = await open(async function* (text, remote) {
      yield { type: 'progress_update', text: 'Thinking', icon: 'sparkle' };
      yield* says(remote, `You said ${text}`);
      remote.title = 'Greeting';
    });
    thread.send('hello');
    await ended();
    expect(last().parts).toMatchObject([
      { type: 'text', text: 'You said hello', state: 'done' },
      { type: 'source-url', url: 'https://example.com/a', title: 'Almanac' },
    ]);
    const remote = backend.remoteThreadId('room')!;
    expect(remote).toMatch(/^thr_/);
    await vi.waitFor(() => expect(thread.get().thread?.title).toBe('Greeting'));
    // `thread.updated` said that it has no items.
    expect(thread.get().messages).toHaveLength(2);
    thread.send('again');
    await vi.waitFor(() => expect(thread.get().messages).toHaveLength(4));
    await ended();
    expect(server.posted.map(({ type }) => type)).toEqual(['threads.create', 'threads.add_user_message']);

    await thread.rename('Another');
    expect(server.store.threads.get(remote)?.title).toBe('Another');
    await backend.sendFeedback({ threadId: 'room', messageId: last().id, kind: 'positive' });
    expect(server.server.feedback).toMatchObject([{ threadId: remote, kind: 'positive' }]);

    // The window’s own thumbs; what nobody thinks any more, the protocol cannot say.
    expect(await thread.rateAnswer(last().id)).toEqual({ value: null, reason: null });
    await thread.rateAnswer(last().id, { value: 'bad', reason: 'too short' });
    await thread.rateAnswer(last().id, { value: null, reason: null });
    expect(server.server.feedback).toMatchObject([{ kind: 'positive' }, { kind: 'negative' }]);
    await expect(thread.rateAnswer('nowhere', { value: 'good', reason: null })).rejects.toMatchObject({
      code: 'message_not_found',
    });

    client.dispose();
    const next = await again({}, remote);
    expect(next.get().messages.map(({ message, mine }) => [mine, textOf(message.parts)])).toEqual([
      [true, 'hello'],
      [false, 'You said hello'],
      [true, 'again'],
      [false, 'You said again'],
    ]);
    client.threads.subscribe(() => {});
    await vi.waitFor(() => expect(client.threads.get().threads.map(({ id }) => id)).toContain(remote));
  });

  test('a tool of the page runs, and what it gave goes back', async () => {
    const locate = vi.fn(() => ({ city: 'Basel' }));
    const thread = await open(
      async function* (text, remote, item) {
        if (text === 'where') {
          const call = { id: 'tc_1', thread_id: remote.id, created_at: new Date(), type: 'client_tool_call' };
          yield {
            type: 'thread.item.done',
            item: { ...call, status: 'pending', call_id: 'call_1', name: 'locate', arguments: { exact: true } },
          };
        } else yield* says(remote, `You are in ${(item as { output?: { city: string } } | undefined)?.output?.city}`);
      },
      { tools: { locate } },
    );
    thread.send('where');
    await vi.waitFor(() => expect(textOf(last().parts)).toBe('You are in Basel'));
    await ended();
    expect(locate).toHaveBeenCalledExactlyOnceWith({ exact: true }, expect.objectContaining({ toolCallId: 'call_1' }));
    expect(server.posted.at(-1)).toMatchObject({
      type: 'threads.add_client_tool_output',
      params: { result: { city: 'Basel' } },
    });
  });

  test('asked again, what came later is gone, though the server says nothing of it', async () => {
    const thread = await open();
    thread.send('one');
    await ended();
    const first = last();
    thread.send('two');
    await vi.waitFor(() => expect(thread.get().messages).toHaveLength(4));
    await ended();
    await thread.retryAnswer(first.id);
    await vi.waitFor(() => expect(thread.get().messages).toHaveLength(2));
    await ended();
    expect(server.posted.at(-1)?.type).toBe('threads.retry_after_item');
  });

  test('widgets and workflows are parts for the app’s renderers, and notices and effects are told', async () => {
    const [onNotice, onEffect] = [vi.fn(), vi.fn()];
    const thread = await open(
      async function* (_, remote) {
        const item = { thread_id: remote.id, created_at: new Date() };
        const widget = { type: 'Card', children: [{ type: 'Text', id: 'x', value: 'a' }] };
        yield { type: 'notice', level: 'info', message: 'Be kind.' };
        yield { type: 'client_effect', name: 'zoom', data: { to: 2 } };
        yield { type: 'hologram', of: 'the future' };
        yield { type: 'thread.item.added', item: { ...item, id: 'w', type: 'widget', widget } };
        yield {
          type: 'thread.item.updated',
          item_id: 'w',
          update: { type: 'widget.streaming_text.value_delta', component_id: 'x', delta: 'b', done: false },
        };
        yield* says(remote, 'Here.');
      },
      { onNotice, onEffect },
    );
    thread.send('show');
    await ended();
    expect(last().parts[0]).toMatchObject({
      type: 'data-chatkit-widget',
      data: { widget: { children: [{ id: 'x', value: 'ab' }] } },
    });
    expect(onNotice).toHaveBeenCalledWith(expect.objectContaining({ threadId: 'room', message: 'Be kind.' }));
    expect(onEffect).toHaveBeenCalledWith({ threadId: 'room', name: 'zoom', data: { to: 2 } });
  });

  test('an error is told on the answer, and the text so far stays', async () => {
    const thread = await open(async function* (_, remote) {
      yield* says(remote, 'so far');
      yield { type: 'error', code: 'custom', message: 'No credit left.', allow_retry: true };
    });
    thread.send('hello');
    await vi.waitFor(() => expect(last().answer?.error).toEqual({ code: 'answer_failed', message: 'No credit left.' }));
    expect(textOf(last().parts)).toBe('so far');
    expect(thread.get().messages.map(({ delivery }) => delivery)).toEqual(['sent', 'sent']);
  });

  test('a widget of an earlier answer changes in its place', async () => {
    const card = (text: string) => ({ type: 'Card', children: [{ type: 'Text', id: 'x', value: text }] });
    const thread = await open(async function* (text, remote) {
      const item = { id: `w-${text}`, thread_id: remote.id, created_at: new Date(), type: 'widget' };
      if (text === 'one') yield { type: 'thread.item.done', item: { ...item, widget: card('a') } };
      else {
        const update = { type: 'widget.streaming_text.value_delta', component_id: 'x', delta: 'b', done: true };
        yield { type: 'thread.item.updated', item_id: 'w-one', update };
        yield { type: 'thread.item.updated', item_id: 'of another page', update };
        yield* says(remote, 'Done.');
        yield { type: 'thread.item.replaced', item: { ...item, id: 'w-one', widget: card('abc') } };
      }
    });
    thread.send('one');
    await ended();
    thread.send('two');
    await vi.waitFor(() => expect(thread.get().messages).toHaveLength(4));
    await ended();
    expect(thread.get().messages[1]!.message.parts).toMatchObject([
      { data: { widget: { children: [{ value: 'abc' }] } } },
    ]);
    expect(last().parts.map(({ type }) => type)).toEqual(['text', 'source-url']);
  });

  describe('an item that the server takes back', () => {
    const widget = (id: string, thread: { id: string }) => ({
      type: 'thread.item.done',
      item: {
        id,
        thread_id: thread.id,
        created_at: new Date(),
        type: 'widget',
        widget: { type: 'Card', children: [] },
      },
    });

    test('goes from the answer that grows, and the rest of it stays and goes on', async () => {
      const thread = await open(async function* (_, remote) {
        yield* says(remote, 'Before.');
        yield widget('w1', remote);
        yield widget('w2', remote);
        const grows = says(remote, 'One two three');
        for (let step = 0; step < 4; step += 1) yield (await grows.next()).value as object;
        yield { type: 'thread.item.removed', item_id: 'w1' };
        yield* grows;
      });
      thread.send('hello');
      await ended();
      expect(last().parts.map(({ type }) => type)).toEqual([
        'text',
        'source-url',
        'data-chatkit-widget',
        'text',
        'source-url',
      ]);
      expect(textOf(last().parts)).toBe('Before.\nOne two three');
      expect(last().parts[2]).toMatchObject({ id: 'w2' });
      // Nothing of it is told again by what follows.
      thread.send('again');
      await vi.waitFor(() => expect(thread.get().messages).toHaveLength(4));
      await ended();
    });

    test('keeps what a tool of the page gave', async () => {
      const thread = await open(
        async function* (text, remote) {
          if (text === 'where') {
            yield widget('w1', remote);
            yield {
              type: 'thread.item.done',
              item: {
                ...{ id: 'tc_1', thread_id: remote.id, created_at: new Date(), type: 'client_tool_call' },
                ...{ status: 'pending', call_id: 'call_1', name: 'locate', arguments: {} },
              },
            };
          } else {
            yield { type: 'thread.item.removed', item_id: 'w1' };
            yield* says(remote, 'Done.');
          }
        },
        { tools: { locate: () => 'Basel' } },
      );
      thread.send('where');
      await vi.waitFor(() => expect(textOf(last().parts)).toBe('Done.'));
      await ended();
      expect(last().parts).toMatchObject([
        { type: 'tool-locate', state: 'output-available', output: 'Basel' },
        { type: 'text' },
        { type: 'source-url' },
      ]);
    });

    test('goes from an earlier answer; one of which nothing is left, and a question, go from the conversation', async () => {
      const thread = await open(async function* (text, remote) {
        if (text === 'one') {
          yield widget('w1', remote);
          yield* says(remote, 'First.');
        } else if (text === 'two') yield widget('w2', remote);
        else {
          yield { type: 'thread.item.removed', item_id: 'w1' };
          yield { type: 'thread.item.removed', item_id: 'w2' };
          yield { type: 'thread.item.removed', item_id: 'nowhere' };
          yield { type: 'thread.item.removed', item_id: asked() };
          yield* says(remote, 'Third.');
        }
      });
      const asked = () => {
        const items = server.store.items.get([...server.store.threads.keys()][0]!)!;
        return items.findLast(({ type }) => type === 'user_message')!.id;
      };
      for (const [index, text] of ['one', 'two', 'three'].entries()) {
        thread.send(text);
        if (index < 2) await vi.waitFor(() => expect(thread.get().messages).toHaveLength(2 * index + 2));
        await vi.waitFor(() => expect(last().answer?.status).toBe('done'));
      }
      await vi.waitFor(() =>
        expect(thread.get().messages.map(({ message: { parts } }) => textOf(parts))).toEqual([
          'one',
          'First.',
          'two',
          'Third.',
        ]),
      );
      expect(thread.get().messages[1]?.message.parts.map(({ type }) => type)).toEqual(['text', 'source-url']);
    });
  });

  test('what is said in a recording comes as text, where the server is said to take it down', async () => {
    await open(echo, { transcribe: true });
    const audio = new Blob(['x'.repeat(20_000)], { type: 'audio/webm;codecs=opus' });
    const { signal } = new AbortController();
    await expect(client.transcribe!(audio, { signal })).resolves.toBe(`${'x'.repeat(20_000)} (audio/webm;codecs=opus)`);
    await expect(client.transcribe!(audio, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'disposed',
    });
    client.dispose();
    await again();
    expect(client.transcribe).toBeNull();
  });
});
