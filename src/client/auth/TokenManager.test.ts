import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { ChatError } from '../../protocol/index.ts';
import { FakeClock } from '../../testing/index.ts';
import { FakeSignals, jwt, outcome } from '../test-fixtures.ts';
import type { ChatToken } from './ChatToken.ts';
import { createTokenManager } from './TokenManager.ts';
import type { FetchReason, TokenEvent, TokenManagerOptions } from './types.ts';

const TTL = 60;

interface Call {
  reason: FetchReason;
  signal: AbortSignal;
  /** Monotonic, of the call. */
  at: number;
}

/** A manager over an endpoint whose clock is right, whatever the client's says. */
function setup(options: Partial<TokenManagerOptions> & { ttl?: number; clock?: FakeClock } = {}) {
  const { ttl = TTL, clock = new FakeClock(), ...rest } = options;
  const signals = new FakeSignals();
  const calls: Call[] = [];
  const events: TokenEvent[] = [];
  let fail: (() => Error) | null = null;
  const mint = () => {
    const iat = 1_800_000_000 + Math.floor(clock.monotonic() / 1_000);
    return jwt({ sub: 'ada', iat, exp: iat + ttl, jti: String(calls.length) });
  };
  const fetchToken = vi.fn((context: { reason: FetchReason; signal: AbortSignal }): Promise<string> => {
    calls.push({ ...context, at: clock.monotonic() });
    return fail ? Promise.reject(fail()) : Promise.resolve(mint());
  });
  const manager = createTokenManager({
    fetchToken,
    userId: 'ada',
    clock,
    signals,
    onEvent: (event) => events.push(event),
    ...rest,
  });
  return { manager, clock, signals, calls, events, mint, failWith: (make: (() => Error) | null) => (fail = make) };
}

const status = (code: number, headers: Record<string, string> = {}) =>
  Object.assign(new Error('no'), { status: code, headers: new Headers(headers) });

const rejectEmpty = () => {
  throw undefined as unknown as Error;
};

describe('lifetime and schedule', () => {
  it('T1 reads the lifetime from expires_in, else from exp − iat', async () => {
    const clock = new FakeClock();
    const opaque = createTokenManager({
      fetchToken: () => Promise.resolve({ token: 'opaque-1', expires_in: 100 }),
      clock,
    });
    const token = await opaque.get();
    expect(token.claims).toBeNull();
    expect(token.expiresAt - clock.now()).toBe(100_000);
    const both = createTokenManager({
      fetchToken: () => Promise.resolve({ token: jwt({ iat: 1, exp: 901 }), expires_in: 30 }),
      clock,
    });
    expect((await both.get()).expiresAt - clock.now()).toBe(30_000);
    const { manager } = setup({ clock, ttl: 600 });
    expect((await manager.get()).expiresAt - clock.now()).toBe(600_000);
  });

  it.each([0, 600_000, -600_000, 86_400_000, -86_400_000, 31_536_000_000, -31_536_000_000])(
    'T2 a client clock wrong by %d ms costs the same number of fetches',
    async (wrong) => {
      const { manager, clock, calls } = setup({ clock: new FakeClock({ now: 1_800_000_000_000 + wrong }) });
      manager.subscribe(() => {});
      await manager.get();
      await clock.advance(600_000);
      expect(calls.length).toBe(14); // 600 s / 45 s, and the first
    },
  );

  it('T3 renews at 70–80 % of the lifetime, spread evenly', async () => {
    const bins = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 400; seed += 1) {
      const { manager, clock, calls } = setup({ clock: new FakeClock({ seed: seed * 7919 }), ttl: 100 });
      manager.subscribe(() => {});
      await manager.get();
      await clock.advance(85_000);
      expect(calls.length).toBe(2);
      const share = (calls[1]?.at ?? 0) / 100_000;
      expect(share).toBeGreaterThanOrEqual(0.7);
      expect(share).toBeLessThan(0.8001);
      const bin = Math.min(9, Math.floor((share - 0.7) * 100));
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    for (const count of bins) expect(count).toBeGreaterThan(15);
  });

  it.each([5, 15, 60, 3_600, 2_592_000])('T4 a lifetime of %d s never mints twice within the floor', async (ttl) => {
    const { manager, clock, calls } = setup({ ttl, clock: new FakeClock({ seed: ttl }) });
    manager.subscribe(() => {});
    await manager.get();
    for (let i = 0; i < 300; i += 1) {
      await clock.advance(400);
      void manager.get();
    }
    const floor = Math.max(1_000, Math.min(5_000, (ttl * 1_000) / 4));
    for (let i = 1; i < calls.length; i += 1)
      expect((calls[i]?.at ?? 0) - (calls[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual(floor);
    expect(calls.length).toBeGreaterThanOrEqual(Math.floor(120 / (0.8 * ttl + 1)));
  });

  it('T5 a lifetime below the margin is one token_ttl_too_short, with no loop', async () => {
    const { manager, clock, calls, events } = setup({ ttl: 1 });
    manager.subscribe(() => {});
    await expect(manager.get()).rejects.toMatchObject({ code: 'token_ttl_too_short' });
    await clock.advance(600_000);
    await expect(manager.get()).rejects.toMatchObject({ code: 'token_ttl_too_short' });
    expect(calls.length).toBe(1);
    expect(events.filter((event) => event.type === 'failure').length).toBe(1);
  });

  it('T6 no timer is armed beyond 30 s, and a 40-day token renews at 75 %', async () => {
    const day = 86_400_000;
    const { manager, clock, calls } = setup({ ttl: 40 * 86_400 });
    manager.subscribe(() => {});
    await manager.get();
    await clock.advance(29.9 * day);
    expect(calls.length).toBe(1);
    await clock.advance(0.2 * day);
    expect(calls.length).toBe(2);
    expect((calls[1]?.at ?? 0) / day).toBeCloseTo(30, 2);
    expect(clock.longestTimer).toBeLessThanOrEqual(30_000);
  });

  it('T7 between refresh and margin it answers at once and renews behind, once', async () => {
    const { manager, clock, calls } = setup();
    const first = await manager.get();
    await clock.advance(50_000); // nobody subscribes: no schedule
    expect(calls.length).toBe(1);
    expect(manager.current).toBe(first);
    const [a, b] = await Promise.all([manager.get(), manager.get()]);
    expect([a, b]).toEqual([first, first]);
    expect(manager.status).toBe('refreshing');
    await clock.settle();
    expect(calls.length).toBe(2);
    expect(manager.current).not.toBe(first);
    expect(manager.getSnapshot()).toMatchObject({ status: 'ready', renewals: 1 });
  });

  it('T8 past the margin get() waits: a lapsed token is never returned', async () => {
    const { manager, clock, calls } = setup();
    const first = await manager.get();
    await clock.advance(55_001);
    expect(manager.current).toBeNull();
    expect(manager.getSnapshot().token).toBeNull();
    expect(await manager.get()).not.toBe(first);
    expect(calls.length).toBe(2);
  });

  it('T9 a hundred callers share one request', async () => {
    const { manager, calls } = setup();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => manager.get()));
    expect(new Set(tokens).size).toBe(1);
    expect(calls.length).toBe(1);
  });

  it('T13 one leaving cancels nothing; the last one stops the timers', async () => {
    const { manager, clock, calls, signals } = setup();
    const offA = manager.subscribe(() => {});
    const offB = manager.subscribe(() => {});
    const pending = manager.get();
    offA();
    offA();
    await pending;
    expect(calls[0]?.signal.aborted).toBe(false);
    await clock.advance(50_000);
    expect(calls.length).toBe(2);
    offB();
    expect(clock.pending).toBe(0);
    expect(signals.listeners.size).toBe(0);
    await clock.advance(600_000);
    expect(calls.length).toBe(2);
  });

  it('T14 nothing is left after dispose(), also in mid-flight', async () => {
    const { manager, clock, signals, calls } = setup();
    manager.subscribe(() => {});
    const pending = outcome(manager.get());
    await Promise.resolve();
    manager.dispose();
    await clock.settle();
    expect(pending.error).toMatchObject({ code: 'disposed' });
    expect(calls[0]?.signal.aborted ?? true).toBe(true);
    expect(clock.pending).toBe(0);
    expect(signals.listeners.size).toBe(0);
    await expect(manager.get()).rejects.toMatchObject({ code: 'disposed' });
    manager.subscribe(() => {});
    expect(clock.pending).toBe(0);
  });
});

describe('sleep, wake and clocks', () => {
  it('T15 after 8 h of sleep the old token is not handed out', async () => {
    const { manager, clock } = setup();
    manager.subscribe(() => {});
    const old = await manager.get();
    clock.sleep(8 * 3_600_000);
    expect(manager.current).toBeNull();
    expect(await manager.get()).not.toBe(old);
  });

  it('T15 a request that slept with the machine is given up on waking, and sent anew', async () => {
    const clock = new FakeClock();
    const fetchToken = vi.fn(() => new Promise<string>(() => {}));
    const { manager, signals } = setup({ clock, fetchToken });
    manager.subscribe(() => {});
    void outcome(manager.get());
    await clock.advance(1_000);
    clock.sleep(3_600_000);
    signals.emit('wake');
    fetchToken.mockImplementation(() => Promise.resolve(jwt({ sub: 'ada', iat: 1, exp: 61 })));
    await clock.advance(600);
    expect(manager.status).toBe('ready');
    expect(fetchToken).toHaveBeenCalledTimes(2);
  });

  it('T16 wake while offline: waits, then mints once on online', async () => {
    const { manager, clock, signals, calls } = setup();
    manager.subscribe(() => {});
    await manager.get();
    signals.emit('offline');
    clock.sleep(8 * 3_600_000);
    signals.emit('wake');
    await clock.advance(60_000);
    expect(calls.length).toBe(1);
    expect(manager.status).toBe('offline');
    signals.emit('online');
    signals.emit('wake');
    await clock.settle();
    expect(calls.length).toBe(2);
    expect(manager.status).toBe('ready');
  });

  it('T17 a burst of page signals is one validity check: no mint while valid, one when lapsed', async () => {
    const { manager, clock, signals, calls } = setup();
    manager.subscribe(() => {});
    await manager.get();
    for (let i = 0; i < 100; i += 1) signals.emit('wake');
    await clock.settle();
    expect(calls.length).toBe(1);
    clock.sleep(3_600_000);
    for (let i = 0; i < 100; i += 1) signals.emit(i % 2 ? 'wake' : 'online');
    await clock.settle();
    for (let i = 0; i < 100; i += 1) signals.emit('wake');
    await clock.settle();
    expect(calls.length).toBe(2);
  });

  it('T18 hidden for 10 minutes: no mint; the first use after the return is valid', async () => {
    const { manager, clock, signals, calls } = setup();
    manager.subscribe(() => {});
    await manager.get();
    signals.isVisible = false;
    await clock.advance(600_000);
    expect(calls.length).toBe(1);
    signals.isVisible = true;
    signals.emit('wake');
    const token = await manager.get();
    expect(token.expiresAt).toBeGreaterThan(clock.now());
    expect(calls.length).toBe(2);
  });

  it('T19 renew() brings the next token ahead of time, also while hidden, and shares the flight', async () => {
    const { manager, clock, signals, calls } = setup();
    manager.subscribe(() => {});
    const first = await manager.get();
    signals.isVisible = false;
    await clock.advance(30_000);
    const renewals = [manager.renew(first), manager.renew(first)];
    expect(manager.current).toBe(first);
    const [next, same] = await Promise.all(renewals);
    expect(next).not.toBe(first);
    expect(same).toBe(next);
    expect(await manager.renew(first)).toBe(next);
    expect(calls.map((call) => call.reason)).toEqual(['initial', 'refresh']);
  });

  it('T20 a wall clock set back makes the token stale', async () => {
    const { manager, clock, calls } = setup();
    manager.subscribe(() => {});
    const old = await manager.get();
    await clock.advance(10_000);
    clock.shiftWall(-3_600_000);
    expect(manager.current).toBeNull();
    expect(await manager.get()).not.toBe(old);
    expect(calls.length).toBe(2);
  });

  it('T20 a wall clock set back while the token is on its way, then a sleep that hides it: the token is not used', async () => {
    const clock = new FakeClock();
    let give: (token: string) => void = () => {};
    const manager = createTokenManager({ clock, fetchToken: () => new Promise<string>((resolve) => (give = resolve)) });
    manager.subscribe(() => {});
    const asked = outcome(manager.get());
    await clock.advance(500);
    clock.shiftWall(-50_000);
    manager.getSnapshot(); // as every render of the hook does
    await clock.advance(500);
    clock.sleep(58_000); // 59 s are gone, and the clocks have counted 1 and 9
    give(jwt({ iat: 1_000, exp: 1_060 }));
    await clock.advance(0);
    expect(manager.current).toBeNull();
    expect(asked.value).toBeUndefined();
  });

  it('T21 offline but wrong: an explicit get() tries once, and works', async () => {
    const { manager, signals, calls, failWith, clock } = setup();
    signals.isOnline = false;
    expect(await manager.get()).toBeTruthy();
    expect(calls.length).toBe(1);
    failWith(() => new TypeError('Failed to fetch'));
    await clock.advance(60_000);
    await expect(manager.get()).rejects.toMatchObject({ code: 'token_endpoint_unavailable', retryable: true });
    expect(calls.length).toBe(2);
    await clock.advance(600_000);
    expect(calls.length).toBe(2);
  });
});

describe('failures', () => {
  it.each([
    ['500', () => status(500), 'token_endpoint_unavailable'],
    ['404', () => status(404), 'token_endpoint_unavailable'],
    ['408', () => status(408), 'token_endpoint_timeout'],
    ['429', () => status(429), 'rate_limited'],
    ['a network failure', () => new TypeError('Failed to fetch'), 'token_endpoint_unavailable'],
  ])('T22 %s is retried, also while hidden, and get() waits through it', async (_name, error, code) => {
    const { manager, clock, signals, calls, failWith } = setup();
    signals.isVisible = false;
    failWith(error);
    const pending = outcome(manager.get());
    await clock.advance(1_000);
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(manager.getSnapshot()).toMatchObject({ status: 'error', error: { code } });
    failWith(null);
    await clock.advance(5_000);
    expect(pending.value).toBeTruthy();
    expect(manager.status).toBe('ready');
  });

  it.each([
    ['seconds', () => '20'],
    ['a date', (clock: FakeClock) => new Date(clock.now() + 20_000).toUTCString()],
  ])('T23 Retry-After in %s is honoured, and 429 signs nobody out', async (_name, header) => {
    const { manager, clock, calls, failWith, signals } = setup();
    manager.subscribe(() => {});
    failWith(() => status(429, { 'retry-after': header(clock) }));
    void outcome(manager.get());
    await clock.advance(10_000);
    signals.emit('online'); // a network that came back changes nothing about the server's word
    failWith(null);
    await clock.advance(8_900);
    expect(calls.length).toBe(1);
    expect(manager.status).toBe('error');
    await clock.advance(1_200);
    expect(calls.length).toBe(2);
    expect(manager.status).toBe('ready');
  });

  it.each([
    [401, 'unauthenticated'],
    [403, 'forbidden'],
  ] as const)('T24 %d → %s, not tried again until reset()', async (code, expected) => {
    const { manager, clock, calls, failWith, signals } = setup();
    manager.subscribe(() => {});
    failWith(() => status(code));
    await expect(manager.get()).rejects.toMatchObject({ code: expected, status: code });
    expect(manager.status).toBe(expected);
    await clock.advance(600_000);
    signals.emit('wake');
    await expect(manager.get()).rejects.toMatchObject({ code: expected });
    expect(calls.length).toBe(1);
    failWith(null);
    manager.reset();
    expect(await manager.get()).toBeTruthy();
    expect(manager.status).toBe('ready');
  });

  it('T24 a 401 at a renewal ends the token in hand', async () => {
    const { manager, clock, failWith } = setup();
    manager.subscribe(() => {});
    await manager.get();
    failWith(() => status(401));
    await clock.advance(46_000);
    expect(manager.getSnapshot()).toMatchObject({ status: 'unauthenticated', token: null });
  });

  it('T25 a valid token stays in use while its renewal fails; T27 recovery needs nobody', async () => {
    const { manager, clock, failWith } = setup();
    const seen = new Set<string>();
    manager.subscribe(() => seen.add(manager.status));
    const first = await manager.get();
    failWith(() => status(503));
    await clock.advance(50_000);
    expect(manager.getSnapshot()).toMatchObject({ status: 'degraded', token: first });
    await clock.advance(10_000);
    expect(manager.getSnapshot()).toMatchObject({ status: 'error', token: null });
    failWith(null);
    await clock.advance(30_000);
    expect(manager.getSnapshot()).toMatchObject({ status: 'ready', error: null });
    expect(seen).toContain('degraded');
  });

  it.each([null, 1, 2, 3, 4, 5])(
    'T26 a 10-minute outage costs ≤ 30 attempts, however many callers (seed %s)',
    async (seed) => {
      const clock = seed === null ? Object.assign(new FakeClock(), { random: () => 0 }) : new FakeClock({ seed });
      const { manager, calls, failWith, signals } = setup({ clock });
      manager.subscribe(() => {});
      failWith(() => status(503));
      for (let second = 0; second < 600; second += 1) {
        for (let i = 0; i < 20; i += 1) void outcome(manager.get());
        signals.emit(second % 3 ? 'wake' : 'online');
        await clock.advance(1_000);
      }
      expect(calls.length).toBeLessThanOrEqual(30);
      expect(calls.length).toBeGreaterThan(15);
      failWith(null);
      await clock.advance(30_000);
      expect(manager.status).toBe('ready');
    },
  );

  it('a caller waits through failures for 30 s at most; the manager goes on', async () => {
    const { manager, clock, failWith } = setup();
    manager.subscribe(() => {});
    failWith(() => status(503));
    const pending = outcome(manager.get());
    await clock.advance(31_000);
    expect(pending.error).toMatchObject({ code: 'token_endpoint_unavailable', retryable: true });
    failWith(null);
    await clock.advance(31_000);
    expect(manager.status).toBe('ready');
  });

  it('T28 a hung endpoint is given up after 10 s, by an abort of our own', async () => {
    const signals: AbortSignal[] = [];
    const clock = new FakeClock();
    const manager = createTokenManager({
      clock,
      fetchToken: ({ signal }) => (signals.push(signal), new Promise(() => {})),
    });
    void outcome(manager.get());
    await clock.advance(9_999);
    expect(signals[0]?.aborted).toBe(false);
    await clock.advance(1);
    expect(signals[0]?.aborted).toBe(true);
    expect(manager.getSnapshot().error?.code).toBe('token_endpoint_timeout');
  });

  it.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
      'token_endpoint_unavailable',
    ],
    ['rejects with undefined', () => Promise.resolve().then(rejectEmpty), 'token_endpoint_unavailable'],
    ['returns undefined', () => undefined, 'invalid_token_response'],
    ['never settles', () => new Promise(() => {}), 'token_endpoint_timeout'],
    ['returns a refused Response', () => new Response('', { status: 401 }), 'unauthenticated'],
    [
      'rejects with an axios-like error',
      () => Promise.reject(Object.assign(new Error('x'), { response: { status: 403 } })),
      'forbidden',
    ],
  ])('T29 a fetcher that %s gives a typed error and a living manager', async (_name, fetcher, code) => {
    const clock = new FakeClock();
    let broken = true;
    const manager = createTokenManager({
      clock,
      fetchToken: (() =>
        broken ? fetcher() : { token: 'opaque', expires_in: 60 }) as TokenManagerOptions['fetchToken'],
    });
    const pending = outcome(manager.get());
    await clock.advance(41_000);
    expect(ChatError.is(pending.error)).toBe(true);
    expect(pending.error).toMatchObject({ code });
    broken = false;
    manager.reset();
    const next = outcome(manager.get());
    await clock.advance(31_000);
    expect(next.value).toBeTruthy();
  });

  const now = 1_800_000_000;
  it.each<[string, unknown]>([
    ['an HTML page', '<!doctype html><title>Sign in</title>'],
    ['an empty string', ''],
    ['"undefined"', 'undefined'],
    ['"null"', 'null'],
    ['a token encoded twice', JSON.stringify(jwt({ iat: now, exp: now + 60 }))],
    ['a number', 42],
    ['null', null],
    ['an array', []],
    ['an object without a token', { access: 'x' }],
    ['a token that is no string', { token: { a: 1 }, expires_in: 60 }],
    ['exp as a string', jwt({ iat: now, exp: String(now + 60) })],
    ['exp in milliseconds', jwt({ iat: now, exp: (now + 60) * 1_000 })],
    ['exp without iat', jwt({ exp: now + 60 })],
    ['a JWT without exp', jwt({ iat: now })],
    ['expires_in as a string', { token: 'abc', expires_in: '60' }],
    ['a negative expires_in', { token: 'abc', expires_in: -60 }],
    ['an opaque token without a lifetime', 'abc'],
    ['a token over 8 KB', { token: 'x'.repeat(8_193), expires_in: 60 }],
  ])('T30 %s is an invalid_token_response, once', async (_name, answer) => {
    const clock = new FakeClock();
    const fetchToken = vi.fn(() => Promise.resolve(answer as string));
    const manager = createTokenManager({ clock, fetchToken });
    manager.subscribe(() => {});
    await expect(manager.get()).rejects.toMatchObject({ code: 'invalid_token_response' });
    await clock.advance(600_000);
    await expect(manager.get()).rejects.toMatchObject({ code: 'invalid_token_response' });
    expect(fetchToken).toHaveBeenCalledTimes(1);
  });

  it('T50 every error has code, retryable, status and remedy', async () => {
    const { manager, failWith } = setup();
    failWith(() => status(401));
    const error: unknown = await manager.get().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'unauthenticated',
      retryable: false,
      status: 401,
      remediation: 'Sign in again.',
    });
    expect((error as Error).cause).toBeInstanceOf(Error);
  });
});

describe('refused tokens', () => {
  it('T31 forceRefresh() returns another token that is in hand, else mints once', async () => {
    const { manager, clock, calls } = setup();
    const first = await manager.get();
    await clock.advance(35_000);
    const second = await manager.forceRefresh(first);
    expect(second).not.toBe(first);
    expect(await manager.forceRefresh(first)).toBe(second);
    expect(calls.map((call) => call.reason)).toEqual(['initial', 'rejected']);
  });

  it('T32 twenty simultaneous refusals cost one mint', async () => {
    const { manager, calls } = setup();
    const first = await manager.get();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => manager.forceRefresh(first)));
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(first);
    expect(calls.length).toBe(2);
  });

  it('T33 the refused token once more is token_not_rotated, and the end', async () => {
    const clock = new FakeClock();
    const fetchToken = vi.fn(() => Promise.resolve({ token: 'always-the-same', expires_in: 60 }));
    const manager = createTokenManager({ clock, fetchToken });
    const token = await manager.get();
    await expect(manager.forceRefresh(token)).rejects.toMatchObject({ code: 'token_not_rotated' });
    await clock.advance(600_000);
    await expect(manager.get()).rejects.toMatchObject({ code: 'token_not_rotated' });
    expect(fetchToken).toHaveBeenCalledTimes(2);
  });

  it('T34 two fresh tokens refused in a row are server_rejects_fresh_token, and the end', async () => {
    const { manager, clock, calls, events } = setup();
    const first = await manager.get();
    const second = await manager.forceRefresh(first);
    await expect(manager.forceRefresh(second)).rejects.toMatchObject({ code: 'server_rejects_fresh_token' });
    expect(manager.getSnapshot()).toMatchObject({ status: 'error', token: null });
    // The refusal, and then what it came to: what a log or the devtools' timeline shows last.
    const error: unknown = expect.objectContaining({ code: 'server_rejects_fresh_token' });
    expect(events.slice(-2)).toEqual([
      { type: 'rejected' },
      { type: 'failure', reason: 'rejected', error, retryInMs: null },
    ]);
    await clock.advance(600_000);
    await expect(manager.get()).rejects.toMatchObject({ code: 'server_rejects_fresh_token' });
    expect(calls.length).toBe(2);
  });

  it('T34 an older token refused, then a fresh one, is not yet the end', async () => {
    const { manager, clock } = setup();
    const first = await manager.get();
    await clock.advance(40_000);
    const second = await manager.forceRefresh(first);
    const third = outcome(manager.forceRefresh(second));
    await clock.advance(5_000); // the second forced mint waits for the floor
    expect(third.value).toBeTruthy();
  });

  it('T35 an older token never takes the place of a newer one', async () => {
    const clock = new FakeClock();
    let iat = 1_000;
    const manager = createTokenManager({ clock, fetchToken: () => Promise.resolve(jwt({ iat, exp: iat + 60 })) });
    manager.subscribe(() => {});
    const first = await manager.get();
    iat = 900;
    await clock.advance(50_000);
    expect(manager.getSnapshot()).toMatchObject({ token: first, status: 'degraded' });
    iat = 1_060;
    await clock.advance(30_000);
    expect(manager.current?.claims?.iat).toBe(1_060);
  });

  it('T36 a forced refresh supersedes the flight under way', async () => {
    const clock = new FakeClock();
    const answers: ((token: string) => void)[] = [];
    const reasons: FetchReason[] = [];
    const manager = createTokenManager({
      clock,
      fetchToken: ({ reason }) => (reasons.push(reason), new Promise<string>((resolve) => answers.push(resolve))),
    });
    const token = (name: string, iat: number) => jwt({ iat, exp: iat + 60, jti: name });
    const firstGet = manager.get();
    await clock.settle();
    answers[0]?.(token('first', 1_000));
    const first = await firstGet;
    await clock.advance(50_000);
    void manager.get(); // renews behind
    await clock.settle();
    const forced = outcome(manager.forceRefresh(first));
    await clock.settle();
    answers[1]?.(token('late', 1_050));
    await clock.settle();
    expect(forced.settled).toBe(false);
    answers[2]?.(token('forced', 1_050));
    await clock.settle();
    expect(forced.value?.claims?.jti).toBe('forced');
    expect(manager.current?.claims?.jti).toBe('forced');
    expect(reasons).toEqual(['initial', 'refresh', 'rejected']);
  });

  it('T36 the refusal of a token that had lapsed anyway waits for the flight that was asked for it', async () => {
    const clock = new FakeClock();
    const answers: ((token: string) => void)[] = [];
    const signals: AbortSignal[] = [];
    const manager = createTokenManager({
      clock,
      fetchToken: ({ signal }) => (signals.push(signal), new Promise<string>((resolve) => answers.push(resolve))),
    });
    const firstGet = manager.get();
    await clock.settle();
    const iat = 1_000;
    answers[0]?.(jwt({ iat, exp: iat + 60 }));
    const first = await firstGet;
    await clock.advance(61_000); // asleep: a page asks first on waking, then the connection hears what happened meanwhile
    const woken = outcome(manager.get());
    await clock.settle();
    const forced = outcome(manager.forceRefresh(first));
    await clock.settle();
    expect(signals.map((each) => each.aborted)).toEqual([false, false]);
    answers[1]?.(jwt({ iat: iat + 61, exp: iat + 121 }));
    await clock.settle();
    expect(forced.value?.claims?.iat).toBe(iat + 61);
    expect(woken.value).toBe(forced.value);
    expect(answers.length).toBe(2);
  });

  it('T33 T36 the lapsed and refused token once more is token_not_rotated too', async () => {
    const clock = new FakeClock();
    const manager = createTokenManager({
      clock,
      fetchToken: () => Promise.resolve({ token: 'always-the-same', expires_in: 60 }),
    });
    const first = await manager.get();
    await clock.advance(61_000);
    const woken = outcome(manager.get());
    const forced = outcome(manager.forceRefresh(first));
    await clock.settle();
    expect([woken.error, forced.error]).toMatchObject([{ code: 'token_not_rotated' }, { code: 'token_not_rotated' }]);
  });
});

describe('whose token', () => {
  it('T37 sign-out drops a late answer, at once and for good', async () => {
    const { manager, clock, calls, events } = setup();
    const seen: unknown[] = [];
    manager.subscribe(() => seen.push(manager.current));
    const pending = outcome(manager.get());
    await Promise.resolve();
    manager.signOut();
    expect(manager.getSnapshot()).toMatchObject({
      status: 'unauthenticated',
      token: null,
      error: { code: 'signed_out' },
    });
    expect(clock.pending).toBe(0);
    await clock.advance(600_000);
    expect(pending.error).toMatchObject({ code: 'signed_out' });
    expect(seen.every((token) => token === null)).toBe(true);
    expect(calls.length).toBeLessThanOrEqual(1);
    manager.reset();
    await expect(manager.get()).rejects.toMatchObject({ code: 'signed_out' });
    expect(events.at(-1)).toEqual({ type: 'signed-out' });
  });

  it('T38 two people’s managers share nothing', async () => {
    const clock = new FakeClock();
    const make = (userId: string) =>
      createTokenManager({ userId, clock, fetchToken: () => Promise.resolve(jwt({ sub: userId, iat: 1, exp: 61 })) });
    const ada = make('ada');
    const ben = make('ben');
    const late = outcome(ada.get());
    ada.signOut();
    expect((await ben.get()).claims?.sub).toBe('ben');
    await clock.settle();
    expect(late.error).toMatchObject({ code: 'signed_out' });
    expect(ben.current?.claims?.sub).toBe('ben');
  });

  it('T39 another user’s token is discarded', async () => {
    const { manager, mint } = setup({ fetchToken: () => Promise.resolve(jwt({ sub: 'mallory', iat: 1, exp: 61 })) });
    expect(mint()).toBeTruthy();
    await expect(manager.get()).rejects.toMatchObject({ code: 'user_mismatch' });
    expect(manager.current).toBeNull();
  });

  it('T46 the raw token shows nowhere but in raw()', async () => {
    const { manager, events } = setup();
    const token = await manager.get();
    const raw = token.raw();
    const error: unknown = await manager
      .forceRefresh(token)
      .then((next) => manager.forceRefresh(next))
      .catch((thrown: unknown) => thrown);
    for (const thing of [token, manager, manager.getSnapshot(), events, error, { data: token }]) {
      for (const text of [JSON.stringify(thing), inspect(thing, { depth: 10, showHidden: true }), `${String(thing)}`]) {
        expect(text).not.toContain(raw);
        expect(text).not.toContain('eyJ');
      }
    }
    expect(structuredClone({ ...token })).not.toHaveProperty('raw');
  });

  it('T47 what a cache restored in a token’s place is told apart', async () => {
    const { ChatToken: Live } = await import('./ChatToken.ts');
    const { manager } = setup();
    const token: ChatToken = await manager.get();
    expect(Live.is(token)).toBe(true);
    expect(Live.is((JSON.parse(JSON.stringify({ token })) as { token: unknown }).token)).toBe(false);
    expect(Live.is({ raw: () => 'x', claims: null, expiresAt: 1 })).toBe(false);
  });

  it('T51 asks no clock, timer or dice but the ones it was given', async () => {
    const spies = [
      vi.spyOn(Date, 'now'),
      vi.spyOn(performance, 'now'),
      vi.spyOn(globalThis, 'setTimeout'),
      vi.spyOn(Math, 'random'),
    ];
    const { manager, clock } = setup();
    for (const spy of spies) spy.mockClear();
    manager.subscribe(() => {});
    await manager.get();
    await clock.advance(120_000);
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  it('does nothing before it is asked, and getSnapshot() is stable', () => {
    const { manager, clock, calls, signals } = setup();
    expect(manager.getSnapshot()).toEqual({ status: 'idle', token: null, error: null, renewals: 0 });
    expect(manager.getSnapshot()).toBe(manager.getSnapshot());
    expect([clock.pending, calls.length, signals.listeners.size]).toEqual([0, 0, 0]);
  });
});
