import { createTokenManager } from '../../src/client/index.ts';
import type { Clock, FetchReason, TokenEvent, TokenManager, TokenManagerOptions } from '../../src/client/index.ts';
import { FakeSignals, jwt } from '../../src/client/test-fixtures.ts';
import { FakeClock, FakeTabs } from '../../src/testing/index.ts';
import type { FakeTab } from '../../src/testing/index.ts';

export interface Mint {
  tab: number;
  reason: FetchReason;
  /** Monotonic. */
  at: number;
}

export interface Tab {
  manager: TokenManager;
  signals: FakeSignals;
  port: FakeTab;
  events: TokenEvent[];
  /** No timer, message or answer comes through, as in a page that the browser froze. */
  freeze(): void;
  thaw(): void;
}

/** One browser whose tabs share a clock and a channel, and an endpoint that counts. */
export class Browser {
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

export const message = (type: string, fields: Record<string, unknown> = {}) => ({ type, user: 'ada', ...fields });
