import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeClock, FakeTabs } from '../../testing/index.ts';
import type { FakeTab } from '../../testing/index.ts';
import type { Clock } from '../clock.ts';
import { FakeSignals, jwt, outcome } from '../test-fixtures.ts';
import { createHttpTokenFetcher } from './http-token-fetcher.ts';
import { createTokenManager } from './TokenManager.ts';
import type { FetchReason, TokenEvent, TokenManager, TokenManagerOptions } from './types.ts';

interface Mint {
  tab: number;
  reason: FetchReason;
  /** Monotonic. */
  at: number;
}

interface Tab {
  manager: TokenManager;
  signals: FakeSignals;
  port: FakeTab;
  events: TokenEvent[];
  /** No timer, message or answer comes through, as in a page that the browser froze. */
  freeze(): void;
  thaw(): void;
}

/** One browser whose tabs share a clock and a channel, and an endpoint that counts. */
class Browser {
  readonly clock: FakeClock;
  readonly bus: FakeTabs;
  readonly mints: Mint[] = [];
  readonly tabs: Tab[] = [];
  ttl = 60;
  latencyMs = 100;
  answer: (mint: Mint) => Promise<string> = () => Promise.resolve(this.token());

  constructor(seed = 1) {
    this.clock = new FakeClock({ seed });
    this.bus = new FakeTabs({ clock: this.clock });
  }

  token(claims: Record<string, unknown> = {}): string {
    const iat = 1_800_000_000 + Math.floor(this.clock.monotonic() / 1_000);
    return jwt({ sub: 'ada', iat, exp: iat + this.ttl, jti: String(this.mints.length), ...claims });
  }

  open(options: Partial<TokenManagerOptions> = {}): Tab {
    const signals = new FakeSignals();
    const port = this.bus.tab();
    const events: TokenEvent[] = [];
    const index = this.tabs.length;
    const clock: Clock = {
      now: () => this.clock.now(),
      monotonic: () => this.clock.monotonic(),
      random: () => this.clock.random(),
      setTimer: (fn, ms) => this.clock.setTimer(() => port.hear(fn), ms),
    };
    const manager = createTokenManager({
      userId: 'ada',
      clock,
      signals,
      tabs: port,
      onEvent: (event) => events.push(event),
      fetchToken: ({ reason }) => {
        const mint = { tab: index, reason, at: this.clock.monotonic() };
        this.mints.push(mint);
        return new Promise((resolve, reject) => {
          this.clock.setTimer(
            () => port.hear(() => void this.answer(mint).then(resolve, (error: Error) => reject(error))),
            this.latencyMs,
          );
        });
      },
      ...options,
    });
    const tab = { manager, signals, port, events, freeze: () => port.freeze(), thaw: () => port.thaw() };
    this.tabs.push(tab);
    return tab;
  }

  /** Tabs that are in use, all with a token. */
  async start(count: number): Promise<Tab[]> {
    const tabs = Array.from({ length: count }, () => this.open());
    for (const { manager } of tabs) {
      manager.subscribe(() => {});
      void manager.get();
    }
    await this.clock.advance(1_000);
    return tabs;
  }

  raws(): (string | undefined)[] {
    return this.tabs.map(({ manager }) => manager.current?.raw());
  }
}

const message = (type: string, fields: Record<string, unknown> = {}) => ({ type, user: 'ada', ...fields });

describe('one mint for all tabs', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('T41 a cold start of five tabs is one mint (seed %d)', async (seed) => {
    const browser = new Browser(seed);
    const tabs = Array.from({ length: 5 }, () => browser.open());
    const tokens = await Promise.all([
      ...tabs.map(({ manager }) => manager.get().then((token) => token.raw())),
      browser.clock.advance(1_000),
    ]);
    expect(browser.mints.length).toBe(1);
    expect(new Set(tokens.slice(0, 5)).size).toBe(1);
  });

  it('T41 a lone tab waits 75 ms, once', async () => {
    const browser = new Browser();
    const [tab] = await browser.start(1);
    expect(browser.mints[0]?.at).toBe(75);
    browser.clock.sleep(3_600_000);
    const woken = browser.clock.monotonic();
    void tab?.manager.get();
    await browser.clock.settle();
    expect(browser.mints.at(-1)?.at).toBe(woken);
    expect(browser.mints.length).toBe(2);
  });

  it('T41 a tab opened later takes the token in hand, and mints nothing', async () => {
    const browser = new Browser();
    await browser.start(1);
    await browser.clock.advance(20_000);
    const late = browser.open();
    const token = await late.manager.get();
    expect(token.raw()).toBe(browser.raws()[0]);
    expect(token.expiresAt).toBe(browser.tabs[0]?.manager.current?.expiresAt);
    expect(late.events).toEqual([{ type: 'adopted', lifetimeMs: 60_000 }]);
    expect(browser.mints.length).toBe(1);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'T41 five tabs in an hour mint once per cycle (seed %d)',
    async (seed) => {
      const browser = new Browser(seed);
      await browser.start(5);
      for (let second = 0; second < 3_600; second += 1) {
        await browser.clock.advance(1_000);
        expect(new Set(browser.raws()).size).toBe(1);
        expect(browser.raws()[0]).toBeDefined();
      }
      expect(browser.mints.length).toBeLessThanOrEqual(86);
      expect(new Set(browser.mints.map(({ tab }) => tab)).size).toBe(5);
    },
    20_000,
  );

  it('T3 with tabs, too, renewals fall at 70–80 % of the lifetime, the first of three dice', async () => {
    const bins = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 300; seed += 1) {
      const browser = new Browser(seed * 7919);
      browser.ttl = 100;
      await browser.start(3);
      const asked = browser.mints[0]?.at ?? 0;
      await browser.clock.advance(85_000);
      expect(browser.mints.length).toBe(2);
      const share = ((browser.mints[1]?.at ?? 0) - asked) / 100_000;
      expect(share).toBeGreaterThanOrEqual(0.7);
      expect(share).toBeLessThan(0.801);
      const bin = Math.min(9, Math.floor((share - 0.7) * 100));
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    // The least of three even dice: 27 % in the first tenth, falling to 0.1 % in the last.
    expect(bins[0]).toBeGreaterThan(50);
    expect(bins[0]).toBeLessThan(115);
    expect(bins.slice(0, 3).reduce((a, b) => a + b, 0)).toBeGreaterThan(150);
    expect(bins.slice(4).reduce((a, b) => a + b, 0)).toBeGreaterThan(30);
  }, 20_000);

  it('T41 all tabs wake from a sleep: one mint', async () => {
    const browser = new Browser();
    await browser.start(5);
    browser.clock.sleep(8 * 3_600_000);
    const waiting = browser.tabs.map(({ manager }) => outcome(manager.get()));
    await browser.clock.advance(400);
    expect(new Set(waiting.map(({ value }) => value?.raw())).size).toBe(1);
    expect(waiting[0]?.value).toBeTruthy();
    expect(browser.mints.length).toBe(2);
  });

  it('T32 every tab’s token is refused at once: one mint serves them all', async () => {
    const browser = new Browser();
    await browser.start(4);
    await browser.clock.advance(10_000);
    const waiting = browser.tabs.map(({ manager }) =>
      outcome(manager.current ? manager.forceRefresh(manager.current) : manager.get()),
    );
    await browser.clock.advance(400);
    expect(new Set(waiting.map(({ value }) => value?.raw())).size).toBe(1);
    expect(waiting[0]?.value).toBeTruthy();
    expect(browser.mints.map(({ reason }) => reason)).toEqual(['initial', 'rejected']);
  });

  it('T31 a forced refresh in one tab serves the others, which never learn of the refusal', async () => {
    const browser = new Browser();
    const [one, two] = await browser.start(2);
    const first = two?.manager.current;
    await browser.clock.advance(10_000);
    if (!first) throw new Error('no token');
    void one?.manager.forceRefresh(first);
    await browser.clock.advance(400);
    expect(two?.manager.current?.raw()).not.toBe(first.raw());
    expect(await two?.manager.forceRefresh(first)).toBe(two?.manager.current);
    expect(browser.mints.length).toBe(2);
  });

  it('T33 the refused token does not come back from another tab', async () => {
    const browser = new Browser();
    const [one] = await browser.start(3);
    const first = one?.manager.current;
    if (!first) throw new Error('no token');
    browser.latencyMs = 2_000;
    const forced = outcome(one.manager.forceRefresh(first));
    browser.bus.post(message('token', { token: first.raw(), lifetimeMs: 60_000, ageMs: 0, at: browser.clock.now() }));
    await browser.clock.advance(1_000);
    expect(forced.settled).toBe(false);
    await browser.clock.advance(2_000);
    expect(forced.value?.raw()).not.toBe(first.raw());
  });

  it('T34 a server that refuses every token is given up by all tabs, though they serve each other', async () => {
    const browser = new Browser();
    const tabs = await browser.start(3);
    for (const { manager } of tabs) {
      const refuse = () => {
        const { current } = manager;
        if (current) queueMicrotask(() => void outcome(manager.forceRefresh(current)));
      };
      manager.subscribe(refuse);
      refuse();
    }
    await browser.clock.advance(600_000);
    for (const { manager } of tabs) {
      expect(manager.getSnapshot().error?.code).toBe('server_rejects_fresh_token');
    }
    expect(browser.mints.length).toBeLessThanOrEqual(7);
  });

  it('T18 a hidden tab lives from the visible one’s tokens', async () => {
    const browser = new Browser();
    const [, hidden] = await browser.start(2);
    if (hidden) hidden.signals.isVisible = false;
    for (let i = 0; i < 600; i += 1) {
      await browser.clock.advance(1_000);
      expect(hidden?.manager.current).toBeTruthy();
    }
    expect(browser.mints.every(({ tab }, i) => i === 0 || tab === 0)).toBe(true);
    expect(browser.mints.length).toBeLessThan(16);
  });

  it('T41 a tab that gave way makes itself known: the other one does not think that it is alone', async () => {
    for (let seed = 1; seed < 20; seed += 1) {
      const browser = new Browser(seed);
      await browser.start(2);
      browser.clock.sleep(3_600_000);
      for (const { manager } of browser.tabs) void manager.get();
      await browser.clock.advance(500);
      expect(browser.mints.length).toBe(2);
    }
  });

  it('T18 a visible tab comes before a hidden one that wants a token as well', async () => {
    for (let seed = 1; seed < 20; seed += 1) {
      const browser = new Browser(seed);
      const [visible, hidden] = await browser.start(2);
      if (hidden) hidden.signals.isVisible = false;
      browser.clock.sleep(3_600_000);
      void hidden?.manager.get();
      void visible?.manager.get();
      await browser.clock.advance(500);
      expect(browser.mints.map(({ tab }) => tab).slice(1)).toEqual([0]);
    }
  });

  it('T10 get() in passing renews behind, though nobody watches', async () => {
    const browser = new Browser();
    const tab = browser.open();
    const pending = tab.manager.get();
    await browser.clock.advance(1_000);
    const first = await pending;
    expect(browser.bus.open).toBe(0);
    await browser.clock.advance(48_000);
    expect(await tab.manager.get()).toBe(first);
    await browser.clock.advance(500);
    expect(browser.mints.length).toBe(2);
    expect(tab.manager.current).not.toBe(first);
    expect([browser.bus.open, browser.clock.pending]).toEqual([0, 0]);
  });
});

describe('leaders that fail', () => {
  it('T42 the tab that mints is killed: another one mints before the margin', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const browser = new Browser(seed);
      await browser.start(4);
      browser.latencyMs = 1_000;
      while (browser.mints.length === 1) await browser.clock.advance(10);
      const leader = browser.tabs[browser.mints[1]?.tab ?? -1];
      leader?.freeze(); // and never heard of again
      const others = browser.tabs.filter((tab) => tab !== leader);
      const from = browser.clock.monotonic();
      while (others.some(({ manager }) => manager.getSnapshot().renewals < 1)) {
        await browser.clock.advance(50);
        for (const { manager } of others) expect(manager.current).toBeTruthy();
        expect(browser.clock.monotonic() - from).toBeLessThan(7_000);
      }
      expect(browser.mints.length).toBe(3);
    }
  }, 20_000);

  it.each([8, 15])(
    'T42 also where tokens live for %d s',
    async (ttl) => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const browser = new Browser(seed);
        browser.ttl = ttl;
        await browser.start(3);
        const before = browser.mints.length;
        while (browser.mints.length === before) await browser.clock.advance(10);
        const leader = browser.tabs[browser.mints[before]?.tab ?? -1];
        leader?.freeze();
        const others = browser.tabs.filter((tab) => tab !== leader);
        for (let i = 0; i < 40; i += 1) {
          await browser.clock.advance(50);
          for (const { manager } of others) expect(manager.current).toBeTruthy();
        }
      }
    },
    20_000,
  );

  it('T42 nobody waits longer than 5 s for a token that never comes', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const browser = new Browser(seed);
      browser.answer = ({ tab }) => (tab === leader ? new Promise(() => {}) : Promise.resolve(browser.token()));
      let leader = -1;
      const tabs = Array.from({ length: 5 }, () => browser.open());
      const waiting = tabs.map(({ manager }) => outcome(manager.get()));
      await browser.clock.advance(160);
      leader = browser.mints[0]?.tab ?? -1;
      tabs[leader]?.freeze();
      await browser.clock.advance(5_100);
      for (const [index, { value }] of waiting.entries()) if (index !== leader) expect(value).toBeTruthy();
      expect(browser.mints.length).toBe(2);
    }
  }, 20_000);

  it('T42 a frozen leader that comes back brings nothing old', async () => {
    const browser = new Browser(3);
    await browser.start(3);
    while (browser.mints.length === 1) await browser.clock.advance(10);
    const leader = browser.tabs[browser.mints[1]?.tab ?? -1];
    leader?.freeze();
    await browser.clock.advance(120_000);
    const others = browser.tabs.filter((tab) => tab !== leader);
    const current = others[0]?.manager.current?.raw();
    const held = leader?.manager.current;
    expect(held).toBeNull();
    leader?.thaw();
    await browser.clock.advance(200);
    expect(others[0]?.manager.current?.raw()).toBe(current);
    expect(leader?.manager.current?.raw()).toBe(current);
  });

  it('T42 liars that are always minting hold nobody off for more than 5 s', async () => {
    const browser = new Browser();
    const tab = browser.open();
    const pending = outcome(tab.manager.get());
    for (let i = 0; i < 52; i += 1) {
      browser.bus.post(message('minting', { id: 'liar', forMs: 1e9 }));
      browser.bus.post(message('claim', { rank: '0', ageMs: null }));
      await browser.clock.advance(100);
    }
    expect(pending.value).toBeTruthy();
  });

  it('T42 a leader that fails says so: the next one goes on at once', async () => {
    const browser = new Browser();
    let down = true;
    browser.answer = () => (down ? Promise.reject(new Error('down')) : Promise.resolve(browser.token()));
    const tabs = Array.from({ length: 3 }, () => browser.open());
    const waiting = tabs.map(({ manager }) => outcome(manager.get()));
    await browser.clock.advance(300);
    down = false;
    await browser.clock.advance(700);
    for (const { value } of waiting) expect(value).toBeTruthy();
    expect(new Set(browser.raws()).size).toBe(1);
  });

  it('T42 a leader whose tab lets go of it in mid-flight says so', async () => {
    const browser = new Browser();
    browser.latencyMs = 3_000;
    const tabs = Array.from({ length: 2 }, () => browser.open());
    const waiting = tabs.map(({ manager }) => outcome(manager.get()));
    await browser.clock.advance(200);
    const leader = browser.mints[0]?.tab ?? -1;
    browser.latencyMs = 10;
    tabs[leader]?.manager.dispose();
    await browser.clock.advance(200);
    expect(waiting[1 - leader]?.value).toBeTruthy();
  });

  it('T42 holds no Web Lock', async () => {
    const request = vi.fn();
    vi.stubGlobal('navigator', { locks: { request, query: request }, onLine: true });
    const browser = new Browser();
    await browser.start(3);
    await browser.clock.advance(120_000);
    vi.unstubAllGlobals();
    expect(request).not.toHaveBeenCalled();
  });

  it('T41 messages are lost, doubled, late and out of order: every tab stays served', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const browser = new Browser(seed);
      const dice = new FakeClock({ seed });
      browser.bus.deliver = () => {
        const fate = dice.random();
        const late = () => Math.floor(dice.random() * 1_500);
        return fate < 0.3 ? [] : fate < 0.5 ? [late(), late()] : [late()];
      };
      await browser.start(4);
      await browser.clock.advance(5_000);
      for (let second = 0; second < 300; second += 1) {
        await browser.clock.advance(1_000);
        for (const { manager } of browser.tabs) expect(manager.current).toBeTruthy();
      }
    }
  }, 20_000);

  it('T41 a channel that loses everything leaves each tab by itself', async () => {
    const browser = new Browser();
    browser.bus.deliver = () => [];
    await browser.start(3);
    expect(browser.mints.length).toBe(3);
    expect(browser.raws().every(Boolean)).toBe(true);
  });
});

describe('what is believed', () => {
  const at = (browser: Browser) => browser.clock.now();
  const offer = (browser: Browser, fields: Record<string, unknown> = {}) =>
    message('token', {
      token: browser.token({ iat: 1_800_000_100, exp: 1_800_000_160, jti: 'offered' }),
      lifetimeMs: 60_000,
      ageMs: 0,
      at: at(browser),
      ...fields,
    });

  it('T43 a good and newer token is taken (so that the refusals below mean something)', async () => {
    const browser = new Browser();
    const [tab] = await browser.start(1);
    await browser.clock.advance(5_000);
    browser.bus.post(offer(browser));
    await browser.clock.settle();
    expect(tab?.manager.current?.claims?.jti).toBe('offered');
    expect(tab?.manager.getSnapshot()).toMatchObject({ status: 'ready', renewals: 1 });
  });

  it.each<[string, (browser: Browser) => unknown]>([
    ['null', () => null],
    ['a string', () => 'token'],
    ['an empty object', () => ({})],
    ['a type of every object', () => message('toString')],
    ['a type that is no string', () => message({} as string)],
    ['another user’s message', (b) => ({ ...offer(b), user: 'ben' })],
    [
      'another user’s token',
      (b) => offer(b, { token: b.token({ sub: 'ben', iat: 1_800_000_100, exp: 1_800_000_160 }) }),
    ],
    ['an older token', (b) => offer(b, { token: b.token({ iat: 1_799_999_000, exp: 1_799_999_060 }) })],
    ['one asked for earlier', (b) => offer(b, { ageMs: 30_000 })],
    ['a lapsed one', (b) => offer(b, { ageMs: 60_000 })],
    ['an HTML page', (b) => offer(b, { token: '<html>' })],
    ['a token over 8 KB', (b) => offer(b, { token: 'x'.repeat(9_000) })],
    ['no token', (b) => offer(b, { token: undefined })],
    ['a negative age', (b) => offer(b, { ageMs: -60_000 })],
    ['an age that is no number', (b) => offer(b, { ageMs: NaN })],
    ['an age of words', (b) => offer(b, { ageMs: '0' })],
    ['no lifetime', (b) => offer(b, { lifetimeMs: undefined })],
    ['an endless lifetime of an opaque token', (b) => offer(b, { token: 'opaque', lifetimeMs: Infinity })],
    ['a lifetime below the margin', (b) => offer(b, { lifetimeMs: 500 })],
    ['a time in the future', (b) => offer(b, { at: at(b) + 5_000 })],
    ['a time long ago', (b) => offer(b, { at: at(b) - 60_000 })],
  ])('T43 junk: %s changes nothing', async (_name, make) => {
    const browser = new Browser();
    const [tab] = await browser.start(1);
    await browser.clock.advance(5_000);
    const before = tab?.manager.getSnapshot();
    browser.bus.post(make(browser));
    await browser.clock.advance(100);
    expect(tab?.manager.getSnapshot()).toBe(before);
    expect(browser.mints.length).toBe(1);
  });

  it('T43 no message makes a token live longer than its own exp − iat', async () => {
    const browser = new Browser();
    const [tab] = await browser.start(1);
    await browser.clock.advance(5_000);
    browser.bus.post(offer(browser, { lifetimeMs: 86_400_000 }));
    await browser.clock.settle();
    const { current } = tab?.manager ?? {};
    expect(current?.claims?.jti).toBe('offered');
    expect((current?.expiresAt ?? Infinity) - browser.clock.now()).toBeLessThanOrEqual(60_000);
    await browser.clock.advance(49_000);
    expect(browser.mints.length).toBeGreaterThanOrEqual(2);
  });

  it('T43 the time that a message was under way counts, also while the receiver was frozen', async () => {
    const browser = new Browser();
    const [, frozen] = await browser.start(2);
    frozen?.freeze();
    await browser.clock.advance(5_000);
    browser.bus.post(offer(browser));
    await browser.clock.advance(40_000);
    browser.clock.sleep(20_000);
    frozen?.thaw();
    expect(frozen?.manager.current).toBeNull();
  });

  it('T20 after the wall clock was set back, a message’s age cannot be told: it is not believed', async () => {
    const browser = new Browser();
    const [tab] = await browser.start(1);
    tab?.freeze();
    await browser.clock.advance(5_000);
    browser.bus.post(offer(browser));
    await browser.clock.advance(58_000);
    browser.clock.shiftWall(-58_000);
    tab?.thaw();
    expect(tab?.manager.current?.claims?.jti).not.toBe('offered');
    await browser.clock.advance(3_000);
    browser.bus.post(offer(browser, { token: browser.token({ iat: 1_800_000_200, exp: 1_800_000_260, jti: 'new' }) }));
    await browser.clock.settle();
    expect(tab?.manager.current?.claims?.jti).toBe('new');
  });

  it('T35 of two tabs that minted in the same second the later request wins', async () => {
    const browser = new Browser();
    browser.bus.deliver = () => [];
    const [tab] = await browser.start(1);
    browser.bus.deliver = () => [0];
    const { iat } = tab?.manager.current?.claims ?? {};
    const token = jwt({ sub: 'ada', iat, exp: (iat ?? 0) + 60, jti: 'twin' });
    browser.bus.post(offer(browser, { token, ageMs: 5_000 }));
    await browser.clock.settle();
    expect(tab?.manager.current?.claims?.jti).toBe('1');
    browser.bus.post(offer(browser, { token, ageMs: 0 }));
    await browser.clock.settle();
    expect(tab?.manager.current?.claims?.jti).toBe('twin');
  });
});

describe('whose tokens', () => {
  it('T43 T37 a sign-out reaches all tabs at once, also from one that nobody watches; late answers are dropped', async () => {
    const browser = new Browser();
    const tabs = await browser.start(3);
    const quiet = browser.open();
    browser.clock.sleep(3_600_000);
    for (const { manager } of tabs) void outcome(manager.get());
    await browser.clock.advance(160); // one is asking
    expect(browser.mints.length).toBe(2);
    browser.bus.posted.length = 0;
    quiet.manager.signOut();
    await browser.clock.settle();
    for (const { manager, events } of tabs) {
      expect(manager.getSnapshot()).toMatchObject({
        status: 'unauthenticated',
        token: null,
        error: { code: 'signed_out' },
      });
      expect(events.at(-1)).toEqual({ type: 'signed-out' });
    }
    await browser.clock.advance(60_000);
    expect(browser.bus.posted.filter((posted) => (posted as { type: string }).type === 'token')).toEqual([]);
    expect(browser.raws().every((raw) => raw === undefined)).toBe(true);
    expect(browser.mints.length).toBe(2);
    expect([browser.bus.open, browser.clock.pending]).toEqual([0, 0]);
  });

  it('T37 a frozen tab learns of the sign-out before it does anything else', async () => {
    const browser = new Browser();
    const [one, two] = await browser.start(2);
    two?.freeze();
    one?.manager.signOut();
    await browser.clock.advance(60_000);
    two?.thaw();
    await browser.clock.advance(60_000);
    expect(two?.manager.status).toBe('unauthenticated');
    expect(browser.mints.length).toBe(1);
  });

  it('T38 two people on one channel share nothing, not even a sign-out', async () => {
    const browser = new Browser();
    const ada = browser.open();
    const ben = browser.open({
      userId: 'ben',
      fetchToken: () => Promise.resolve(browser.token({ sub: 'ben' })),
    });
    for (const { manager } of [ada, ben]) {
      manager.subscribe(() => {});
      void manager.get();
    }
    await browser.clock.advance(120_000);
    expect(ada.manager.current?.claims?.sub).toBe('ada');
    expect(ben.manager.current?.claims?.sub).toBe('ben');
    ada.manager.signOut();
    await browser.clock.advance(60_000);
    expect(ben.manager.current?.claims?.sub).toBe('ben');
  });

  it('T24 one tab is told to go away: it takes nobody with it', async () => {
    const browser = new Browser();
    const [one, two] = await browser.start(2);
    browser.answer = ({ tab }) =>
      tab === 0 ? Promise.reject(Object.assign(new Error('no'), { status: 401 })) : Promise.resolve(browser.token());
    const current = one?.manager.current;
    if (!one || !current) throw new Error('no token');
    await browser.clock.advance(10_000);
    void outcome(one.manager.forceRefresh(current));
    await browser.clock.advance(60_000);
    expect(one?.manager.status).toBe('unauthenticated');
    expect(two?.manager.status).toBe('ready');
  });
});

describe('where there is no channel', () => {
  afterEach(() => vi.unstubAllGlobals());
  const answer = () =>
    vi.fn(() => Promise.resolve(new Response(JSON.stringify({ token: jwt({ sub: 'ada' }), expires_in: 60 }))));

  class FakeBroadcastChannel extends EventTarget {
    static open: FakeBroadcastChannel[] = [];
    readonly name: string;
    onmessage: ((event: { data: unknown }) => void) | null = null;
    constructor(name: string) {
      super();
      this.name = name;
      FakeBroadcastChannel.open.push(this);
    }
    postMessage(): void {}
    close(): void {
      FakeBroadcastChannel.open = FakeBroadcastChannel.open.filter((channel) => channel !== this);
    }
  }

  function page(Channel: unknown): EventTarget {
    const window = new EventTarget();
    FakeBroadcastChannel.open = [];
    vi.stubGlobal('window', window);
    vi.stubGlobal('document', Object.assign(new EventTarget(), { baseURI: 'https://app.example/a/b' }));
    vi.stubGlobal('BroadcastChannel', Channel);
    return window;
  }

  it.each<[string, unknown]>([
    ['is missing', undefined],
    [
      'is forbidden',
      class {
        constructor() {
          throw new DOMException('no', 'SecurityError');
        }
      },
    ],
  ])('T44 BroadcastChannel %s: the tab works by itself', async (_name, Channel) => {
    page(Channel);
    const clock = new FakeClock();
    const fetch = answer();
    const manager = createTokenManager({
      userId: 'ada',
      clock,
      fetchToken: createHttpTokenFetcher({ url: '/chat', fetch }),
    });
    manager.subscribe(() => {});
    const pending = outcome(manager.get());
    await clock.advance(100);
    expect(pending.value).toBeTruthy();
    await clock.advance(60_000);
    manager.signOut();
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('T44 T48 outside a page, or with a fetcher of the app’s own, nothing is opened', async () => {
    const Channel = vi.fn();
    vi.stubGlobal('BroadcastChannel', Channel);
    const clock = new FakeClock();
    await createTokenManager({
      userId: 'ada',
      clock,
      fetchToken: createHttpTokenFetcher({ url: 'http://x', fetch: answer() }),
    }).get();
    page(Channel);
    await createTokenManager({
      userId: 'ada',
      clock,
      fetchToken: () => Promise.resolve(jwt({ iat: 1, exp: 61 })),
    }).get();
    await createTokenManager({ clock, fetchToken: createHttpTokenFetcher({ url: '/chat', fetch: answer() }) }).get();
    await createTokenManager({
      userId: 'ada',
      tabs: false,
      clock,
      fetchToken: createHttpTokenFetcher({ url: '/chat', fetch: answer() }),
    }).get();
    expect(Channel).not.toHaveBeenCalled();
  });

  it('T41 by default the channel is named after endpoint and person, and open only while in use', async () => {
    page(FakeBroadcastChannel);
    const clock = new FakeClock();
    const make = (url: string, userId: string) =>
      createTokenManager({ userId, clock, fetchToken: createHttpTokenFetcher({ url, fetch: answer() }) });
    const managers = [
      make('/chat', 'ada'),
      make('https://app.example/chat/', 'ada'),
      make('/chat', 'ben'),
      make('chat', 'ada'),
    ];
    expect(FakeBroadcastChannel.open).toEqual([]);
    for (const manager of managers) void outcome(manager.get());
    const [a, b, c, d] = FakeBroadcastChannel.open.map(({ name }) => name);
    expect(a).toBe(b);
    expect(new Set([a, c, d]).size).toBe(3);
    await clock.advance(1_000);
    expect(FakeBroadcastChannel.open).toEqual([]);
  });

  it('T45 the channel is closed while the page is put away, and opened again; no unload handler', async () => {
    const window = page(FakeBroadcastChannel);
    const listen = vi.spyOn(window, 'addEventListener');
    const clock = new FakeClock();
    const manager = createTokenManager({
      userId: 'ada',
      clock,
      fetchToken: createHttpTokenFetcher({ url: '/chat', fetch: answer() }),
    });
    manager.subscribe(() => {});
    void manager.get();
    await clock.advance(1_000);
    expect(FakeBroadcastChannel.open.length).toBe(1);
    window.dispatchEvent(new Event('pagehide'));
    expect(FakeBroadcastChannel.open.length).toBe(0);
    await clock.advance(60_000); // posts into nothing
    window.dispatchEvent(new Event('pageshow'));
    window.dispatchEvent(new Event('pageshow'));
    expect(FakeBroadcastChannel.open.length).toBe(1);
    FakeBroadcastChannel.open[0]?.onmessage?.({ data: { type: 'signed-out', user: 'ada' } });
    expect(manager.status).toBe('unauthenticated');
    expect(FakeBroadcastChannel.open.length).toBe(0);
    window.dispatchEvent(new Event('pageshow'));
    expect(FakeBroadcastChannel.open.length).toBe(0);
    expect(listen.mock.calls.map(([name]) => name).filter((name) => /unload/.test(name))).toEqual([]);
  });

  it('T14 after dispose() no channel is left, also in mid-claim', async () => {
    const browser = new Browser();
    const tab = browser.open();
    tab.manager.subscribe(() => {});
    void outcome(tab.manager.get());
    expect(browser.bus.open).toBe(1);
    tab.manager.dispose();
    expect([browser.bus.open, browser.clock.pending]).toEqual([0, 0]);
    browser.bus.post(message('claim', { rank: '0', ageMs: null }));
    await browser.clock.advance(10_000);
    expect(browser.bus.posted.length).toBe(2);
  });
});
