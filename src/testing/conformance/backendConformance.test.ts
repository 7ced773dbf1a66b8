import { describe, expect, test } from 'vitest';
import type { BackendContext, BackendSession, ChatBackend } from '../../client/index.ts';
import { createFakeBackend } from '../createFakeBackend.ts';
import { createFakeFetchToken } from '../createFakeToken.ts';
import type { FakeBackend } from '../fake-types.ts';
import { backendConformance } from './backendConformance.ts';
import type { ConformanceChapter, ConformanceStage } from './types.ts';

const HISTORY = 65;
/** The fake asks for a token and reads none; its answers are the test's to give. */
const WITHOUT = ['token', 'answer'] as const;

function stage(change: (backend: FakeBackend) => ChatBackend = (backend) => backend): ConformanceStage {
  const messages = Array.from({ length: HISTORY }, (_, index) => ({ author: 'ben', text: `Message ${index}` }));
  const backend = createFakeBackend({
    threads: [
      { id: 'room', members: ['ada'] },
      { id: 'long', members: ['ada'], messages },
      { id: 'theirs', members: ['ben'] },
    ],
  });
  return {
    backend: change(backend),
    userId: 'ada',
    fetchToken: createFakeFetchToken({ userId: 'ada' }),
    threadId: 'room',
    history: { threadId: 'long', count: HISTORY },
    forbiddenThreadId: 'theirs',
  };
}

describe('the fake backend', () => {
  for (const { name, skipped, run } of backendConformance({ stage, without: WITHOUT })) test.skipIf(skipped)(name, run);
});

/** A backend with one thing wrong: of the session, or of the context that it is given. */
function broken(
  chapter: ConformanceChapter,
  wrongs: {
    context?: (context: BackendContext) => Partial<BackendContext>;
    session?: (session: BackendSession) => object;
  },
) {
  const change = (backend: FakeBackend): ChatBackend => ({
    open(context) {
      const session = backend.open({ ...context, ...wrongs.context?.(context) });
      const wrong = wrongs.session?.(session) ?? {};
      return new Proxy(session, {
        get: (target, name) => {
          const own = Reflect.get(name in wrong ? wrong : target, name) as unknown;
          return typeof own === 'function' ? (own.bind(target) as unknown) : own;
        },
      });
    },
  });
  const cases = backendConformance({ stage: () => stage(change), without: WITHOUT, patienceMs: 200 });
  return Promise.allSettled(cases.filter((each) => each.chapter === chapter).map(({ run }) => run()));
}

const failures = (outcomes: PromiseSettledResult<void>[]) =>
  outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : [])).join('\n');

describe('a backend with something wrong is found out', () => {
  test('by an id that the far side made up', async () => {
    const session = (real: BackendSession) => ({
      sendMessage: async (sent: Parameters<BackendSession['sendMessage']>[0]) => ({
        ...(await real.sendMessage(sent)),
        id: 'another',
      }),
    });
    expect(failures(await broken('send', { session }))).toContain('came back as another');
  });

  test('by a message that is stored once per send', async () => {
    let count = 0;
    const session = (real: BackendSession) => ({
      sendMessage: (sent: Parameters<BackendSession['sendMessage']>[0]) =>
        real.sendMessage({ ...sent, messageId: `${sent.messageId}-${count++}` }).then((message) => ({
          ...message,
          id: sent.messageId,
        })),
    });
    expect(failures(await broken('send', { session }))).toContain('several places in the log');
  });

  test('by pages with a hole', async () => {
    const session = (real: BackendSession) => ({
      loadOlder: async (threadId: string, options: { beforeSeq: number; limit: number }) => {
        const page = await real.loadOlder(threadId, options);
        return { ...page, messages: page.messages.slice(1) };
      },
    });
    expect(failures(await broken('history', { session }))).toContain('the pages hold');
  });

  test('by a refusal that is no ChatError', async () => {
    const session = () => ({ openThread: () => Promise.reject(new TypeError('no')) });
    expect(failures(await broken('errors', { session }))).toContain('no ChatError');
  });

  test('by events after its end', async () => {
    const context = (given: BackendContext) => {
      setTimeout(() => given.onEvent({ type: 'reconnected' }), 30);
      return {};
    };
    expect(failures(await broken('end', { context }))).toContain('Events came after close()');
  });

  test('by never connecting, with what was told until then', async () => {
    const context = () => ({ onState: () => {} });
    expect(failures(await broken('open', { context }))).toMatch(/Waited 200 ms for the state `connected`/);
  });
});
