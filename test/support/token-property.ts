import fc from 'fast-check';
import assert from 'node:assert/strict';
import { createTokenManager } from '../../src/client/index.ts';
import type { ChatToken, PageSignal, PageSignals, TokenManager, TokenResponse } from '../../src/client/index.ts';
import { ChatError } from '../../src/protocol/index.ts';
import { createFakeToken, FakeClock, FakeTabs } from '../../src/testing/index.ts';

/** How long a message between tabs takes at most: less than the least margin before a token's end. */
const LATEST_MS = 800;
const SLOW_MS = 3_000;
/** The server's clock. It is right, and no client's. */
const SERVER_EPOCH = 1_800_000_000_000;

const ANSWERS = ['good', 'good', 'good', 'slow', 'slow', 'fail', '401', '429', 'hang', 'other-user', 'junk'] as const;
const CALLS = ['get', 'get', 'get', 'renew', 'refuse', 'reset', 'subscribe', 'subscribe', 'unsubscribe'] as const;
const PAGE = ['wake', 'online', 'offline', 'hide', 'show'] as const;
const ENDS = ['sign-out', 'switch-user', 'dispose'] as const;
const MESSAGES = ['valid', 'junk', 'other-user', 'older', 'claim', 'minting', 'failed'] as const;

type Step =
  | { do: (typeof CALLS)[number] | (typeof PAGE)[number] | (typeof ENDS)[number]; tab: number }
  | { do: 'advance' | 'sleep' | 'back' | 'forward'; ms: number }
  | { do: 'answer'; with: (typeof ANSWERS)[number] }
  | { do: 'message'; what: (typeof MESSAGES)[number] };

const tab = fc.nat(2);
const named = <T extends string>(names: readonly T[]) =>
  fc.record({ do: fc.constantFrom(...names), tab }) as unknown as fc.Arbitrary<Step>;
const timed = (name: 'advance' | 'sleep' | 'back' | 'forward', most: number) =>
  fc.nat(most).map((ms): Step => ({ do: name, ms }));
const step = fc.oneof(
  { weight: 9, arbitrary: named(CALLS) },
  { weight: 3, arbitrary: named(PAGE) },
  { weight: 1, arbitrary: named(ENDS) },
  { weight: 4, arbitrary: timed('advance', 2_000) },
  { weight: 4, arbitrary: timed('advance', 50_000) },
  { weight: 1, arbitrary: timed('sleep', 10_000_000) },
  { weight: 1, arbitrary: timed('back', 10_000_000) },
  { weight: 1, arbitrary: timed('forward', 10_000_000) },
  { weight: 4, arbitrary: fc.constantFrom(...ANSWERS).map((answer): Step => ({ do: 'answer', with: answer })) },
  { weight: 2, arbitrary: fc.constantFrom(...MESSAGES).map((what): Step => ({ do: 'message', what })) },
);

/**
 * Whatever happens, in whatever order, in one to three tabs: never a token that has lapsed by true time, never another user's, one
 * request at a time per tab, a floor between a tab's tokens, nothing after a sign-out, nothing left after dispose().
 */
export const tokenProperty = fc.asyncProperty(
  fc.record({ tabs: fc.integer({ min: 1, max: 3 }), ttl: fc.constantFrom(5, 15, 60, 300), seed: fc.nat() }),
  fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
  ({ tabs, ttl, seed }, steps) => new Browser(tabs, ttl, seed).run(steps),
);

/** One browser, its endpoint, and the truth about both. */
class Browser {
  readonly clock: FakeClock;
  readonly bus: FakeTabs;
  readonly ttlMs: number;
  readonly floorMs: number;
  readonly failures: unknown[] = [];
  readonly #tabs: Tab[];
  readonly #dice: FakeClock;
  readonly #lapsesAt = new Map<string, number>();
  answer: (typeof ANSWERS)[number] = 'good';
  #slept = 0;
  #serial = 0;

  constructor(tabs: number, ttl: number, seed: number) {
    this.clock = new FakeClock({ seed });
    this.#dice = new FakeClock({ seed: seed ^ 0x5bd1e995 });
    this.ttlMs = ttl * 1_000;
    this.floorMs = Math.max(1_000, Math.min(5_000, this.ttlMs / 4));
    this.bus = new FakeTabs({ clock: this.clock, deliver: (message) => this.#deliver(message) });
    this.#tabs = Array.from({ length: tabs }, () => new Tab(this));
  }

  /** Real time: what runs while the machine sleeps, and what nobody can set. */
  trueNow(): number {
    return this.clock.monotonic() + this.#slept;
  }

  /** A failed check inside an app's callback must not be taken for the app's own failure. */
  check(test: () => void): void {
    try {
      test();
    } catch (failure) {
      this.failures.push(failure);
    }
  }

  mint(user: string, at = this.trueNow()): string {
    const raw = createFakeToken({
      userId: user,
      now: SERVER_EPOCH + at,
      ttlSeconds: this.ttlMs / 1_000,
      claims: { jti: String((this.#serial += 1)) },
    });
    this.#lapsesAt.set(raw, at + this.ttlMs);
    return raw;
  }

  lapsesAt(raw: string): number {
    return this.#lapsesAt.get(raw) ?? -1;
  }

  async run(steps: Step[]): Promise<void> {
    for (const current of steps) {
      await this.#play(current);
      for (const each of this.#tabs) each.look();
      if (this.failures.length > 0) throw this.failures[0];
    }
    await this.clock.settle();
    for (const each of this.#tabs) each.end('sign-out');
    await this.clock.advance(20_000);
    for (const each of this.#tabs) each.end('dispose');
    // An answer of the endpoint itself may be under way; the managers hold nothing.
    await this.clock.advance(SLOW_MS);
    if (this.failures.length > 0) throw this.failures[0];
    assert.equal(this.clock.pending, 0, 'no timer is left');
    assert.equal(this.bus.open, 0, 'no channel is left');
    assert.ok(this.clock.longestTimer <= 30_000, 'no timer beyond 30 s');
  }

  async #play(current: Step): Promise<void> {
    if ('tab' in current) return this.#tabs[current.tab % this.#tabs.length]?.play(current.do);
    if (current.do === 'advance') return this.clock.advance(current.ms);
    if (current.do === 'answer') this.answer = current.with;
    else if (current.do === 'message') {
      for (const message of this.#messages(current.what)) this.bus.post(message);
      await this.clock.settle();
    } else if (current.do === 'sleep') {
      await this.clock.advance(LATEST_MS); // No machine falls asleep between two promises.
      this.clock.sleep(current.ms);
      this.#slept += current.ms;
      for (const each of this.#tabs) each.play('wake');
      await this.clock.settle();
    } else this.clock.shiftWall(current.do === 'forward' ? current.ms : -current.ms);
  }

  #messages(what: (typeof MESSAGES)[number]): unknown[] {
    const now = this.trueNow();
    const share = (user: string, of: string, age: number) => ({
      type: 'token',
      user,
      token: this.mint(of, now - age),
      lifetimeMs: this.ttlMs,
      ageMs: age,
      at: this.clock.now(),
    });
    if (what === 'valid') return [share('ada', 'ada', 0), share('ben', 'ben', 0)];
    if (what === 'other-user') return [share('ada', 'ben', 0), share('ben', 'ada', 0)];
    if (what === 'older') return [share('ada', 'ada', this.ttlMs), share('ada', 'ada', this.ttlMs * 0.6)];
    if (what === 'claim') return [{ type: 'claim', user: 'ada', rank: '0', ageMs: null }];
    if (what === 'minting') return [{ type: 'minting', user: 'ada', id: 'x', forMs: 1e9 }];
    if (what === 'failed') return [{ type: 'failed', user: 'ada', id: 'x' }];
    const junk = { ...share('ada', 'ada', 0), token: '<html>' };
    return [null, 0, 'x', {}, [], { user: 'ada' }, junk, { ...junk, token: 7 }, { ...junk, ageMs: 'x', at: NaN }];
  }

  /** A tenth is lost, a tenth comes twice, half of them late and so out of order; a sign-out always comes. */
  #deliver(message: unknown): number[] {
    const fate = this.#dice.random();
    const late = () => Math.floor(this.#dice.random() * LATEST_MS);
    if ((message as { type?: unknown } | null)?.type === 'signed-out') return [0];
    return fate < 0.1 ? [] : fate < 0.2 ? [late(), late()] : fate < 0.6 ? [late()] : [0];
  }
}

interface Mint {
  at: number;
  wall: number;
  forced: boolean;
  /** Whether its answer was taken. */
  delivered: boolean;
}

/** One tab: a page, its person, and a manager at a time. */
class Tab {
  readonly #browser: Browser;
  readonly #page = new Page();
  #user = 'ada';
  #manager: TokenManager;
  #signedOut = false;
  #leave: (() => void)[] = [];
  #last: ChatToken | null = null;

  constructor(browser: Browser) {
    this.#browser = browser;
    this.#manager = this.#open();
  }

  play(what: string): void {
    const { current } = this.#manager;
    if (current) this.#last = current;
    if (what === 'get') this.#watch(this.#manager.get());
    else if (what === 'renew' && this.#last) this.#watch(this.#manager.renew(this.#last));
    else if (what === 'refuse' && this.#last) this.#watch(this.#manager.forceRefresh(this.#last));
    else if (what === 'reset') this.#manager.reset();
    else if (what === 'subscribe') this.#leave.push(this.#manager.subscribe(() => this.look()));
    else if (what === 'unsubscribe') this.#leave.pop()?.();
    else if (what === 'wake' || what === 'online' || what === 'offline') this.#page.emit(what);
    else if (what === 'hide' || what === 'show') this.#page.isVisible = what === 'show';
    else if (what === 'sign-out' || what === 'switch-user' || what === 'dispose') {
      this.end(what);
      if (what === 'switch-user') this.#user = this.#user === 'ada' ? 'ben' : 'ada';
      this.#manager.dispose();
      this.#manager = this.#open();
    }
  }

  /** The manager of now is done with; its late answers and messages still come. */
  end(how: 'sign-out' | 'switch-user' | 'dispose'): void {
    if (how === 'dispose') this.#manager.dispose();
    else {
      this.#manager.signOut();
      this.#signedOut = true;
    }
    this.look();
    if (how === 'dispose') assert.equal(this.#page.listeners.size, 0, 'no page listener is left');
  }

  /** What can be seen of the manager must be good at every moment. */
  look(): void {
    const snapshot = this.#manager.getSnapshot();
    if (snapshot.error?.code === 'signed_out') this.#signedOut = true;
    this.#browser.check(() => {
      if (this.#signedOut) assert.equal(snapshot.token, null, 'no token after sign-out');
    });
    this.#checkToken(snapshot.token, this.#user);
    this.#checkToken(this.#manager.current, this.#user);
  }

  #checkToken(token: ChatToken | null, user: string): void {
    if (!token) return;
    this.#browser.check(() => {
      assert.ok(this.#browser.lapsesAt(token.raw()) > this.#browser.trueNow(), 'never an expired token');
      assert.equal(token.claims?.sub, user, 'never another user’s token');
    });
  }

  #watch(promise: Promise<ChatToken>): void {
    const user = this.#user;
    promise.then(
      (token) => this.#checkToken(token, user),
      (error: unknown) => this.#browser.check(() => assert.ok(ChatError.is(error))),
    );
  }

  #open(): TokenManager {
    const browser = this.#browser;
    const user = this.#user;
    this.#signedOut = false;
    this.#leave = [];
    this.#last = null;
    const flights = new Set<AbortSignal>();
    let last: Mint | null = null;
    const manager = createTokenManager({
      userId: user,
      clock: browser.clock,
      signals: this.#page,
      tabs: browser.bus.tab(),
      onEvent: (event) => {
        if (event.type === 'adopted') last = null;
        else if (event.type === 'token' && last) last.delivered = true;
      },
      fetchToken: ({ reason, signal }): Promise<TokenResponse> => {
        const at = browser.trueNow();
        const wall = browser.clock.now();
        const forced = reason === 'rejected';
        browser.check(() => {
          assert.equal(manager.getSnapshot().error?.code === 'signed_out', false, 'nothing is fetched after sign-out');
          for (const other of flights) assert.ok(other.aborted, 'at most one request at a time');
          if (last?.delivered && !(forced && !last.forced)) {
            const gone = Math.max(at - last.at, wall - last.wall);
            assert.ok(gone >= browser.floorMs - 1, `the floor between tokens: ${gone}`);
          }
        });
        flights.add(signal);
        last = { at, wall, forced, delivered: false };
        const how = browser.answer;
        const give = (): TokenResponse => {
          flights.delete(signal);
          if (how === 'fail') throw new Error('down');
          if (how === '401' || how === '429') throw Object.assign(new Error('no'), { status: Number(how) });
          if (how === 'junk') return '<html>';
          return browser.mint(how === 'other-user' ? 'mallory' : user, at);
        };
        if (how === 'hang') return new Promise(() => signal.addEventListener('abort', () => flights.delete(signal)));
        if (how !== 'slow') return Promise.resolve().then(give);
        return new Promise<void>((resolve) => void browser.clock.setTimer(resolve, SLOW_MS)).then(give);
      },
    });
    return manager;
  }
}

class Page implements PageSignals {
  isOnline = true;
  isVisible = true;
  readonly listeners = new Set<(signal: PageSignal) => void>();

  online(): boolean {
    return this.isOnline;
  }

  visible(): boolean {
    return this.isVisible;
  }

  subscribe(listener: (signal: PageSignal) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(signal: PageSignal): void {
    if (signal !== 'wake') this.isOnline = signal === 'online';
    for (const listener of [...this.listeners]) listener(signal);
  }
}
