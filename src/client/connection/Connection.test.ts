import { describe, expect, it } from 'vitest';
import { CLOSE_CODES, PROTOCOL_VERSION } from '../../protocol/index.ts';
import type { ServerFrame } from '../../protocol/index.ts';
import { createScriptedSockets, FakeClock } from '../../testing/index.ts';
import type { ScriptedSocket } from '../../testing/index.ts';
import { createTokenManager } from '../auth/TokenManager.ts';
import { FakeSignals, jwt, outcome } from '../test-fixtures.ts';
import { Connection } from './Connection.ts';
import type { ConnectionState } from './ConnectionState.ts';
import { socketUrl } from './socket.ts';

const TTL = 60;

interface SetupOptions {
  clock?: FakeClock;
  /** Called for each new socket. Default: a server that accepts every token. */
  server?: (socket: ScriptedSocket) => void;
  ttl?: number;
}

function accepting(clock: FakeClock, ttl = TTL) {
  return (socket: ScriptedSocket) => {
    socket.onFrame = (frame) => {
      if (frame.type === 'auth.open') socket.deliver(accepted(clock, ttl));
      if (frame.type === 'auth.renew') {
        socket.deliver({ type: 'auth.renewed', requestId: frame.requestId, expiresInMs: ttl * 1_000 });
      }
      if (frame.type === 'ping') socket.deliver({ type: 'pong' });
    };
    clock.setTimer(() => socket.open(), 10);
  };
}

function accepted(clock: FakeClock, ttl = TTL): ServerFrame {
  const user = { id: 'ada', name: 'Ada', avatarUrl: null };
  return { type: 'auth.accepted', protocol: PROTOCOL_VERSION, user, expiresInMs: ttl * 1_000, serverTime: clock.now() };
}

function setup({ clock = new FakeClock(), ttl = TTL, server = accepting(clock, ttl) }: SetupOptions = {}) {
  const signals = new FakeSignals();
  const sockets = createScriptedSockets(server);
  const states: ConnectionState[] = [];
  const frames: ServerFrame[] = [];
  const connects: boolean[] = [];
  let fail: (() => Error) | null = null;
  let mints = 0;
  const tokens = createTokenManager({
    userId: 'ada',
    clock,
    signals,
    fetchToken: () => {
      if (fail) return Promise.reject(fail());
      mints += 1;
      const iat = Math.floor(clock.now() / 1_000);
      return Promise.resolve(jwt({ sub: 'ada', iat, exp: iat + ttl, jti: mints }));
    },
  });
  const connection = new Connection({
    userId: 'ada',
    tokens,
    clock,
    signals,
    openSocket: () => new sockets.WebSocket('wss://test/chat/socket'),
    onState: (state) => states.push(state),
    onFrame: (frame) => frames.push(frame),
    onConnected: (again) => connects.push(again),
  });
  return {
    connection,
    clock,
    signals,
    sockets,
    states,
    frames,
    connects,
    tokens,
    mints: () => mints,
    failWith: (make: (() => Error) | null) => (fail = make),
    status: () => states.at(-1)?.status ?? 'idle',
    connected: async () => {
      connection.start();
      await clock.advance(20);
      expect(states.at(-1)?.status).toBe('connected');
    },
  };
}

const status = (code: number) => Object.assign(new Error('no'), { status: code });

describe('opening', () => {
  it('C1 asks for the token before every connect', async () => {
    const { connected, sockets, clock } = setup();
    await connected();
    const first = sockets.latest.sentOf('auth.open')[0]?.token;
    expect(sockets.latest.url).not.toContain(first);
    await clock.advance(20_000);
    clock.sleep(3_600_000);
    sockets.latest.drop();
    await clock.advance(6_000);
    expect(sockets.all.length).toBe(2);
    expect(sockets.latest.sentOf('auth.open')[0]?.token).not.toBe(first);
  });

  it('C2 is connected only after the server’s acknowledgement', async () => {
    const { connection, clock, sockets, status: now } = setup({ server: (socket) => socket.open() });
    connection.start();
    await clock.settle();
    sockets.latest.readyState = 0;
    sockets.latest.open();
    expect(sockets.latest.sent.map((frame) => frame.type)).toEqual(['auth.open']);
    expect(now()).toBe('connecting');
    sockets.latest.deliver(accepted(clock));
    expect(now()).toBe('connected');
  });

  it('gives up a server that never accepts, and tries again', async () => {
    const { connection, clock, sockets } = setup({ server: () => {} });
    connection.start();
    await clock.advance(14_000);
    expect(sockets.all.length).toBe(2);
    expect(sockets.alive.length).toBe(1);
  });

  it('C9 a server that knows the token as another user’s is left', async () => {
    const { connection, clock, sockets, states } = setup({ server: () => {} });
    connection.start();
    await clock.settle();
    sockets.latest.open();
    sockets.latest.deliver({ ...accepted(clock), user: { id: 'ben', name: 'Ben', avatarUrl: null } } as ServerFrame);
    expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: 'user_mismatch' } });
    expect(sockets.alive.length).toBe(0);
  });

  it('C11 does nothing before start()', () => {
    const { clock, sockets, signals, mints } = setup();
    expect([clock.pending, sockets.all.length, signals.listeners.size, mints()]).toEqual([0, 0, 0, 0]);
  });

  it('works out the socket’s address', () => {
    expect(socketUrl('/chat', 'https://app.test/a/b?c')).toBe('wss://app.test/chat/socket');
    expect(socketUrl('/chat/', 'http://localhost:5173/')).toBe('ws://localhost:5173/chat/socket');
    expect(socketUrl('https://chat.test:8443/x', 'http://app.test/')).toBe('wss://chat.test:8443/x/socket');
    expect(() => socketUrl('/chat', undefined)).toThrow(expect.objectContaining({ code: 'invalid_options' }));
    expect(() => socketUrl('ftp://x/chat')).toThrow(expect.objectContaining({ code: 'invalid_options' }));
  });
});

describe('renewal in-band', () => {
  it('C3 24 h at a lifetime of 60 s: no reconnect, always a valid token', async () => {
    const clock = new FakeClock({ seed: 3 });
    const lapses: number[] = [];
    let validUntil = 0;
    const { connected, sockets, states, mints } = setup({
      clock,
      server: (socket) => {
        const live = (token: string) => {
          const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
          if (validUntil && clock.now() > validUntil) lapses.push(clock.now());
          validUntil = exp * 1_000;
        };
        socket.onFrame = (frame) => {
          if (frame.type === 'auth.open') {
            live(frame.token);
            socket.deliver(accepted(clock));
          }
          if (frame.type === 'auth.renew') {
            live(frame.token);
            socket.deliver({ type: 'auth.renewed', requestId: frame.requestId, expiresInMs: 60_000 });
          }
          if (frame.type === 'ping') socket.deliver({ type: 'pong' });
        };
        clock.setTimer(() => socket.open(), 10);
      },
    });
    await connected();
    await clock.advance(24 * 3_600_000);
    expect(sockets.all.length).toBe(1);
    expect(states.map((state) => state.status)).toEqual(['connecting', 'connected']);
    expect(lapses).toEqual([]);
    expect(validUntil).toBeGreaterThan(clock.now());
    expect(mints()).toBeGreaterThan(1_700);
    expect(mints()).toBeLessThan(2_070);
    expect(sockets.latest.sentOf('auth.renew').length).toBe(mints() - 1);
    expect(clock.longestTimer).toBeLessThanOrEqual(30_000);
  }, 30_000);

  it('T19 C3 hidden: auth.expiring brings a renewal on the same socket', async () => {
    const { connected, sockets, signals, clock } = setup();
    await connected();
    signals.isVisible = false;
    await clock.advance(40_000);
    expect(sockets.latest.sentOf('auth.renew')).toEqual([]);
    sockets.latest.deliver({ type: 'auth.expiring', expiresInMs: 20_000 });
    sockets.latest.deliver({ type: 'auth.expiring', expiresInMs: 20_000 });
    await clock.settle();
    expect(sockets.latest.sentOf('auth.renew').length).toBe(1);
    expect(sockets.all.length).toBe(1);
  });

  it('C4 a renewal that belongs to an older socket is ignored', async () => {
    const { connected, sockets, clock, status: now } = setup({ clock: new FakeClock() });
    await connected();
    await clock.advance(10_000);
    const old = sockets.latest;
    old.deliver({ type: 'auth.expiring', expiresInMs: 5_000 });
    old.drop();
    await clock.advance(6_000);
    expect(now()).toBe('connected');
    expect(sockets.all.length).toBe(2);
    expect(old.sentOf('auth.renew')).toEqual([]);
    expect(sockets.latest.sentOf('auth.renew')).toEqual([]); // it opened with the newer token
    old.readyState = 1;
    old.deliver({ type: 'auth.expiring', expiresInMs: 5_000 });
    await clock.settle();
    expect(sockets.latest.sentOf('auth.renew')).toEqual([]);
  });
});

describe('coming back', () => {
  it('C5 after a restart the first attempts of 1,000 clients spread over 0–5 s: peak ≤ 2× the mean', async () => {
    const bins = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 1_000; seed += 1) {
      const { connected, sockets, states, clock } = setup({ clock: new FakeClock({ seed: seed * 104_729 }) });
      await connected();
      sockets.latest.drop(1012);
      const wait = (states.at(-1)?.retryAt ?? 0) - clock.now();
      expect(wait).toBeGreaterThanOrEqual(0);
      const bin = Math.floor(wait / 500);
      expect(bin).toBeLessThan(10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    expect(Math.max(...bins)).toBeLessThanOrEqual(200);
    expect(Math.min(...bins)).toBeGreaterThan(50);
  });

  it('C5 the backoff grows to 30 s with jitter, and is reset by 10 s of stable life, not by opening', async () => {
    const clock = new FakeClock();
    const accept = accepting(clock);
    const { connected, sockets, states } = setup({ clock, server: accept });
    await connected();
    const waits: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      sockets.latest.drop(4200);
      waits.push((states.at(-1)?.retryAt ?? 0) - clock.now());
      await clock.advance((waits.at(-1) ?? 0) + 20);
      expect(states.at(-1)?.status).toBe('connected');
    }
    expect(waits).toEqual([3_750, 7_500, 15_000, 18_750, 18_750, 18_750, 18_750, 18_750]);
    await clock.advance(10_001);
    sockets.latest.drop(4200);
    expect((states.at(-1)?.retryAt ?? 0) - clock.now()).toBe(3_750);
  });

  it('C6 wake skips the wait, once', async () => {
    const { connected, sockets, states, clock, signals } = setup();
    await connected();
    sockets.latest.drop(1012);
    await clock.advance(100);
    expect(sockets.all.length).toBe(1);
    signals.emit('wake');
    signals.emit('wake');
    await clock.settle();
    expect(sockets.all.length).toBe(2);
    sockets.latest.drop();
    signals.emit('wake');
    await clock.settle();
    expect(sockets.all.length).toBe(2);
    expect(states.at(-1)).toMatchObject({ status: 'reconnecting', error: { code: 'connection_lost' } });
  });

  it('C6 on wake a half-open socket is found within 2 s; a live one stays', async () => {
    const { connected, sockets, clock, signals } = setup();
    await connected();
    await clock.advance(5_000);
    signals.emit('wake');
    await clock.advance(2_100);
    expect(sockets.all.length).toBe(1);
    sockets.latest.cut();
    clock.sleep(60_000);
    signals.emit('wake');
    await clock.advance(1_900);
    expect(sockets.alive.length).toBe(1);
    await clock.advance(200);
    expect(sockets.alive.length).toBe(0);
  });

  it('C12 25 s of silence → ping; no answer → a new socket. Messages put the ping off', async () => {
    const { connected, sockets, clock } = setup({ ttl: 3_600 });
    await connected();
    for (let i = 0; i < 5; i += 1) {
      await clock.advance(20_000);
      sockets.latest.deliver({ type: 'pong' });
    }
    expect(sockets.latest.sentOf('ping').length).toBe(0);
    await clock.advance(25_000);
    expect(sockets.latest.sentOf('ping').length).toBe(1);
    sockets.latest.cut();
    await clock.advance(24_999 + 5_000);
    expect(sockets.alive.length).toBe(1);
    await clock.advance(5_100);
    expect(sockets.all.length).toBe(2);
  });

  it('C7 a failing token fetch does not end the loop', async () => {
    const { connection, clock, failWith, status: now, sockets } = setup();
    failWith(() => status(503));
    connection.start();
    await clock.advance(300_000);
    expect(now()).toBe('connecting');
    expect(sockets.all.length).toBe(0);
    failWith(null);
    await clock.advance(65_000);
    expect(now()).toBe('connected');
  });

  it.each([
    [401, 'unauthenticated'],
    [403, 'forbidden'],
  ])('C7 %d ends it, until somebody asks for more', async (code, expected) => {
    const { connection, clock, failWith, states, sockets, tokens } = setup();
    failWith(() => status(code));
    connection.start();
    await clock.advance(300_000);
    expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: expected }, retryAt: null });
    expect(sockets.all.length).toBe(0);
    expect(clock.pending).toBe(0);
    failWith(null);
    tokens.reset();
    connection.reconnect();
    await clock.advance(20);
    expect(states.at(-1)).toMatchObject({ status: 'connected', error: null });
  });

  it('a 401 at a renewal closes the open connection', async () => {
    const { connected, clock, failWith, states, sockets } = setup();
    await connected();
    failWith(() => status(401));
    await clock.advance(60_000);
    expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: 'unauthenticated' } });
    expect(sockets.alive.length).toBe(0);
  });

  it.each(['token_refused', 'token_lapsed', 'auth_timeout'] as const)(
    'close code %s: a new token and back at once',
    async (name) => {
      const { connected, sockets, clock, mints } = setup();
      await connected();
      await clock.advance(30_000);
      const old = sockets.latest.sentOf('auth.open')[0]?.token;
      sockets.latest.drop(CLOSE_CODES[name].code);
      await clock.advance(20);
      expect(sockets.all.length).toBe(2);
      expect(mints()).toBe(2);
      expect(sockets.latest.sentOf('auth.open')[0]?.token).not.toBe(old);
    },
  );

  it('a second refusal within 10 s waits; after a stable time it is answered at once again', async () => {
    const { connected, sockets, clock, states, status: now } = setup();
    const lapse = async () => {
      sockets.latest.drop(CLOSE_CODES.token_lapsed.code);
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
    const { connection, sockets, states } = setup({
      clock,
      server: (socket) => {
        socket.onFrame = () => socket.drop(CLOSE_CODES.token_refused.code);
        clock.setTimer(() => socket.open(), 10);
      },
    });
    connection.start();
    await clock.advance(600_000);
    expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: 'server_rejects_fresh_token' } });
    expect(sockets.all.length).toBe(2);
  });

  it.each([
    ['protocol_unsupported', 4000, 'bad_request'],
    ['user_changed', 4004, 'user_mismatch'],
    ['an unknown code that stops', 4050, 'connection_lost'],
    ['policy violation', 1008, 'connection_lost'],
  ])('close code %s stops', async (_name, code, error) => {
    const { connected, sockets, clock, states, signals } = setup();
    await connected();
    sockets.latest.drop(code);
    await clock.advance(300_000);
    expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: error } });
    expect(sockets.all.length).toBe(1);
    expect([clock.pending, signals.listeners.size]).toEqual([0, 0]);
  });

  it('C13 offline is told; online connects at once; reconnect() does not believe it', async () => {
    const { connected, connection, sockets, clock, signals, status: now } = setup();
    await connected();
    signals.isOnline = false;
    sockets.latest.drop();
    expect(now()).toBe('offline');
    await clock.advance(10_000);
    expect(sockets.all.length).toBe(1);
    signals.emit('online');
    await clock.advance(20);
    expect(now()).toBe('connected');
    signals.isOnline = false;
    sockets.latest.drop();
    connection.reconnect();
    await clock.advance(20);
    expect(now()).toBe('connected');
  });

  it('C16 says when the connection is there again', async () => {
    const { connected, sockets, clock, connects, states } = setup();
    await connected();
    sockets.latest.drop();
    expect(states.at(-1)).toMatchObject({ status: 'reconnecting', error: { code: 'connection_lost' } });
    await clock.advance(6_000);
    expect(connects).toEqual([false, true]);
    expect(states.at(-1)).toEqual({ status: 'connected', error: null, retryAt: null });
  });
});

describe('requests and the end', () => {
  const refusal = { code: 'rate_limited', message: 'Slow down.', retryable: true, retryAfterMs: 700 };

  it('brings each answer to who asked', async () => {
    const { connected, connection, sockets } = setup();
    await connected();
    const a = connection.request({ type: 'thread.list' });
    const b = outcome(connection.request({ type: 'thread.list' }));
    const [first, second] = sockets.latest.sentOf('thread.list');
    sockets.latest.deliver({ type: 'request.refused', requestId: second?.requestId ?? -1, error: refusal });
    sockets.latest.deliver({ type: 'thread.listed', requestId: first?.requestId ?? -1, threads: [] });
    expect((await a).threads).toEqual([]);
    expect(b.error).toMatchObject({ code: 'rate_limited', retryAfterMs: 700 });
  });

  it('a request without an answer times out after 10 s; one without a connection fails at once', async () => {
    const { connected, connection, clock, sockets } = setup();
    await expect(connection.request({ type: 'thread.list' })).rejects.toMatchObject({ code: 'connection_lost' });
    await connected();
    const slow = outcome(connection.request({ type: 'thread.list' }));
    await clock.advance(9_900);
    expect(slow.settled).toBe(false);
    await clock.advance(200);
    expect(slow.error).toMatchObject({ code: 'request_timeout', retryable: true });
    const lost = outcome(connection.request({ type: 'thread.list' }));
    sockets.latest.drop();
    await clock.settle();
    expect(lost.error).toMatchObject({ code: 'connection_lost', retryable: true });
  });

  it('ignores frames that it does not know or that are malformed', async () => {
    const { connected, sockets, frames, status: now } = setup();
    await connected();
    for (const junk of ['', '{', 'null', '[]', '{"type":"party.started"}', '{"type":"message.created","message":{}}']) {
      sockets.latest.deliver(junk);
    }
    expect(frames).toEqual([]);
    expect(now()).toBe('connected');
  });

  it('C8 sign-out closes the socket in the same tick and rejects what is pending', async () => {
    const { connected, connection, sockets, clock, tokens, states, signals } = setup();
    await connected();
    const pending = outcome(connection.request({ type: 'thread.list' }));
    tokens.signOut();
    expect(sockets.latest.closedByClient).toBe(1000);
    expect(states.at(-1)).toEqual({ status: 'closed', error: null, retryAt: null });
    await clock.settle();
    expect(pending.error).toMatchObject({ code: 'signed_out' });
    expect([clock.pending, signals.listeners.size]).toEqual([0, 0]);
  });

  it.each(['idle', 'asking', 'opening', 'connected', 'waiting'])(
    'T14 close() while %s leaves nothing',
    async (when) => {
      const { connection, sockets, clock, signals, states } = setup();
      if (when !== 'idle') connection.start();
      if (when !== 'idle' && when !== 'asking') await clock.settle();
      if (when === 'connected' || when === 'waiting') await clock.advance(20);
      if (when === 'waiting') sockets.latest.drop();
      connection.close();
      connection.close();
      connection.reconnect();
      connection.start();
      await clock.advance(20_000);
      expect(sockets.alive.length).toBe(0);
      expect([clock.pending, signals.listeners.size]).toEqual([0, 0]);
      expect(states.at(-1)?.status).toBe('closed');
    },
  );
});
