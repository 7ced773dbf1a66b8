import { HttpAgent, type Message } from '@ag-ui/client';
import { AgUiHistory } from '../../src/client/backends/ag-ui/AgUiHistory.ts';
import { EventTranslator } from '../../src/client/backends/ag-ui/EventTranslator.ts';
import { RunOrder } from '../../src/client/backends/ag-ui/RunOrder.ts';
import { createUnfold } from '../../src/client/backends/ag-ui/unfold.ts';
import { AnswerParts } from '../../src/protocol/answers/index.ts';
import type { AgUiEvent } from './ag-ui-runs.ts';

/** What was said before each run. */
export const BEFORE: Message[] = [{ id: 'q', role: 'user', content: 'Hello' }];

/** What AG-UI's own client makes of a stream: its verification, its messages and its state. */
export async function readByAgUi(events: readonly AgUiEvent[]) {
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  const agent = new HttpAgent({
    url: 'http://agent.test/',
    threadId: 't',
    initialMessages: structuredClone(BEFORE),
    fetch: () => Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } })),
  });
  const error = await agent.runAgent().then(
    () => null,
    (thrown: unknown) => String(thrown),
  );
  return { error, messages: agent.messages, state: agent.state as unknown };
}

export function readByKit(events: readonly AgUiEvent[]) {
  const history = new AgUiHistory(BEFORE, {});
  const translator = new EventTranslator(history, []);
  const parts = new AnswerParts();
  const unfold = createUnfold();
  const order = new RunOrder();
  let error: string | null = null;
  try {
    for (const event of structuredClone(events).flatMap(unfold)) {
      order.check(event);
      history.apply(event);
      for (const chunk of translator.translate(event)) parts.add(chunk);
    }
  } catch (thrown) {
    error = String(thrown);
  }
  return { error, messages: history.messages, state: history.state, parts: parts.parts };
}
