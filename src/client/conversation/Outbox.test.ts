import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatError } from '../../protocol/index.ts';
import { textOf } from '../../protocol/index.ts';
import { createFakeBackend, createFakeFetchToken, FakeTabs } from '../../testing/index.ts';
import type { FakeBackend, FakeFault } from '../../testing/index.ts';
import type { ChatBackend } from '../backends/ChatBackend.ts';
import { systemClock } from '../clock.ts';
import { createChatClient } from '../createChatClient.ts';
import type { ChatClient } from '../types.ts';
import { indexedDbOutboxStore } from './indexedDbOutboxStore.ts';
import type { Locks } from './indexedDbOutboxStore.ts';
import { outboxItem } from './OutboxItem.ts';
import type { OutboxItem } from './OutboxItem.ts';
import { OutboxItems } from './OutboxItems.ts';
import type { OutboxStore } from './OutboxStore.ts';
import { noOutboxStore } from './OutboxStore.ts';

/** The browser's Web Locks: one holder per name, the others in line. */
class FakeLocks {
  readonly #tails = new Map<string, Promise<void>>();

  /** One tab's own view of them; what a killed tab held is free. */
  tab(): Locks & { kill(): void } {
    let kill = () => {};
    const killed = new Promise<void>((resolve) => (kill = resolve));
    return {
      request: (name, _options, work) => {
        const before = this.#tails.get(name) ?? Promise.resolve();
        const done = before.then(() => Promise.race([work(), killed]));
        this.#tails.set(
          name,
          done.catch(() => {}),
        );
        return done;
      },
      kill,
    };
  }
}

let locks: FakeLocks;
let tabs: FakeTabs;
const open: { client: ChatClient; kill: () => void }[] = [];

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  locks = new FakeLocks();
  tabs = new FakeTabs();
});

afterEach(() => {
  for (const { client } of open.splice(0)) client.dispose();
  vi.unstubAllGlobals();
});

const backendOf = (fault: FakeFault | null = null): FakeBackend =>
  createFakeBackend({ threads: [{ id: 't' }, { id: 'u' }], faults: fault ? { sendMessage: fault } : {} });

/** A tab of one person's browser. */
function tab(backend: ChatBackend, options: { userId?: string; store?: (own: OutboxStore) => OutboxStore } = {}) {
  const { userId = 'ada', store = (own) => own } = options;
  const lock = locks.tab();
  const errors: ChatError[] = [];
  const outbox = store(indexedDbOutboxStore(`fake ${userId}`, { tabs: tabs.tab(), locks: lock }));
  const client = createChatClient({
    userId,
    backend,
    outbox,
    fetchToken: createFakeFetchToken({ userId }),
    onError: (error) => errors.push(error),
  });
  const thread = client.thread('t');
  const rows = () =>
    thread.get().messages.map(({ message, delivery, change }) => {
      const state = change ? `${delivery} ${change.type} ${change.status}` : delivery;
      return `${message.deletedAt === null ? textOf(message.parts) : 'deleted'}: ${state}`;
    });
  const opened = {
    client,
    thread,
    rows,
    errors,
    outbox,
    /** Watches the thread and connects. */
    start: () => {
      thread.subscribe(() => {});
      client.retain();
    },
    /** The page dies: nothing of it is heard any more, and nothing tidied up. */
    kill: () => {
      lock.kill();
      for (const method of ['put', 'remove', 'clear'] as const) outbox[method] = () => new Promise(() => {});
      client.dispose();
    },
  };
  open.push(opened);
  return opened;
}

const texts = (backend: FakeBackend, threadId = 't') => backend.messages(threadId).map(({ parts }) => textOf(parts));
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

describe('S3 what is unsent', () => {
  it('survives a reload, shows as sending, and goes out in order, whether anybody looks at its thread or not', async () => {
    const backend = backendOf();
    backend.goOffline();
    const before = tab(backend);
    before.start();
    for (const text of ['1', '2', '3']) before.thread.send(text);
    before.client.thread('u').send('elsewhere');
    await settled();
    before.kill();
    const after = tab(backend);
    after.start();
    await vi.waitFor(() => expect(after.rows()).toEqual(['1: sending', '2: sending', '3: sending']));
    after.thread.send('4');
    backend.goOnline();
    await vi.waitFor(() => expect(after.rows()).toEqual(['1: sent', '2: sent', '3: sent', '4: sent']));
    expect(texts(backend)).toEqual(['1', '2', '3', '4']);
    await vi.waitFor(() => expect(texts(backend, 'u')).toEqual(['elsewhere']));
    await vi.waitFor(async () => expect(await after.outbox.load()).toEqual([]));
  });

  it('a message that is written before the device has answered goes out behind what the device has', async () => {
    const backend = backendOf();
    backend.goOffline();
    const before = tab(backend);
    before.start();
    before.thread.send('old');
    await settled();
    before.kill();
    backend.goOnline();
    const after = tab(backend);
    after.start();
    after.thread.send('new');
    await vi.waitFor(() => expect(texts(backend)).toEqual(['old', 'new']));
  });

  it('S2 a page that dies while it sends loses nothing and doubles nothing', async () => {
    const backend = backendOf('never-answers');
    const before = tab(backend);
    before.start();
    before.thread.send('once');
    await vi.waitFor(() => expect(backend.requests.filter(({ name }) => name === 'sendMessage').length).toBe(1));
    await settled();
    backend.setFault('sendMessage', null); // stored, and the answer has nobody to go to
    before.kill();
    const after = tab(backend);
    after.start();
    await vi.waitFor(() => expect(after.rows()).toEqual(['once: sent']));
    expect(texts(backend)).toEqual(['once']);
    await vi.waitFor(async () => expect(await after.outbox.load()).toEqual([]));
  });

  it('S4 a refused message survives with its text and its reason, and can be retried or discarded then', async () => {
    const backend = backendOf('message_conflict');
    const before = tab(backend);
    before.start();
    before.thread.send('kept');
    before.thread.send('also');
    await vi.waitFor(() => expect(before.rows()).toEqual(['kept: failed', 'also: failed']));
    await settled();
    before.kill();
    const after = tab(backend);
    after.start();
    await vi.waitFor(() => expect(after.rows()).toEqual(['kept: failed', 'also: failed']));
    expect(after.thread.get().messages[0]?.error).toMatchObject({ code: 'message_conflict', retryable: false });
    backend.setFault('sendMessage', null);
    const [kept, also] = after.thread.get().messages.map(({ message }) => message.id);
    after.thread.discard(also ?? '');
    after.thread.retry(kept ?? '');
    await vi.waitFor(() => expect(after.rows()).toEqual(['kept: sent']));
    await vi.waitFor(async () => expect(await after.outbox.load()).toEqual([]));
  });

  it('S7 edits, deletions and reactions wait with it, and survive too', async () => {
    const backend = backendOf();
    for (const id of ['a', 'b']) backend.receive({ threadId: 't', author: 'ada', text: id, id });
    const before = tab(backend);
    before.start();
    await vi.waitFor(() => expect(before.rows()).toEqual(['a: sent', 'b: sent']));
    backend.goOffline();
    before.thread.edit('a', 'edited');
    before.thread.delete('b');
    before.thread.react('a', '👍');
    const id = before.thread.send('new');
    before.thread.edit(id, 'new, edited');
    expect(before.rows()).toEqual([
      'edited: sent react saving',
      'deleted: sent delete saving',
      'new, edited: sending edit saving',
    ]);
    await settled();
    before.kill();
    const after = tab(backend);
    after.start();
    backend.goOnline();
    await vi.waitFor(() => expect(after.rows()).toEqual(['edited: sent', 'deleted: sent', 'new, edited: sent']));
    expect(backend.messages('t')[0]?.reactions).toEqual([{ emoji: '👍', count: 1, userIds: ['ada'] }]);
    expect(backend.messages('t')[1]?.deletedAt).not.toBeNull();
  });

  it('C8 is erased by a sign-out, also from the device', async () => {
    const backend = backendOf();
    backend.goOffline();
    const before = tab(backend);
    before.start();
    before.thread.send('secret');
    await settled();
    before.client.signOut();
    expect(before.rows()).toEqual([]);
    await settled();
    const after = tab(backend);
    after.start();
    backend.goOnline();
    await settled();
    expect(after.rows()).toEqual([]);
    expect(texts(backend)).toEqual([]);
  });

  it('C9 of one person is neither shown to another one nor sent by them; it waits', async () => {
    const backend = backendOf();
    backend.goOffline();
    const ada = tab(backend);
    ada.start();
    ada.thread.send('of Ada');
    await settled();
    ada.client.dispose();
    const ben = tab(backend, { userId: 'ben' });
    ben.start();
    backend.goOnline();
    await settled();
    expect(ben.rows()).toEqual([]);
    expect(texts(backend)).toEqual([]);
    const again = tab(backend);
    again.start();
    await vi.waitFor(() => expect(again.rows()).toEqual(['of Ada: sent']));
    expect(backend.messages('t')[0]?.author.id).toBe('ada');
  });
});

describe('S3 several tabs of one person', () => {
  const sendsOf = (backend: FakeBackend) => backend.requests.filter(({ name }) => name === 'sendMessage');

  it('send each message once, whichever of them does, and all show it as sent', async () => {
    const backend = backendOf();
    backend.goOffline();
    const one = tab(backend);
    const two = tab(backend);
    one.start();
    two.start();
    await settled();
    for (const text of ['1', '2', '3']) one.thread.send(text);
    await vi.waitFor(() => expect(two.rows()).toEqual(['1: sending', '2: sending', '3: sending']));
    backend.goOnline();
    for (const each of [one, two]) {
      await vi.waitFor(() => expect(each.rows()).toEqual(['1: sent', '2: sent', '3: sent']));
    }
    await settled();
    expect(texts(backend)).toEqual(['1', '2', '3']);
    expect(sendsOf(backend).length).toBe(3);
  });

  it('send once also where they cannot hear each other', async () => {
    const backend = backendOf();
    backend.goOffline();
    const before = tab(backend);
    before.start();
    for (const text of ['1', '2', '3']) before.thread.send(text);
    await settled();
    before.kill();
    tabs.deliver = () => [];
    const [one, two] = [tab(backend), tab(backend)];
    // Neither has the thread open, so that no echo tells them either.
    one.client.retain();
    two.client.retain();
    await settled();
    backend.goOnline();
    await vi.waitFor(() => expect(texts(backend)).toEqual(['1', '2', '3']));
    await settled();
    expect(sendsOf(backend).length).toBe(3);
    expect([one.rows(), two.rows()].flat().sort()).toEqual(['1: sent', '2: sent', '3: sent']);
  });

  it('show a message as sent as soon as another one has the answer, without a moment in which it is gone', async () => {
    const backend = backendOf();
    const deaf: ChatBackend = {
      open: (context) =>
        backend.open({
          ...context,
          onEvent: (event) => {
            if (event.type !== 'message.created') context.onEvent(event);
          },
        }),
    };
    const one = tab(backend);
    const two = tab(deaf);
    one.start();
    two.start();
    await settled();
    backend.setFault('sendMessage', 'never-answers');
    one.thread.send('told');
    await vi.waitFor(() => expect(two.rows()).toEqual(['told: sending']));
    const seen = new Set<string>();
    two.thread.subscribe(() => seen.add(two.rows().join()));
    backend.setFault('sendMessage', null);
    await vi.waitFor(() => expect(two.rows()).toEqual(['told: sent']));
    await settled();
    expect([...seen]).toEqual(['told: sent']);
  });

  it('one that is closed while it sends leaves the message to another', async () => {
    const backend = backendOf('never-answers');
    const one = tab(backend);
    const two = tab(backend);
    one.start();
    two.start();
    await settled();
    one.thread.send('taken over');
    await vi.waitFor(() => expect(two.rows()).toEqual(['taken over: sending']));
    expect(sendsOf(backend).length).toBe(1);
    one.kill();
    backend.setFault('sendMessage', null);
    await vi.waitFor(() => expect(two.rows()).toEqual(['taken over: sent']));
    expect(texts(backend)).toEqual(['taken over']);
  });

  it('a failed message that one of them discards is gone in the others', async () => {
    const backend = backendOf('message_conflict');
    const one = tab(backend);
    const two = tab(backend);
    one.start();
    two.start();
    await settled();
    const id = one.thread.send('unwanted');
    await vi.waitFor(() => expect(two.rows()).toEqual(['unwanted: failed']));
    two.thread.discard(id);
    await vi.waitFor(() => expect(one.rows()).toEqual([]));
  });
});

describe('S3 a device that cannot keep anything', () => {
  const failing = (own: OutboxStore): OutboxStore => {
    const no = () => Promise.reject(new DOMException('Quota', 'QuotaExceededError'));
    return { ...own, load: no, put: no, has: no, remove: no, clear: no };
  };

  it('holds up no message; the app is told once', async () => {
    const backend = backendOf();
    const { start, thread, rows, errors, client } = tab(backend, { store: failing });
    start();
    thread.send('1');
    thread.send('2');
    await vi.waitFor(() => expect(rows()).toEqual(['1: sent', '2: sent']));
    expect(errors.map(({ code }) => code)).toEqual(['storage_unavailable']);
    client.signOut();
  });

  it('nor one that never answers, for longer than 2 s', async () => {
    const backend = backendOf();
    const timers: { fn: () => void; ms: number }[] = [];
    const clock = {
      ...systemClock,
      setTimer: (fn: () => void, ms: number) => {
        if (ms !== 2_000) return systemClock.setTimer(fn, ms);
        timers.push({ fn, ms });
        return () => {};
      },
    };
    const client = createChatClient({
      userId: 'ada',
      backend,
      clock,
      fetchToken: createFakeFetchToken({ userId: 'ada' }),
      outbox: { ...noOutboxStore, load: () => new Promise(() => {}) },
    });
    client.retain();
    client.thread('t').send('late');
    await settled();
    expect(texts(backend)).toEqual([]);
    for (const { fn } of timers) fn();
    await vi.waitFor(() => expect(texts(backend)).toEqual(['late']));
    client.dispose();
  });

  it('where there is no IndexedDB, messages are sent and nobody is told', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const backend = backendOf();
    const errors: ChatError[] = [];
    const client = createChatClient({
      userId: 'ada',
      backend: { open: (context) => backend.open(context), address: () => 'fake' },
      fetchToken: createFakeFetchToken({ userId: 'ada' }),
      onError: (error) => errors.push(error),
    });
    client.retain();
    client.thread('t').send('sent');
    await vi.waitFor(() => expect(texts(backend)).toEqual(['sent']));
    expect(errors).toEqual([]);
    client.dispose();
  });

  it('what a stranger wrote into the database is not read', async () => {
    const store = indexedDbOutboxStore('fake ada', { tabs: false, locks: undefined });
    await store.put({ id: 'junk' } as never);
    expect(await store.load()).toEqual([]);
    store.close();
  });
});

it('S3 what is done while the device is being read stands against what it says', async () => {
  const answers: ((items: OutboxItem[]) => void)[] = [];
  const items = new OutboxItems(
    { ...noOutboxStore, load: () => new Promise((resolve) => answers.push(resolve)) },
    { changed: () => {}, failed: () => {} },
  );
  const make = (id: string) => outboxItem('t', id, 0, { type: 'send', parts: [{ type: 'text', text: id }] });
  const [sent, edited, added] = [make('sent'), make('edited'), make('added')];
  const first = items.read();
  answers[0]?.([sent, edited]);
  await first;
  const second = items.read();
  items.drop(sent);
  const newer = { ...edited, at: 1 };
  items.put(newer);
  items.put(added);
  answers[1]?.([sent, edited]);
  await second;
  expect(items.of('t')).toEqual([newer, added]);
});

it('S3 by default the device is used where the backend has an address', async () => {
  const backend = backendOf();
  backend.goOffline();
  const make = () =>
    createChatClient({
      userId: 'ada',
      backend: { open: (context) => backend.open(context), address: () => 'fake' },
      fetchToken: createFakeFetchToken({ userId: 'ada' }),
    });
  const before = make();
  before.retain();
  before.thread('t').send('kept');
  await vi.waitFor(async () => {
    const store = indexedDbOutboxStore('fake ada', { tabs: false });
    expect(await store.load()).toMatchObject([{ threadId: 't', task: { type: 'send' } }]);
    store.close();
  });
  before.dispose();
  const after = make();
  after.retain();
  backend.goOnline();
  await vi.waitFor(() => expect(texts(backend)).toEqual(['kept']));
  after.dispose();
});
