import { describe, expect, it } from 'vitest';
import type { ChatError } from '../../protocol/index.ts';
import { createFakeBackend, createFakeFetchToken, FakeClock } from '../../testing/index.ts';
import type { FakeBackendOptions } from '../../testing/index.ts';
import { createChatClient } from '../createChatClient.ts';

function setup(options: FakeBackendOptions = {}) {
  const clock = new FakeClock();
  const backend = createFakeBackend({ clock, latencyMs: 10, pageSize: 3, ...options });
  const errors: ChatError[] = [];
  const client = createChatClient({
    userId: 'ada',
    clock,
    backend,
    fetchToken: createFakeFetchToken({ userId: 'ada' }),
    onError: (error) => errors.push(error),
  });
  client.retain();
  const count = (name: string) => backend.requests.filter((request) => request.name === name).length;
  return { clock, backend, client, errors, count };
}

/** `t0` is the latest, then `t1` … */
const threads = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: `t${i}`,
    messages: [{ author: 'ben', text: 'x', minutesAgo: i + 1 }],
  }));

describe('the list of conversations', () => {
  it('comes page by page, one at a time, each once and in order', async () => {
    const { clock, backend, client, count } = setup({ threads: threads(9) });
    const ids = () => client.threads.get().threads.map(({ id }) => id);
    client.threads.subscribe(() => {});
    await clock.advance(100);
    expect(ids()).toEqual(['t0', 't1', 't2']);
    expect(client.threads.get()).toMatchObject({ status: 'ready', hasMore: true, loadingMore: false });
    const more = [client.threads.loadMore(), client.threads.loadMore()];
    expect(client.threads.get().loadingMore).toBe(true);
    backend.receive({ threadId: 't8', author: 'ben', text: 'up' });
    await clock.advance(100);
    await Promise.all(more);
    expect(count('listThreads')).toBe(2);
    expect(ids()).toEqual(['t8', 't0', 't1', 't2', 't3', 't4', 't5']);
    void client.threads.loadMore();
    await clock.advance(100);
    expect(ids()).toEqual(['t8', 't0', 't1', 't2', 't3', 't4', 't5', 't6', 't7']);
    expect(client.threads.get()).toMatchObject({ hasMore: false, loadingMore: false });
    await client.threads.loadMore();
    expect(count('listThreads')).toBe(3);
  });

  it('who asks for the next page on hearing that one is there gets it', async () => {
    const { clock, client } = setup({ threads: threads(9) });
    client.threads.subscribe(() => {
      const { status, hasMore, loadingMore } = client.threads.get();
      if (status === 'ready' && hasMore && !loadingMore) void client.threads.loadMore();
    });
    await clock.advance(200);
    expect(client.threads.get()).toMatchObject({ hasMore: false, threads: { length: 9 } });
  });

  it('a change of one that no page has brought yet waits for its page', async () => {
    const { clock, backend, client } = setup({ threads: threads(6) });
    client.threads.subscribe(() => {});
    await clock.advance(100);
    backend.setThread({ id: 't5', title: 'Renamed' });
    expect(client.threads.get().threads.map(({ id }) => id)).toEqual(['t0', 't1', 't2']);
    void client.threads.loadMore();
    await clock.advance(100);
    expect(client.threads.get().threads.at(-1)).toMatchObject({ id: 't5', title: 'Renamed' });
  });

  it('C16 after a reconnect it is as long as it was, with what was missed: new, changed, gone', async () => {
    const { clock, backend, client } = setup({
      threads: [...threads(4), { id: 'private', members: ['ada', 'ben'], messages: [{ author: 'ben', text: 'x' }] }],
    });
    client.threads.subscribe(() => {});
    await clock.advance(100);
    void client.threads.loadMore();
    await clock.advance(100);
    expect(client.threads.get().threads.length).toBe(5);
    backend.goOffline();
    backend.setThread({ id: 't1', title: 'Renamed' });
    backend.setThread({ id: 'private', members: ['ben'] });
    backend.setThread({ id: 'new' });
    let fired = 0;
    client.threads.subscribe(() => (fired += 1));
    backend.goOnline();
    await clock.advance(100);
    expect(fired).toBe(1);
    expect(client.threads.get().threads.map(({ title }) => title)).toEqual(['new', 't0', 'Renamed', 't2', 't3']);
  });

  it('a page that fails is told, and can be asked for again', async () => {
    const { clock, backend, client, errors } = setup({ threads: threads(5) });
    client.threads.subscribe(() => {});
    await clock.advance(100);
    backend.setFault('listThreads', 'internal');
    void client.threads.loadMore();
    await clock.advance(100);
    expect(client.threads.get()).toMatchObject({ status: 'ready', loadingMore: false, error: { code: 'internal' } });
    expect(errors.map(({ code }) => code)).toEqual(['internal']);
    backend.setFault('listThreads', null);
    void client.threads.loadMore();
    await clock.advance(100);
    expect(client.threads.get()).toMatchObject({ error: null, threads: { length: 5 } });
  });
});

describe('the members of a conversation', () => {
  const room: FakeBackendOptions = {
    threads: [{ id: 'r', members: [{ id: 'ada', role: 'owner' }, 'ben', 'cy', 'dee'] }],
  };

  it('are asked for while somebody watches, page by page, and kept up to date', async () => {
    const { clock, backend, client, count } = setup(room);
    const { members } = client.thread('r');
    const roles = () => members.get().members.map(({ user, role }) => `${user.id} ${role}`);
    await clock.advance(100);
    expect(count('listMembers')).toBe(0);
    const leave = members.subscribe(() => {});
    await clock.advance(100);
    expect(roles()).toEqual(['ada owner', 'ben member', 'cy member']);
    expect(members.get()).toMatchObject({ status: 'ready', hasMore: true });
    void members.loadMore();
    await clock.advance(100);
    backend.setMember('r', 'ben', 'readonly');
    backend.setMember('r', 'cy', null);
    await clock.advance(100);
    backend.setMember('r', 'eve', 'agent');
    expect(roles()).toEqual(['ada owner', 'ben readonly', 'dee member', 'eve agent']);
    leave();
    await clock.advance(10_000);
    backend.setMember('r', 'fay', 'member');
    expect(roles()).not.toContain('fay member');
  });

  it('C16 missed changes of who is in it show after a reconnect', async () => {
    const { clock, backend, client } = setup(room);
    const thread = client.thread('r');
    let fired = 0;
    thread.members.subscribe(() => (fired += 1));
    thread.subscribe(() => {});
    await clock.advance(100);
    fired = 0;
    backend.goOffline();
    backend.setMember('r', 'ben', null);
    backend.setMember('r', 'ada', 'agent');
    backend.goOnline();
    await clock.advance(100);
    expect(fired).toBeGreaterThan(0);
    expect(thread.members.get().members.map(({ user }) => user.id)).toEqual(['ada', 'cy', 'dee']);
    expect(thread.get().thread).toMatchObject({ role: 'agent', memberCount: 3 });
  });

  it('are added, given roles and taken out; what is refused rejects and changes nothing', async () => {
    const { clock, client, backend } = setup(room);
    const thread = client.thread('r');
    thread.members.subscribe(() => {});
    await clock.advance(100);
    const done = [thread.addMember('ben', 'agent'), thread.removeMember('cy'), thread.rename('Renamed')];
    await clock.advance(100);
    await Promise.all(done);
    expect(thread.members.get().members.map(({ user, role }) => `${user.id} ${role}`)).toEqual([
      'ada owner',
      'ben agent',
    ]);
    expect(thread.get().thread?.title).toBe('Renamed');
    backend.setFault('saveMember', 'action_forbidden');
    const refused = expect(thread.addMember('eve')).rejects.toMatchObject({ code: 'action_forbidden' });
    await clock.advance(100);
    await refused;
    backend.goOffline();
    await expect(thread.rename('No')).rejects.toMatchObject({ code: 'connection_lost', retryable: true });
  });
});

describe('being let in and taken out', () => {
  it('who is taken out sees a refused thread without its messages, with what they had not sent', async () => {
    const { clock, backend, client, errors } = setup({
      threads: [{ id: 'r', members: ['ada', 'ben'], messages: [{ author: 'ben', text: 'x' }] }],
      faults: { sendMessage: 'never-answers' },
    });
    const thread = client.thread('r');
    thread.subscribe(() => {});
    thread.members.subscribe(() => {});
    client.threads.subscribe(() => {});
    await clock.advance(100);
    expect(thread.members.get().members.length).toBe(2);
    thread.send('unsent');
    backend.setMember('r', 'ada', null);
    expect(thread.members.get()).toMatchObject({ status: 'loading', members: [] });
    expect(thread.get()).toMatchObject({
      status: 'refused',
      error: { code: 'thread_forbidden' },
      messages: [{ delivery: 'sending' }],
    });
    expect(client.threads.get().threads).toEqual([]);
    backend.setFault('sendMessage', null);
    await clock.advance(100);
    expect(thread.get().messages).toMatchObject([{ delivery: 'failed', error: { code: 'thread_forbidden' } }]);
    expect(errors.map(({ code }) => code)).toEqual(['thread_forbidden']);
    backend.setMember('r', 'ada', 'member');
    thread.reload();
    await clock.advance(100);
    expect(thread.get()).toMatchObject({ status: 'ready', error: null, messages: { length: 2 } });
  });

  it('joins an open thread and leaves it; leaves a closed one, which is gone then', async () => {
    const { clock, client } = setup({ threads: [{ id: 'open' }, { id: 'closed', members: ['ada', 'ben'] }] });
    client.threads.subscribe(() => {});
    const [open, closed] = [client.thread('open'), client.thread('closed')];
    open.subscribe(() => {});
    closed.subscribe(() => {});
    await clock.advance(100);
    void open.join();
    await clock.advance(100);
    expect(open.get().thread).toMatchObject({ role: 'member', memberCount: 1 });
    void open.leave();
    void closed.leave();
    await clock.advance(100);
    expect(open.get()).toMatchObject({ status: 'ready', thread: { role: null } });
    expect(closed.get().status).toBe('refused');
    expect(client.threads.get().threads.map(({ id }) => id)).toEqual(['open']);
  });

  it('makes a conversation once, however often it is asked for under one id', async () => {
    const { clock, client, backend } = setup();
    client.threads.subscribe(() => {});
    await clock.advance(100);
    backend.setFault('createThread', 'request_timeout');
    const timedOut = expect(client.createThread({ title: 'Plan', threadId: 'p' })).rejects.toMatchObject({
      retryable: true,
    });
    await clock.advance(100);
    await timedOut;
    backend.setFault('createThread', null);
    const made = [1, 2].map(() => client.createThread({ title: 'Plan', memberIds: ['ben'], threadId: 'p' }));
    await clock.advance(100);
    expect(await Promise.all(made)).toMatchObject([
      { id: 'p', role: 'owner', access: 'members', memberCount: 2 },
      { id: 'p' },
    ]);
    expect(client.threads.get().threads.map(({ id }) => id)).toEqual(['p']);
    const fresh = client.createThread({ title: 'Other' });
    await clock.advance(100);
    expect((await fresh).id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('a backend that cannot do it says so', async () => {
    const { backend, clock } = setup({ threads: [{ id: 't' }] });
    const client = createChatClient({
      userId: 'ada',
      clock,
      fetchToken: createFakeFetchToken({ userId: 'ada' }),
      backend: {
        open: (context) => {
          const session = backend.open(context);
          const { listThreads, openThread, closeThread, loadOlder, sendMessage, reconnect, close } = session;
          const core = { listThreads, openThread, closeThread, loadOlder, sendMessage, reconnect, close };
          return Object.fromEntries(
            Object.entries(core).map(([name, method]) => [name, method.bind(session)]),
          ) as typeof core;
        },
      },
    });
    client.retain();
    await clock.advance(100);
    const thread = client.thread('t');
    await expect(thread.join()).rejects.toMatchObject({ code: 'action_forbidden' });
    await expect(client.createThread({ title: 'x' })).rejects.toMatchObject({ code: 'action_forbidden' });
    const id = thread.send('hello');
    await clock.advance(100);
    thread.react(id, '👍');
    await clock.advance(100);
    expect(thread.get().messages[0]).toMatchObject({ delivery: 'sent', change: null, message: { reactions: [] } });
  });
});

it('a backend without pins and receipts has none, and nothing is reported', async () => {
  const clock = new FakeClock();
  const backend = createFakeBackend({ clock, threads: [{ id: 't' }] });
  const errors: ChatError[] = [];
  const client = createChatClient({
    userId: 'ada',
    clock,
    fetchToken: createFakeFetchToken({ userId: 'ada' }),
    onError: (error) => errors.push(error),
    backend: {
      actions: ['fetchThread'],
      open(context) {
        const session = backend.open(context);
        session.listPins = session.listReceipts = undefined as never;
        return session;
      },
    },
  });
  client.retain();
  const { pins, receipts } = client.thread('t');
  pins.subscribe(() => {});
  receipts.subscribe(() => {});
  await clock.advance(100);
  expect([pins.get().status, receipts.get().status, errors]).toEqual(['ready', 'ready', []]);
  expect([client.can('fetchThread'), client.can('pinMessage')]).toEqual([true, false]);
});
