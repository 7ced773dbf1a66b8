import { beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/index.ts';
import { autoTransport } from './autoTransport.ts';
import { accepting, scriptedLines, setup as setupConnection } from './test-fixtures.ts';
import type { Script } from './test-fixtures.ts';
import { createTransportMemory, LAPSE_MS } from './transportMemory.ts';

beforeAll(() => import('./EventStreamLine.ts'));

type Store = Map<string, string>;

const asStorage = (kept: Store) => ({
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
});

interface Options {
  clock?: FakeClock;
  sockets: Script;
  streams?: Script;
  kept?: Store;
  storage?: () => ReturnType<typeof asStorage>;
  noSocket?: boolean;
}

function setup({ clock = new FakeClock(), kept = new Map(), noSocket = false, ...given }: Options) {
  const socket = scriptedLines('websocket', clock, given.sockets);
  const stream = scriptedLines('event-stream', clock, given.streams ?? accepting(clock));
  const memory = createTransportMemory({
    url: () => 'https://test/chat',
    now: () => clock.now(),
    storage: given.storage ?? (() => asStorage(kept)),
  });
  const transport = autoTransport({
    socket: noSocket ? null : socket.transport,
    eventStream: stream.transport,
    memory,
    clock,
  });
  return { ...setupConnection({ clock, transport }), sockets: socket.lines, streams: stream.lines, kept };
}

/** A proxy that refuses the upgrade: the socket closes without having opened. */
const refusing =
  (clock: FakeClock): Script =>
  (line) =>
    void clock.setTimer(() => line.drop(), 10);
/** A proxy that lets the upgrade through and then kills the socket. */
const killing =
  (clock: FakeClock): Script =>
  (line) => {
    line.onFrame = () => line.drop();
    clock.setTimer(() => line.open(), 10);
  };
/** A proxy that holds the upgrade for ever. */
const hanging: Script = () => {};

describe('where sockets go through', () => {
  it('no event stream is asked for, and nothing is kept', async () => {
    const clock = new FakeClock();
    const { connected, sockets, streams, kept } = setup({ clock, sockets: accepting(clock) });
    await connected();
    expect([sockets.all.length, streams.all.length, kept.size]).toEqual([1, 0, 0]);
  });

  it('one lost attempt changes nothing', async () => {
    const clock = new FakeClock();
    let attempts = 0;
    const server: Script = (line) => ((attempts += 1) === 1 ? refusing : accepting)(clock)(line);
    const { connection, sockets, streams, status } = setup({ clock, sockets: server });
    connection.start();
    await clock.advance(6_100);
    expect(status()).toBe('connected');
    expect([sockets.all.length, streams.all.length]).toEqual([2, 0]);
  });

  it('after an outage of both the socket is used again, and the event stream is not remembered', async () => {
    const clock = new FakeClock();
    let down = false;
    const either: Script = (line) => (down ? refusing : accepting)(clock)(line);
    const { connected, sockets, streams, status, kept } = setup({ clock, sockets: either, streams: either });
    await connected();
    down = true;
    sockets.latest.drop();
    await clock.advance(60_000);
    expect(status()).toBe('reconnecting');
    expect(streams.all.length).toBeGreaterThan(0);
    down = false;
    await clock.advance(31_000);
    expect(status()).toBe('connected');
    expect([sockets.alive.length, streams.alive.length, kept.size]).toEqual([1, 0, 0]);
    sockets.latest.drop();
    await clock.advance(6_000);
    expect([sockets.alive.length, streams.alive.length]).toEqual([1, 0]);
  });

  it('a slow socket is preferred to a fast event stream, within 2 s', async () => {
    const clock = new FakeClock();
    let attempts = 0;
    const slow: Script = (line) => {
      if ((attempts += 1) < 3) return refusing(clock)(line);
      accepting(clock)(line);
      const open = line.open.bind(line);
      line.open = () => void clock.setTimer(open, 1_900);
    };
    const { connection, sockets, streams, status, kept, frames } = setup({ clock, sockets: slow });
    connection.start();
    await clock.advance(4_000);
    expect(streams.alive.length).toBe(1);
    expect(status()).toBe('connecting');
    streams.latest.deliver({ type: 'thread.removed', threadId: 'told over the loser' });
    await clock.advance(2_000);
    expect(status()).toBe('connected');
    expect([sockets.alive.length, streams.alive.length, kept.size]).toEqual([1, 0, 0]);
    expect(frames).toEqual([]);
  });
});

describe('where they do not', () => {
  it.each([
    ['is refused', refusing, 4_000],
    ['dies before a word', killing, 4_000],
    ['never opens', () => hanging, 30_000],
  ])('the event stream is taken once the socket %s twice', async (_name, sockets, ms) => {
    const clock = new FakeClock();
    const chat = setup({ clock, sockets: sockets(clock) });
    chat.connection.start();
    await clock.advance(ms);
    expect(chat.status()).toBe('connected');
    expect(chat.sockets.all.length).toBe(3); // two alone, one beside the event stream
    expect([chat.sockets.alive.length, chat.streams.alive.length]).toEqual([0, 1]);
    const until = Number(chat.kept.get('latchkit:event-stream:https://test/chat'));
    expect(until).toBeGreaterThan(clock.now() + LAPSE_MS - ms);
    expect(until).toBeLessThanOrEqual(clock.now() + LAPSE_MS);
    const answer = chat.connection.request({ type: 'thread.list' });
    await clock.settle();
    const { requestId = -1 } = chat.streams.latest.sentOf('thread.list')[0] ?? {};
    chat.streams.latest.deliver({ type: 'thread.listed', requestId, threads: [], nextCursor: null });
    expect((await answer).threads).toEqual([]);
  });

  it('what worked is remembered for an hour: the next page goes straight to the event stream', async () => {
    const clock = new FakeClock();
    const kept: Store = new Map();
    const first = setup({ clock, sockets: refusing(clock), kept });
    first.connection.start();
    await clock.advance(4_000);
    first.connection.close();
    const second = setup({ clock, sockets: refusing(clock), kept });
    await second.connected();
    expect([second.sockets.all.length, second.streams.all.length]).toEqual([0, 1]);
    second.streams.latest.drop();
    await clock.advance(6_000);
    expect(second.status()).toBe('connected');
    expect([second.sockets.all.length, second.streams.all.length]).toEqual([0, 2]);
  });

  it.each(['still refused', 'let through again'])(
    'after the hour both are tried at once: the socket is %s',
    async (now) => {
      const clock = new FakeClock();
      const kept: Store = new Map();
      const first = setup({ clock, sockets: refusing(clock), kept });
      first.connection.start();
      await clock.advance(4_000);
      first.connection.close();
      await clock.advance(LAPSE_MS);
      const again = now === 'let through again';
      const second = setup({ clock, sockets: (again ? accepting : refusing)(clock), kept });
      await second.connected();
      expect(second.sockets.all.length).toBe(1);
      expect([second.sockets.alive.length, second.streams.alive.length]).toEqual(again ? [1, 0] : [0, 1]);
      expect(kept.size).toBe(again ? 0 : 1);
    },
  );

  it('a remembered event stream that fails leads back to both', async () => {
    const clock = new FakeClock();
    const kept: Store = new Map([['latchkit:event-stream:https://test/chat', String(clock.now() + 1_000_000)]]);
    const { connection, sockets, status } = setup({ clock, sockets: accepting(clock), streams: refusing(clock), kept });
    connection.start();
    await clock.advance(6_100);
    expect(status()).toBe('connected');
    expect(sockets.alive.length).toBe(1);
    expect(kept.size).toBe(0);
  });

  it.each([
    ['throws', () => new Error('SecurityError')],
    ['holds junk', () => null],
  ])('storage that %s is no failure', async (_name, error) => {
    const clock = new FakeClock();
    const thrown = error();
    const storage = () => {
      if (thrown) throw thrown;
      return asStorage(new Map([['latchkit:event-stream:https://test/chat', 'junk']]));
    };
    const { connection, status, sockets, streams } = setup({ clock, sockets: refusing(clock), storage });
    connection.start();
    await clock.advance(4_000);
    expect(status()).toBe('connected');
    streams.latest.drop();
    await clock.advance(20_000);
    expect(status()).toBe('connected');
    expect(sockets.all.length).toBe(3); // this page remembers, whatever the storage does
  });

  it('a platform without WebSocket uses the event stream at once', async () => {
    const clock = new FakeClock();
    const { connected, streams } = setup({ clock, sockets: refusing(clock), noSocket: true });
    await connected();
    expect(streams.all.length).toBe(1);
  });
});

describe('the server’s word is no reason to fall back', () => {
  it.each([4100, 4200, 4201, 1012, 1013])('close code %i before a frame', async (code) => {
    const clock = new FakeClock();
    const { connection, sockets, streams } = setup({
      clock,
      sockets: (line) => {
        line.onFrame = () => line.drop(code);
        clock.setTimer(() => line.open(), 10);
      },
    });
    connection.start();
    await clock.advance(120_000);
    expect(sockets.all.length).toBeGreaterThan(1);
    expect(streams.all.length).toBe(0);
  });

  it('said over either way while both are tried, it counts', async () => {
    const clock = new FakeClock();
    const { connection, streams, sockets, states } = setup({
      clock,
      sockets: refusing(clock),
      streams: (line) => {
        clock.setTimer(() => line.drop(4004), 5);
      },
    });
    connection.start();
    await clock.advance(60_000);
    expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: 'user_mismatch' } });
    expect([streams.all.length, sockets.alive.length]).toEqual([1, 0]);
  });

  it('C8 close() while both are tried closes both in the same tick', async () => {
    const clock = new FakeClock();
    const { connection, streams, sockets } = setup({ clock, sockets: refusing(clock), streams: hanging });
    connection.start();
    await clock.advance(3_775);
    expect(streams.alive.length + sockets.alive.length).toBeGreaterThan(0);
    connection.close();
    expect([sockets.alive.length, streams.alive.length]).toEqual([0, 0]);
    await clock.advance(60_000);
    expect([streams.all.length, clock.pending]).toEqual([1, 0]);
  });
});
