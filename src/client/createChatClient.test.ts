import { describe, expect, it } from 'vitest';
import { MAX_TEXT_LENGTH, PROTOCOL_VERSION, textOf } from '../protocol/index.ts';
import type { ChatError, ChatUser, ClientFrame, Message, ServerFrame, Thread } from '../protocol/index.ts';
import {
  createFakeBackend,
  createFakeFetchToken,
  createFakeMessage,
  createScriptedSockets,
  FakeClock,
  FakeTabs,
} from '../testing/index.ts';
import type { FakeBackendOptions, ScriptedSocket } from '../testing/index.ts';
import { createTokenManager } from './auth/TokenManager.ts';
import { latchkitBackend } from './backends/latchkit.ts';
import { createChatClient } from './createChatClient.ts';
import { FakeSignals, jwt } from './test-fixtures.ts';
import type { ChatClientOptions } from './types.ts';

const PAGE = 5;
const ada = { id: 'ada', name: 'Ada', avatarUrl: null };
const ben = { id: 'ben', name: 'Ben', avatarUrl: null };

/** A server in a few lines: one log per thread, over scripted sockets. */
class Server {
  readonly clock: FakeClock;
  readonly log: Message[] = [];
  readonly refuse = new Map<ClientFrame['type'], { code: string; retryable: boolean; retryAfterMs?: number }>();
  /** Frames of these types are taken in and never answered. */
  readonly silent = new Set<ClientFrame['type']>();
  echoFirst = false;
  socket: ScriptedSocket | null = null;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  attach(socket: ScriptedSocket): void {
    socket.onFrame = (frame) => {
      const answer = this.#answer(frame);
      if (answer && !this.silent.has(frame.type)) socket.deliver(answer);
    };
    this.clock.setTimer(() => {
      this.socket = socket;
      socket.open();
    }, 10);
  }

  thread(): Thread {
    const lastMessage = this.log.at(-1) ?? null;
    return {
      id: 't',
      title: 'T',
      access: 'open',
      role: 'member',
      memberCount: 2,
      messageCount: this.log.length,
      lastMessage,
      updatedAt: this.log.length,
      own: null,
    };
  }

  /** Stores a message of somebody; tells it where `tell`. */
  store(text: string, options: { author?: ChatUser; id?: string; tell?: boolean } = {}): Message {
    const { author = ben, tell = true } = options;
    const id = options.id ?? `${author.id}-${this.log.length + 1}`;
    const known = this.log.find((message) => message.id === id);
    const fresh = { id, threadId: 't', seq: this.log.length + 1, author, text, createdAt: this.clock.now() };
    const message = known ?? createFakeMessage(fresh);
    if (!known) this.log.push(message);
    if (tell) this.socket?.deliver({ type: 'message.created', message });
    return message;
  }

  #answer(frame: ClientFrame): ServerFrame | null {
    const requestId = 'requestId' in frame ? frame.requestId : null;
    const refusal = this.refuse.get(frame.type);
    if (refusal && requestId !== null)
      return { type: 'request.refused', requestId, error: { message: 'no', ...refusal } };
    switch (frame.type) {
      case 'auth.open':
        return { type: 'auth.accepted', protocol: PROTOCOL_VERSION, user: ada, expiresInMs: 1, serverTime: 0 };
      case 'auth.renew':
        return { type: 'auth.renewed', requestId: frame.requestId, expiresInMs: 1 };
      case 'ping':
        return { type: 'pong' };
      case 'thread.list':
        return { type: 'thread.listed', requestId: frame.requestId, threads: [this.thread()], nextCursor: null };
      case 'thread.subscribe': {
        const after = this.log.filter((message) => message.seq > (frame.afterSeq ?? 0));
        const messages = after.slice(-PAGE);
        const gap = frame.afterSeq !== undefined && after.length > PAGE;
        const hasOlder = (messages[0]?.seq ?? 1) > 1;
        const lastSeq = this.log.length;
        return {
          type: 'thread.subscribed',
          requestId: frame.requestId,
          thread: this.thread(),
          messages,
          hasOlder,
          gap,
          lastSeq,
        };
      }
      case 'history.fetch': {
        const { requestId, beforeSeq = Infinity, afterSeq, aroundMessageId } = frame;
        const seq = this.log.find(({ id }) => id === aroundMessageId)?.seq ?? 0;
        const messages =
          afterSeq !== undefined
            ? this.log.slice(afterSeq, afterSeq + PAGE)
            : seq > 0
              ? this.log.slice(Math.max(0, seq - 3), seq + 2)
              : this.log.filter((message) => message.seq < beforeSeq).slice(-PAGE);
        const hasOlder = (messages[0]?.seq ?? 1) > 1;
        const hasNewer = (messages.at(-1)?.seq ?? 0) < this.log.length;
        return { type: 'history.page', requestId, threadId: 't', messages, hasOlder, hasNewer };
      }
      case 'message.send': {
        const text = textOf(frame.parts);
        const message = this.store(text, { author: ada, id: frame.messageId, tell: this.echoFirst });
        return { type: 'message.accepted', requestId: frame.requestId, message };
      }
      default:
        return null;
    }
  }
}

function setup(options: Pick<ChatClientOptions, 'tabs'> = {}) {
  const clock = new FakeClock();
  const signals = new FakeSignals();
  const server = new Server(clock);
  const sockets = createScriptedSockets((socket) => server.attach(socket));
  const errors: ChatError[] = [];
  let mints = 0;
  const client = createChatClient({
    userId: 'ada',
    clock,
    signals,
    fetchToken: () => Promise.resolve(jwt({ sub: 'ada', iat: 1, exp: 601, jti: (mints += 1) })),
    backend: latchkitBackend({ url: 'https://chat.test/chat', WebSocket: sockets.WebSocket, signals }),
    onError: (error) => errors.push(error),
    ...options,
  });
  const thread = client.thread('t');
  return {
    client,
    clock,
    signals,
    server,
    sockets,
    errors,
    thread,
    mints: () => mints,
    texts: () => thread.get().messages.map(({ message, delivery }) => `${textOf(message.parts)}:${delivery}`),
    requests: (type: ClientFrame['type']) => sockets.all.flatMap((socket) => socket.sentOf(type)),
    connected: async (ms = 20) => {
      const release = client.retain();
      await clock.advance(ms);
      expect(client.connection.get().status).toBe('connected');
      return release;
    },
  };
}

describe('the client', () => {
  it('C11 opens and asks nothing before retain(), also when looked at', async () => {
    const { client, clock, sockets, thread, mints, signals } = setup();
    thread.subscribe(() => {});
    client.threads.subscribe(() => {});
    await clock.advance(60_000);
    expect([sockets.all.length, mints(), signals.listeners.size]).toEqual([0, 0, 0]);
    expect(thread.get().status).toBe('loading');
    expect(client.thread('t')).toBe(thread);
  });

  it('C10 a double mount keeps one socket; 1,000 fast mounts leave none', async () => {
    const { client, clock, sockets, mints } = setup();
    client.retain()();
    const release = client.retain();
    await clock.advance(20);
    expect(sockets.all.length).toBe(1);
    for (let i = 0; i < 1_000; i += 1) client.retain()();
    release();
    release();
    expect(client.connection.get().status).toBe('connected');
    await clock.advance(1);
    expect([sockets.all.length, sockets.alive.length, mints()]).toEqual([1, 0, 1]);
    expect(client.connection.get().status).toBe('idle');
    expect(clock.pending).toBe(0);
    client.retain();
    await clock.advance(20);
    expect(client.connection.get().status).toBe('connected');
    expect(sockets.alive.length).toBe(1);
  });

  it('C8 signOut() closes in the same tick and forgets token, messages and the unsent', async () => {
    const { client, clock, sockets, thread, server, connected } = setup();
    await connected();
    thread.subscribe(() => {});
    server.silent.add('message.send');
    thread.send('secret');
    client.signOut();
    expect(sockets.latest.closedByClient).toBe(1000);
    expect(client.connection.get()).toEqual({ status: 'closed', error: null, retryAt: null });
    expect(client.tokens.current).toBeNull();
    await clock.advance(60_000);
    expect(thread.get().messages).toEqual([]);
    client.retain();
    client.reconnect();
    await clock.advance(60_000);
    expect(sockets.all.length).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('T43 a sign-out in another tab does the same here', async () => {
    const tabs = new FakeTabs();
    const { client, clock, sockets, thread, server, connected } = setup({ tabs: tabs.tab() });
    const there = createTokenManager({
      userId: 'ada',
      fetchToken: () => new Promise(() => {}),
      clock,
      tabs: tabs.tab(),
    });
    await connected(200); // alone at first: 75 ms to find that out
    thread.subscribe(() => {});
    server.silent.add('message.send');
    thread.send('secret');
    there.signOut();
    await clock.settle();
    expect(sockets.latest.closedByClient).toBe(1000);
    expect(client.connection.get()).toEqual({ status: 'closed', error: null, retryAt: null });
    expect(client.tokens.current).toBeNull();
    await clock.advance(60_000);
    expect(thread.get().messages).toEqual([]);
    expect(sockets.all.length).toBe(1);
    expect([clock.pending, tabs.open]).toEqual([0, 0]);
  });

  it('T14 dispose() leaves nothing', async () => {
    const { client, clock, sockets, thread, signals, connected } = setup();
    await connected();
    const leave = thread.subscribe(() => {});
    client.threads.subscribe(() => {});
    client.dispose();
    leave();
    await clock.settle();
    expect([sockets.alive.length, clock.pending, signals.listeners.size]).toEqual([0, 0, 0]);
    await expect(client.tokens.get()).rejects.toMatchObject({ code: 'disposed' });
  });

  it('lists conversations while watched, the latest first, and again after a reconnect', async () => {
    const { client, clock, server, sockets, connected } = setup();
    client.threads.subscribe(() => {});
    await connected();
    expect(client.threads.get()).toMatchObject({ status: 'ready', threads: [{ id: 't' }] });
    const own = { readSeq: 0, unreadCount: 0, muted: false, archived: false };
    const other = { ...server.thread(), id: 'other', updatedAt: 99, own };
    sockets.latest.deliver({ type: 'thread.updated', thread: other });
    expect(client.threads.get().threads.map(({ id }) => id)).toEqual(['other', 't']);
    sockets.latest.drop();
    await clock.advance(5_100);
    expect(client.threads.get().threads.map(({ id }) => id)).toEqual(['t']);
  });

  it('a list that fails is tried again while connected', async () => {
    const { client, clock, server, connected } = setup();
    server.refuse.set('thread.list', { code: 'internal', retryable: true });
    client.threads.subscribe(() => {});
    await connected();
    expect(client.threads.get()).toMatchObject({ status: 'error', error: { code: 'internal' } });
    server.refuse.clear();
    await clock.advance(5_000);
    expect(client.threads.get()).toMatchObject({ status: 'ready', error: null });
  });
});

describe('a thread', () => {
  it('C17 is opened once for two watchers, stays 5 s after the last, and resumes from where it was', async () => {
    const { clock, server, thread, requests, texts, connected } = setup();
    server.store('one');
    await connected();
    const leaveA = thread.subscribe(() => {});
    const leaveB = thread.subscribe(() => {});
    await clock.settle();
    expect(thread.get()).toMatchObject({ status: 'ready', hasOlder: false, error: null });
    leaveA();
    leaveB();
    await clock.advance(4_000);
    thread.subscribe(() => {})();
    await clock.advance(4_900);
    server.store('two');
    expect(texts()).toEqual(['one:sent', 'two:sent']);
    expect(requests('thread.subscribe').length).toBe(1);
    await clock.advance(200);
    expect(requests('thread.unsubscribe').length).toBe(1);
    server.store('three', { tell: false });
    thread.subscribe(() => {});
    await clock.settle();
    expect(requests('thread.subscribe').at(-1)).toMatchObject({ afterSeq: 2 });
    expect(texts()).toEqual(['one:sent', 'two:sent', 'three:sent']);
  });

  it('C14 drop, 4 stored meanwhile, back: exactly those, once, in order, then live goes on', async () => {
    const { clock, server, sockets, thread, texts, connected } = setup();
    await connected();
    thread.subscribe(() => {});
    await clock.settle();
    server.store('1');
    const first = thread.get().messages[0];
    sockets.latest.drop();
    for (const text of ['2', '3', '4', '5']) server.store(text, { tell: false });
    await clock.advance(5_100);
    server.store('6');
    server.socket?.deliver({ type: 'message.created', message: server.log[4] as Message });
    expect(texts()).toEqual(['1', '2', '3', '4', '5', '6'].map((text) => `${text}:sent`));
    expect(thread.get().messages[0]).toBe(first);
  });

  it('C15 back after a gap: the page is replaced, unsent and failed stay', async () => {
    const { clock, server, sockets, thread, texts, connected } = setup();
    await connected();
    thread.subscribe(() => {});
    await clock.settle();
    server.store('old');
    server.refuse.set('message.send', { code: 'message_conflict', retryable: false });
    thread.send('failed');
    await clock.settle();
    server.refuse.clear();
    sockets.latest.drop();
    server.refuse.set('message.send', { code: 'rate_limited', retryable: true, retryAfterMs: 60_000 });
    thread.send('unsent');
    for (let i = 0; i < 10; i += 1) server.store(`n${i}`, { tell: false });
    await clock.advance(5_100);
    expect(thread.get().hasOlder).toBe(true);
    expect(texts().filter((text) => text.endsWith(':sent'))).not.toContain('old:sent');
    expect(texts().slice(-2)).toEqual(['failed:failed', 'unsent:sending']);
  });

  it('a hole in what comes live is read again', async () => {
    const { clock, server, thread, texts, requests, connected } = setup();
    await connected();
    thread.subscribe(() => {});
    await clock.settle();
    server.store('1');
    server.store('2', { tell: false });
    server.store('3');
    await clock.settle();
    expect(requests('thread.subscribe').at(-1)).toMatchObject({ afterSeq: 1 });
    expect(texts()).toEqual(['1:sent', '2:sent', '3:sent']);
    server.store('4');
    expect(requests('thread.subscribe').length).toBe(2);
  });

  it('L5 older pages come one at a time, join, and end', async () => {
    const { clock, server, thread, requests, texts, connected } = setup();
    for (let i = 1; i <= 12; i += 1) server.store(String(i), { tell: false });
    await connected();
    thread.subscribe(() => {});
    await clock.settle();
    const rows = thread.get().messages;
    expect(texts()[0]).toBe('8:sent');
    await Promise.all([thread.loadOlder(), thread.loadOlder(), thread.loadOlder()]);
    expect(requests('history.fetch').length).toBe(1);
    expect(thread.get().messages.slice(5)).toEqual(rows);
    expect(thread.get().messages[5]).toBe(rows[0]);
    await thread.loadOlder();
    await thread.loadOlder();
    expect(requests('history.fetch').length).toBe(2);
    expect(thread.get()).toMatchObject({ hasOlder: false, loadingOlder: false });
    expect(texts()).toEqual(Array.from({ length: 12 }, (_, i) => `${i + 1}:sent`));
  });

  it('an older page that fails is told in the state, and can be asked for again', async () => {
    const { clock, server, thread, connected } = setup();
    for (let i = 1; i <= 12; i += 1) server.store(String(i), { tell: false });
    await connected();
    thread.subscribe(() => {});
    await clock.settle();
    server.refuse.set('history.fetch', { code: 'internal', retryable: true });
    await thread.loadOlder();
    expect(thread.get()).toMatchObject({ status: 'ready', loadingOlder: false, error: { code: 'internal' } });
    server.refuse.clear();
    await thread.loadOlder();
    expect(thread.get().error).toBeNull();
    expect(thread.get().messages.length).toBe(10);
  });

  it.each(['thread_forbidden', 'thread_not_found'])('%s → refused; reload() asks again', async (code) => {
    const { clock, server, thread, requests, errors, connected } = setup();
    server.refuse.set('thread.subscribe', { code, retryable: false });
    await connected();
    thread.subscribe(() => {});
    await clock.advance(60_000);
    expect(thread.get()).toMatchObject({ status: 'refused', error: { code } });
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(requests('thread.subscribe').length).toBe(1);
    server.refuse.clear();
    thread.reload();
    expect(thread.get().status).toBe('loading');
    await clock.settle();
    expect(thread.get()).toMatchObject({ status: 'ready', error: null });
  });

  it('another failure → error, tried again when the server says', async () => {
    const { clock, server, thread, connected } = setup();
    server.refuse.set('thread.subscribe', { code: 'rate_limited', retryable: true, retryAfterMs: 8_000 });
    await connected();
    thread.subscribe(() => {});
    await clock.advance(7_900);
    expect(thread.get()).toMatchObject({ status: 'error', error: { code: 'rate_limited' } });
    server.refuse.clear();
    await clock.advance(200);
    expect(thread.get().status).toBe('ready');
  });
});

describe('sending', () => {
  it.each([true, false])('S1 the row is there at once and stays one (echo first: %s)', async (echoFirst) => {
    const { clock, server, thread, connected } = setup();
    server.echoFirst = echoFirst;
    await connected();
    thread.subscribe(() => {});
    await clock.settle();
    const id = thread.send('hello');
    expect(thread.get().messages.map(({ message }) => message.id)).toEqual([id]);
    await clock.settle();
    server.socket?.deliver({ type: 'message.created', message: server.log[0] as Message });
    expect(thread.get().messages).toMatchObject([{ delivery: 'sent', mine: true, message: { id, seq: 1 } }]);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('S2 an answer that was lost: sent again under the same id, one message on the server, one row', async () => {
    const { clock, server, sockets, thread, requests, texts, connected } = setup();
    await connected();
    thread.subscribe(() => {});
    await clock.settle();
    server.silent.add('message.send');
    thread.send('once');
    await clock.advance(1_000);
    server.silent.clear();
    sockets.latest.drop();
    await clock.advance(5_100);
    expect(server.log.length).toBe(1);
    expect(texts()).toEqual(['once:sent']);
    expect(
      new Set(requests('message.send').map((frame) => frame.type === 'message.send' && frame.messageId)).size,
    ).toBe(1);
  });

  it('S2 a time-out while connected: sent again with backoff, one message', async () => {
    const { clock, server, thread, requests, texts, connected } = setup();
    await connected();
    server.silent.add('message.send');
    thread.send('once');
    await clock.advance(10_100);
    server.silent.clear();
    await clock.advance(1_000);
    expect(requests('message.send').length).toBe(2);
    expect(server.log.length).toBe(1);
    expect(texts()).toEqual(['once:sent']);
  });

  it('S3 one message is under way at a time', async () => {
    const { clock, server, thread, requests, connected } = setup();
    await connected();
    server.silent.add('message.send');
    for (const text of ['a', 'b', 'c']) thread.send(text);
    await clock.settle();
    expect(requests('message.send').length).toBe(1);
    server.silent.clear();
    await clock.advance(12_000);
    expect(server.log.map((message) => textOf(message.parts))).toEqual(['a', 'b', 'c']);
  });

  it('S3 offline messages wait and go out in order, one by one', async () => {
    const { client, clock, server, thread, requests, texts } = setup();
    thread.subscribe(() => {});
    for (const text of ['a', 'b', 'c']) thread.send(text);
    expect(texts()).toEqual(['a:sending', 'b:sending', 'c:sending']);
    client.retain();
    server.silent.add('message.send');
    await clock.advance(20);
    expect(requests('message.send').length).toBe(1);
    server.silent.clear();
    server.socket?.drop();
    await clock.advance(5_100);
    expect(server.log.map((message) => textOf(message.parts))).toEqual(['a', 'b', 'c']);
    expect(texts()).toEqual(['a:sent', 'b:sent', 'c:sent']);
  });

  it('a retryable refusal keeps sending, and waits for the time that the server names', async () => {
    const { clock, server, thread, requests, texts, connected } = setup();
    await connected();
    server.refuse.set('message.send', { code: 'rate_limited', retryable: true, retryAfterMs: 9_000 });
    thread.send('slow');
    await clock.advance(8_900);
    server.refuse.clear();
    expect(requests('message.send').length).toBe(1);
    expect(texts()).toEqual(['slow:sending']);
    await clock.advance(200);
    expect(texts()).toEqual(['slow:sent']);
  });

  it('S4 a refused message stays with its text and reason; the next goes on; retry and discard', async () => {
    const { clock, server, thread, texts, connected } = setup();
    await connected();
    server.refuse.set('message.send', { code: 'thread_forbidden', retryable: false });
    const id = thread.send('kept');
    const other = thread.send('also');
    await clock.settle();
    expect(texts()).toEqual(['kept:failed', 'also:failed']);
    expect(thread.get().messages[0]?.error).toMatchObject({ code: 'thread_forbidden' });
    server.refuse.clear();
    thread.retry(id);
    thread.retry(id);
    expect(thread.get().messages.find(({ message }) => message.id === id)).toMatchObject({
      delivery: 'sending',
      error: null,
    });
    await clock.settle();
    thread.discard(other);
    thread.discard(id); // sent: not to be forgotten
    expect(texts()).toEqual(['kept:sent']);
    expect(server.log.map((message) => message.id)).toEqual([id]);
  });

  it('an empty or too long message is refused before anything is stored', () => {
    const { thread } = setup();
    expect(() => thread.send(' \n\t ')).toThrow(expect.objectContaining({ code: 'message_empty' }));
    expect(() => thread.send([])).toThrow(expect.objectContaining({ code: 'message_empty' }));
    expect(() => thread.send('x'.repeat(MAX_TEXT_LENGTH + 1))).toThrow(
      expect.objectContaining({ code: 'message_too_long' }),
    );
    expect(thread.get().messages).toEqual([]);
    thread.send('x'.repeat(MAX_TEXT_LENGTH));
    expect(thread.get().messages.length).toBe(1);
  });

  it('an own message far ahead of the first page is not taken as joined to it', async () => {
    const { clock, server, thread, texts, connected } = setup();
    await connected();
    thread.send('early');
    await clock.settle();
    for (let i = 0; i < 10; i += 1) server.store(`n${i}`, { tell: false });
    thread.subscribe(() => {});
    await clock.settle();
    await thread.loadOlder();
    await thread.loadOlder();
    expect(texts()).toEqual(['early:sent', ...Array.from({ length: 10 }, (_, i) => `n${i}:sent`)]);
  });
});

describe('over a backend', () => {
  function fake(options: Partial<ChatClientOptions> & FakeBackendOptions = {}) {
    const clock = new FakeClock();
    const backend = createFakeBackend({
      clock,
      latencyMs: 100,
      users: [{ id: 'ada', name: 'Ada Osei' }],
      threads: [{ id: 't' }],
      ...options,
    });
    const userId = options.userId ?? 'ada';
    const client = createChatClient({ userId, clock, backend, fetchToken: createFakeFetchToken({ userId }) });
    const texts = () =>
      client
        .thread('t')
        .get()
        .messages.map(({ message }) => textOf(message.parts));
    return { clock, backend, client, texts, thread: client.thread('t') };
  }

  it('the person is shown as the server knows them, from the first connection on', async () => {
    const { client, clock, thread } = fake();
    expect(client.user.get()).toEqual({ id: 'ada', name: 'ada', avatarUrl: null });
    let told = 0;
    client.user.subscribe(() => (told += 1));
    client.retain();
    await clock.advance(500);
    expect(client.user.get()).toEqual({ id: 'ada', name: 'Ada Osei', avatarUrl: null });
    expect(told).toBe(1);
    thread.send('hello');
    expect(thread.get().messages[0]?.message.author.name).toBe('Ada Osei');
  });

  it('C17 two watchers, one of whom comes twice, hear each message once over one subscription', async () => {
    const { client, clock, backend, texts, thread } = fake();
    client.retain();
    thread.subscribe(() => {});
    thread.subscribe(() => {})();
    thread.subscribe(() => {});
    await clock.advance(500);
    backend.receive({ threadId: 't', author: 'ben', text: 'once' });
    expect(texts()).toEqual(['once']);
    expect(backend.requests.filter(({ name }) => name === 'openThread').length).toBe(1);
  });

  it('C14 S6 awake after an hour: what came, changed and went is there after one round trip', async () => {
    const messages = Array.from({ length: 4 }, (_, i) => ({ author: 'ben', text: `${i + 1}`, id: `m${i + 1}` }));
    const { client, clock, backend, texts, thread } = fake({ threads: [{ id: 't', messages }] });
    client.retain();
    thread.subscribe(() => {});
    await clock.advance(500);
    expect(texts()).toEqual(['1', '2', '3', '4']);
    clock.sleep(3_600_000);
    backend.disconnect(); // the server gave up on the sleeping device
    backend.edit({ threadId: 't', messageId: 'm1', text: 'one' });
    backend.delete({ threadId: 't', messageId: 'm2' });
    backend.react({ threadId: 't', messageId: 'm3', userId: 'ben', emoji: '👍' });
    backend.receive({ threadId: 't', author: 'ben', text: '5' });
    const untouched = thread.get().messages[3];
    const asked = backend.requests.length;
    backend.goOnline();
    await clock.advance(100);
    expect(client.connection.get().status).toBe('connected');
    await clock.advance(100);
    expect(backend.requests.slice(asked)).toEqual([{ name: 'openThread', threadId: 't', userId: 'ada', afterSeq: 4 }]);
    expect(texts()).toEqual(['one', '', '3', '4', '5']);
    expect(thread.get().messages[1]?.message.deletedAt).not.toBeNull();
    expect(thread.get().messages[2]?.message.reactions).toMatchObject([{ emoji: '👍', count: 1 }]);
    expect(thread.get().messages[3]).toBe(untouched);
  });

  it('S7 a refused edit is taken back and kept with its text; retry and discard decide', async () => {
    const { client, clock, backend, texts, thread } = fake({
      threads: [{ id: 't', messages: [{ author: 'ada', text: 'before', id: 'm' }] }],
      faults: { editMessage: 'action_forbidden' },
    });
    client.retain();
    thread.subscribe(() => {});
    await clock.advance(500);
    thread.edit('m', 'after');
    expect(texts()).toEqual(['after']);
    expect(thread.get().messages[0]).toMatchObject({ delivery: 'sent', change: { type: 'edit', status: 'saving' } });
    await clock.advance(200);
    expect(texts()).toEqual(['before']);
    expect(thread.get().messages[0]?.change).toEqual({
      type: 'edit',
      status: 'failed',
      error: expect.objectContaining({ code: 'action_forbidden' }) as ChatError,
      parts: [{ type: 'text', text: 'after' }],
    });
    thread.discard('m');
    expect(thread.get().messages[0]?.change).toBeNull();
    thread.edit('m', 'again');
    await clock.advance(200);
    backend.setFault('editMessage', null);
    thread.edit('m', 'at last');
    await clock.advance(200);
    expect(texts()).toEqual(['at last']);
    expect(thread.get().messages[0]).toMatchObject({ change: null, message: { version: 2 } });
    expect(() => thread.edit('m', '  ')).toThrow(expect.objectContaining({ code: 'message_empty' }));
  });

  it('S4 a failed message is edited before it is sent again, and deleted without asking the server', async () => {
    const { client, clock, backend, texts, thread } = fake({ faults: { sendMessage: 'message_conflict' } });
    client.retain();
    await clock.advance(500);
    const [first, second] = [thread.send('typo'), thread.send('unwanted')];
    await clock.advance(500);
    thread.delete(second);
    backend.setFault('sendMessage', null);
    thread.edit(first, 'right');
    await clock.advance(500);
    expect(texts()).toEqual(['right']);
    expect(backend.messages('t')).toMatchObject([{ id: first, version: 1 }]);
    expect(backend.requests.some(({ name }) => name === 'deleteMessage' || name === 'editMessage')).toBe(false);
  });

  it('keeps what was read of the 20 threads that were watched last, and of none that is unwatched longer', async () => {
    const ids = Array.from({ length: 23 }, (_, i) => `t${i}`);
    const threads = ids.map((id) => ({ id, messages: [{ author: 'ben', text: id }] }));
    const { client, clock, backend } = fake({ threads });
    client.retain();
    await clock.advance(500);
    const held = client.thread('t0');
    for (const id of ids) {
      const leave = client.thread(id).subscribe(() => {});
      await clock.advance(200);
      leave();
      await clock.advance(6_000);
    }
    const kept = ids.filter((id) => client.thread(id).get().status === 'ready');
    expect(kept).toEqual(ids.slice(3));
    expect(client.thread('t0')).toBe(held);
    held.subscribe(() => {});
    await clock.advance(200);
    backend.receive({ threadId: 't0', author: 'ben', text: 'live again' });
    expect(held.get().messages.map(({ message }) => textOf(message.parts))).toEqual(['t0', 'live again']);
  });

  it('C9 another person’s client begins from nothing', async () => {
    const { client, clock, backend, thread } = fake({
      threads: [{ id: 't', messages: [{ author: 'ben', text: 'x' }] }],
    });
    client.retain();
    thread.subscribe(() => {});
    await clock.advance(500);
    client.dispose();
    const other = createChatClient({
      userId: 'ben',
      clock,
      backend,
      fetchToken: createFakeFetchToken({ userId: 'ben' }),
    });
    other.thread('t').subscribe(() => {});
    expect(other.thread('t').get().messages).toEqual([]);
    other.retain();
    await clock.advance(500);
    expect(backend.requests.at(-1)).toEqual({ name: 'openThread', threadId: 't', userId: 'ben' });
  });
});
