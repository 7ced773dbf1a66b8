import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestSocket } from '../../../test/support/socket.ts';
import { CLOSE_CODES, PROTOCOL_VERSION, type Message } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import { topics } from '../fanout/Fanout.ts';
import { LocalFanout } from '../fanout/LocalFanout.ts';
import { openStorage } from '../storage/openStorage.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import { createTokenEndpoint, createTokenVerifier } from '../token/index.ts';
import { OriginPolicy } from '../token/OriginPolicy.ts';
import { Gateway } from './Gateway.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const SECRET = 'a-secret-for-tests-of-at-least-32-bytes';

/** Time that goes on only when told to. */
class FakeClock implements Clock {
  #now = Date.UTC(2030, 0, 1);
  #timers = new Set<{ at: number; fn: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimer(fn: () => void, ms: number): () => void {
    const timer = { at: this.#now + ms, fn };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get armed(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fn();
    }
    this.#now = until;
  }
}

let clock: FakeClock;
let storage: ChatStorage;
let fanout: LocalFanout;
let gateway: Gateway;
let http: Server;
let url: string;

beforeEach(async () => {
  clock = new FakeClock();
  storage = await openStorage(':memory:');
  await storage.upsertThread({ id: 'open', title: 'Open', access: 'open' });
  fanout = new LocalFanout(() => {});
  gateway = new Gateway({
    storage: () => Promise.resolve(storage),
    fanout,
    verifier: createTokenVerifier({ secret: SECRET, now: () => clock.now() }),
    authorize: undefined,
    origins: new OriginPolicy(),
    logger: { error: () => {}, warn: () => {}, info: () => {} },
    clock,
    limits: DEFAULT_LIMITS,
  });
  http = createServer();
  http.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/chat/socket`;
});

afterEach(async () => {
  http.closeAllConnections();
  await gateway.close();
  http.close();
  await storage.close();
  expect(clock.armed).toBe(0);
});

async function mint(ttl = 100): Promise<string> {
  const endpoint = createTokenEndpoint({
    secret: SECRET,
    ttl,
    authenticate: () => ({ id: 'ada' }),
    now: () => clock.now(),
  });
  const response = await endpoint(new Request('http://x/token', { method: 'POST', headers: { 'x-latchkit': '1' } }));
  return ((await response.json()) as { token: string }).token;
}

/** Lets time pass in steps in which a ping of the server's finds its answer. */
async function pass(socket: TestSocket, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 10_000) {
    clock.advance(Math.min(10_000, left));
    socket.send({ type: 'ping' });
    await socket.take('pong');
  }
}

describe('the life of a connection', () => {
  it('G2 without a token it lasts 5 s', async () => {
    const socket = await TestSocket.connect(url);
    clock.advance(4_999);
    expect(socket.raw.readyState).toBe(socket.raw.OPEN);
    clock.advance(1);
    expect(await socket.closed).toBe(CLOSE_CODES.auth_timeout.code);
  });

  it('says auth.expiring when 25–30 % of the token’s life is left, and closes at exp + 5 s when no renewal comes', async () => {
    const socket = await TestSocket.open(url, await mint(100));
    await pass(socket, 69_000);
    expect(socket.frames).toEqual([]);
    await pass(socket, 6_000);
    const { expiresInMs } = await socket.take('auth.expiring');
    expect(expiresInMs).toBeGreaterThanOrEqual(25_000);
    expect(expiresInMs).toBeLessThanOrEqual(30_000);
    await pass(socket, 29_999);
    clock.advance(1);
    expect(await socket.closed).toBe(CLOSE_CODES.token_lapsed.code);
  });

  it('C3 renewed whenever it is told to, one connection outlives a day of 60 s tokens', async () => {
    const socket = await TestSocket.open(url, await mint(60));
    let renewals = 0;
    while (renewals < (24 * 3600) / 43.2) {
      await pass(socket, 10_000);
      if (!socket.frames.some((frame) => frame.type === 'auth.expiring')) continue;
      await socket.take('auth.expiring');
      const renewed = await socket.request({ type: 'auth.renew', token: await mint(60) }, 'auth.renewed');
      expect(renewed.expiresInMs).toBeGreaterThan(58_000);
      renewals++;
    }
    expect(socket.raw.readyState).toBe(socket.raw.OPEN);
  });

  it('an older token that arrives late does not shorten the connection’s life', async () => {
    const older = await mint(60);
    clock.advance(10_000);
    const socket = await TestSocket.open(url, await mint(100));
    const renewed = await socket.request({ type: 'auth.renew', token: older }, 'auth.renewed');
    expect(renewed.expiresInMs).toBe(100_000);
  });

  it('G7 a peer that fell silent is ended after two pings, one that answers is not', async () => {
    const quiet = await TestSocket.open(url, await mint(900));
    const alive = await TestSocket.open(url, await mint(900));
    // Reads nothing any more, so it answers no ping: what a sleeping laptop looks like.
    quiet.raw.pause();
    for (let n = 0; n < 3; n++) {
      clock.advance(25_000);
      alive.send({ type: 'ping' });
      await alive.take('pong');
    }
    quiet.raw.resume();
    expect(await quiet.closed).toBe(1006);
    expect(alive.raw.readyState).toBe(alive.raw.OPEN);
  });

  it('G6 a reader with over 1 MB waiting is cut off to come back, and holds nobody up', async () => {
    const slow = await TestSocket.open(url, await mint(900));
    const quick = await TestSocket.open(url, await mint(900));
    for (const socket of [slow, quick]) {
      await socket.request({ type: 'thread.subscribe', threadId: 'open' }, 'thread.subscribed');
    }
    slow.raw.pause();
    const parts = [{ type: 'text' as const, text: '\u0001'.repeat(10_000) }];
    const author = { id: 'bob', name: 'Bob', avatarUrl: null };
    for (let seq = 1; seq <= 400; seq++) {
      const message: Message = { id: `m${seq}`, threadId: 'open', seq, author, parts, createdAt: 0 };
      await fanout.publish(topics.thread('open'), { type: 'message.created', message });
      expect((await quick.take('message.created')).message.seq).toBe(seq);
    }
    slow.raw.resume();
    expect(await slow.closed).toBe(CLOSE_CODES.too_slow.code);
    expect(slow.frames.length).toBeLessThan(400);
  });

  it('G11 closing tells everybody to come back', async () => {
    const open = await TestSocket.open(url, await mint());
    const waiting = await TestSocket.connect(url);
    await gateway.close();
    expect(await open.closed).toBe(1012);
    expect(await waiting.closed).toBe(1012);
    await expect(TestSocket.connect(url)).rejects.toThrow('503');
  });

  it('G11 a message that is being stored while it closes is still acknowledged', async () => {
    const socket = await TestSocket.open(url, await mint());
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const append = storage.appendMessage.bind(storage);
    const begun = new Promise<void>((resolve) => {
      storage.appendMessage = async (message) => {
        resolve();
        await held;
        return append(message);
      };
    });
    const answer = socket.sendText('open', 'last words');
    await begun;
    const closing = gateway.close();
    release();
    expect((await answer).message.seq).toBe(1);
    await closing;
    expect(await socket.closed).toBe(1012);
  });

  it('a message that is stored after the page was read and before it was sent arrives once', async () => {
    const [ada, bob] = [await TestSocket.open(url, await mint()), await TestSocket.open(url, await mint())];
    await ada.sendText('open', 'before', 'm1');
    const read = storage.newestMessages.bind(storage);
    storage.newestMessages = async (threadId, limit) => {
      const page = await read(threadId, limit);
      await ada.sendText('open', 'between', 'm2');
      return page;
    };
    const page = await bob.request({ type: 'thread.subscribe', threadId: 'open' }, 'thread.subscribed');
    expect(page.messages.map((message) => message.id)).toEqual(['m1']);
    expect((await bob.take('message.created')).message.id).toBe('m2');
    await ada.sendText('open', 'after', 'm3');
    expect((await bob.take('message.created')).message.id).toBe('m3');
  });

  it('a database that does not answer sends the newcomer away to come back', async () => {
    storage.getUser = () => Promise.reject(new Error('gone'));
    const socket = await TestSocket.connect(url);
    socket.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token: await mint() });
    expect(await socket.closed).toBe(1013);
  });

  it('T70 a revocation that another node announces after this one looked, but before it let the newcomer in, finds it', async () => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const read = storage.getUser.bind(storage);
    const begun = new Promise<void>((resolve) => {
      storage.getUser = async (userId) => {
        resolve();
        await held;
        return read(userId);
      };
    });
    const socket = await TestSocket.connect(url);
    socket.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token: await mint() });
    await begun;
    const revocation = { kind: 'user', id: 'ada', before: clock.now() + 1, expiresAt: clock.now() + 1 } as const;
    await fanout.publish(topics.revocations, { type: 'tokens.revoked', revocation });
    release();
    expect(await socket.closed).toBe(CLOSE_CODES.token_refused.code);
    expect(socket.frames).toEqual([]);
  });

  it('T70 a revocation ends the connections that it is about and no other', async () => {
    const [socket, other] = [await TestSocket.open(url, await mint()), await TestSocket.open(url, await mint())];
    clock.advance(1_000);
    await other.request({ type: 'auth.renew', token: await mint() }, 'auth.renewed');
    const revocation = { kind: 'user', id: 'ada', before: clock.now(), expiresAt: clock.now() + 1 } as const;
    await fanout.publish(topics.revocations, { type: 'tokens.revoked', revocation: { ...revocation, id: 'bob' } });
    await fanout.publish(topics.revocations, { type: 'tokens.revoked', revocation });
    expect(await socket.closed).toBe(CLOSE_CODES.token_refused.code);
    // Its newer token was issued after the moment that counts.
    other.send({ type: 'ping' });
    await other.take('pong');
  });

  it('a renewal while the database is away is refused for now, and the connection goes on', async () => {
    const socket = await TestSocket.open(url, await mint());
    storage.revokedBefore = () => Promise.reject(new Error('gone'));
    const refused = await socket.request({ type: 'auth.renew', token: await mint() }, 'request.refused');
    expect(refused.error).toMatchObject({ code: 'internal', retryable: true });
    socket.send({ type: 'ping' });
    await socket.take('pong');
  });
});
