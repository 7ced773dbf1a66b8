import { useCallback, useSyncExternalStore } from 'react';
import type { ChatClient, ChatEventEntry, ConnectionState, Readable, TokenSnapshot } from '../../client/index.ts';

const TICK_MS = 1_000;

function tick(listener: () => void): () => void {
  const timer = setInterval(listener, TICK_MS);
  return () => clearInterval(timer);
}

/** The wall clock, ms since 1970, once a second and rounded up to one: what is left is never shown as more than it is. */
export function useNow(): number {
  return useSyncExternalStore(tick, () => Math.ceil(Date.now() / TICK_MS) * TICK_MS);
}

/**
 * The state of the token, without subscribing to its manager or asking it for one: a subscriber keeps the token renewed, and who
 * looks must not change what is seen. So it is read after each event; `live` also reads it once a second, for what passes silently.
 */
export function useTokenSnapshot(client: ChatClient, live: boolean): TokenSnapshot;
export function useTokenSnapshot(client: ChatClient | null, live: boolean): TokenSnapshot | null;
export function useTokenSnapshot(client: ChatClient | null, live: boolean): TokenSnapshot | null {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!client) return () => {};
      const stops = [client.events.subscribe(listener), ...(live ? [tick(listener)] : [])];
      return () => stops.forEach((stop) => stop());
    },
    [client, live],
  );
  return useSyncExternalStore(subscribe, () => client?.tokens.getSnapshot() ?? null);
}

export function useConnectionState(client: ChatClient): ConnectionState {
  return useReadable(client.connection);
}

export function useEvents(client: ChatClient): readonly ChatEventEntry[] {
  return useReadable(client.events);
}

function useReadable<T>(readable: Readable<T>): T {
  const subscribe = useCallback((listener: () => void) => readable.subscribe(listener), [readable]);
  return useSyncExternalStore(subscribe, () => readable.get());
}
