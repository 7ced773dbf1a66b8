import { describe, expect, it } from 'vitest';
import { createFakeBackend, FakeClock } from '../../testing/index.ts';
import type { FakeBackendOptions } from '../../testing/index.ts';
import { openClient } from '../test-fixtures.ts';

const says = (count: number, author = 'ben') => Array.from({ length: count }, (_, n) => ({ author, text: `${n + 1}` }));

/** Ada's client and, where asked, her second one, over one fake backend. */
async function setup(options: FakeBackendOptions = {}) {
  const clock = new FakeClock();
  const members = ['ada', 'ben'];
  const thread = { id: 't', members, messages: says(5), read: { ada: 2, ben: 0 } };
  const backend = createFakeBackend({ clock, threads: [thread], ...options });
  const open = (userId = 'ada') => openClient({ userId, backend, clock });
  const client = open();
  await clock.settle();
  const own = (from = client, threadId = 't') => from.threads.get().threads.find(({ id }) => id === threadId)?.own;
  const receipts = () => backend.requests.flatMap(({ name, readSeq }) => (name === 'sendReceipt' ? [readSeq] : []));
  return { clock, backend, client, open, own, receipts };
}

describe('unread counts', () => {
  it('begin with the server’s, go up with others’ messages and not with one’s own, and follow deletions', async () => {
    const { clock, backend, client, own } = await setup();
    client.threads.subscribe(() => {});
    await clock.settle();
    expect(own()).toEqual({ readSeq: 2, unreadCount: 3, muted: false, archived: false });
    const sixth = backend.receive({ threadId: 't', author: 'ben', text: '6' });
    expect(own()?.unreadCount).toBe(4);
    backend.receive({ threadId: 't', author: 'ada', text: 'from elsewhere' });
    expect(own()?.unreadCount).toBe(4);
    const last = backend.receive({ threadId: 't', author: 'ben', text: 'oops' });
    backend.delete({ threadId: 't', messageId: last.id });
    expect(own()?.unreadCount).toBe(4);
    client.thread('t').subscribe(() => {});
    await clock.settle();
    // In an opened thread also a message that is not the last.
    backend.delete({ threadId: 't', messageId: sixth.id });
    expect(own()?.unreadCount).toBe(3);
    backend.react({ threadId: 't', messageId: 't-5', userId: 'ben', emoji: '👍' });
    expect(own()?.unreadCount).toBe(3);
  });

  it('do not count what happened to a conversation', async () => {
    const { clock, backend, client, own } = await setup();
    client.threads.subscribe(() => {});
    const thread = client.thread('t');
    thread.subscribe(() => {});
    await clock.settle();
    thread.read(5);
    backend.setMember('t', 'cy', 'member', { by: 'ben' });
    expect(thread.get().messages.at(-1)?.message.event).toMatchObject({ type: 'member.added', count: 1 });
    expect(own()?.unreadCount).toBe(0);
    expect(thread.get().thread).toMatchObject({ messageCount: 5, lastMessage: { id: 't-5' } });
    backend.receive({ threadId: 't', author: 'ben', text: 'hi, Cy' });
    expect(own()?.unreadCount).toBe(1);
    expect(thread.get().thread?.own?.unreadCount).toBe(1);
  });

  it('are the same whether a thread is in the list, open, or both', async () => {
    const { clock, backend, client } = await setup();
    const thread = client.thread('t');
    thread.subscribe(() => {});
    await clock.settle();
    expect(thread.get().thread?.own?.unreadCount).toBe(3);
    backend.receive({ threadId: 't', author: 'ben', text: '6' });
    expect(thread.get().thread?.own?.unreadCount).toBe(4);
    client.threads.subscribe(() => {});
    await clock.settle();
    backend.receive({ threadId: 't', author: 'ben', text: '7' });
    expect(thread.get().thread?.own?.unreadCount).toBe(5);
    expect(client.threads.get().threads[0]?.own).toEqual(thread.get().thread?.own);
  });

  it('of a thread that appears are asked for once', async () => {
    const { clock, backend, client, own } = await setup();
    client.threads.subscribe(() => {});
    await clock.settle();
    backend.setThread({ id: 'new', members: ['ada', 'ben'] });
    backend.receive({ threadId: 'new', author: 'ben', text: 'hello' });
    backend.receive({ threadId: 'new', author: 'ben', text: 'are you there?' });
    await clock.settle();
    expect(own(client, 'new')?.unreadCount).toBe(2);
    expect(backend.requests.filter(({ name }) => name === 'fetchThread')).toHaveLength(1);
  });

  it('to a visitor who has read nothing, nothing is unread', async () => {
    const { clock, backend, client, own } = await setup({ threads: [{ id: 't', messages: says(3) }] });
    client.threads.subscribe(() => {});
    await clock.settle();
    backend.receive({ threadId: 't', author: 'ben', text: '4' });
    expect(own()).toMatchObject({ readSeq: null, unreadCount: 0 });
  });
});

describe('reading', () => {
  it('L10 shows at once, never goes back, and is told at once and then once a second, the newest', async () => {
    const { clock, client, own, receipts } = await setup();
    client.threads.subscribe(() => {});
    const thread = client.thread('t');
    thread.subscribe(() => {});
    await clock.settle();
    thread.read(3);
    expect(own()).toMatchObject({ readSeq: 3, unreadCount: 2 });
    thread.read(4);
    thread.read(2);
    expect(own()).toMatchObject({ readSeq: 4, unreadCount: 1 });
    thread.read(5);
    expect(own()).toMatchObject({ readSeq: 5, unreadCount: 0 });
    await clock.advance(999);
    expect(receipts()).toEqual([3]);
    await clock.advance(1);
    expect(receipts()).toEqual([3, 5]);
    await clock.advance(10_000);
    expect(receipts()).toEqual([3, 5]);
  });

  it('C16 offline it waits: the newest is told after the reconnect, and others’ receipts that were missed are there', async () => {
    const { clock, backend, client, own, receipts } = await setup();
    const thread = client.thread('t');
    thread.subscribe(() => {});
    client.threads.subscribe(() => {});
    const changes: number[] = [];
    thread.receipts.subscribe(() => changes.push(thread.receipts.get().receipts[0]?.readSeq ?? 0));
    await clock.settle();
    backend.goOffline();
    await clock.settle();
    thread.read(3);
    thread.read(4);
    backend.read({ threadId: 't', userId: 'ben', messageId: 't-5' });
    await clock.advance(5_000);
    expect(receipts()).toEqual([]);
    expect(own()).toMatchObject({ readSeq: 4, unreadCount: 1 });
    backend.goOnline();
    await clock.settle();
    expect(receipts()).toEqual([4]);
    expect(own()).toMatchObject({ readSeq: 4, unreadCount: 1 });
    expect(changes.at(-1)).toBe(5);
    expect(thread.receipts.get().receipts.map(({ user, readSeq }) => [user.id, readSeq])).toEqual([
      ['ben', 5],
      ['ada', 4],
    ]);
  });

  it('in one tab counts in the others, whether they show the list or the thread', async () => {
    const { clock, client, open, own } = await setup();
    const [list, window] = [open(), open()];
    for (const each of [client, list]) each.threads.subscribe(() => {});
    window.thread('t').subscribe(() => {});
    client.thread('t').subscribe(() => {});
    await clock.settle();
    client.thread('t').read(4);
    await clock.settle();
    expect(own(list)).toMatchObject({ readSeq: 4, unreadCount: 1 });
    expect(window.thread('t').get().thread?.own).toMatchObject({ readSeq: 4, unreadCount: 1 });
  });

  it('what the server cannot take now is told again; what it refuses is not', async () => {
    const { clock, backend, client, receipts } = await setup();
    const thread = client.thread('t');
    thread.subscribe(() => {});
    await clock.settle();
    backend.setFault('sendReceipt', 'rate_limited');
    thread.read(3);
    await clock.advance(0);
    backend.setFault('sendReceipt', null);
    await clock.advance(60_000);
    expect(receipts()).toEqual([3, 3]);
    backend.setFault('sendReceipt', 'action_forbidden');
    thread.read(4);
    await clock.advance(60_000);
    expect(receipts()).toEqual([3, 3, 4]);
  });
});

describe('muting and archiving', () => {
  const ids = (list: { get(): { threads: readonly { id: string }[] } }) => list.get().threads.map(({ id }) => id);

  it('shows in all of the person’s tabs, and in nobody else’s', async () => {
    const { clock, client, open, own } = await setup();
    const [tab, ben] = [open(), open('ben')];
    for (const each of [client, tab, ben]) each.threads.subscribe(() => {});
    await clock.settle();
    await client.thread('t').mute();
    expect([own(client), own(tab), own(ben)].map((state) => state?.muted)).toEqual([true, true, false]);
    await tab.thread('t').unmute();
    expect([own(client), own(tab)].map((state) => state?.muted)).toEqual([false, false]);
  });

  it('an archived thread goes to the other list, and comes back by its next message', async () => {
    const { clock, backend, client } = await setup();
    client.threads.subscribe(() => {});
    client.archivedThreads.subscribe(() => {});
    await clock.settle();
    expect([ids(client.threads), ids(client.archivedThreads)]).toEqual([['t'], []]);
    await client.thread('t').archive();
    expect([ids(client.threads), ids(client.archivedThreads)]).toEqual([[], ['t']]);
    backend.receive({ threadId: 't', author: 'ben', text: 'Are you there?' });
    expect([ids(client.threads), ids(client.archivedThreads)]).toEqual([['t'], []]);
    expect(client.threads.get().threads[0]?.own).toMatchObject({ archived: false, unreadCount: 4 });
  });

  it('a muted one stays archived, and both can be taken back', async () => {
    const { clock, backend, client } = await setup();
    client.threads.subscribe(() => {});
    await clock.settle();
    const thread = client.thread('t');
    await thread.mute();
    await thread.archive();
    backend.receive({ threadId: 't', author: 'ben', text: 'Are you there?' });
    client.archivedThreads.subscribe(() => {});
    await clock.settle();
    expect([ids(client.threads), ids(client.archivedThreads)]).toEqual([[], ['t']]);
    await thread.unarchive();
    expect([ids(client.threads), ids(client.archivedThreads)]).toEqual([['t'], []]);
  });

  it('an open one that is archived and gets a message comes back, too', async () => {
    const { clock, backend, client } = await setup();
    client.threads.subscribe(() => {});
    client.archivedThreads.subscribe(() => {});
    const thread = client.thread('t');
    thread.subscribe(() => {});
    await clock.settle();
    await thread.archive();
    expect(thread.get().thread?.own?.archived).toBe(true);
    backend.receive({ threadId: 't', author: 'ben', text: 'Are you there?' });
    expect(thread.get().thread?.own?.archived).toBe(false);
    expect([ids(client.threads), ids(client.archivedThreads)]).toEqual([['t'], []]);
  });

  it('of an archived thread that this client has not seen, a message that leaves it archived shows it in no list', async () => {
    const { clock, backend, client } = await setup();
    backend.setOwn('t', 'ada', { muted: true });
    backend.setOwn('t', 'ada', { archived: true });
    const seen = new Set<string>();
    client.threads.subscribe(() => ids(client.threads).forEach((id) => seen.add(id)));
    await clock.settle();
    backend.receive({ threadId: 't', author: 'ben', text: 'Are you there?' });
    await clock.settle();
    expect([...seen]).toEqual([]);
  });

  it('rejects as the server names it', async () => {
    const { backend, client } = await setup();
    backend.setFault('archiveThread', 'action_forbidden');
    await expect(client.thread('t').archive()).rejects.toMatchObject({ code: 'action_forbidden' });
    backend.goOffline();
    await expect(client.thread('t').mute()).rejects.toMatchObject({ code: 'connection_lost' });
  });
});
