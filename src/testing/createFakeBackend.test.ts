import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ChatToken,
  systemClock,
  type BackendContext,
  type BackendEvent,
  type ConnectionState,
  type TokenManager,
} from '../client/index.ts';
import { ChatError, MAX_TEXT_LENGTH, textOf } from '../protocol/index.ts';
import { createFakeBackend } from './createFakeBackend.ts';
import type { FakeBackend, FakeBackendOptions } from './fake-types.ts';

const NOW = Date.UTC(2026, 5, 12, 10, 45);
const clock = { ...systemClock, now: () => NOW };
const text = (value: string) => [{ type: 'text' as const, text: value }];

const SEED: FakeBackendOptions = {
  clock,
  users: [{ id: 'ada', name: 'Ada Osei' }],
  threads: [
    {
      id: 'help',
      title: 'Help desk',
      messages: [
        { author: 'ada', text: 'My invoice shows VAT twice.' },
        { author: 'ben', text: 'I am looking at it.' },
      ],
    },
    { id: 'billing', members: ['ines'], messages: [{ author: 'ines', text: 'Private.', minutesAgo: 90 }] },
  ],
};

/** Opens a session the way a client does, with everything that it is told. */
function open(backend: FakeBackend, userId = 'ada', get?: () => Promise<ChatToken>) {
  const states: ConnectionState[] = [];
  const events: BackendEvent[] = [];
  const users: BackendEvent[] = [];
  const token = new ChatToken('raw', { claims: null, issuedAt: NOW, expiresAt: NOW + 60_000 });
  const tokens = { get: vi.fn(get ?? (() => Promise.resolve(token))) };
  const context: BackendContext = {
    userId,
    // The fake asks for tokens and for nothing else of the manager.
    tokens: tokens as unknown as TokenManager,
    clock,
    onState: (state) => states.push(state),
    onEvent: (event) => (event.type === 'connected' ? users : events).push(event),
  };
  const session = backend.open(context);
  const path = () => states.map((state) => state.status);
  return { session, states, path, events, users, tokens };
}

/** The same, connected. */
async function join(backend: FakeBackend, userId = 'ada') {
  const opened = open(backend, userId);
  await settle();
  return opened;
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (ChatError.is(error) ? error.code : error),
  );
const settle = () => new Promise((resolve) => setTimeout(resolve));

afterEach(() => vi.useRealTimers());

describe('conversations', () => {
  it('numbers a seeded thread without a gap and dates it back from its clock', async () => {
    const { session } = await join(createFakeBackend(SEED));
    const page = await session.openThread('help');
    expect(page.messages.map((m) => [m.seq, m.id, m.author.name, m.createdAt])).toEqual([
      [1, 'help-1', 'Ada Osei', NOW - 120_000],
      [2, 'help-2', 'ben', NOW - 60_000],
    ]);
    expect(page).toMatchObject({
      hasOlder: false,
      gap: false,
      thread: { title: 'Help desk', updatedAt: NOW - 60_000 },
    });
  });

  it('lists the latest first, and only what the person may read', async () => {
    const backend = createFakeBackend(SEED);
    const ids = async (userId: string) =>
      (await (await join(backend, userId)).session.listThreads()).threads.map((t) => t.id);
    expect(await ids('ada')).toEqual(['help']);
    expect(await ids('ines')).toEqual(['help', 'billing']);
  });

  it('refuses a thread of others and an unknown one by name', async () => {
    const { session } = await join(createFakeBackend(SEED));
    expect(await codeOf(session.openThread('billing'))).toBe('thread_forbidden');
    expect(await codeOf(session.openThread('nowhere'))).toBe('thread_not_found');
    expect(await codeOf(session.loadOlder('billing', { beforeSeq: 2, limit: 5 }))).toBe('thread_forbidden');
    expect(await codeOf(session.sendMessage({ threadId: 'billing', messageId: 'm', parts: text('Hi') }))).toBe(
      'thread_forbidden',
    );
  });

  it('pages through a long history without a hole or a double', async () => {
    const messages = Array.from({ length: 23 }, (_, i) => ({ author: 'ben', text: `No. ${i + 1}` }));
    const { session } = await join(createFakeBackend({ clock, pageSize: 10, threads: [{ id: 'ops', messages }] }));
    const first = await session.openThread('ops');
    const second = await session.loadOlder('ops', { beforeSeq: first.messages[0]!.seq, limit: 10 });
    const third = await session.loadOlder('ops', { beforeSeq: second.messages[0]!.seq, limit: 10 });
    expect([first.hasOlder, second.hasOlder, third.hasOlder]).toEqual([true, true, false]);
    const seqs = [...third.messages, ...second.messages, ...first.messages].map((m) => m.seq);
    expect(seqs).toEqual(Array.from({ length: 23 }, (_, i) => i + 1));
  });

  it('stores a send once per id, and refuses the id of another message', async () => {
    const backend = createFakeBackend(SEED);
    const { session } = await join(backend);
    const once = { threadId: 'help', messageId: 'm1', parts: text('Thanks!') };
    const [a, b] = [await session.sendMessage(once), await session.sendMessage(once)];
    expect(a).toBe(b);
    expect(a.seq).toBe(3);
    expect(backend.messages('help')).toHaveLength(3);
    expect(await codeOf((await join(backend, 'ben')).session.sendMessage(once))).toBe('message_conflict');
  });

  it('refuses an empty and an overlong message as a server does', async () => {
    const { session } = await join(createFakeBackend(SEED));
    const send = (value: string) =>
      codeOf(session.sendMessage({ threadId: 'help', messageId: value, parts: text(value) }));
    expect(await send('  \n')).toBe('message_empty');
    expect(await send('x'.repeat(MAX_TEXT_LENGTH + 1))).toBe('message_too_long');
    expect(await send('x'.repeat(MAX_TEXT_LENGTH))).toBe('resolved');
  });

  it('delivers between two clients, to those who have the thread open', async () => {
    const backend = createFakeBackend(SEED);
    const ada = await join(backend, 'ada');
    const ben = await join(backend, 'ben');
    const zoe = await join(backend, 'zoe');
    await Promise.all([ada.session.openThread('help'), ben.session.openThread('help'), zoe.session.listThreads()]);
    await ada.session.sendMessage({ threadId: 'help', messageId: 'm1', parts: text('Any news?') });
    const received = ben.events.flatMap((event) =>
      event.type === 'message.created' ? [textOf(event.message.parts)] : [],
    );
    expect(received).toEqual(['Any news?']);
    expect(zoe.events.map((event) => event.type)).toEqual(['thread.updated']);
    ben.session.closeThread('help');
    backend.receive({ threadId: 'help', author: 'ada', text: 'Hello?' });
    expect(ben.events).toHaveLength(1);
    expect(ada.events).toHaveLength(2);
  });

  it('keeps a members thread from everybody else, also when it changes', async () => {
    const backend = createFakeBackend(SEED);
    const ada = await join(backend, 'ada');
    await ada.session.listThreads();
    backend.receive({ threadId: 'billing', author: 'ines', text: 'Secret.' });
    expect(ada.events).toEqual([]);
    backend.setThread({ id: 'billing', title: 'Billing review', members: ['ines', 'ada'] });
    expect(ada.events).toMatchObject([{ type: 'thread.updated', thread: { title: 'Billing review' } }]);
    expect((await ada.session.openThread('billing')).messages).toHaveLength(2);
  });
});

describe('changes', () => {
  const REACTION = { threadId: 'help', messageId: 'help-1', emoji: '👍' };

  it('take one place each in the log, and come with their whole message, live or on the way back', async () => {
    const backend = createFakeBackend(SEED);
    const { session, events } = await join(backend);
    await session.openThread('help');
    const edited = backend.edit({ threadId: 'help', messageId: 'help-2', text: 'Done.' });
    expect(edited).toMatchObject({ seq: 2, version: 3, editedAt: NOW, parts: text('Done.') });
    expect(events).toContainEqual({ type: 'message.updated', message: edited });
    backend.react({ ...REACTION, userId: 'ben' });
    const both = await session.addReaction('help', 'help-1', '👍');
    expect(both).toMatchObject({ version: 5, reactions: [{ emoji: '👍', count: 2, userIds: ['ben', 'ada'] }] });
    expect(await session.addReaction('help', 'help-1', '👍')).toBe(both);
    backend.react({ ...REACTION, userId: 'ben', taken: true });
    expect(await session.removeReaction('help', 'help-1', '👍')).toMatchObject({ version: 7, reactions: [] });
    const page = await session.openThread('help', { afterSeq: 2 });
    expect(page.messages.map(({ id, version }) => [id, version])).toEqual([
      ['help-2', 3],
      ['help-1', 7],
    ]);
    expect(page).toMatchObject({ gap: false, lastSeq: 7 });
  });

  it('are refused as a server does: of others, of what is gone, without the role', async () => {
    const backend = createFakeBackend({
      ...SEED,
      threads: [
        {
          id: 'ops',
          members: ['ada', 'ben', { id: 'olga', role: 'owner' }, { id: 'rex', role: 'readonly' }],
          messages: [{ author: 'ben', text: 'Mine.' }],
        },
      ],
    });
    const [ada, olga, rex] = [await join(backend), await join(backend, 'olga'), await join(backend, 'rex')];
    const edit = { threadId: 'ops', messageId: 'ops-1', parts: text('Not mine.') };
    expect(await codeOf(ada.session.editMessage(edit))).toBe('action_forbidden');
    expect(await codeOf(ada.session.deleteMessage('ops', 'ops-1'))).toBe('action_forbidden');
    expect(await codeOf(rex.session.addReaction('ops', 'ops-1', '👍'))).toBe('action_forbidden');
    expect(await codeOf(ada.session.renameThread('ops', 'X'))).toBe('action_forbidden');
    expect(await olga.session.deleteMessage('ops', 'ops-1')).toMatchObject({ parts: [], deletedAt: NOW });
    expect(await codeOf(ada.session.addReaction('ops', 'ops-1', '👍'))).toBe('message_not_found');
    expect(await codeOf(ada.session.deleteMessage('ops', 'nothing'))).toBe('message_not_found');
    expect(await codeOf(olga.session.leaveThread('ops'))).toBe('last_owner');
  });

  it('of members reach who is there; who is taken out hears that the thread is gone', async () => {
    const backend = createFakeBackend({ ...SEED, pageSize: 2 });
    const [ines, ada] = [await join(backend, 'ines'), await join(backend)];
    await ada.session.listThreads();
    backend.setMember('billing', 'ines', 'owner');
    await ines.session.openThread('billing');
    await ines.session.saveMember('billing', 'ada', 'agent');
    expect(ada.events).toMatchObject([{ type: 'thread.updated', thread: { role: 'agent', memberCount: 2 } }]);
    await ines.session.saveMember('billing', 'zoe', 'readonly');
    const first = await ines.session.listMembers('billing');
    const second = await ines.session.listMembers('billing', { cursor: first.nextCursor ?? '' });
    expect([...first.members, ...second.members].map(({ user }) => user.id).sort()).toEqual(['ada', 'ines', 'zoe']);
    expect(second.nextCursor).toBeNull();
    await ines.session.removeMember('billing', 'ada');
    expect(ada.events.at(-1)).toEqual({ type: 'thread.removed', threadId: 'billing' });
    // Each change, and the system message that tells of it.
    const told = ['member.updated', 'message.created', 'member.updated', 'message.created'];
    expect(ines.events.map(({ type }) => type)).toEqual([...told, 'member.removed', 'message.created']);
    expect(await codeOf(ada.session.openThread('billing'))).toBe('thread_forbidden');
  });

  it('make a thread once per id, and page through the list', async () => {
    const backend = createFakeBackend({ ...SEED, pageSize: 1 });
    const { session } = await join(backend);
    const made = { threadId: 'new', title: 'New', access: 'members' as const, memberIds: ['ben'] };
    const thread = await session.createThread(made);
    expect(thread).toMatchObject({ id: 'new', role: 'owner', memberCount: 2 });
    expect(await session.createThread(made)).toEqual(thread);
    expect(await codeOf((await join(backend, 'eve')).session.createThread(made))).toBe('thread_conflict');
    const first = await session.listThreads();
    const second = await session.listThreads({ cursor: first.nextCursor ?? '' });
    expect([first, second].map((page) => page.threads.map(({ id }) => id))).toEqual([['new'], ['help']]);
    expect(second.nextCursor).toBeNull();
  });
});

describe('the line', () => {
  it('asks for a token before it connects, and again before it comes back', async () => {
    const backend = createFakeBackend(SEED);
    const { tokens, path } = open(backend);
    expect(path()).toEqual(['connecting']);
    expect(tokens.get).toHaveBeenCalledTimes(1);
    await settle();
    backend.disconnect();
    backend.goOnline();
    await settle();
    expect(tokens.get).toHaveBeenCalledTimes(2);
    expect(path()).toEqual(['connecting', 'connected', 'reconnecting', 'connected']);
  });

  it.each(['unauthenticated', 'forbidden', 'server_rejects_fresh_token'] as const)(
    'closes with %s when the token is refused for good',
    async (code) => {
      const { session, states } = open(createFakeBackend(SEED), 'ada', () =>
        Promise.reject(new ChatError(code, 'No.')),
      );
      await settle();
      expect(await codeOf(session.openThread('help'))).toBe('connection_lost');
      expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code } });
    },
  );

  it('asks again when the token endpoint only fails for now', async () => {
    vi.useFakeTimers();
    let failures = 2;
    const get = () =>
      failures-- > 0
        ? Promise.reject(new ChatError('token_endpoint_unavailable', 'Down.'))
        : Promise.resolve(new ChatToken('raw', { claims: null, issuedAt: NOW, expiresAt: NOW + 60_000 }));
    const { states } = open(createFakeBackend(SEED), 'ada', get);
    await vi.advanceTimersByTimeAsync(0);
    expect(states.at(-1)).toMatchObject({ status: 'connecting', retryAt: NOW + 1000 });
    await vi.advanceTimersByTimeAsync(2000);
    expect(states.at(-1)).toEqual({ status: 'connected', error: null, retryAt: null });
  });

  it.each(['connecting', 'offline', 'reconnecting'] as const)('stays %s until it is let up', async (status) => {
    const backend = createFakeBackend({ ...SEED, connectionStatus: status });
    const { session, path } = await join(backend);
    session.reconnect();
    await settle();
    expect(path().at(-1)).toBe(status);
    expect(await codeOf(session.openThread('help'))).toBe('connection_lost');
    backend.goOnline();
    await settle();
    expect(path().at(-1)).toBe('connected');
    expect((await session.openThread('help')).messages).toHaveLength(2);
  });

  it('is closed from the start with the error that was named', async () => {
    const { states } = open(createFakeBackend({ connectionStatus: 'closed', connectionError: 'signed_out' }));
    await settle();
    expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: 'signed_out' } });
  });

  it('gives what was missed after a loss, once, and says when the log does not reach back', async () => {
    const backend = createFakeBackend({ ...SEED, pageSize: 3 });
    const { session, events, users } = await join(backend);
    await session.openThread('help');
    backend.goOffline();
    for (const n of [3, 4, 5]) backend.receive({ threadId: 'help', author: 'ben', text: `No. ${n}` });
    backend.goOnline();
    await settle();
    expect(events).toEqual([{ type: 'reconnected' }]);
    const user = { id: 'ada', name: 'Ada Osei', avatarUrl: null };
    expect(users).toEqual([
      { type: 'connected', user },
      { type: 'connected', user },
    ]);
    const missed = await session.openThread('help', { afterSeq: 2 });
    expect(missed).toMatchObject({ gap: false, messages: [{ seq: 3 }, { seq: 4 }, { seq: 5 }] });
    expect(await session.openThread('help', { afterSeq: 1 })).toMatchObject({ gap: true, hasOlder: true });
  });

  it('rejects what is pending when the line breaks or the client leaves, and says nothing afterwards', async () => {
    const backend = createFakeBackend({ ...SEED, faults: { sendMessage: 'never-answers' } });
    const { session, states, events } = await join(backend);
    await session.openThread('help');
    const send = () => codeOf(session.sendMessage({ threadId: 'help', messageId: 'm1', parts: text('Hi') }));
    const lost = send();
    await settle();
    backend.disconnect();
    expect(await lost).toBe('connection_lost');
    backend.goOnline();
    await settle();
    const left = send();
    session.close();
    expect(await left).toBe('connection_lost');
    const seen = states.length;
    backend.goOnline();
    backend.receive({ threadId: 'help', author: 'ben', text: 'Anybody there?' });
    await settle();
    expect([states.length, events.length]).toEqual([seen, 1]);
    expect(backend.messages('help')).toHaveLength(3);
  });

  it('takes as long as it is told, by its clock', async () => {
    vi.useFakeTimers();
    const { session, path } = open(createFakeBackend({ ...SEED, latencyMs: 200 }));
    const loaded = vi.fn();
    await vi.advanceTimersByTimeAsync(199);
    expect(path()).toEqual(['connecting']);
    await vi.advanceTimersByTimeAsync(1);
    expect(path()).toEqual(['connecting', 'connected']);
    void session.openThread('help').then(loaded);
    await vi.advanceTimersByTimeAsync(199);
    expect(loaded).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(loaded).toHaveBeenCalledOnce();
  });
});

describe('faults', () => {
  it('refuses a request with the named error until the fault is lifted, and records each try', async () => {
    const backend = createFakeBackend({ ...SEED, faults: { sendMessage: 'rate_limited' } });
    const { session } = await join(backend);
    const send = () => session.sendMessage({ threadId: 'help', messageId: 'm1', parts: text('Hi') });
    expect(await codeOf(send())).toBe('rate_limited');
    expect(backend.messages('help')).toHaveLength(2);
    backend.setFault('sendMessage', null);
    expect((await send()).seq).toBe(3);
    expect(backend.requests).toEqual([
      { name: 'sendMessage', userId: 'ada', threadId: 'help', messageId: 'm1' },
      { name: 'sendMessage', userId: 'ada', threadId: 'help', messageId: 'm1' },
    ]);
  });

  it('holds an answer back for as long as the fault stands', async () => {
    const backend = createFakeBackend({ ...SEED, faults: { openThread: 'never-answers' } });
    const { session } = await join(backend);
    const loaded = vi.fn();
    const page = session.openThread('help').then(loaded);
    await settle();
    expect(loaded).not.toHaveBeenCalled();
    backend.setFault('openThread', null);
    await page;
    expect(loaded).toHaveBeenCalledOnce();
  });

  it('takes a whole error as it is', async () => {
    const error = new ChatError('rate_limited', 'Slow down.', { retryAfterMs: 4000 });
    const { session } = await join(createFakeBackend({ ...SEED, faults: { listThreads: error } }));
    await expect(session.listThreads()).rejects.toBe(error);
  });

  it('refuses options that make no sense', () => {
    expect(() => createFakeBackend({ pageSize: 0 })).toThrow(
      expect.objectContaining({ code: 'invalid_options' }) as Error,
    );
    expect(() => createFakeBackend({ latencyMs: Number.NaN })).toThrow(ChatError);
  });
});
