import { expect, it } from 'vitest';
import { ChatError, type Message } from '../../protocol/index.ts';
import { createFakeMessage, FakeClock } from '../../testing/index.ts';
import type { BackendSession, HistoryPage, HistoryWindow, ThreadPage } from '../backends/ChatBackend.ts';
import type { Line } from './Line.ts';
import { Outbox } from './Outbox.ts';
import { noOutboxStore } from './OutboxStore.ts';
import { OwnStates } from './OwnStates.ts';
import { ThreadStore } from './ThreadStore.ts';

const ada = { id: 'ada', name: 'Ada', avatarUrl: null };
const message = (seq: number, version = seq) => createFakeMessage({ id: `m${seq}`, threadId: 't', seq, version });
const page = (...seqs: number[]): ThreadPage => ({
  thread: {
    id: 't',
    title: 'T',
    access: 'open',
    role: null,
    memberCount: 0,
    messageCount: 0,
    lastMessage: null,
    updatedAt: 0,
    own: null,
  },
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
  const newer: { afterSeq: number; resolve: (page: HistoryWindow) => void }[] = [];
  const around: { messageId: string; resolve: (page: HistoryWindow) => void; reject: (error: ChatError) => void }[] =
    [];
  const sends: { resolve: (message: Message) => void; reject: (error: ChatError) => void }[] = [];
  const session: BackendSession = {
    openThread: (_id, options) => {
      asked.push(options?.afterSeq);
      return new Promise((resolve) => answers.push(resolve));
    },
    listThreads: () => Promise.resolve({ threads: [], nextCursor: null }),
    closeThread: () => {},
    loadOlder: () => new Promise((resolve) => older.push(resolve)),
    loadNewer: (_id, { afterSeq }) => new Promise((resolve) => newer.push({ afterSeq, resolve })),
    loadAround: (_id, { messageId }) => new Promise((resolve, reject) => around.push({ messageId, resolve, reject })),
    sendMessage: () => new Promise((resolve, reject) => sends.push({ resolve, reject })),
    reconnect: () => {},
    close: () => {},
  };
  const errors: ChatError[] = [];
  const line: Line = {
    clock,
    session,
    me: ada,
    frame: (fn: () => void) => fn(),
    report: (error) => errors.push(error),
  };
  const outbox: Outbox = new Outbox(line, noOutboxStore, {
    changed: () => store.onOutbox(),
    saved: (saved) => store.onSaved(saved),
  });
  const store: ThreadStore = new ThreadStore('t', line, {
    outbox,
    own: new OwnStates(line, { onThread: () => {}, onOwnState: () => {}, onUnknown: () => {} }),
    onThread: () => {},
    onLeft: () => {},
    onDeleted: () => {},
    onWatched: () => {},
    upload: () => {
      throw new Error('Nothing is uploaded here.');
    },
  });
  outbox.start();
  const seqs = () => store.get().messages.map((entry) => entry.message.seq);
  return { clock, answers, asked, older, newer, around, sends, store, errors, seqs };
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

it('L2 says what was last sent here, and not what another tab sent', async () => {
  const { clock, answers, store } = setup();
  store.subscribe(() => {});
  answers[0]?.(page(1));
  await clock.settle();
  expect(store.get().lastSent).toBeNull();
  store.onMessage({ ...message(2), author: ada });
  expect(store.get()).toMatchObject({ lastSent: null, messages: [{}, { mine: true }] });
  const id = store.send('mine');
  expect(store.get()).toMatchObject({ lastSent: id, messages: [{}, {}, { message: { id }, delivery: 'sending' }] });
});

it('L4 what comes while the list is elsewhere is counted, and the newest are there without asking', async () => {
  const { clock, answers, around, store, seqs } = setup();
  store.subscribe(() => {});
  answers[0]?.(page(101, 102));
  await clock.settle();
  const jump = store.jumpTo('m50');
  expect(store.get().jump).toEqual({ messageId: 'm50', status: 'loading' });
  expect(seqs()).toEqual([101, 102]);
  around[0]?.resolve({ messages: [49, 50, 51].map((seq) => message(seq)), hasOlder: true, hasNewer: true });
  await jump;
  expect(store.get()).toMatchObject({ jump: { messageId: 'm50', status: 'shown' }, hasOlder: true, hasNewer: true });
  store.onMessage(message(103));
  store.onMessage({ ...message(104), author: { id: 'ben', name: 'Ben', avatarUrl: null } });
  expect(seqs()).toEqual([49, 50, 51]);
  // One's own, from another tab, is no news.
  expect(store.get().arrived).toBe(1);
  store.toLatest();
  expect(seqs()).toEqual([101, 102, 103, 104]);
  expect(store.get()).toMatchObject({ hasNewer: false, arrived: 0, jump: null });
});

it('L4 a window that is loaded further joins the newest, and goes on live', async () => {
  const { clock, answers, around, newer, store, seqs } = setup();
  store.subscribe(() => {});
  answers[0]?.(page(101, 102));
  await clock.settle();
  void store.jumpTo('m98');
  around[0]?.resolve({ messages: [97, 98, 99].map((seq) => message(seq)), hasOlder: true, hasNewer: true });
  await clock.settle();
  void store.loadNewer();
  void store.loadNewer();
  expect(newer.map(({ afterSeq }) => afterSeq)).toEqual([99]);
  newer[0]?.resolve({ messages: [100, 101].map((seq) => message(seq)), hasOlder: true, hasNewer: true });
  await clock.settle();
  store.onMessage(message(103));
  expect(seqs()).toEqual([97, 98, 99, 100, 101, 102, 103]);
  expect(store.get().hasNewer).toBe(false);
});

it('L4 a thread that is opened at a message shows nothing else first, and the newest where there is no such message', async () => {
  const { clock, answers, around, store, seqs, errors } = setup();
  const jump = store.jumpTo('m50');
  store.subscribe(() => {});
  expect(around).toEqual([]);
  answers[0]?.(page(101, 102));
  await clock.settle();
  expect([store.get().status, seqs()]).toEqual(['loading', []]);
  around[0]?.reject(new ChatError('message_not_found', 'No.'));
  await expect(jump).rejects.toMatchObject({ code: 'message_not_found' });
  expect([store.get().status, seqs(), store.get().jump?.status]).toEqual(['ready', [101, 102], 'failed']);
  expect(errors.map(({ code }) => code)).toEqual(['message_not_found']);
});

it('L4 a jump outlives the connection; a later one, or a send, takes its place', async () => {
  const { clock, answers, around, store, seqs } = setup();
  store.subscribe(() => {});
  answers[0]?.(page(101, 102));
  await clock.settle();
  const first = store.jumpTo('m50');
  store.onLost();
  store.onReconnected();
  answers[1]?.({ ...page(), lastSeq: 102 });
  await clock.settle();
  expect(around.map(({ messageId }) => messageId)).toEqual(['m50', 'm50']);
  const second = store.jumpTo('m60');
  await first;
  around[1]?.resolve({ messages: [message(50)], hasOlder: true, hasNewer: true });
  await clock.settle();
  expect(seqs()).toEqual([101, 102]);
  store.send('I am elsewhere');
  await second;
  around[2]?.resolve({ messages: [message(60)], hasOlder: true, hasNewer: true });
  await clock.settle();
  expect(seqs()).toEqual([101, 102, 0]);
  expect(store.get().jump).toBeNull();
});

it('C15 after a gap a part further back is read again, for what changed in it meanwhile', async () => {
  const { clock, answers, around, store, seqs } = setup();
  store.subscribe(() => {});
  answers[0]?.(page(101, 102));
  await clock.settle();
  void store.jumpTo('m50');
  around[0]?.resolve({ messages: [49, 50, 51].map((seq) => message(seq)), hasOlder: true, hasNewer: true });
  await clock.settle();
  store.onReconnected();
  answers[1]?.({ ...page(300, 301), gap: true });
  await clock.settle();
  expect(seqs()).toEqual([49, 50, 51]);
  expect(around[1]?.messageId).toBe('m50');
  const messages = [message(49, 200), message(50), message(51)];
  around[1]?.resolve({ messages, hasOlder: true, hasNewer: true });
  await clock.settle();
  expect(store.get().messages.map((entry) => entry.message.version)).toEqual([200, 50, 51]);
  store.toLatest();
  expect(seqs()).toEqual([300, 301]);
});
