import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openAiChatKitBackend, type WidgetAction } from '../../../src/client/backends/openai-chatkit/index.ts';
import { createChatClient, type ChatClient } from '../../../src/client/index.ts';
import { textOf } from '../../../src/protocol/index.ts';
import { says, startChatKitServer } from '../../support/chatkit-server.ts';

const fetchToken = () => Promise.resolve({ token: 'good', expires_in: 600 });
const WIDGET = { type: 'Card', children: [{ type: 'Button', label: 'Buy' }] };
const QUESTIONS = [
  {
    id: 'size',
    type: 'multiple_choice',
    question: 'Which size?',
    options: [{ value: 'S' }, { value: 'M' }],
    multiple: false,
  },
  { id: 'why', type: 'freeform', question: 'Why?' },
];

describe('what a person does to parts of a ChatKit answer', () => {
  const onAction = vi.fn<(event: { itemId: string; action: WidgetAction }) => void>();
  let server: Awaited<ReturnType<typeof startChatKitServer>>;
  let client: ChatClient;

  beforeEach(async () => {
    onAction.mockClear();
    server = await startChatKitServer(async function* (text, thread, last) {
      const item = { thread_id: thread.id, created_at: new Date() };
      if (text === 'widget')
        yield { type: 'thread.item.done', item: { ...item, id: 'w1', type: 'widget', widget: WIDGET } };
      else if (text === 'stop me') {
        yield { type: 'thread.item.done', item: { ...item, id: 'w1', type: 'widget', widget: WIDGET } };
        yield* says(thread, 'so far', { holds: true });
      } else if (text === 'ask') {
        const asked = { ...item, id: 'q1', type: 'structured_input', status: 'pending', inputs: QUESTIONS };
        yield { type: 'thread.item.done', item: asked };
      } else if (text === 'answered') {
        const { inputs } = last as unknown as { inputs: { answer: { values: string[] } }[] };
        yield* says(thread, `You took ${inputs[0]?.answer.values.join()}`);
      } else yield* says(thread, `You said ${text}`);
    });
    server.server.onAction = async function* (thread, { type, payload }, sender) {
      yield {
        type: 'thread.item.updated',
        item_id: sender!.id,
        update: { type: 'widget.root.updated', widget: { type: 'Card', children: [{ type: 'Text', value: 'Sold' }] } },
      };
      yield* says(thread, `${type} ${JSON.stringify(payload)}`);
    };
    client = open();
  });
  afterEach(async () => {
    client.dispose();
    await server.end();
  });

  function open(): ChatClient {
    const made = createChatClient({
      userId: 'ada',
      fetchToken,
      backend: openAiChatKitBackend({ url: server.url, onAction }),
    });
    made.retain();
    return made;
  }
  async function ready(threadId = 'room') {
    const thread = client.thread(threadId);
    thread.subscribe(() => {});
    await vi.waitFor(() => expect(thread.get().status).toBe('ready'));
    return thread;
  }
  async function told(text: string) {
    const thread = await ready();
    thread.send(text);
    await vi.waitFor(() => expect(last().answer?.status).toBe('done'));
    return thread;
  }
  const last = (threadId = 'room') => client.thread(threadId).get().messages.at(-1)!.message;
  const act = (data: unknown, partId = 'w1', threadId = 'room') =>
    client.thread(threadId).actOnPart(last(threadId).id, { partId, data });
  const ended = (threadId = 'room') => vi.waitFor(() => expect(last(threadId).answer?.status).toBe('done'));

  test('a widget’s action goes to the server; the widget changes in its place, and the answer goes on', async () => {
    const thread = await told('widget');
    await act({ type: 'buy', payload: { item: 7 } });
    await vi.waitFor(() => expect(textOf(last().parts)).toBe('buy {"item":7}'));
    await ended();
    expect(server.posted.at(-1)).toMatchObject({
      type: 'threads.custom_action',
      params: {
        thread_id: expect.stringMatching(/^thr_/) as string,
        item_id: 'w1',
        action: { type: 'buy', payload: { item: 7 } },
      },
    });
    expect(last().parts.map(({ type }) => type)).toEqual(['data-chatkit-widget', 'text', 'source-url']);
    expect(last().parts[0]).toMatchObject({ data: { widget: { children: [{ value: 'Sold' }] } } });
    expect(thread.get().messages).toHaveLength(2);
  });

  test('also one of a conversation that was there before', async () => {
    await told('widget');
    const [remote] = server.store.threads.keys();
    client.dispose();
    client = open();
    await ready(remote);
    await act({ type: 'buy' }, 'w1', remote);
    await vi.waitFor(() => expect(textOf(last(remote).parts)).toBe('buy null'));
    await ended(remote);
  });

  test('also one of an answer that was stopped in the middle of its text', async () => {
    const thread = await ready();
    thread.send('stop me');
    await vi.waitFor(() =>
      expect(
        thread
          .answerParts(last().id)
          .get()
          .map(({ type }) => type),
      ).toEqual(['data-chatkit-widget', 'text']),
    );
    await thread.stopAnswer(last().id);
    await act({ type: 'buy' });
    await vi.waitFor(() => expect(textOf(last().parts)).toContain('buy null'));
    await ended();
  });

  test('an action that is not streamed brings the widget as it is then; one of the page goes nowhere', async () => {
    await told('widget');
    await act({ type: 'mark', streaming: false });
    await vi.waitFor(() =>
      expect(last().parts[0]).toMatchObject({ data: { widget: { children: [{ value: 'Synced' }] } } }),
    );
    await ended();
    const asked = server.posted.length;
    await act({ type: 'zoom', handler: 'client' });
    await ended();
    expect(onAction).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ itemId: 'w1', action: { type: 'zoom', handler: 'client' } }),
    );
    expect(server.posted).toHaveLength(asked);
  });

  test('answers to structured input go back, and the answer goes on with them', async () => {
    await told('ask');
    expect(last().parts[0]).toMatchObject({ type: 'data-chatkit-structured-input', data: { status: 'pending' } });
    const input = {
      status: 'answered',
      answers: { size: { values: ['M'], skipped: false }, why: { values: [], skipped: true } },
    };
    await act(input, 'q1');
    await vi.waitFor(() => expect(textOf(last().parts)).toBe('You took M'));
    await ended();
    expect(server.posted.at(-1)).toMatchObject({
      type: 'threads.add_structured_input',
      params: { item_id: 'q1', input },
    });
    expect(last().parts[0]).toMatchObject({
      data: { status: 'answered', inputs: [{ answer: { values: ['M'] } }, {}] },
    });
    await expect(act(input, 'q1')).rejects.toMatchObject({ code: 'bad_request' });
  });

  test('what is no act is refused here, and a refusal of the server is told; nothing is lost by it', async () => {
    await told('ask');
    for (const data of [
      null,
      { status: 'maybe', answers: {} },
      { status: 'answered', answers: { size: { values: [1] } } },
    ])
      await expect(act(data, 'q1')).rejects.toMatchObject({ code: 'bad_request' });
    await expect(act({ type: 'buy' }, 'nowhere')).rejects.toMatchObject({ code: 'bad_request' });
    const [remote] = server.store.threads.keys();
    server.store.items.delete(remote!);
    await expect(act({ status: 'skipped', answers: {} }, 'q1')).rejects.toMatchObject({ status: 404 });
    expect(last()).toMatchObject({ answer: { status: 'done' }, parts: [{ data: { status: 'pending' } }] });
  });
});
