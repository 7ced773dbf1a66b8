import { expect, it } from 'vitest';
import type { Message, Thread } from '../../protocol/index.ts';
import { FakeClock } from '../../testing/index.ts';
import type { BackendSession, ThreadPage } from '../backends/ChatBackend.ts';
import { ThreadStore } from './ThreadStore.ts';

const ada = { id: 'ada', name: 'Ada', avatarUrl: null };
const thread: Thread = { id: 't', title: 'T', access: 'open', lastMessage: null, updatedAt: 0 };
const message = (seq: number): Message => ({
  id: `m${seq}`,
  threadId: 't',
  seq,
  author: ada,
  parts: [{ type: 'text', text: 'x' }],
  createdAt: 0,
});
const page = (...seqs: number[]): ThreadPage => ({ thread, messages: seqs.map(message), hasOlder: false, gap: false });

/** A thread over a session whose answers the test gives. */
function setup() {
  const clock = new FakeClock();
  const answers: ((page: ThreadPage) => void)[] = [];
  const session: BackendSession = {
    openThread: () => new Promise((resolve) => answers.push(resolve)),
    listThreads: () => Promise.resolve([]),
    closeThread: () => {},
    loadOlder: () => Promise.resolve({ messages: [], hasOlder: false }),
    sendMessage: () => new Promise(() => {}),
    reconnect: () => {},
    close: () => {},
  };
  const store = new ThreadStore('t', { clock, session, me: ada, report: () => {} });
  return { clock, answers, store, seqs: () => store.get().messages.map((entry) => entry.message.seq) };
}

it('a page that was asked for on an older connection is ignored', async () => {
  const { clock, answers, store, seqs } = setup();
  store.subscribe(() => {});
  store.onLost();
  store.onConnected();
  answers[0]?.(page(1, 2));
  await clock.settle();
  expect(store.get().status).toBe('loading');
  answers[1]?.(page(5, 6));
  await clock.settle();
  expect(seqs()).toEqual([5, 6]);
});

it('a page that comes after the person left is ignored', async () => {
  const { clock, answers, store, seqs } = setup();
  store.subscribe(() => {});
  store.forget();
  answers[0]?.(page(1, 2));
  await clock.settle();
  expect(seqs()).toEqual([]);
  expect(clock.pending).toBe(0);
});

it('reconnected without a change of state opens once more; while an opening is under way it does not', async () => {
  const { clock, answers, store } = setup();
  store.subscribe(() => {});
  store.onReconnected();
  expect(answers.length).toBe(1);
  answers[0]?.(page(1));
  await clock.settle();
  store.onReconnected();
  expect(answers.length).toBe(2);
});
