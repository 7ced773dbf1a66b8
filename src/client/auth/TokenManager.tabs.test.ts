import { describe, expect, it, vi } from 'vitest';
import { Browser, message } from '../../../test/support/token-browser.ts';
import { FakeClock } from '../../testing/index.ts';
import { outcome } from '../test-fixtures.ts';

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

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'T15 T41 five tabs in view wake from a sleep: the one that minted last asks at once, for all (seed %d)',
    async (seed) => {
      const browser = new Browser(seed);
      browser.bus.deliver = () => [1];
      await browser.start(4);
      const leader = browser.mints[0]?.tab;
      // A tab that opens later takes over the token, and not the first turn.
      await browser.start(1);
      browser.clock.sleep(8 * 3_600_000);
      const woken = browser.clock.monotonic();
      for (const { signals, manager } of browser.tabs) {
        signals.emit('wake');
        void manager.get();
      }
      // One round trip, and one message to the others.
      await browser.clock.advance(browser.latencyMs + 1);
      expect(browser.mints.slice(1)).toEqual([{ tab: leader, reason: 'refresh', at: woken }]);
      expect(new Set(browser.raws()).size).toBe(1);
      expect(browser.raws()[0]).toBeDefined();
    },
  );

  it('T41 a tab that minted last and is hidden leaves the first turn to those in view', async () => {
    for (let seed = 1; seed < 20; seed += 1) {
      const browser = new Browser(seed);
      await browser.start(3);
      const leader = browser.tabs[browser.mints[0]?.tab ?? -1];
      if (!leader) throw new Error('nobody minted');
      leader.signals.isVisible = false;
      browser.clock.sleep(3_600_000);
      for (const { manager } of browser.tabs) void manager.get();
      await browser.clock.advance(500);
      expect(browser.mints.length).toBe(2);
      expect(browser.mints[1]?.tab).not.toBe(browser.mints[0]?.tab);
    }
  });

  it('T42 the tab that minted last is gone when the others wake: they agree on another, with one mint', async () => {
    for (let seed = 1; seed < 20; seed += 1) {
      const browser = new Browser(seed);
      await browser.start(5);
      const leader = browser.tabs[browser.mints[0]?.tab ?? -1];
      leader?.manager.dispose();
      browser.clock.sleep(3_600_000);
      const others = browser.tabs.filter((tab) => tab !== leader);
      for (const { manager } of others) void manager.get();
      await browser.clock.advance(75 + browser.latencyMs + 1);
      for (const { manager } of others) expect(manager.current).toBeTruthy();
      expect(browser.mints.length).toBe(2);
    }
  });

  it('T41 two tabs that minted at the same time, unheard of each other, agree again', async () => {
    for (let seed = 1; seed < 20; seed += 1) {
      const browser = new Browser(seed);
      browser.bus.deliver = () => [];
      await browser.start(2);
      expect(browser.mints.length).toBe(2);
      browser.bus.deliver = () => [1];
      // Each thinks that the first turn is its own: once they mint twice, and then never again.
      for (let night = 0; night < 4; night += 1) {
        browser.clock.sleep(3_600_000);
        for (const { manager } of browser.tabs) void manager.get();
        await browser.clock.advance(1_000);
        expect(new Set(browser.raws()).size).toBe(1);
      }
      expect(browser.mints.length).toBeLessThanOrEqual(2 + 2 + 3);
    }
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
