import type { Random } from './Random.ts';

export type AgUiEvent = { type: string; [field: string]: unknown };

/** A run as an agent may send it. */
export function randomRun(random: Random, runId: string): AgUiEvent[] {
  const events: AgUiEvent[] = [{ type: 'RUN_STARTED', threadId: 't', runId }];
  let ids = 0;
  const id = () => `${runId}-${ids++}`;
  const calls: string[] = [];
  const state = { count: 1, list: [1, 2], 'a/b': { '~': true } };
  events.push({ type: 'STATE_SNAPSHOT', snapshot: state });
  const steps = 3 + random.below(8);
  for (let step = 0; step < steps; step += 1) {
    const messageId = id();
    const words = Array.from({ length: random.below(4) }, () => random.pick(['Hi ', 'مرحبا', '**b**', '\n', '👍']));
    switch (random.below(10)) {
      case 0:
        events.push({ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' });
        for (const delta of words) events.push({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta });
        events.push({ type: 'TEXT_MESSAGE_END', messageId });
        break;
      case 1:
        events.push({ type: 'TEXT_MESSAGE_CHUNK', messageId, role: 'assistant', delta: 'One ' });
        for (const delta of words)
          events.push({ type: 'TEXT_MESSAGE_CHUNK', ...(random.chance(0.5) && { messageId }), delta });
        break;
      case 2:
        events.push(
          { type: 'REASONING_START', messageId },
          { type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning' },
        );
        for (const delta of words) events.push({ type: 'REASONING_MESSAGE_CONTENT', messageId, delta });
        events.push({ type: 'REASONING_MESSAGE_END', messageId }, { type: 'REASONING_END', messageId });
        break;
      case 3: {
        const parent = random.chance(0.5) ? { parentMessageId: random.chance(0.5) ? messageId : `${runId}-0` } : {};
        const toolCallId = id();
        calls.push(toolCallId);
        events.push({ type: 'TOOL_CALL_START', toolCallId, toolCallName: 'search', ...parent });
        for (const delta of ['{"q":', '"x', '"}']) events.push({ type: 'TOOL_CALL_ARGS', toolCallId, delta });
        events.push({ type: 'TOOL_CALL_END', toolCallId });
        break;
      }
      case 4: {
        const toolCallId = calls.pop();
        if (toolCallId !== undefined)
          events.push({ type: 'TOOL_CALL_RESULT', messageId, toolCallId, content: '{"n":1}', role: 'tool' });
        break;
      }
      case 5:
        events.push({
          type: 'STATE_DELTA',
          delta: random.pick([
            [{ op: 'add', path: '/list/-', value: step }],
            [{ op: 'replace', path: '/count', value: step }],
            [
              { op: 'copy', from: '/list', path: '/copy' },
              { op: 'move', from: '/copy', path: '/moved' },
            ],
            [
              { op: 'test', path: '/a~1b/~0', value: true },
              { op: 'remove', path: '/list/0' },
            ],
            [
              { op: 'test', path: '/count', value: 'no' },
              { op: 'remove', path: '/count' },
            ],
          ]),
        });
        break;
      case 6:
        events.push({ type: 'ACTIVITY_SNAPSHOT', messageId, activityType: 'PLAN', content: { steps: [] } });
        events.push({
          type: 'ACTIVITY_DELTA',
          messageId,
          activityType: 'PLAN',
          patch: [{ op: 'add', path: '/steps/0', value: step }],
        });
        if (random.chance(0.3))
          events.push({
            type: 'ACTIVITY_SNAPSHOT',
            messageId,
            activityType: 'PLAN',
            content: {},
            replace: random.chance(0.5),
          });
        break;
      case 8:
        events.push({ type: 'REASONING_MESSAGE_CHUNK', messageId, delta: 'Hm ' });
        for (const delta of words)
          events.push({ type: 'REASONING_MESSAGE_CHUNK', ...(random.chance(0.5) && { messageId }), delta });
        break;
      case 7:
        events.push({ type: 'CUSTOM', name: 'note', value: step }, { type: 'RAW', event: { any: 1 } });
        break;
      default:
        events.push({ type: 'STEP_STARTED', stepName: 's' }, { type: 'STEP_FINISHED', stepName: 's' });
    }
  }
  if (random.chance(0.2)) {
    const messages = [
      { id: 'q', role: 'user', content: 'Hello' },
      { id: id(), role: 'assistant', content: 'From a snapshot.' },
    ];
    events.push({ type: 'MESSAGES_SNAPSHOT', messages });
  }
  return [...events, { type: 'RUN_FINISHED', threadId: 't', runId }];
}

/** One thing is wrong with it, perhaps. */
export function damaged(random: Random, events: readonly AgUiEvent[]): AgUiEvent[] {
  const copy = structuredClone(events) as AgUiEvent[];
  const at = random.below(copy.length);
  const other = random.below(copy.length);
  const [event] = copy.splice(at, 1);
  switch (random.below(3)) {
    case 0:
      return copy;
    case 1:
      copy.splice(other, 0, event!);
      return copy;
    default:
      copy.splice(at, 0, event!, structuredClone(event!));
      return copy;
  }
}
