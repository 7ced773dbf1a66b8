import type { Clock } from '../clock.ts';
import { elapsed, instant, wentBack } from './lifetime.ts';
import type { Instant, TokenLifetime } from './lifetime.ts';
import type { HeldToken, SharedToken } from './shared-token.ts';
import { readTabMessage } from './tab-messages.ts';
import type { TabMessage } from './tab-messages.ts';
import type { TabsChannel, TabsPort } from './types.ts';

/** How long a tab listens for others before it asks for a token: many times a message's way, too short to be noticed. */
const CLAIM_MS = 75;
/** How long the tab that another one gave way to may take to begin: a hidden one's timers run once a second at best. */
const YIELD_MS = 500;
/** How long a tab that is asking is trusted to bring a token: it may be frozen, or gone. */
const HOLD_MS = 3_000;
/** Those who held off begin again spread over this share of it. */
const SPREAD = 0.25;
/** Whatever the others say, nobody waits for them longer than this. */
const PATIENCE_MS = 5_000;
/** After the wall clock was set back, messages from before may still come: how long they were under way cannot be told. */
const DEAF_MS = 2_000;
/** Tokens asked for within this of each other count as equally new; so much may clocks that are read one after the other differ. */
const SAME_MS = 1_000;

/** What the talk between tabs needs of its token manager. */
export interface TabsHost {
  visible(): boolean;
  /** Milliseconds for which the token in hand may still be used; ≤ 0 when there is none. */
  usableFor(): number;
  /** Of the last token, whether held or refused. */
  lastLife(): TokenLifetime | null;
  /** A usable token that is not due for renewal. */
  shareable(): HeldToken | null;
  /** Another tab's token, not looked at yet. */
  onToken(shared: SharedToken): void;
  onSignedOut(): void;
  /** What this tab held off for has ended. */
  onRelease(): void;
}

interface Span {
  since: Instant;
  ms: number;
  /** Of the tab that is waited for. */
  id?: string;
}

/**
 * Lets the tabs of one person ask for one token together. The tab in view that got the last one asks at once; any other claims it and
 * listens for a moment, and of several claims the lowest rank goes on. Who asks says so, and shares what it gets. All of it is advice:
 * every wait ends by this tab's own clocks, so that a tab which is killed, frozen or lying costs one more mint at most. There is no lock
 * that anybody could keep.
 */
export class TokenTabs {
  readonly #port: TabsPort | false;
  readonly #user: string;
  readonly #clock: Clock;
  readonly #host: TabsHost;
  readonly #id: string;
  #channel: TabsChannel | null = null;
  /** Whether there are other tabs; null until somebody was heard, or nobody was during a whole claim. */
  #company: boolean | null = null;
  /** Whether this tab was the last of them all to ask for a token: then it asks first the next time, too, and listens for nobody. */
  #leads = false;
  /** Since when a token is wanted. */
  #want: Span | null = null;
  #claim: Span | null = null;
  #hold: Span | null = null;
  #flight: Span | null = null;
  #deaf: Span | null = null;
  #lastHeard: Instant;

  constructor(port: TabsPort | false, user: string, clock: Clock, host: TabsHost) {
    this.#port = port;
    this.#user = user;
    this.#clock = clock;
    this.#host = host;
    this.#id = port ? clock.random().toString(36) : '';
    this.#lastHeard = instant(clock);
  }

  listen(wanted: boolean): void {
    if (!this.#port || wanted === (this.#channel !== null)) return;
    this.#channel?.close();
    this.#channel = wanted ? this.#port.open((message) => this.#hear(message)) : null;
    this.settle();
    this.#company = null;
    this.#lastHeard = instant(this.#clock);
  }

  /** A token is wanted now. Milliseconds until this tab may ask for it; before, another tab's may come. */
  turnIn(): number {
    if (!this.#channel) return 0;
    this.#want ??= this.#span(Math.min(PATIENCE_MS, this.#rest() * (2 / 3)));
    const patience = this.#left(this.#want);
    const hold = this.#left(this.#hold);
    if (patience <= 0 || hold > 0) return Math.min(patience, hold);
    if (this.#company === false || (this.#leads && this.#host.visible())) return 0;
    if (!this.#claim) this.#postClaim();
    return Math.min(patience, this.#left(this.#claim));
  }

  /** This tab asks for a token. */
  minting(): void {
    this.#company ??= false;
    this.settle();
    this.#leads = true;
    this.#flight = this.#span(HOLD_MS);
    this.#postMinting();
  }

  /** This tab asks no longer, and has no token. */
  failed(): void {
    if (this.#flight) this.#post({ type: 'failed', user: this.#user, id: this.#id });
    this.#flight = null;
    this.#leads = false;
  }

  /** This tab asked and has a token. */
  minted(held: HeldToken): void {
    this.#hold = this.#flight = null;
    this.#postToken(held);
  }

  /** Tells all tabs, also when this one is not listening. */
  signOut(): void {
    if (!this.#port) return;
    const channel = this.#channel ?? this.#port.open(() => {});
    channel.post({ type: 'signed-out', user: this.#user } satisfies TabMessage);
    if (!this.#channel) channel.close();
  }

  #hear(data: unknown): void {
    const message = this.#channel && readTabMessage(data, this.#user);
    if (!message) return;
    this.#company = true;
    const now = instant(this.#clock);
    if (wentBack(this.#lastHeard, now)) this.#deaf = this.#span(DEAF_MS);
    this.#lastHeard = now;
    if (message.type === 'claim') this.#onClaim(message.rank, message.ageMs);
    else if (message.type === 'minting') {
      // While a token is in hand, the rest of its life must be enough for this tab, and for another one, to come after the first.
      const ms = Math.min(HOLD_MS, message.forMs, this.#rest() / 3);
      this.#holdOff(ms * (1 + SPREAD * this.#clock.random()), message.id);
    } else if (message.type === 'failed') {
      if (this.#hold?.id !== message.id) return;
      this.#hold = null;
      this.#host.onRelease();
    } else if (message.type === 'token') {
      const delay = now.wall - message.at;
      if (this.#left(this.#deaf) > 0 || delay < -SAME_MS) return;
      const { token, lifetimeMs, ageMs } = message;
      this.#host.onToken({ token, lifetimeMs, ageMs: ageMs + Math.max(0, delay) });
    } else if (message.type === 'signed-out') this.#host.onSignedOut();
  }

  #onClaim(rank: string, ageMs: number | null): void {
    const held = this.#host.shareable();
    if (held && !(held.life.age() + SAME_MS >= (ageMs ?? Infinity))) this.#postToken(held);
    else if (this.#left(this.#flight) > 0) this.#postMinting();
    else if (this.#claim && rank > this.#rank())
      this.#postClaim(); // It may have come too late to hear the first one.
    else {
      if (this.#claim && rank < this.#rank()) this.#holdOff(YIELD_MS);
      this.#post({ type: 'here', user: this.#user });
    }
  }

  #holdOff(ms: number, id?: string): void {
    // Two that lead, because they minted at the same time, both step back; the next claims decide between them.
    this.#leads = false;
    this.#claim = null;
    this.#hold = { ...this.#span(ms), id };
  }

  /** Another tab's token was taken, or this one asks itself: nothing is waited for. */
  settle(): void {
    this.#leads = false;
    this.#want = this.#claim = this.#hold = this.#flight = null;
  }

  /** How long the token in hand may still be used; without one, nothing limits a wait but patience. */
  #rest(): number {
    const rest = this.#host.usableFor();
    return rest > 0 ? rest : Infinity;
  }

  #rank(): string {
    // A hidden page's timers are late: it asks only when no visible one does.
    return (this.#host.visible() ? '0' : '1') + this.#id;
  }

  #postClaim(): void {
    this.#claim ??= this.#span(CLAIM_MS);
    const ageMs = this.#host.lastLife()?.age() ?? null;
    this.#post({ type: 'claim', user: this.#user, rank: this.#rank(), ageMs });
  }

  #postMinting(): void {
    this.#post({ type: 'minting', user: this.#user, id: this.#id, forMs: this.#left(this.#flight) });
  }

  #postToken({ token, life, lifetimeMs }: HeldToken): void {
    const at = this.#clock.now();
    this.#post({ type: 'token', user: this.#user, token: token.raw(), lifetimeMs, ageMs: life.age(), at });
  }

  #post(message: TabMessage): void {
    this.#channel?.post(message);
  }

  #span(ms: number): Span {
    return { since: instant(this.#clock), ms };
  }

  #left(span: Span | null): number {
    return span ? span.ms - elapsed(this.#clock, span.since) : 0;
  }
}
