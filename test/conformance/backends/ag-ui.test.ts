import { afterEach, describe, expect, test, vi } from 'vitest';
import { agUiBackend, type AgUiBackendOptions } from '../../../src/client/backends/ag-ui/index.ts';
import { createChatClient, type ChatClient } from '../../../src/client/index.ts';
import { textOf } from '../../../src/protocol/index.ts';
import { backendConformance } from '../../../src/testing/index.ts';
import { FINISHED, says, startAgUiServer, type AgUiInput } from '../../support/ag-ui-server.ts';

type Event = { type: string; [field: string]: unknown };

const HISTORY = 65;
let tokenCount = 0;
const fetchToken = () => Promise.resolve({ token: `good${tokenCount++}`, expires_in: 600 });
const history = Array.from({ length: HISTORY }, (_, index) => ({
  id: `m${index}`,
  role: index % 2 === 0 ? 'user' : 'assistant',
  content: `Message ${index}`,
}));

async function stage() {
  const server = await startAgUiServer(({ messages }) => {
    const { content } = messages.findLast(({ role }) => role === 'user')!;
    return content === 'long'
      ? [...says('You said long').slice(0, -1), { type: 'HANGS' }]
      : [...says(`You said ${content}`), FINISHED];
  });
  const loadMessages: AgUiBackendOptions['loadMessages'] = ({ threadId }) =>
    threadId === 'theirs'
      ? Promise.reject(Object.assign(new Error('Not yours.'), { status: 404 }))
      : Promise.resolve({ messages: threadId === 'long' ? history : [] });
  return {
    backend: agUiBackend({ url: server.url, loadMessages }),
    userId: 'ada',
    fetchToken,
    threadId: 'room',
    history: { threadId: 'long', count: HISTORY },
    forbiddenThreadId: 'theirs',
    refusedToken: 'bad',
    countStored: (id: string) => server.posted.filter(({ messages }) => messages.some((each) => each.id === id)).length,
    end: () => server.end(),
  };
}

describe('agUiBackend', () => {
  for (const { name, skipped, run } of backendConformance({ stage, patienceMs: 20_000 }))
    test.skipIf(skipped)(name, run);
});

describe('a client before an agent', () => {
  let server: Awaited<ReturnType<typeof startAgUiServer>>;
  let client: ChatClient;
  afterEach(async () => {
    client.dispose();
    await server.end();
  });

  async function open(respond: (input: AgUiInput) => readonly Event[], options: Partial<AgUiBackendOptions> = {}) {
    server = await startAgUiServer(respond);
    client = createChatClient({ userId: 'ada', fetchToken, backend: agUiBackend({ url: server.url, ...options }) });
    client.retain();
    const thread = client.thread('room');
    thread.subscribe(() => {});
    await vi.waitFor(() => expect(thread.get().status).toBe('ready'));
    return thread;
  }
  const last = () => client.thread('room').get().messages.at(-1)!.message;
  const ended = () =>
    vi.waitFor(() => expect([last().answer?.status, last().answer?.error ?? null]).toEqual(['done', null]), 5_000);

  test('reasoning, a tool with its result, activity, custom parts and text are one answer; the state is shared', async () => {
    const onState = vi.fn();
    const thread = await open(
      () => [
        { type: 'HOLOGRAM', of: 'the future' },
        { type: 'STATE_SNAPSHOT', snapshot: { step: 1 } },
        { type: 'REASONING_MESSAGE_START', messageId: 'r', role: 'reasoning' },
        { type: 'REASONING_MESSAGE_CONTENT', messageId: 'r', delta: 'Let me see.' },
        { type: 'REASONING_MESSAGE_END', messageId: 'r' },
        { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'search' },
        { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '{"q":"x"}' },
        { type: 'TOOL_CALL_END', toolCallId: 'c' },
        { type: 'TOOL_CALL_RESULT', messageId: 'x', toolCallId: 'c', content: '{"n":1}' },
        { type: 'ACTIVITY_SNAPSHOT', messageId: 'p', activityType: 'PLAN', content: { steps: [] } },
        {
          type: 'ACTIVITY_DELTA',
          messageId: 'p',
          activityType: 'PLAN',
          patch: [{ op: 'add', path: '/steps/-', value: 'a' }],
        },
        { type: 'CUSTOM', name: 'weather', value: 31 },
        { type: 'STATE_DELTA', delta: [{ op: 'replace', path: '/step', value: 2 }] },
        ...says('It is **warm**.'),
        FINISHED,
      ],
      { onState, initialState: { step: 0 } },
    );
    thread.send('hello');
    await ended();
    expect(last().parts).toMatchObject([
      { type: 'reasoning', text: 'Let me see.', state: 'done' },
      { type: 'tool-search', state: 'output-available', input: { q: 'x' }, output: { n: 1 } },
      { type: 'data-activity', data: { activityType: 'PLAN', content: { steps: ['a'] } } },
      { type: 'data-weather', data: 31 },
      { type: 'text', text: 'It is **warm**.' },
    ]);
    expect(onState).toHaveBeenLastCalledWith({ threadId: 'room', state: { step: 2 } });
    thread.send('again');
    await vi.waitFor(() => expect(server.posted).toHaveLength(2));
    await ended();
    expect(server.posted[0]).toMatchObject({
      threadId: 'room',
      state: { step: 0 },
      messages: [{ role: 'user', content: 'hello' }],
    });
    expect(server.posted[1]!.messages.map(({ role }) => role)).toEqual([
      'user',
      'reasoning',
      'assistant',
      'tool',
      'activity',
      'assistant',
      'user',
    ]);
  });

  test('an interrupt on a tool is a question, and its answer opens the next run', async () => {
    const thread = await open(({ resume }) =>
      resume
        ? [{ type: 'TOOL_CALL_RESULT', messageId: 'x', toolCallId: 'c', content: 'paid' }, ...says('Done.'), FINISHED]
        : [
            { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'pay' },
            { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '{"euros":5}' },
            { type: 'TOOL_CALL_END', toolCallId: 'c' },
            {
              ...FINISHED,
              outcome: { type: 'interrupt', interrupts: [{ id: 'i', reason: 'approval', toolCallId: 'c' }] },
            },
          ],
    );
    thread.send('pay');
    await ended();
    expect(last().parts).toMatchObject([{ type: 'tool-pay', state: 'approval-requested', approval: { id: 'i' } }]);
    await thread.decideTool(last().id, { approvalId: 'i', approved: true, reason: 'my treat' });
    await vi.waitFor(() => expect(textOf(last().parts)).toBe('Done.'));
    await ended();
    expect(last().parts[0]).toMatchObject({ type: 'tool-pay', state: 'output-available', output: 'paid' });
    expect(server.posted[1]!.resume).toEqual([
      { interruptId: 'i', status: 'resolved', payload: { approved: true, reason: 'my treat' } },
    ]);
    expect(thread.get().messages).toHaveLength(2);
  });

  test('an interrupt without a tool asks by its own words', async () => {
    const thread = await open(({ resume }) =>
      resume
        ? [...says('As you wish.'), FINISHED]
        : [
            {
              ...FINISHED,
              outcome: { type: 'interrupt', interrupts: [{ id: 'i', reason: 'confirm', message: 'Go on?' }] },
            },
          ],
    );
    thread.send('go');
    await ended();
    expect(last().parts).toMatchObject([{ type: 'tool-confirm', title: 'Go on?', state: 'approval-requested' }]);
    await thread.decideTool(last().id, { approvalId: 'i', approved: false });
    await vi.waitFor(() => expect(textOf(last().parts)).toBe('As you wish.'));
    await ended();
    expect(last().parts[0]).toMatchObject({ state: 'output-denied' });
    expect(server.posted[1]!.resume).toEqual([{ interruptId: 'i', status: 'resolved', payload: { approved: false } }]);
  });

  test('a tool of the page is offered, runs, and what it gave opens the next run', async () => {
    const run = vi.fn(() => ({ city: 'Basel' }));
    const thread = await open(
      ({ messages }) =>
        messages.at(-1)?.role === 'tool'
          ? [...says(`You are in ${messages.at(-1)!.content!}.`), FINISHED]
          : [
              { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'locate' },
              { type: 'TOOL_CALL_END', toolCallId: 'c' },
              FINISHED,
            ],
      { tools: { locate: { description: 'Where the person is.', run } } },
    );
    thread.send('where');
    await vi.waitFor(() => expect(textOf(last().parts)).toBe('You are in {"city":"Basel"}.'));
    expect(run).toHaveBeenCalledExactlyOnceWith({}, expect.objectContaining({ toolCallId: 'c' }));
    expect(server.posted[0]!.tools).toEqual([
      { name: 'locate', description: 'Where the person is.', parameters: { type: 'object' } },
    ]);
  });

  test('asked again, the agent is told of the conversation before the answer', async () => {
    const thread = await open(({ runId }) => [...says(runId), FINISHED]);
    thread.send('one');
    await ended();
    const first = last();
    thread.send('two');
    await vi.waitFor(() => expect(thread.get().messages).toHaveLength(4));
    await ended();
    await thread.retryAnswer(first.id);
    await vi.waitFor(() => expect(thread.get().messages).toHaveLength(2));
    await ended();
    expect(server.posted[2]!.messages.map(({ content }) => content)).toEqual(['one']);
    expect(textOf(last().parts)).toBe(server.posted[2]!.runId);
  });

  test('what an agent keeps to itself until a snapshot is shown then', async () => {
    const thread = await open(({ messages }) => [
      {
        type: 'MESSAGES_SNAPSHOT',
        messages: [
          ...messages,
          {
            id: 'a',
            role: 'assistant',
            content: 'All at once.',
            toolCalls: [{ id: 'c', type: 'function', function: { name: 'search', arguments: '{}' } }],
          },
          { id: 't', role: 'tool', toolCallId: 'c', content: 'found' },
        ],
      },
      FINISHED,
    ]);
    thread.send('hello');
    await ended();
    expect(last().parts).toMatchObject([
      { type: 'text', text: 'All at once.' },
      { type: 'tool-search', state: 'output-available', output: 'found' },
    ]);
  });

  test.each([
    ['an error', [...says('so far'), { type: 'RUN_ERROR', message: 'No credit left.' }], 'answer_failed'],
    ['no end', says('so far'), 'answer_cut_off'],
    [
      'content without its beginning',
      [...says('so far'), { type: 'TEXT_MESSAGE_CONTENT', messageId: 'x', delta: 'y' }],
      'answer_invalid',
    ],
    ['a chunk without a name', [...says('so far'), { type: 'TEXT_MESSAGE_CHUNK', delta: 'y' }], 'answer_invalid'],
  ])('%s: the answer says so, and the text so far stays', async (_, events, code) => {
    const thread = await open(() => events);
    thread.send('hello');
    await vi.waitFor(() => expect(last().answer?.error?.code).toBe(code));
    expect(textOf(last().parts)).toBe('so far');
    expect(thread.get().messages.map(({ delivery }) => delivery)).toEqual(['sent', 'sent']);
  });

  test('a cancelled run is a stopped answer', async () => {
    const thread = await open(() => [...says('so far'), { ...FINISHED, outcome: { type: 'cancelled' } }]);
    thread.send('hello');
    await vi.waitFor(() => expect(last().answer?.status).toBe('stopped'));
  });
});
