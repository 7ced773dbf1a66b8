import type { TabsChannel, TabsPort } from '../client/index.ts';

export interface FakeTabsOptions {
  /** When the copies of a message arrive, ms after it is posted: `[]` loses it, `[0, 0]` doubles it. Default `[0]`: with the next promises. */
  deliver?: (message: unknown) => number[];
  /** Needed for deliveries later than 0 ms. */
  clock?: { setTimer(fn: () => void, ms: number): () => void };
}

interface Member {
  listener: (message: unknown) => void;
  tab: FakeTab;
}

/** The tabs of one browser, without a browser: give each token manager or client a {@link tab} of its own. */
export class FakeTabs {
  /** Everything that was ever posted. */
  readonly posted: unknown[] = [];
  /** See {@link FakeTabsOptions.deliver}; may be replaced at any time. */
  deliver: (message: unknown) => number[];
  readonly #clock: FakeTabsOptions['clock'];
  readonly #members = new Set<Member>();

  constructor(options: FakeTabsOptions = {}) {
    this.deliver = options.deliver ?? (() => [0]);
    this.#clock = options.clock;
  }

  /** One more tab. */
  tab(): FakeTab {
    return new FakeTab((tab, listener) => this.#open(tab, listener));
  }

  /** How many channels are open. */
  get open(): number {
    return this.#members.size;
  }

  /** Posts to every tab, as any script of the page's origin could. */
  post(message: unknown): void {
    this.#post(null, message);
  }

  #open(tab: FakeTab, listener: (message: unknown) => void): TabsChannel {
    const member = { tab, listener };
    this.#members.add(member);
    return {
      post: (message) => {
        if (this.#members.has(member)) this.#post(member, message);
      },
      close: () => this.#members.delete(member),
    };
  }

  /** To those who are open now, as a BroadcastChannel does; those who close before it arrives hear nothing. */
  #post(sender: Member | null, message: unknown): void {
    this.posted.push(message);
    for (const ms of this.deliver(message)) {
      for (const member of this.#members) {
        if (member === sender) continue;
        const copy: unknown = structuredClone(message);
        const arrive = () => {
          if (this.#members.has(member)) member.tab.hear(() => member.listener(copy));
        };
        if (ms > 0) this.#timer(arrive, ms);
        else queueMicrotask(arrive);
      }
    }
  }

  #timer(fn: () => void, ms: number): void {
    if (!this.#clock) throw new Error('FakeTabs needs a clock for deliveries later than 0 ms.');
    this.#clock.setTimer(fn, ms);
  }
}

/** One tab of {@link FakeTabs}: the port to hand to its token manager or client. */
export class FakeTab implements TabsPort {
  readonly #open: (tab: FakeTab, listener: (message: unknown) => void) => TabsChannel;
  #queue: (() => void)[] | null = null;

  constructor(open: (tab: FakeTab, listener: (message: unknown) => void) => TabsChannel) {
    this.#open = open;
  }

  open(listener: (message: unknown) => void): TabsChannel {
    return this.#open(this, listener);
  }

  /** What arrives waits, as in a page that the browser froze. */
  freeze(): void {
    this.#queue ??= [];
  }

  thaw(): void {
    const queue = this.#queue ?? [];
    this.#queue = null;
    for (const task of queue) task();
  }

  /** Runs a task of this tab: now, or when it is thawed. */
  hear(task: () => void): void {
    if (this.#queue) this.#queue.push(task);
    else task();
  }
}
