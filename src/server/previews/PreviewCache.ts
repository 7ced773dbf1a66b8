import type { FoundImage } from './fetchImage.ts';
import type { FoundPage } from './fetchPage.ts';

/** What is known of a link; `page` is null where there is nothing to show. */
export interface FoundLink {
  page: FoundPage | null;
  image: FoundImage | null;
}

const MAX_ENTRIES = 1_000;
const MAX_BYTES = 33_554_432;

/** What was found, by address, until it is too old; above its bounds the one that was not asked for the longest goes first. */
export class PreviewCache {
  readonly #entries = new Map<string, { found: FoundLink; until: number }>();
  #bytes = 0;

  get(url: string, now: number): FoundLink | undefined {
    const entry = this.#entries.get(url);
    if (!entry) return undefined;
    this.#drop(url);
    if (entry.until <= now) return undefined;
    this.#put(url, entry);
    return entry.found;
  }

  set(url: string, found: FoundLink, until: number): void {
    this.#drop(url);
    this.#put(url, { found, until });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES && this.#bytes <= MAX_BYTES) break;
      this.#drop(oldest);
    }
  }

  #put(url: string, entry: { found: FoundLink; until: number }): void {
    this.#entries.set(url, entry);
    this.#bytes += entry.found.image?.bytes.length ?? 0;
  }

  #drop(url: string): void {
    const entry = this.#entries.get(url);
    if (!entry) return;
    this.#entries.delete(url);
    this.#bytes -= entry.found.image?.bytes.length ?? 0;
  }
}
