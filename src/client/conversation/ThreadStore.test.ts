import { expect, it } from 'vitest';
import type { ChatError, Message } from '../../protocol/index.ts';
import { createFakeMessage, FakeClock } from '../../testing/index.ts';
import type { BackendSession, HistoryPage, ThreadPage } from '../backends/ChatBackend.ts';
import type { Line } from './Line.ts';
import { Outbox } from './Outbox.ts';
import { noOutboxStore } from './OutboxStore.ts';
import { ThreadStore } from './ThreadStore.ts';

const ada = { id: 'ada', name: 'Ada', avatarUrl: null };
const message = (seq: number, version = seq) => createFakeMessage({ id: `m${seq}`, threadId: 't', seq, version });
const page = (...seqs: number[]): ThreadPage => ({
  thread: { id: 't', title: 'T', access: 'open', role: null, memberCount: 0, lastMessage: null, updatedAt: 0 },
  messages: seqs.map((seq) => message(seq)),
  hasOlder: (seqs[0] ?? 1) > 1,
  gap: false,
  lastSeq: seqs.at(-1) ?? 0,
});

/** A thread over a session whose answers the test gives. */
function setup() {
  const clock = new FakeClock();
  const answers: ((page: ThreadPage) => void)[] = [];
  const asked: (number | undefined)[] = [];
  const older: ((page: HistoryPage) => void)[] = [];
  const sends: { resolve: (message: Message) => void; reject: (error: ChatError) => void }[] = [];
  const session: BackendSession = {
    openThread: (_id, options) => {
      asked.push(options?.afterSeq);
      return new Promise((resolve) => answers.push(resolve));
    },
    listThreads: () => Promise.resolve({ threads: [], nextCursor: null }),
    closeThread: () => {},
    loadOlder: () => new Promise((resolve) => older.push(resolve)),
    sendMessage: () => new Promise((resolve, reject) => sends.push({ resolve, reject })),
    reconnect: () => {},
    close: () => {},
  };
  const errors: ChatError[] = [];
  const line: Line = { clock, session, me: ada, report: (error) => errors.push(error) };
  const outbox: Outbox = new Outbox(line, noOutboxStore, {
    changed: () => store.onOutbox(),
    saved: (saved) => store.onSaved(saved),
  });
  const store: ThreadStore = new ThreadStore('t', line, {
    outbox,
    onThread: () => {},
    onLeft: () => {},
    onWatched: () => {},
    upload: () => {
      throw new Error('Nothing is uploaded here.');
    },
  });
  outbox.start();
  const seqs = () => store.get().messages.map((entry) => entry.message.seq);
  return { clock, answers, asked, older, sends, store, errors, seqs };
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

it('a live event that leaves a hole asks again from where everything is known', async () => {
  const { clock, answers, asked, store, seqs } = setup();
  store.subscribe(() => {});
  answers[0]?.(page(1, 2));
  await clock.settle();
  store.onMessage(message(4));
  expect(asked).toEqual([undefined, 2]);
  answers[1]?.({ ...page(3, 4), messages: [message(3), message(4)] });
  await clock.settle();
  expect(seqs()).toEqual([1, 2, 3, 4]);
  store.onMessage(message(1, 5));
  expect(asked.length).toBe(2);
  expect(clock.pending).toBe(0);
});

it('an answer that overtakes others’ events waits a moment for them, and asks again only if they stay away', async () => {
  const { clock, answers, asked, sends, store } = setup();
  store.subscribe(() => {});
  answers[0]?.(page(1));
  await clock.settle();
  const id = store.send('mine');
  await clock.settle();
  sends[0]?.resolve({ ...message(3), id });
  await clock.advance(900);
  store.onMessage(message(2));
  await clock.advance(5_000);
  expect(asked.length).toBe(1);
  const second = store.send('mine too');
  await clock.settle();
  sends[1]?.resolve({ ...message(5), id: second });
  await clock.advance(1_100);
  expect(asked).toEqual([undefined, 3]);
});

it('an older page that was asked for before a gap does not join what came after it', async () => {
  const { clock, answers, older, store, seqs } = setup();
  store.subscribe(() => {});
  answers[0]?.(page(5, 6));
  await clock.settle();
  const loading = store.loadOlder();
  store.onReconnected();
  answers[1]?.({ ...page(20, 21), gap: true });
  await clock.settle();
  older[0]?.({ messages: [message(3), message(4)], hasOlder: true });
  await loading;
  expect(seqs()).toEqual([20, 21]);
  expect(store.get()).toMatchObject({ loadingOlder: false, hasOlder: true });
});

it('S6 an update that comes before the acknowledgement of a send stays', async () => {
  const { clock, answers, sends, store } = setup();
  store.subscribe(() => {});
  answers[0]?.(page(1));
  await clock.settle();
  const id = store.send('mine');
  await clock.settle();
  const echo = createFakeMessage({ id, threadId: 't', seq: 2, version: 2, text: 'mine', author: ada });
  store.onMessage({ ...echo, version: 3, parts: [{ type: 'text', text: 'moderated' }] });
  sends[0]?.resolve(echo);
  await clock.settle();
  expect(store.get().messages.at(-1)).toMatchObject({
    delivery: 'sent',
    message: { version: 3, parts: [{ text: 'moderated' }] },
  });
});
