import { beforeAll, describe, expect, it } from 'vitest';
import { CLOSE_CODES, PROTOCOL_VERSION } from '../../protocol/index.ts';
import type { ServerFrame } from '../../protocol/index.ts';
import { FakeClock } from '../../testing/index.ts';
import { outcome } from '../test-fixtures.ts';
import { accepted, setup as setupOver, status } from './test-fixtures.ts';
import type { SetupOptions, Via } from './test-fixtures.ts';

beforeAll(() => import('./EventStreamLine.ts'));

describe.each<Via>(['websocket', 'event-stream'])('over %s', (via) => {
  const setup = (options: SetupOptions = {}) => setupOver({ via, ...options });

  describe('opening', () => {
    it('C1 asks for the token before every connect', async () => {
      const { connected, lines, clock, drop } = setup();
      await connected();
      const first = lines.latest.sentOf('auth.open')[0]?.token;
      expect(first).toMatch(/^ey/);
      expect(lines.latest.url).not.toContain(first);
      expect(lines.latest.sentOf('auth.open')[0]?.protocol).toBe(PROTOCOL_VERSION);
      await clock.advance(20_000);
      clock.sleep(3_600_000);
      await drop();
      await clock.advance(6_000);
      expect(lines.all.length).toBe(2);
      expect(lines.latest.sentOf('auth.open')[0]?.token).not.toBe(first);
    });

    it('C2 is connected only after the server’s acknowledgement', async () => {
      const { connection, clock, lines, deliver, status: now } = setup({ server: () => {} });
      connection.start();
      await clock.settle();
      lines.latest.open();
      await clock.settle();
      expect(lines.latest.sent.map((frame) => frame.type)).toEqual(['auth.open']);
      await deliver({ type: 'pong' });
      expect(now()).toBe('connecting');
      await expect(connection.request({ type: 'thread.list' })).rejects.toMatchObject({ code: 'connection_lost' });
      await deliver(accepted(clock));
      expect(now()).toBe('connected');
    });

    it('gives up a server that never accepts, and tries again', async () => {
      const { connection, clock, lines } = setup({ server: () => {} });
      connection.start();
      await clock.advance(14_000);
      expect(lines.all.length).toBe(2);
      expect(lines.alive.length).toBe(1);
    });

    it('C9 a server that knows the token as another user’s is left', async () => {
      const { connection, clock, lines, states, deliver } = setup({ server: () => {} });
      connection.start();
      await clock.settle();
      lines.latest.open();
      await deliver({ ...accepted(clock), user: { id: 'ben', name: 'Ben', avatarUrl: null } } as ServerFrame);
      expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: 'user_mismatch' } });
      expect(lines.alive.length).toBe(0);
    });

    it('C11 does nothing before start()', async () => {
      const { clock, lines, signals, mints } = setup();
      await clock.advance(60_000);
      expect([clock.pending, lines.all.length, signals.listeners.size, mints()]).toEqual([0, 0, 0, 0]);
    });

    it('C10 1,000 connections started and closed at all moments of their lives leave nothing open', async () => {
      const clock = new FakeClock({ seed: 10 });
      const left = [];
      for (let i = 0; i < 1_000; i += 1) {
        const { connection, lines, signals, tokens } = setup({ clock });
        connection.start();
        if (i % 3 === 0) await clock.settle();
        if (i % 5 === 0) await clock.advance(i % 40);
        connection.close();
        tokens.dispose();
        left.push({ lines, signals });
      }
      await clock.advance(1_000);
      expect(left.reduce((sum, { lines }) => sum + lines.alive.length, 0)).toBe(0);
      expect(left.reduce((sum, { signals }) => sum + signals.listeners.size, 0)).toBe(0);
      expect(left.some(({ lines }) => lines.all.length === 1)).toBe(true);
      expect(clock.pending).toBe(0);
    });
  });

  describe('renewal in-band', () => {
    it('C3 24 h at a lifetime of 60 s: no reconnect, always a valid token, no message lost or doubled', async () => {
      const clock = new FakeClock({ seed: 3 });
      const lapses: number[] = [];
      let validUntil = 0;
      const { connected, lines, states, mints, frames } = setup({
        clock,
        server: (line) => {
          const live = (token: string) => {
            const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
              exp: number;
            };
            if (validUntil && clock.now() > validUntil) lapses.push(clock.now());
            validUntil = claims.exp * 1_000;
          };
          line.onFrame = (frame) => {
            if (frame.type === 'auth.open') {
              live(frame.token);
              line.deliver(accepted(clock));
            }
            if (frame.type === 'auth.renew') {
              live(frame.token);
              line.deliver({ type: 'auth.renewed', requestId: frame.requestId, expiresInMs: 60_000 });
            }
            if (frame.type === 'ping') line.deliver({ type: 'pong' });
          };
          clock.setTimer(() => line.open(), 10);
        },
      });
      await connected();
      for (let hour = 0; hour < 24; hour += 1) {
        lines.latest.deliver({ type: 'thread.removed', threadId: `t${hour}` });
        await clock.advance(3_600_000);
      }
      expect(lines.all.length).toBe(1);
      expect(states.map((state) => state.status)).toEqual(['connecting', 'connected']);
      expect(lapses).toEqual([]);
      expect(validUntil).toBeGreaterThan(clock.now());
      expect(mints()).toBeGreaterThan(1_700);
      expect(mints()).toBeLessThan(2_070);
      expect(lines.latest.sentOf('auth.renew').length).toBe(mints() - 1);
      expect(clock.longestTimer).toBeLessThanOrEqual(30_000);
      const told = frames.map((frame) => (frame.type === 'thread.removed' ? frame.threadId : frame.type));
      expect(told).toEqual(Array.from({ length: 24 }, (_, hour) => `t${hour}`));
    }, 60_000);

    it('T19 C3 hidden: auth.expiring brings a renewal on the same line', async () => {
      const { connected, lines, signals, clock } = setup();
      await connected();
      signals.isVisible = false;
      await clock.advance(40_000);
      expect(lines.latest.sentOf('auth.renew')).toEqual([]);
      lines.latest.deliver({ type: 'auth.expiring', expiresInMs: 20_000 });
      lines.latest.deliver({ type: 'auth.expiring', expiresInMs: 20_000 });
      await clock.advance(1);
      expect(lines.latest.sentOf('auth.renew').length).toBe(1);
      expect(lines.all.length).toBe(1);
    });

    it('C4 a renewal that belongs to an older line is ignored', async () => {
      const { connected, lines, clock, status: now } = setup();
      await connected();
      await clock.advance(10_000);
      const old = lines.latest;
      old.deliver({ type: 'auth.expiring', expiresInMs: 5_000 });
      old.drop();
      await clock.advance(6_000);
      expect(now()).toBe('connected');
      expect(lines.all.length).toBe(2);
      expect(old.sentOf('auth.renew')).toEqual([]);
      expect(lines.latest.sentOf('auth.renew')).toEqual([]); // it opened with the newer token
      old.readyState = 1;
      if (via === 'websocket') old.deliver({ type: 'auth.expiring', expiresInMs: 5_000 });
      await clock.settle();
      expect(lines.latest.sentOf('auth.renew')).toEqual([]);
    });

    it('C4 a renewal that is answered after its line was lost does not reach the next one', async () => {
      const { connected, lines, clock, signals, tokens, drop } = setup();
      await connected();
      signals.isVisible = false;
      await clock.advance(30_000);
      const expiring = tokens.current;
      lines.latest.deliver({ type: 'auth.expiring', expiresInMs: 20_000 });
      await drop(4200);
      signals.emit('wake');
      await clock.advance(20);
      expect(lines.all.length).toBe(2);
      expect(tokens.current).not.toBe(expiring);
      expect(lines.latest.sentOf('auth.open')[0]?.token).toBe(tokens.current?.raw());
      expect(lines.latest.sentOf('auth.renew')).toEqual([]);
    });
  });

  describe('coming back', () => {
    it('C5 after a restart the first attempts of 1,000 clients spread over 0–5 s: peak ≤ 2× the mean', async () => {
      const bins = new Array<number>(10).fill(0);
      for (let seed = 0; seed < 1_000; seed += 1) {
        const { connected, connection, states, clock, drop } = setup({
          clock: new FakeClock({ seed: seed * 104_729 }),
        });
        await connected();
        await drop(1012);
        const wait = (states.at(-1)?.retryAt ?? 0) - clock.now();
        expect(wait).toBeGreaterThanOrEqual(0);
        const bin = Math.floor(wait / 500);
        expect(bin).toBeLessThan(10);
        bins[bin] = (bins[bin] ?? 0) + 1;
        connection.close();
      }
      expect(Math.max(...bins)).toBeLessThanOrEqual(200);
      expect(Math.min(...bins)).toBeGreaterThan(50);
    }, 30_000);

    it('C5 a drain names the time: 1,000 clients come back evenly spread over it', async () => {
      const bins = new Array<number>(10).fill(0);
      for (let seed = 0; seed < 1_000; seed += 1) {
        const { connected, connection, states, clock, drop } = setup({
          clock: new FakeClock({ seed: seed * 104_729 }),
        });
        await connected();
        await drop(1012, '{"spreadMs":20000}');
        const wait = (states.at(-1)?.retryAt ?? 0) - clock.now();
        const bin = Math.floor(wait / 2_000);
        expect(bin).toBeLessThan(10);
        bins[bin] = (bins[bin] ?? 0) + 1;
        connection.close();
      }
      expect(Math.max(...bins)).toBeLessThanOrEqual(200);
      expect(Math.min(...bins)).toBeGreaterThan(50);
    }, 30_000);

    it('C5 the backoff grows to 30 s with jitter, and is reset by 10 s of stable life, not by opening', async () => {
      const { connected, states, clock, drop } = setup();
      await connected();
      const waits: number[] = [];
      for (let i = 0; i < 8; i += 1) {
        await drop(4200);
        waits.push((states.at(-1)?.retryAt ?? 0) - clock.now());
        await clock.advance((waits.at(-1) ?? 0) + 20);
        expect(states.at(-1)?.status).toBe('connected');
      }
      expect(waits).toEqual([3_750, 7_500, 15_000, 18_750, 18_750, 18_750, 18_750, 18_750]);
      await clock.advance(10_001);
      await drop(4200);
      expect((states.at(-1)?.retryAt ?? 0) - clock.now()).toBe(3_750);
    });

    it.each(['wake', 'online'] as const)('C6 %s skips the wait, once', async (signal) => {
      const { connected, lines, states, clock, signals, drop } = setup();
      await connected();
      await drop(1012);
      await clock.advance(100);
      expect(lines.all.length).toBe(1);
      signals.emit(signal);
      signals.emit(signal);
      await clock.settle();
      expect(lines.all.length).toBe(2);
      await drop();
      signals.emit(signal);
      await clock.settle();
      expect(lines.all.length).toBe(2);
      expect(states.at(-1)).toMatchObject({ status: 'reconnecting', error: { code: 'connection_lost' } });
    });

    it.each(['wake', 'online'] as const)(
      'C6 on %s a half-open line is found within 2 s; a live one stays',
      async (signal) => {
        const { connected, lines, clock, signals, status: now } = setup();
        await connected();
        await clock.advance(5_000);
        signals.emit(signal);
        await clock.advance(2_100);
        expect(lines.all.length).toBe(1);
        lines.latest.cut();
        clock.sleep(60_000);
        signals.emit(signal);
        await clock.advance(1_900);
        expect(lines.all.length).toBe(1);
        await clock.advance(150); // found, and back at once
        expect([lines.all.length, lines.alive.length]).toEqual([2, 1]);
        expect(now()).toBe('connected');
      },
    );

    it('C6 after a sleep of an hour the line is dead: back within one round trip of waking, with a token that holds', async () => {
      const { connected, lines, clock, signals, status: now, connects } = setup();
      await connected();
      await clock.advance(5_000);
      const before = lines.latest.sentOf('auth.open')[0]?.token;
      lines.latest.cut();
      clock.sleep(3_600_000);
      signals.emit('wake');
      signals.emit('online');
      await clock.advance(15); // the server is 10 ms away
      expect(now()).toBe('connected');
      expect([lines.all.length, lines.alive.length]).toEqual([2, 1]);
      expect(connects).toEqual([false, true]);
      expect(lines.latest.sentOf('auth.open')[0]?.token).not.toBe(before);
    });

    it('C6 without a network nobody hurries after a wake', async () => {
      const { connected, lines, clock, signals, status: now } = setup();
      await connected();
      lines.latest.cut();
      clock.sleep(3_600_000);
      signals.emit('offline');
      await clock.settle();
      expect(now()).toBe('offline');
      expect(lines.all.length).toBe(1);
    });

    it('C12 25 s of silence → ping; no answer → a new line. Messages put the ping off', async () => {
      const { connected, lines, clock, deliver } = setup({ ttl: 3_600 });
      await connected();
      for (let i = 0; i < 5; i += 1) {
        await clock.advance(20_000);
        await deliver({ type: 'pong' });
      }
      expect(lines.latest.sentOf('ping').length).toBe(0);
      await clock.advance(25_000);
      expect(lines.latest.sentOf('ping').length).toBe(1);
      lines.latest.cut();
      await clock.advance(24_999 + 5_000);
      expect(lines.alive.length).toBe(1);
      await clock.advance(5_100);
      expect(lines.all.length).toBe(2);
    });

    it('C7 a failing token fetch does not end the loop', async () => {
      const { connection, clock, failWith, status: now, lines } = setup();
      failWith(() => status(503));
      connection.start();
      await clock.advance(300_000);
      expect(now()).toBe('connecting');
      expect(lines.all.length).toBe(0);
      failWith(null);
      await clock.advance(65_000);
      expect(now()).toBe('connected');
    });

    it.each([
      [401, 'unauthenticated'],
      [403, 'forbidden'],
    ])('C7 %d ends it, until somebody asks for more', async (code, expected) => {
      const { connection, clock, failWith, states, lines, tokens } = setup();
      failWith(() => status(code));
      connection.start();
      await clock.advance(300_000);
      expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: expected }, retryAt: null });
      expect(lines.all.length).toBe(0);
      expect(clock.pending).toBe(0);
      failWith(null);
      tokens.reset();
      connection.reconnect();
      await clock.advance(20);
      expect(states.at(-1)).toMatchObject({ status: 'connected', error: null });
    });

    it('C7 a 401 at a renewal closes the open connection', async () => {
      const { connected, clock, failWith, states, lines } = setup();
      await connected();
      failWith(() => status(401));
      await clock.advance(60_000);
      expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: 'unauthenticated' } });
      expect(lines.alive.length).toBe(0);
    });

    it.each(['token_refused', 'token_lapsed', 'auth_timeout'] as const)(
      'C7 close code %s: a new token and back at once',
      async (name) => {
        const { connected, lines, clock, mints, drop } = setup();
        await connected();
        await clock.advance(30_000);
        const old = lines.latest.sentOf('auth.open')[0]?.token;
        await drop(CLOSE_CODES[name].code);
        await clock.advance(20);
        expect(lines.all.length).toBe(2);
        expect(mints()).toBe(2);
        expect(lines.latest.sentOf('auth.open')[0]?.token).not.toBe(old);
      },
    );

    it('C5 a second refusal within 10 s waits; after a stable time it is answered at once again', async () => {
      const { connected, clock, states, drop, status: now } = setup();
      const lapse = async () => {
        await drop(CLOSE_CODES.token_lapsed.code);
        await clock.advance(20);
      };
      await connected();
      await clock.advance(35_000);
      await lapse();
      expect(now()).toBe('connected');
      await lapse();
      expect(now()).toBe('reconnecting');
      expect(states.at(-1)?.retryAt).toBeGreaterThan(clock.now());
      await clock.advance(40_000);
      expect(now()).toBe('connected');
      await lapse();
      expect(now()).toBe('connected');
    });

    it('T34 a server that refuses every token: once at once, then with backoff, then it ends', async () => {
      const clock = new FakeClock();
      const { connection, lines, states } = setup({
        clock,
        server: (line) => {
          line.onFrame = () => line.drop(CLOSE_CODES.token_refused.code);
          clock.setTimer(() => line.open(), 10);
        },
      });
      connection.start();
      await clock.advance(600_000);
      expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: 'server_rejects_fresh_token' } });
      expect(lines.all.length).toBe(2);
    });

    it.each([
      ['protocol_unsupported', 4000, 'bad_request'],
      ['user_changed', 4004, 'user_mismatch'],
      ['an unknown code that stops', 4050, 'connection_lost'],
      ['policy violation', 1008, 'connection_lost'],
    ])('C13 close code %s stops, and the status says why', async (_name, code, error) => {
      const { connected, lines, clock, states, signals, drop } = setup();
      await connected();
      await drop(code);
      await clock.advance(300_000);
      expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: error } });
      expect(lines.all.length).toBe(1);
      expect([clock.pending, signals.listeners.size]).toEqual([0, 0]);
    });

    it('C13 each status of a life is told once, in order, with its reason and the time of the next attempt', async () => {
      const { connected, connection, clock, signals, states, drop } = setup();
      await connected();
      await drop(4200);
      const at = clock.now();
      await clock.advance(3_770);
      signals.isOnline = false;
      await drop();
      signals.emit('online');
      await clock.advance(20);
      connection.close();
      const lost = { code: 'connection_lost' };
      expect(states).toMatchObject([
        { status: 'connecting', error: null, retryAt: null },
        { status: 'connected', error: null, retryAt: null },
        { status: 'reconnecting', error: lost, retryAt: at + 3_750 },
        { status: 'reconnecting', error: lost, retryAt: null },
        { status: 'connected', error: null, retryAt: null },
        { status: 'offline', error: lost, retryAt: null },
        { status: 'reconnecting', error: lost, retryAt: null },
        { status: 'connected', error: null, retryAt: null },
        { status: 'closed', error: null, retryAt: null },
      ]);
    });

    it('C13 offline is told; online connects at once; reconnect() does not believe it', async () => {
      const { connected, connection, lines, clock, signals, drop, status: now } = setup();
      await connected();
      signals.isOnline = false;
      await drop();
      expect(now()).toBe('offline');
      await clock.advance(10_000);
      expect(lines.all.length).toBe(1);
      signals.emit('online');
      await clock.advance(20);
      expect(now()).toBe('connected');
      signals.isOnline = false;
      await drop();
      connection.reconnect();
      await clock.advance(20);
      expect(now()).toBe('connected');
    });

    it('C16 says when the connection is there again', async () => {
      const { connected, clock, connects, states, drop } = setup();
      await connected();
      await drop();
      expect(states.at(-1)).toMatchObject({ status: 'reconnecting', error: { code: 'connection_lost' } });
      await clock.advance(6_000);
      expect(connects).toEqual([false, true]);
      expect(states.at(-1)).toEqual({ status: 'connected', error: null, retryAt: null });
    });
  });

  describe('requests and the end', () => {
    const refusal = { code: 'rate_limited', message: 'Slow down.', retryable: true, retryAfterMs: 700 };

    it('brings each answer to who asked', async () => {
      const { connected, connection, lines, clock, deliver } = setup();
      await connected();
      const a = outcome(connection.request({ type: 'thread.list' }));
      const b = outcome(connection.request({ type: 'thread.list' }));
      await clock.settle();
      const [first, second] = lines.latest.sentOf('thread.list');
      await deliver({ type: 'request.refused', requestId: second?.requestId ?? -1, error: refusal });
      await deliver({ type: 'thread.listed', requestId: first?.requestId ?? -1, threads: [], nextCursor: null });
      expect(a.value?.threads).toEqual([]);
      expect(b.error).toMatchObject({ code: 'rate_limited', retryAfterMs: 700 });
    });

    it('a request without an answer times out after 10 s; one without a connection fails at once', async () => {
      const { connected, connection, clock, drop } = setup();
      await expect(connection.request({ type: 'thread.list' })).rejects.toMatchObject({ code: 'connection_lost' });
      await connected();
      const slow = outcome(connection.request({ type: 'thread.list' }));
      await clock.advance(9_900);
      expect(slow.settled).toBe(false);
      await clock.advance(200);
      expect(slow.error).toMatchObject({ code: 'request_timeout', retryable: true });
      const lost = outcome(connection.request({ type: 'thread.list' }));
      await drop();
      expect(lost.error).toMatchObject({ code: 'connection_lost', retryable: true });
    });

    it('ignores frames that it does not know or that are malformed', async () => {
      const { connected, deliver, frames, status: now } = setup();
      await connected();
      for (const junk of [
        '',
        '{',
        'null',
        '[]',
        '{"type":"party.started"}',
        '{"type":"message.created","message":{}}',
      ]) {
        await deliver(junk);
      }
      expect(frames).toEqual([]);
      await deliver({ type: 'thread.removed', threadId: 't' });
      expect(frames.length).toBe(1);
      expect(now()).toBe('connected');
    });

    it('C8 sign-out closes the line in the same tick and rejects what is pending', async () => {
      const { connected, connection, lines, clock, tokens, states, signals } = setup();
      await connected();
      const pending = outcome(connection.request({ type: 'thread.list' }));
      if (via === 'websocket') expect(lines.latest.sentOf('thread.list').length).toBe(1);
      tokens.signOut();
      expect(lines.latest.closedByClient).toBe(1000);
      expect(states.at(-1)).toEqual({ status: 'closed', error: null, retryAt: null });
      await clock.settle();
      expect(pending.error).toMatchObject({ code: 'signed_out' });
      if (via === 'event-stream') expect(lines.latest.sentOf('thread.list')).toEqual([]); // it had not left yet
      expect([clock.pending, signals.listeners.size]).toEqual([0, 0]);
    });

    it.each(['idle', 'asking', 'opening', 'connected', 'waiting'])(
      'T14 close() while %s leaves nothing',
      async (when) => {
        const { connection, lines, clock, signals, states, drop } = setup();
        if (when !== 'idle') connection.start();
        if (when !== 'idle' && when !== 'asking') await clock.settle();
        if (when === 'connected' || when === 'waiting') await clock.advance(20);
        if (when === 'waiting') await drop();
        connection.close();
        connection.close();
        connection.reconnect();
        connection.start();
        await clock.advance(20_000);
        expect(lines.alive.length).toBe(0);
        expect([clock.pending, signals.listeners.size]).toEqual([0, 0]);
        expect(states.at(-1)?.status).toBe('closed');
      },
    );
  });
});
