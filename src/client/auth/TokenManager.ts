import { ChatError } from '../../protocol/index.ts';
import type { ChatErrorCode } from '../../protocol/index.ts';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { browserSignals } from '../PageSignals.ts';
import type { PageSignals } from '../PageSignals.ts';
import { ChatToken } from './ChatToken.ts';
import { Flight } from './Flight.ts';
import { TokenLifetime } from './lifetime.ts';
import { Refusals } from './Refusals.ts';
import { RetryGate } from './RetryGate.ts';
import { defaultTabs } from './browser-tabs.ts';
import { acceptShared } from './shared-token.ts';
import type { HeldToken, SharedToken } from './shared-token.ts';
import type { TokenGrant } from './token-response.ts';
import { tokenStatus } from './token-status.ts';
import { TokenTabs } from './TokenTabs.ts';
import type {
  FetchReason,
  TokenEvent,
  TokenManager,
  TokenManagerOptions,
  TokenSnapshot,
  TokenStatus,
} from './types.ts';
import { Waiters } from './Waiters.ts';

/** A long timer may fire at once (beyond 2³¹ ms), late (hidden pages) or after a sleep: time is looked at this often instead. */
const SLICE_MS = 30_000;
/** How long a caller waits through failures that may pass. */
const PATIENCE_MS = 30_000;
/** A misbehaving endpoint takes nothing from a good token; every other refusal is about the person, and ends it. */
const KEEPS_TOKEN: ReadonlySet<ChatErrorCode> = new Set(['invalid_token_response', 'token_ttl_too_short']);

/** Makes the owner of one person's token at one endpoint. Does nothing until it is asked. */
export function createTokenManager(options: TokenManagerOptions): TokenManager {
  return new Manager(options);
}

class Manager implements TokenManager {
  readonly #options: TokenManagerOptions;
  readonly #clock: Clock;
  readonly #signals: PageSignals;
  readonly #gate: RetryGate;
  readonly #listeners = new Set<() => void>();
  readonly #waiters: Waiters;
  readonly #tabs: TokenTabs;
  #held: HeldToken | null = null;
  /** Of the last token, also when it is no longer held: the floor counts from it. */
  #lastLife: TokenLifetime | null = null;
  #flight: Flight | null = null;
  readonly #refusals = new Refusals();
  /** Set when asking again is pointless. */
  #final: ChatError | null = null;
  #lastError: ChatError | null = null;
  #asked = false;
  /** Somebody asked for the renewal that is due, and did not wait for it. */
  #wanted = false;
  #minted = 0;
  #cancelTimer: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  #snapshot: TokenSnapshot = { status: 'idle', token: null, error: null, renewals: 0 };
  #told = this.#snapshot;

  constructor(options: TokenManagerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#signals = options.signals ?? browserSignals;
    this.#gate = new RetryGate(this.#clock);
    this.#waiters = new Waiters(this.#clock);
    const { fetchToken, userId, tabs = defaultTabs(fetchToken, userId) } = options;
    this.#tabs = new TokenTabs(tabs, userId ?? '', this.#clock, {
      visible: () => this.#signals.visible(),
      usableFor: () => this.#held?.life.usableFor() ?? 0,
      lastLife: () => this.#lastLife,
      shareable: () => (this.current && this.#held && this.#held.life.refreshIn() > 0 ? this.#held : null),
      onToken: (shared) => this.#adopt(shared),
      onSignedOut: () => this.#signedOut(),
      onRelease: () => this.#look(),
    });
  }

  get current(): ChatToken | null {
    return this.#held && this.#held.life.usableFor() > 0 ? this.#held.token : null;
  }

  get status(): TokenStatus {
    return this.getSnapshot().status;
  }

  getSnapshot(): TokenSnapshot {
    const token = this.current;
    // A wall clock set back is seen only by who looks before a sleep sets it forward again, also while the token is on its way.
    this.#flight?.age.atMost();
    const error = this.#final ?? this.#lastError;
    const renewals = Math.max(0, this.#minted - 1);
    const status = tokenStatus({
      usable: token !== null,
      final: this.#final,
      failure: this.#lastError,
      asking: this.#flight !== null,
      wanted: this.#waiters.size > 0,
      online: this.#signals.online(),
      asked: this.#asked,
    });
    const last = this.#snapshot;
    if (last.status !== status || last.token !== token || last.error !== error || last.renewals !== renewals) {
      this.#snapshot = { status, token, error, renewals };
    }
    return this.#snapshot;
  }

  get(): Promise<ChatToken> {
    this.#asked = true;
    const token = this.current;
    if (!token) return this.#wait();
    if (this.#held && this.#held.life.refreshIn() <= 0) {
      this.#wanted = true;
      this.#pump();
    }
    return Promise.resolve(token);
  }

  renew(expiring: ChatToken): Promise<ChatToken> {
    this.#asked = true;
    const token = this.current;
    return token && token.raw() !== expiring.raw() ? Promise.resolve(token) : this.#wait();
  }

  forceRefresh(rejected: ChatToken): Promise<ChatToken> {
    this.#asked = true;
    const held = this.#held;
    if (held && held.token.raw() !== rejected.raw() && held.life.usableFor() > 0) return Promise.resolve(held.token);
    if (!this.#final && this.#refusals.token?.raw() !== rejected.raw()) this.#noteRefusal(rejected);
    return this.#wait();
  }

  reset(): void {
    if (!this.#final || this.#ended) return;
    this.#final = this.#lastError = null;
    this.#refusals.reset();
    this.#gate.reset();
    this.#pump();
    this.#changed();
  }

  signOut(): void {
    if (this.#ended) return;
    this.#tabs.signOut();
    this.#signedOut();
  }

  dispose(): void {
    this.#end(new ChatError('disposed', 'The token manager was disposed.'));
    this.#listeners.clear();
  }

  subscribe(listener: () => void): () => void {
    if (this.#final?.code === 'disposed') return () => {};
    const entry = () => listener();
    this.#listeners.add(entry);
    this.#pump();
    return () => {
      if (this.#listeners.delete(entry)) this.#pump();
    };
  }

  get #ended(): boolean {
    return this.#final?.code === 'signed_out' || this.#final?.code === 'disposed';
  }

  /** For the next token, through failures that may pass. */
  #wait(): Promise<ChatToken> {
    return new Promise((resolve, reject) => {
      if (this.#final) return reject(this.#final);
      this.#waiters.add(resolve, reject);
      const wait = this.#gate.waitMs();
      if (this.#lastError && wait > PATIENCE_MS) this.#waiters.reject(this.#lastError);
      this.#pump();
      this.#changed();
    });
  }

  /** Decides, from nothing but the state and the clocks, whether to ask for a token now, later or not at all. */
  #pump(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const demand = this.#wanted || this.#waiters.size > 0;
    const watched = this.#listeners.size > 0;
    const alive = !this.#ended && (watched || demand || this.#flight !== null);
    this.#listen(alive);
    this.#tabs.listen(alive && this.#asked);
    this.#flight?.look();
    const usableFor = this.#held?.life.usableFor() ?? 0;
    let mintIn = Infinity;
    if (!this.#flight && !this.#final && (demand || (watched && this.#asked))) {
      const dueIn = !demand && this.#held && usableFor > 0 ? this.#held.life.refreshIn() : 0;
      mintIn = Math.max(dueIn, this.#gate.waitMs(), this.#floorIn());
      if (mintIn <= 0) {
        // Not due for anybody here: a page signal, or somebody's get(), comes first.
        mintIn = demand || this.#mayMintUnasked() ? this.#tabs.turnIn() : Infinity;
        if (mintIn <= 0) return this.#mint();
      }
    }
    // The moment of lapsing is looked at too: those who watch are to see it.
    const lookIn = watched && usableFor > 0 ? Math.min(mintIn, usableFor) : mintIn;
    if (lookIn === Infinity) return;
    // Whole milliseconds, as timers have them: a fraction would come too early, and again, and again.
    this.#cancelTimer = this.#clock.setTimer(() => this.#look(), Math.min(SLICE_MS, Math.ceil(lookIn)));
  }

  /** A hidden page needs no token until somebody asks; a failure is followed up all the same. */
  #mayMintUnasked(): boolean {
    return this.#signals.online() && (this.#signals.visible() || this.#gate.failures > 0);
  }

  #look(): void {
    this.#pump();
    this.#changed();
  }

  #floorIn(): number {
    return this.#refusals.urgent ? 0 : (this.#lastLife?.floorIn() ?? 0);
  }

  #mint(): void {
    const reason = this.#refusals.token ? 'rejected' : this.#minted > 0 ? 'refresh' : 'initial';
    const flight = new Flight(this.#options.fetchToken, reason, this.#clock);
    this.#flight = flight;
    this.#wanted = false;
    this.#tabs.minting();
    this.#emit({ type: 'fetch', reason, attempt: this.#gate.failures + 1 });
    flight.result.then(
      (grant) => this.#land(flight, () => this.#accept(flight, grant)),
      (error: unknown) => this.#land(flight, () => this.#fail(flight, error as ChatError)),
    );
    this.#changed();
  }

  /** Only the flight under way counts: one that was superseded, or outlived a sign-out, is dropped. */
  #land(flight: Flight, settle: () => void): void {
    if (this.#flight !== flight) return;
    this.#flight = null;
    settle();
    this.#pump();
    this.#changed();
  }

  #accept(flight: Flight, { raw, claims, lifetimeMs }: TokenGrant): void {
    const { userId } = this.#options;
    if (userId !== undefined && claims?.sub !== undefined && claims.sub !== userId) {
      return this.#stop(
        flight.reason,
        new ChatError('user_mismatch', 'The token belongs to another user; it was discarded.'),
      );
    }
    if (this.#refusals.token?.raw() === raw) {
      return this.#stop(
        flight.reason,
        new ChatError('token_not_rotated', 'The endpoint gave the refused token again.'),
      );
    }
    const life = new TokenLifetime(this.#clock, flight.age, lifetimeMs);
    // Also what is not taken below was minted: the floor counts from it.
    this.#lastLife = life;
    this.#refusals.minted(flight.reason === 'rejected');
    const heldIat = this.#held?.token.claims?.iat;
    if (heldIat !== undefined && claims?.iat !== undefined && claims.iat < heldIat) {
      const message = 'The endpoint gave a token older than the one in hand: is there a cache before it?';
      return this.#fail(flight, new ChatError('token_endpoint_unavailable', message));
    }
    if (life.usableFor() <= 0) {
      return this.#fail(flight, new ChatError('token_endpoint_timeout', 'The token had lapsed when it came.'));
    }
    const issuedAt = flight.age.since.wall;
    const token = new ChatToken(raw, { claims, issuedAt, expiresAt: issuedAt + lifetimeMs });
    const held = { token, life, lifetimeMs };
    this.#take(held);
    this.#tabs.minted(held);
    this.#emit({ type: 'token', reason: flight.reason, lifetimeMs });
  }

  #adopt(shared: SharedToken): void {
    if (this.#final) return;
    const last = this.#held?.token ?? this.#refusals.token;
    const lastLife = this.#lastLife;
    const held = acceptShared(shared, { clock: this.#clock, userId: this.#options.userId, last, lastLife });
    if (!held) return;
    this.#cancelFlight();
    this.#tabs.settle();
    this.#lastLife = held.life;
    this.#refusals.adopted(lastLife);
    this.#take(held);
    this.#emit({ type: 'adopted', lifetimeMs: held.lifetimeMs });
    this.#look();
  }

  #take(held: HeldToken): void {
    this.#held = held;
    this.#minted += 1;
    this.#refusals.settle();
    this.#lastError = null;
    this.#wanted = false;
    this.#gate.reset();
    this.#waiters.resolve(held.token);
  }

  #fail(flight: Flight, error: ChatError): void {
    if (!error.retryable) return this.#stop(flight.reason, error);
    this.#tabs.failed();
    this.#lastError = error;
    const wait = this.#gate.fail(error.retryAfterMs);
    this.#emit({ type: 'failure', reason: flight.reason, error, retryInMs: wait });
    // Without a network nobody knows when the next attempt comes.
    this.#waiters.reject(error, this.#signals.online() ? PATIENCE_MS - wait : -1);
  }

  /** Asking again cannot help. */
  #stop(reason: FetchReason, error: ChatError): void {
    this.#tabs.failed();
    this.#final = error;
    if (!KEEPS_TOKEN.has(error.code)) this.#held = null;
    this.#emit({ type: 'failure', reason, error, retryInMs: null });
    this.#waiters.reject(error);
  }

  #noteRefusal(rejected: ChatToken): void {
    const life = this.#held?.token.raw() === rejected.raw() ? this.#held.life : undefined;
    const error = this.#refusals.note(rejected, life);
    this.#held = null;
    this.#emit({ type: 'rejected' });
    // What is under way was asked for before the refusal, and may be answered by the very same token. Of one that had lapsed the
    // refusal tells nothing new: on waking the page asks for the next before it hears that the server closed the line meanwhile.
    if (!life || life.usableFor() > 0) this.#cancelFlight();
    if (!error) return;
    this.#stop('rejected', error);
    this.#look();
  }

  #signedOut(): void {
    this.#end(new ChatError('signed_out', 'The person signed out.'));
    this.#emit({ type: 'signed-out' });
  }

  /** Everything under way is dropped in this very tick; what comes late finds that it is no longer wanted. */
  #end(error: ChatError): void {
    this.#final = error;
    this.#held = this.#lastError = null;
    this.#refusals.reset();
    this.#cancelFlight();
    this.#waiters.reject(error);
    this.#pump();
    this.#changed();
  }

  #cancelFlight(): void {
    if (!this.#flight) return;
    this.#flight.cancel();
    this.#flight = null;
    this.#tabs.failed();
  }

  #listen(wanted: boolean): void {
    if (wanted === (this.#stopListening !== undefined)) return;
    this.#stopListening?.();
    this.#stopListening = wanted
      ? this.#signals.subscribe((signal) => {
          if (signal === 'online') this.#gate.skip();
          if (signal !== 'offline') this.#pump();
          this.#changed();
        })
      : undefined;
  }

  #changed(): void {
    const snapshot = this.getSnapshot();
    // Not compared with the last one built: somebody may have read it, and so built it, since.
    if (snapshot === this.#told) return;
    this.#told = snapshot;
    for (const listener of [...this.#listeners]) listener();
  }

  /** An app's handler that throws is reported like any listener's error, and harms nothing here. */
  #emit(event: TokenEvent): void {
    try {
      this.#options.onEvent?.(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
