import type { Clock } from '../clock.ts';
import type { Meter } from '../observability/Meter.ts';
import type { Logger } from '../types.ts';
import { fetchImage, type FoundImage } from './fetchImage.ts';
import { fetchPage, type FoundPage } from './fetchPage.ts';
import type { Network } from './Network.ts';
import type { CheckedPreviewOptions } from './options.ts';
import { PreviewCache, type FoundLink } from './PreviewCache.ts';
import { redactUrl } from './redactUrl.ts';
import { Refusal, type RefusalReason } from './Refusal.ts';

/** A site that is down is not asked for every message that links to it, and not left alone for as long as one that answered. */
const FAILED_MS = 300_000;
/** Links that may wait for a place; more of them find nothing. */
const MAX_WAITING = 200;

const NOTHING: FoundLink = { page: null, image: null };

export interface FinderPorts {
  options: CheckedPreviewOptions;
  /** Whether pictures can be kept. */
  images: boolean;
  network: Network;
  meter: Meter;
  logger: Logger;
  clock: Clock;
}

/** Looks at pages: each address once for all who ask meanwhile and for some time after, so many at a time, and each for so long. */
export class LinkFinder {
  readonly #ports: FinderPorts;
  readonly #cache = new PreviewCache();
  readonly #running = new Map<string, Promise<FoundLink>>();
  readonly #waiting: (() => void)[] = [];
  readonly #closed = new AbortController();
  #busy = 0;

  constructor(ports: FinderPorts) {
    this.#ports = ports;
  }

  /** What is behind a link. Never rejects. */
  async find(link: string): Promise<FoundLink> {
    const { clock, meter } = this.#ports;
    const url = new URL(link);
    url.hash = ''; // No server gets it.
    const known = this.#cache.get(url.href, clock.now()) ?? this.#running.get(url.href);
    if (known) meter.count('latchkit_link_previews_total', { outcome: 'known' });
    if (known) return known;
    const running = this.#look(url).finally(() => this.#running.delete(url.href));
    this.#running.set(url.href, running);
    return running;
  }

  /** Ends every request. */
  close(): void {
    this.#closed.abort();
    for (const go of this.#waiting.splice(0)) go();
  }

  async #look(url: URL): Promise<FoundLink> {
    const { meter, options } = this.#ports;
    if (this.#busy >= options.concurrency) {
      if (this.#waiting.length >= MAX_WAITING) {
        meter.count('latchkit_link_previews_total', { outcome: 'busy' });
        return NOTHING;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#busy += 1;
    }
    try {
      if (this.#closed.signal.aborted) return NOTHING;
      const page = await this.#attempt(url, 'page', (signal) => fetchPage(url, this.#guards(signal)));
      if (page instanceof Refusal) {
        this.#keep(url, NOTHING, Math.min(FAILED_MS, options.cacheSeconds * 1_000));
        return NOTHING;
      }
      const found = { page, image: await this.#imageOf(page) };
      meter.count('latchkit_link_previews_total', { outcome: page ? 'found' : 'empty' });
      this.#keep(url, found, options.cacheSeconds * 1_000);
      return found;
    } finally {
      // The place goes to who waits, so that nobody who comes now takes it.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }

  #keep(url: URL, found: FoundLink, ms: number): void {
    if (ms > 0) this.#cache.set(url.href, found, this.#ports.clock.now() + ms);
  }

  async #imageOf(page: FoundPage | null): Promise<FoundImage | null> {
    const image = page?.image;
    if (!image || !this.#ports.images) return null;
    const found = await this.#attempt(image, 'image', (signal) => fetchImage(image, this.#guards(signal)));
    return found instanceof Refusal ? null : found;
  }

  #guards(signal: AbortSignal) {
    const { options, network } = this.#ports;
    return { rules: options, network, signal };
  }

  async #attempt<T>(url: URL, what: 'page' | 'image', work: (signal: AbortSignal) => Promise<T>): Promise<T | Refusal> {
    const { clock, options } = this.#ports;
    const late = new AbortController();
    const cancel = clock.setTimer(() => late.abort(), options.timeoutMs);
    try {
      return await work(AbortSignal.any([late.signal, this.#closed.signal]));
    } catch (cause) {
      const refusal = cause instanceof Refusal ? cause : new Refusal('unreachable', { cause });
      this.#report(url, what, refusal);
      return refusal;
    } finally {
      cancel();
    }
  }

  #report(url: URL, what: 'page' | 'image', { reason }: Refusal): void {
    const { logger, meter } = this.#ports;
    if (what === 'page') meter.count('latchkit_link_previews_total', { outcome: outcomeOf(reason) });
    const details = { event: 'preview.failed', what, reason, url: redactUrl(url) };
    (logger.debug ?? logger.info).call(logger, 'A link has no preview.', details);
  }
}

function outcomeOf(reason: RefusalReason): 'refused' | 'failed' {
  return reason.startsWith('refused') ? 'refused' : 'failed';
}
