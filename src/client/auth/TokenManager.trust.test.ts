import { afterEach, describe, expect, it, vi } from 'vitest';
import { Browser, message } from '../../../test/support/token-browser.ts';
import { FakeClock } from '../../testing/index.ts';
import { jwt, outcome } from '../test-fixtures.ts';
import { createHttpTokenFetcher } from './http-token-fetcher.ts';
import { createTokenManager } from './TokenManager.ts';

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
