import { useMemo, useReducer, useRef, useState } from 'react';
import {
  createChatClient,
  type ChatBackend,
  type ChatClient,
  type FetchToken,
  type ThreadPage,
  type TokenEvent,
  type TransportName,
} from '../../client/index.ts';
import type { ChatError } from '../../protocol/index.ts';
import { Lease } from '../Lease.ts';
import { useIsomorphicLayoutEffect } from './useIsomorphicLayoutEffect.ts';
import { useLatest } from './useLatest.ts';

export interface OwnClientOptions {
  url: string;
  userId: string | null;
  fetchToken: FetchToken | undefined;
  backend: ChatBackend | undefined;
  transport: TransportName | undefined;
  initialThreads: readonly ThreadPage[] | undefined;
  onError: ((error: ChatError) => void) | undefined;
  onTokenEvent: ((event: TokenEvent) => void) | undefined;
}

/**
 * One client per url, user, backend and transport: made during render, which starts nothing, and opened while mounted.
 * Callbacks are read when they are called, so inline ones tear nothing down.
 */
export function useOwnClient({
  url,
  userId,
  fetchToken,
  backend,
  transport,
  initialThreads,
  onError,
  onTokenEvent,
}: OwnClientOptions): ChatClient | null {
  const latestFetchToken = useLatest(fetchToken);
  const latestOnError = useLatest(onError);
  const latestOnTokenEvent = useLatest(onTokenEvent);
  const ownFetch = fetchToken !== undefined;
  // Read for whoever was there first, and for nobody else.
  const [first] = useState({ userId, initialThreads });
  const [life, revive] = useReducer((count: number) => count + 1, 0);

  const lease = useMemo(() => {
    if (userId === null) return null;
    const client = createChatClient({
      url,
      userId,
      backend,
      transport,
      initialThreads: userId === first.userId ? first.initialThreads : undefined,
      fetchToken: ownFetch
        ? (context) => {
            const fetch = latestFetchToken.current;
            if (!fetch) throw new Error('fetchToken was removed from <ChatProvider>');
            return fetch(context);
          }
        : undefined,
      onError: (error) => latestOnError.current?.(error),
      onTokenEvent: (event) => latestOnTokenEvent.current?.(event),
    });
    return { client, held: new Lease(client, (ended) => ended.dispose(), 0), life };
  }, [url, userId, backend, transport, ownFetch, first, latestFetchToken, latestOnError, latestOnTokenEvent, life]);

  // Layout effects, so that a changed identity ends the old connection in the commit that changes it.
  const client = lease?.client ?? null;
  const previous = useRef<ChatClient | null>(null);
  useIsomorphicLayoutEffect(() => {
    if (client === null) previous.current?.signOut();
    previous.current = client;
  }, [client]);

  useIsomorphicLayoutEffect(() => {
    if (!lease) return undefined;
    // Ended while this part of the page was hidden (<Activity>): it comes back with a new one.
    if (lease.held.ended) return revive();
    const letGo = lease.held.hold();
    const close = lease.client.retain();
    return () => {
      // Not at once: StrictMode takes hold again before the microtask, and keeps its one connection.
      queueMicrotask(close);
      letGo();
    };
  }, [lease]);

  return client;
}
