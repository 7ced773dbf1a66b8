import { flooredJitter } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import type { PageSignal } from '../PageSignals.ts';
import type { LineEnd } from './Transport.ts';

/** Only a connection that lived this long clears the backoff: one that is accepted and dropped at once must not be retried hot. */
export const STABLE_MS = 10_000;
/** Shorter, and the clients of a server that was away for some seconds come back as one herd. A person's Retry, a wake and `online` skip it. */
const BACKOFF_BASE_MS = 6_000;
const BACKOFF_CAP_MS = 30_000;
/** A restarted server's clients come back within this time, evenly spread, unless it names another. */
const SPREAD_MS = 5_000;
/** Whatever a server asks for, nobody is sent away for longer. */
const SPREAD_CAP_MS = 300_000;
/** Going away, lost, service restart (RFC 6455, 7.4.1, and the IANA registry): what a restart looks like from here. */
const SERVICE_RESTART = 1012;
const RESTART_CODES: ReadonlySet<number> = new Set([1001, 1006, SERVICE_RESTART]);
/** The device may be wrong about its network, so it is tried now and then all the same. */
const OFFLINE_RETRY_MS = 30_000;
/** One skipped wait in this time: a burst of page signals is one wake. */
const SKIP_EVERY_MS = 5_000;

/** When to come back: how long to wait after each loss, and what cuts the wait short. */
export class ReturnPolicy {
  readonly #clock: Clock;
  #failures = 0;
  #renewedAtOnce = false;
  #skippedAt = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The connection has lived for {@link STABLE_MS}, or was closed for good: what was before counts no more. */
  reset(): void {
    this.#failures = 0;
    this.#renewedAtOnce = false;
  }

  /** Whether a refused token is replaced at once: the first since the connection was stable, the next one waits. */
  mayRenewAtOnce(): boolean {
    const may = !this.#renewedAtOnce;
    this.#renewedAtOnce = true;
    return may;
  }

  /** How long to wait before the next attempt, ms. `wasOpen`: a working connection was lost. */
  wait(loss: { end: LineEnd | null; wasOpen: boolean; offline: boolean; retryAfterMs: number | undefined }): number {
    const ms = Math.max(this.#jittered(loss.end, loss.wasOpen), loss.retryAfterMs ?? 0);
    this.#failures += 1;
    return loss.offline ? Math.max(ms, OFFLINE_RETRY_MS) : ms;
  }

  /** Whether a page's signal ends the wait. */
  maySkip(signal: PageSignal, now: { online: boolean; waitsForNetwork: boolean }): boolean {
    if (signal === 'offline' || (signal === 'wake' && !now.online)) return false;
    const backOnline = signal === 'online' && now.waitsForNetwork;
    if (!backOnline && this.#clock.monotonic() - this.#skippedAt < SKIP_EVERY_MS) return false;
    this.#skippedAt = this.#clock.monotonic();
    return true;
  }

  #jittered(end: LineEnd | null, wasOpen: boolean): number {
    const first = this.#failures === 0;
    const asked = end && askedSpread(end);
    if (first && asked !== null) return this.#clock.random() * asked;
    if (first && end && wasOpen && RESTART_CODES.has(end.code)) return this.#clock.random() * SPREAD_MS;
    const backoff = flooredJitter(this.#clock, this.#failures, BACKOFF_BASE_MS, BACKOFF_CAP_MS);
    return asked === null ? backoff : Math.max(backoff, this.#clock.random() * asked);
  }
}

/** A draining server names the time over which its clients are to come back: `{"spreadMs":8000}` as the reason of a 1012. */
function askedSpread({ code, reason }: LineEnd): number | null {
  if (code !== SERVICE_RESTART) return null;
  try {
    const hint: unknown = JSON.parse(reason);
    if (typeof hint !== 'object' || hint === null || !('spreadMs' in hint)) return null;
    const { spreadMs } = hint;
    return typeof spreadMs === 'number' && spreadMs >= 0 ? Math.min(spreadMs, SPREAD_CAP_MS) : null;
  } catch {
    return null;
  }
}
