import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerStream, RespondContext } from 'latchkit/server';
import { TICKET_FORM } from './ticket.ts';

const TOUR = `## A tour, while it streams

Nothing here comes from a model: the demo’s server says these words, a few at a time, as a model would.

1. **Your token never lapses.** It lives for a minute here and is renewed on the same connection. Watch the panel beside this.
2. **Nothing is lost.** Reload in the middle of this sentence: what there is stays, and the rest goes on coming.
3. **Stop means stop**, for everybody in the conversation. Closing the page does not.

| What | Where |
| --- | --- |
| Conversations | in SQLite, or PostgreSQL |
| Answers | from \`respond()\`, on your server |
| Your secret | never in a browser |

\`\`\`ts
const chat = createChatServer({
  secret,
  authenticate,
  respond: ({ messages, signal }) =>
    streamText({ model, messages, abortSignal: signal }).toUIMessageStream(),
});
\`\`\`

> Half-written *Markdown* looks finished at every moment: no flashing asterisks, no half tables.

Ask again for another round, write “person” to talk to one, or write to somebody: people and assistant share this conversation.`;

const CALLED =
  'I have asked for a person. Sign in as “Agent Ben” in another browser to be the one: this conversation is in the inbox there.';

/** A scripted answer: no model and no key. */
export function respond({ message, handOver, signal }: RespondContext): AnswerStream {
  const isAsked = message.parts.some((part) => part.type === 'text' && /\bperson\b/i.test(part.text));
  return isAsked ? callPerson(handOver, signal) : tour(signal);
}

/** A model would call a tool for it. */
async function* callPerson(handOver: RespondContext['handOver'], signal: AbortSignal) {
  await handOver({ reason: 'Asked the guide for a person' });
  yield { type: 'text-start', id: 'called' };
  yield* words('text-delta', 'called', CALLED, signal);
  yield { type: 'text-end', id: 'called' };
  yield { type: 'finish' };
}

async function* tour(signal: AbortSignal) {
  yield { type: 'start-step' };
  yield { type: 'reasoning-start', id: 'why' };
  yield* words(
    'reasoning-delta',
    'why',
    'Somebody wrote in the conversation of the tour, so they want to be shown around.',
    signal,
  );
  yield { type: 'reasoning-end', id: 'why' };
  yield { type: 'tool-input-available', toolCallId: 'look', toolName: 'look_around', input: { at: 'the demo' } };
  await sleep(400, undefined, { signal });
  yield { type: 'tool-output-available', toolCallId: 'look', output: { conversations: 4, secrets: 'none in sight' } };
  yield { type: 'text-start', id: 'tour' };
  yield* words('text-delta', 'tour', TOUR, signal);
  yield { type: 'text-end', id: 'tour' };
  yield TICKET_FORM;
  yield {
    type: 'source-url',
    sourceId: 'rfc',
    url: 'https://www.rfc-editor.org/rfc/rfc9068',
    title: 'JWT access tokens',
  };
  yield { type: 'finish' };
}

async function* words(type: string, id: string, text: string, signal: AbortSignal) {
  for (const delta of text.match(/\S+\s*/g) ?? []) {
    yield { type, id, delta };
    await sleep(25, undefined, { signal });
  }
}
