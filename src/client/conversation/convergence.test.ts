import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textOf } from '../../protocol/index.ts';
import type { Message } from '../../protocol/index.ts';
import { createFakeBackend, createFakeFetchToken, FakeClock } from '../../testing/index.ts';
import type { FakeRequestName } from '../../testing/index.ts';
import type { ChatBackend } from '../backends/ChatBackend.ts';
import { createChatClient } from '../createChatClient.ts';
import type { ThreadHandle } from './types.ts';

const OWN: FakeRequestName[] = [
  'sendMessage',
  'editMessage',
  'deleteMessage',
  'addReaction',
  'removeReaction',
  'loadAround',
];

/** More than a few pages, so that there is somewhere to jump to. */
const HISTORY = Array.from({ length: 120 }, (_, index) => ({ author: 'ben', text: `long ago ${index}` }));

/** What can happen in a thread, in any order. `at` picks a message, from the newest backwards. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('send' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('edit' as const, 'delete' as const, 'react' as const, 'unreact' as const),
      at: fc.nat(6),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('receive' as const), count: fc.integer({ min: 1, max: 7 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('their-edit' as const, 'their-delete' as const, 'their-reaction' as const),
      at: fc.nat(8),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('drop' as const, 'come-back' as const) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('jump' as const), at: fc.nat(60) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('fault' as const),
      fault: fc.constantFrom('never-answers' as const, 'rate_limited' as const, 'message_conflict' as const, null),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constantFrom('older' as const, 'newer' as const, 'latest' as const) }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(0, 20, 60, 1_200) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const seen = ({ id, seq, version, parts, deletedAt, reactions }: Message) => ({
  id,
  seq,
  version,
  text: textOf(parts),
  deleted: deletedAt !== null,
  reactions: reactions.map(({ emoji, count }) => `${emoji}${count}`),
});

/** The same backend, whose events come late and out of order, and sometimes not at all. */
function shaken(backend: ChatBackend, clock: FakeClock, isCalm: () => boolean): ChatBackend {
  return {
    open: (context) =>
      backend.open({
        ...context,
        onEvent(event) {
          const inTime = event.type === 'reconnected' || event.type === 'connected' || isCalm();
          if (inTime) context.onEvent(event);
          else if (clock.random() > 0.12) clock.setTimer(() => context.onEvent(event), clock.random() * 60);
        },
      }),
  };
}

/** Runs one history, and returns what the client shows at its end and what the server has. */
async function run(steps: readonly Step[], seed: number) {
  const clock = new FakeClock({ seed });
  const backend = createFakeBackend({ clock, latencyMs: 25, pageSize: 5, threads: [{ id: 't', messages: HISTORY }] });
  const client = createChatClient({
    userId: 'ada',
    clock,
    backend: shaken(backend, clock, () => calm),
    fetchToken: createFakeFetchToken({ userId: 'ada' }),
  });
  const thread = client.thread('t');
  const broken: unknown[] = [];
  thread.subscribe(() => {
    if (!isSound(thread, backend.messages('t'))) broken.push(thread.get().messages);
  });
  client.retain();
  let calm = false;
  const own = new Set<string>();
  let count = 0;
  const text = () => `text ${(count += 1)}`;
  const pick = (messages: readonly Message[], at: number) => messages.at(-1 - at);
  for (const each of steps) await take(each);
  for (const request of OWN) backend.setFault(request, null);
  backend.goOnline();
  await clock.advance(120_000);
  // What was lost without a trace shows by what comes after it.
  calm = true;
  backend.receive({ threadId: 't', author: 'ben', text: 'The end.' });
  await clock.advance(120_000);
  // Back to the newest: page by page, or at once.
  while (seed % 2 === 0 && thread.get().hasNewer) {
    const newer = thread.loadNewer();
    await clock.advance(100);
    await newer;
  }
  thread.toLatest();
  expect(thread.get()).toMatchObject({ hasNewer: false, arrived: 0 });
  while (thread.get().hasOlder) {
    const older = thread.loadOlder();
    await clock.advance(100);
    await older;
  }
  const { messages } = thread.get();
  client.dispose();
  await clock.settle();
  expect(clock.pending).toBe(0);
  expect(broken).toEqual([]);
  return { messages, stored: backend.messages('t'), own };

  async function take(now: Step): Promise<void> {
    const shown = thread.get().messages.map(({ message }) => message);
    const mine = thread.get().messages.filter((entry) => entry.mine);
    switch (now.type) {
      case 'send':
        own.add(thread.send(text()));
        break;
      case 'edit': {
        const target = pick(
          mine.map(({ message }) => message),
          now.at,
        );
        if (target) thread.edit(target.id, text());
        break;
      }
      case 'delete': {
        const target = pick(
          mine.map(({ message }) => message),
          now.at,
        );
        if (target) {
          own.delete(target.id);
          thread.delete(target.id);
        }
        break;
      }
      case 'react':
      case 'unreact': {
        const target = pick(shown, now.at);
        if (target) thread[now.type](target.id, '👍');
        break;
      }
      case 'receive':
        for (let i = 0; i < now.count; i += 1) backend.receive({ threadId: 't', author: 'ben', text: text() });
        break;
      case 'their-edit': {
        const target = pick(backend.messages('t'), now.at);
        if (target?.deletedAt === null) backend.edit({ threadId: 't', messageId: target.id, text: text() });
        break;
      }
      case 'their-delete': {
        const target = pick(backend.messages('t'), now.at);
        if (target) backend.delete({ threadId: 't', messageId: target.id });
        break;
      }
      case 'their-reaction': {
        const target = pick(backend.messages('t'), now.at);
        if (target?.deletedAt === null) {
          const taken = target.reactions.some((reaction) => reaction.userIds.includes('ben'));
          backend.react({ threadId: 't', messageId: target.id, userId: 'ben', emoji: '👍', taken });
        }
        break;
      }
      case 'drop':
        backend.disconnect();
        break;
      case 'come-back':
        backend.goOnline();
        break;
      case 'fault':
        for (const request of OWN) backend.setFault(request, now.fault);
        break;
      case 'older':
        void thread.loadOlder();
        break;
      case 'newer':
        void thread.loadNewer();
        break;
      case 'latest':
        thread.toLatest();
        break;
      case 'jump': {
        const target = pick(backend.messages('t'), now.at);
        thread.jumpTo(target?.id ?? 'nowhere').catch(() => {});
        break;
      }
      case 'wait':
        await clock.advance(now.ms);
    }
  }
}

/**
 * At every moment: each row once, the stored ones by number, the others behind them. What ends before the newest message has no hole and
 * nothing that is still to be sent.
 */
function isSound(thread: ThreadHandle, stored: readonly Message[]): boolean {
  const { messages, hasNewer } = thread.get();
  if (hasNewer) {
    const [first = 0, last = 0] = [messages[0], messages.at(-1)].map((entry) => entry?.message.seq ?? 0);
    const expected = stored.filter(({ seq }) => seq >= first && seq <= last).map(({ id }) => id);
    if (expected.join() !== messages.map(({ message }) => message.id).join()) return false;
  }
  const seqs = messages.map(({ message }) => message.seq || Infinity);
  const inOrder = seqs.every((seq, index) => index === 0 || seq >= (seqs[index - 1] ?? 0));
  return inOrder && new Set(messages.map(({ message }) => message.id)).size === messages.length;
}

it('C14 C15 C16 S1 S2 S6 S7 whatever happens in whatever order, the client ends where the server is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 30 }), fc.nat(1_000), async (steps, seed) => {
      const { messages, stored, own } = await run(steps, seed);
      const sent = messages.filter(({ delivery }) => delivery === 'sent');
      expect(sent.map(({ message }) => seen(message))).toEqual(stored.map(seen));
      // What is not stored was refused, and is kept; nothing is left on its way.
      const rest = messages.filter(({ delivery }) => delivery !== 'sent');
      expect(rest.every(({ delivery, error }) => delivery === 'failed' && error !== null)).toBe(true);
      for (const { change } of messages) {
        if (change) expect(`${change.status} ${change.type}`).toMatch(/^failed (edit|delete)$/);
      }
      // Nothing that the person wrote is lost.
      expect(messages.map(({ message }) => message.id)).toEqual(expect.arrayContaining([...own]));
    }),
    { numRuns: 300 },
  );
});
