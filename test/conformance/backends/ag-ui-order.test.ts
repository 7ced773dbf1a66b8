import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Random } from '../../support/Random.ts';
import { BEFORE, readByAgUi, readByKit } from '../../support/ag-ui-oracle.ts';
import { damaged, randomRun, type AgUiEvent } from '../../support/ag-ui-runs.ts';

// It says what it refuses.
beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue(undefined);
  vi.spyOn(console, 'error').mockReturnValue(undefined);
});
afterEach(() => vi.restoreAllMocks());

test('messages and state of 500 random runs are those of @ag-ui/client, and each run is an answer', async () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const events = randomRun(new Random(seed), `r${seed}`);
    const [agent, kit] = [await readByAgUi(events), readByKit(events)];
    expect(kit.error, `seed ${seed}`).toBeNull();
    expect(kit.messages, `seed ${seed}`).toEqual(agent.messages);
    expect(kit.state, `seed ${seed}`).toEqual(agent.state);
    // A snapshot may take back what was said before it.
    if (events.some(({ type }) => type === 'MESSAGES_SNAPSHOT')) continue;
    const said = agent.messages.flatMap(({ role, content }) =>
      role === 'assistant' && typeof content === 'string' ? [content] : [],
    );
    const texts = kit.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
    expect(texts, `seed ${seed}`).toEqual(said);
  }
});

test('of 1,000 damaged runs those are refused that @ag-ui/client refuses', async () => {
  let refused = 0;
  for (let seed = 0; seed < 1_000; seed += 1) {
    const random = new Random(seed);
    const events = damaged(random, randomRun(random, `r${seed}`));
    const [agent, kit] = [await readByAgUi(events), readByKit(events)];
    if (agent.error !== null) refused += 1;
    expect(kit.error === null, `seed ${seed}: ${agent.error} · ${kit.error}`).toBe(agent.error === null);
  }
  expect(refused).toBeGreaterThan(200);
  expect(refused).toBeLessThan(900);
});

const RUN = { threadId: 't', runId: 'r' };
const S = { type: 'RUN_STARTED', ...RUN };
const F = { type: 'RUN_FINISHED', ...RUN };
const begin = (messageId: string, more = {}) => ({ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant', ...more });
const grow = (messageId: string, more = {}) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta: 'x', ...more });
const end = (messageId: string, more = {}) => ({ type: 'TEXT_MESSAGE_END', messageId, ...more });
const call = { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'n' };
const called = { type: 'TOOL_CALL_END', toolCallId: 'c' };
const agent = (moment: string, more = {}) => ({ type: `SUBAGENT_${moment}`, subagentRunId: 's', ...more });

const REFUSED: Record<string, AgUiEvent[]> = {
  'a text before the run': [begin('a'), end('a'), F],
  'a text after the run': [S, F, begin('a')],
  'a run within a run': [S, S, F],
  'content of a text that did not begin': [S, grow('a'), F],
  'the end of a text that did not begin': [S, end('a'), F],
  'a text that begins twice': [S, begin('a'), begin('a'), end('a'), F],
  'a text that does not end': [S, begin('a'), grow('a'), F],
  'a call that does not end': [S, call, F],
  'arguments of a call that did not begin': [S, { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '{}' }, F],
  'the end of a call that did not begin': [S, called, F],
  'a step that did not begin': [S, { type: 'STEP_FINISHED', stepName: 's' }, F],
  'a step that does not end': [S, { type: 'STEP_STARTED', stepName: 's' }, F],
  'reasoning that did not begin': [S, { type: 'REASONING_END', messageId: 'a' }, F],
  'reasoning of another role': [
    ...[S, { type: 'REASONING_MESSAGE_START', messageId: 'a', role: 'assistant' }],
    ...[{ type: 'REASONING_MESSAGE_END', messageId: 'a' }, F],
  ],
  'reasoning without a role': [
    ...[S, { type: 'REASONING_MESSAGE_START', messageId: 'a' }, { type: 'REASONING_MESSAGE_END', messageId: 'a' }, F],
  ],
  'a role that there is not': [S, begin('a', { role: 'alien' }), end('a'), F],
  'a chunk of another role': [
    ...[S, { type: 'TEXT_MESSAGE_CHUNK', messageId: 'a', role: 'assistant', delta: 'x' }],
    ...[{ type: 'TEXT_MESSAGE_CHUNK', messageId: 'a', role: 'user', delta: 'x' }, F],
  ],
  'a chunk of another tool': [
    ...[S, { type: 'TOOL_CALL_CHUNK', toolCallId: 'c', toolCallName: 'n', delta: '{' }],
    ...[{ type: 'TOOL_CALL_CHUNK', toolCallId: 'c', toolCallName: 'm', delta: '}' }, F],
  ],
  'a first chunk of a call without a name': [S, { type: 'TOOL_CALL_CHUNK', toolCallId: 'c', delta: '{}' }, F],
  'a chunk that goes on after something else': [
    ...[S, { type: 'TEXT_MESSAGE_CHUNK', messageId: 'a', delta: 'x' }, { type: 'CUSTOM', name: 'n', value: 1 }],
    ...[{ type: 'TEXT_MESSAGE_CHUNK', delta: 'y' }, F],
  ],
  'a delta that is no text': [S, begin('a'), grow('a', { delta: 7 }), end('a'), F],
  'a patch that is none': [S, { type: 'STATE_DELTA', delta: 'no' }, F],
  'an outcome that is none': [S, { ...F, outcome: [] }],
  'a subagent that does not end': [S, agent('STARTED', { name: 'n' }), F],
  'a subagent that did not begin': [S, agent('FINISHED'), F],
  'a subagent without a name': [S, agent('STARTED'), agent('FINISHED'), F],
  'a subagent for the second time': [
    ...[S, agent('STARTED', { name: 'n' }), agent('FINISHED')],
    ...[agent('STARTED', { name: 'n' }), agent('FINISHED'), F],
  ],
  'a text that goes on as another subagent’s': [
    ...[S, begin('a', { subagentRunId: 's' }), grow('a', { subagentRunId: 'z' }), end('a'), F],
  ],
};

const TAKEN: Record<string, AgUiEvent[]> = {
  'reasoning in chunks': [
    ...[S, { type: 'REASONING_MESSAGE_CHUNK', messageId: 'a', delta: 'x' }],
    ...[{ type: 'REASONING_MESSAGE_CHUNK', delta: 'y' }, begin('b'), grow('b'), end('b'), F],
  ],
  'an error in place of a run': [{ type: 'RUN_ERROR', message: 'm' }],
  'an error after the run': [S, F, { type: 'RUN_ERROR', message: 'm' }],
  'two runs': [S, begin('a'), grow('a'), end('a'), F, { ...S, runId: 'r2' }, { ...F, runId: 'r2' }],
  'a text that goes on after its end': [S, begin('a'), grow('a'), end('a'), begin('a'), grow('a'), end('a'), F],
  'an event of a later version': [S, { type: 'HOLOGRAM' }, F],
  'an outcome of a later version': [S, { ...F, outcome: { type: 'hologram' } }],
  'a cancelled run': [S, { ...F, outcome: { type: 'cancelled' } }],
  'an operation of a later version': [
    ...[S, { type: 'STATE_SNAPSHOT', snapshot: { a: 1 } }],
    ...[
      {
        type: 'STATE_DELTA',
        delta: [
          { op: 'warp', path: '/a' },
          { op: 'add', path: '/b', value: 2 },
        ],
      },
      F,
    ],
  ],
  'a patch that does not fit': [
    ...[
      S,
      { type: 'STATE_SNAPSHOT', snapshot: { a: 1 } },
      { type: 'STATE_DELTA', delta: [{ op: 'remove', path: '/z' }] },
      F,
    ],
  ],
  'no state': [S, { type: 'STATE_SNAPSHOT', snapshot: null }, F],
  'activity of which nothing is known': [
    ...[
      S,
      { type: 'ACTIVITY_DELTA', messageId: 'x', activityType: 'P', patch: [{ op: 'add', path: '/a', value: 1 }] },
      F,
    ],
  ],
  'a result in parts': [
    ...[S, call, called],
    ...[{ type: 'TOOL_CALL_RESULT', messageId: 'm', toolCallId: 'c', content: [{ type: 'text', text: 'hi' }] }, F],
  ],
  'what is encrypted': [
    ...[S, begin('a'), grow('a'), end('a'), call, called],
    ...['a', 'c', 'nowhere'].map((entityId) => ({
      ...{ type: 'REASONING_ENCRYPTED_VALUE', subtype: entityId === 'c' ? 'tool-call' : 'message' },
      ...{ entityId, encryptedValue: 'v' },
    })),
    F,
  ],
  'metadata of a text': [
    S,
    begin('a', { metadata: { a: [1, 2], k: 1 } }),
    grow('a'),
    end('a', { metadata: { a: [3] } }),
    F,
  ],
  'metadata of a call': [S, { ...call, metadata: { k: 1 } }, called, F],
  'a subagent': [
    ...[S, agent('STARTED', { name: 'n' }), begin('a', { subagentRunId: 's' }), grow('a', { subagentRunId: 's' })],
    ...[end('a', { subagentRunId: 's' }), agent('FINISHED'), F],
  ],
  'a snapshot of other words': [
    ...[S, begin('a'), grow('a'), end('a')],
    ...[{ type: 'MESSAGES_SNAPSHOT', messages: [...BEFORE, { id: 'a', role: 'assistant', content: 'other' }] }, F],
  ],
};

test.each(Object.entries(REFUSED))('refused by both: %s', async (_, events) => {
  expect([(await readByAgUi(events)).error, readByKit(events).error]).toEqual([expect.any(String), expect.any(String)]);
});

test.each(Object.entries(TAKEN))('taken by both, with the same messages and state: %s', async (_, events) => {
  const [{ error, messages, state }, kit] = [await readByAgUi(events), readByKit(events)];
  expect([error, kit.error]).toEqual([null, null]);
  expect({ messages: kit.messages, state: kit.state }).toEqual({ messages, state });
});
