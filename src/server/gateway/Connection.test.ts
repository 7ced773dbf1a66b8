import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeClock } from '../../../test/support/FakeClock.ts';
import { startTestGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { TestSocket } from '../../../test/support/socket.ts';
import type { TestClient } from '../../../test/support/TestClient.ts';
import { WIRES } from '../../../test/support/wires.ts';
import { CLOSE_CODES, PROTOCOL_VERSION } from '../../protocol/index.ts';
import { topics } from '../fanout/Fanout.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';

let server: TestGateway;
let clock: FakeClock;
let storage: ChatStorage;
let mint: TestGateway['mint'];

beforeEach(async () => {
  // What one may send is no matter here.
  server = await startTestGateway({ frameBurst: 10_000, userFrameBurst: 10_000 });
  ({ clock, storage, mint } = server);
});

afterEach(async () => {
  await server.stop();
  expect(clock.armed).toBe(0);
});

/** Lets time pass in steps in which a ping of the server's finds its answer. */
async function pass(client: TestClient, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 10_000) {
    clock.advance(Math.min(10_000, left));
    await client.ping();
  }
}

/** Holds the next call of a method back until it is let go. */
function hold<K extends 'getUser' | 'appendMessage'>(method: K) {
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const real = storage[method].bind(storage) as (argument: never) => Promise<never>;
  const begun = new Promise<void>((resolve) => {
    storage[method] = async (argument: never) => {
      resolve();
      await released;
      return real(argument);
    };
  });
  return { begun, release };
}

const revoke = (id: string, before: number) =>
  server.fanout.publish(topics.revocations, {
    type: 'tokens.revoked',
    revocation: { kind: 'user', id, before, expiresAt: clock.now() + 1 },
  });

describe.each(WIRES)('the life of a connection ($name)', (wire) => {
  const open = (token: string) => wire.open(server.base, token);

  it('says auth.expiring when 25–30 % of the token’s life is left, and closes at exp + 5 s when no renewal comes', async () => {
    const client = await open(await mint('ada', 100));
    await pass(client, 69_000);
    expect(client.frames).toEqual([]);
    await pass(client, 6_000);
    const { expiresInMs } = await client.take('auth.expiring');
    expect(expiresInMs).toBeGreaterThanOrEqual(25_000);
    expect(expiresInMs).toBeLessThanOrEqual(30_000);
    await pass(client, 29_999);
    clock.advance(1);
    expect(await client.closed).toBe(CLOSE_CODES.token_lapsed.code);
  });

  it('C3 renewed whenever it is told to, one connection outlives a day of 60 s tokens', async () => {
    const client = await open(await mint('ada', 60));
    // Over HTTP each step is a request, or two: a quarter of a day shows the same.
    const until = clock.now() + (wire.name === 'WebSocket' ? 24 : 6) * 3_600_000;
    let renewals = 0;
    while (clock.now() < until) {
      clock.advance(20_000);
      await client.ping();
      if (!client.frames.some((frame) => frame.type === 'auth.expiring')) continue;
      await client.take('auth.expiring');
      const renewed = await client.request({ type: 'auth.renew', token: await mint('ada', 60) }, 'auth.renewed');
      expect(renewed.expiresInMs).toBeGreaterThan(58_000);
      renewals++;
    }
    expect(client.isOpen).toBe(true);
    expect(renewals).toBeGreaterThanOrEqual(6 * 60);
  }, 60_000);

  it('an older token that arrives late does not shorten the connection’s life', async () => {
    const older = await mint('ada', 60);
    clock.advance(10_000);
    const client = await open(await mint('ada', 100));
    const renewed = await client.request({ type: 'auth.renew', token: older }, 'auth.renewed');
    expect(renewed.expiresInMs).toBe(100_000);
  });

  it('G6 a reader with over 1 MB waiting is sent away to come back, and holds nobody up', async () => {
    const [slow, quick] = [await open(await mint('ada', 900)), await open(await mint('bob', 900))];
    const writer = await TestSocket.open(server.socketUrl, await mint('cy', 900));
    for (const client of [slow, quick]) {
      await client.request({ type: 'thread.subscribe', threadId: 'open' }, 'thread.subscribed');
    }
    slow.pause();
    let sent = 0;
    // Each message is 60 KB on the wire. The network between takes some megabytes before anything waits here.
    for (; sent < 400 && server.gateway.size === 3; sent++) {
      await writer.sendText('open', '\u0001'.repeat(10_000));
      // Not one of them waits for the slow one: the quick has it before the next is sent.
      expect((await quick.take('message.created')).message.seq).toBe(sent + 1);
    }
    expect(sent).toBeGreaterThan(17);
    slow.resume();
    expect(await slow.closed).toBe(CLOSE_CODES.too_slow.code);
    expect(slow.frames.length).toBeLessThan(400);
    await quick.ping();
  });

  it('G6 one that does not even read the goodbye is cut off', async () => {
    const slow = await open(await mint('ada', 900));
    await slow.request({ type: 'thread.subscribe', threadId: 'open' }, 'thread.subscribed');
    const writer = await TestSocket.open(server.socketUrl, await mint('bob', 900));
    slow.pause();
    for (let sent = 0; sent < 400 && server.gateway.size === 2; sent++) {
      await writer.sendText('open', '\u0001'.repeat(10_000));
    }
    clock.advance(5_000);
    await expect.poll(() => server.gateway.size).toBe(1);
    slow.resume();
    await slow.closed;
  });

  it('G11 closing tells everybody to come back, spread over a time that it names', async () => {
    const client = await open(await mint());
    await server.gateway.close();
    expect(await client.ended).toEqual({ code: 1012, reason: '{"spreadMs":5000}' });
    await expect(open(await mint())).rejects.toThrow('503');
  });

  it('G11 a message that is being stored while it closes is still acknowledged', async () => {
    const client = await open(await mint());
    const { begun, release } = hold('appendMessage');
    const answer = client.sendText('open', 'last words');
    await begun;
    const closing = server.gateway.close();
    release();
    expect((await answer).message.seq).toBe(1);
    await closing;
    expect(await client.closed).toBe(1012);
  });

  it('G11 a request that never ends does not hold the restart up', async () => {
    const client = await open(await mint());
    const { begun, release } = hold('appendMessage');
    client.sendText('open', 'never stored').catch(() => {});
    await begun;
    const closing = server.gateway.close();
    clock.advance(5_000);
    await closing;
    expect(await client.closed).toBe(1006);
    release();
  });

  it('T70 G9 a revocation ends the connections that it is about and no other', async () => {
    const [client, other] = [await open(await mint()), await open(await mint())];
    clock.advance(1_000);
    await other.request({ type: 'auth.renew', token: await mint() }, 'auth.renewed');
    await revoke('bob', clock.now());
    await revoke('ada', clock.now());
    expect(await client.closed).toBe(CLOSE_CODES.token_refused.code);
    // Its newer token was issued after the moment that counts.
    await other.ping();
  });

  it('a message that is stored after the page was read and before it was sent arrives once', async () => {
    const [ada, bob] = [await open(await mint()), await open(await mint())];
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

  it('a renewal while the database is away is refused for now, and the connection goes on', async () => {
    const client = await open(await mint());
    storage.revokedBefore = () => Promise.reject(new Error('gone'));
    const refused = await client.request({ type: 'auth.renew', token: await mint() }, 'request.refused');
    expect(refused.error).toMatchObject({ code: 'internal', retryable: true });
    await client.ping();
  });

  it('its place is free again when the client vanishes', async () => {
    const client = await open(await mint());
    expect(server.gateway.size).toBe(1);
    if (client instanceof TestSocket) client.raw.terminate();
    else client.close();
    await expect.poll(() => server.gateway.size).toBe(0);
  });
});

describe('what only a socket goes through', () => {
  it('G2 without a token it lasts 5 s', async () => {
    const socket = await TestSocket.connect(server.socketUrl);
    clock.advance(4_999);
    expect(socket.raw.readyState).toBe(socket.raw.OPEN);
    clock.advance(1);
    expect(await socket.closed).toBe(CLOSE_CODES.auth_timeout.code);
  });

  it('G2 pings keep nobody in who shows no token', async () => {
    const socket = await TestSocket.connect(server.socketUrl);
    const ping = () => new Promise<void>((resolve) => socket.raw.once('pong', () => resolve()).ping());
    for (let n = 0; n < 4; n++) {
      await ping();
      clock.advance(1_250);
    }
    expect(await socket.closed).toBe(CLOSE_CODES.auth_timeout.code);
  });

  it('G7 a peer that fell silent is ended after two pings, one that answers is not', async () => {
    const quiet = await TestSocket.open(server.socketUrl, await mint('ada', 900));
    const alive = await TestSocket.open(server.socketUrl, await mint('ada', 900));
    // Reads nothing any more, so it answers no ping: what a sleeping laptop looks like.
    quiet.raw.pause();
    for (let n = 0; n < 3; n++) {
      clock.advance(25_000);
      await alive.ping();
    }
    quiet.raw.resume();
    expect(await quiet.closed).toBe(1006);
    expect(alive.raw.readyState).toBe(alive.raw.OPEN);
  });

  it('a connection that is not open yet is sent away, too, when the server closes', async () => {
    const waiting = await TestSocket.connect(server.socketUrl);
    await server.gateway.close();
    expect(await waiting.closed).toBe(1012);
  });

  it('a database that does not answer sends the newcomer away to come back', async () => {
    storage.getUser = () => Promise.reject(new Error('gone'));
    const socket = await TestSocket.connect(server.socketUrl);
    socket.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token: await mint() });
    expect(await socket.closed).toBe(1013);
  });

  it('T70 a revocation that another node announces after this one looked, but before it let the newcomer in, finds it', async () => {
    const { begun, release } = hold('getUser');
    const socket = await TestSocket.connect(server.socketUrl);
    socket.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token: await mint() });
    await begun;
    await revoke('ada', clock.now() + 1);
    release();
    expect(await socket.closed).toBe(CLOSE_CODES.token_refused.code);
    expect(socket.frames).toEqual([]);
  });
});
