/** Then the WebSocket is tried again: people change networks, and administrators proxies. */
export const LAPSE_MS = 3_600_000;

/** Remembers that on the way to a server only the event stream works. */
export interface TransportMemory {
  /** `lapsed`: it was so once, and is to be found out again. Null: nothing is known, or the socket worked since. */
  recall(): 'event-stream' | 'lapsed' | null;
  remember(): void;
  forget(): void;
}

export interface TransportMemoryOptions {
  /** The server's base, absolute: what is remembered of one says nothing of another. */
  url: () => string;
  /** Default: the page's localStorage; only this object remembers where there is none, or where it throws. */
  storage?: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined;
  /** Wall clock, ms. */
  now: () => number;
}

export function createTransportMemory({ url, now, storage = pageStorage }: TransportMemoryOptions): TransportMemory {
  let until = 0;
  const keep = (act: (storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, key: string) => void) => {
    try {
      const kept = storage();
      if (kept) act(kept, `latchkit:event-stream:${url()}`);
    } catch {
      // Full, or forbidden to the page: then each page finds out for itself.
    }
  };
  return {
    recall() {
      keep((kept, key) => {
        until = Math.max(until, Number(kept.getItem(key)) || 0);
      });
      if (until === 0) return null;
      // Further ahead than it was ever set: the device's clock was.
      return until > now() && until <= now() + LAPSE_MS ? 'event-stream' : 'lapsed';
    },
    remember() {
      until = now() + LAPSE_MS;
      keep((kept, key) => kept.setItem(key, String(until)));
    },
    forget() {
      until = 0;
      keep((kept, key) => kept.removeItem(key));
    },
  };
}

/** Outside of pages a global of this name may exist and warn when it is read. */
function pageStorage(): Storage | undefined {
  return typeof document === 'undefined' ? undefined : globalThis.localStorage;
}
