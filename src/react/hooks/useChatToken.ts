import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { ChatToken, Readable, TokenClaims, TokenManager, TokenSnapshot, TokenStatus } from '../../client/index.ts';
import type { ChatError } from '../../protocol/index.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';
import { mirrorToken, tokenQueryOptions } from './token-query.ts';
import { TrackedView } from './TrackedView.ts';
import { useTokenManager, type ChatTokenOptions } from './useTokenManager.ts';

export interface ChatTokenResult {
  /** The usable token, else null. Redacted wherever it is printed; `token.raw()` gives it out. For a request take {@link getToken}. */
  readonly token: ChatToken | null;
  /** For display only: nothing checks them here. Null without a token, and for an opaque one. */
  readonly claims: Readonly<TokenClaims> | null;
  readonly status: TokenStatus;
  /** When the token lapses, ms, local clock. */
  readonly expiresAt: number | null;
  readonly error: ChatError | null;
  /** How many tokens followed the first one. */
  readonly renewals: number;
  /** Fetches a new token now, or tries again after a refusal; the one in hand stays good meanwhile. Stable. */
  readonly refresh: () => Promise<ChatToken>;
  /** A token that is good now: call it before each request. Stable. @throws {ChatError} when there will be none */
  readonly getToken: () => Promise<ChatToken>;
}

const IDLE: TokenSnapshot = { status: 'idle', token: null, error: null, renewals: 0 };
const SIGNED_OUT: TokenSnapshot = { status: 'unauthenticated', token: null, error: SIGNED_OUT_ERROR, renewals: 0 };
const NOBODY: Readable<TokenSnapshot> = { get: () => SIGNED_OUT, subscribe: () => () => {} };

function readable(manager: TokenManager | null): Readable<TokenSnapshot> {
  if (!manager) return NOBODY;
  return { get: () => manager.getSnapshot(), subscribe: (listener) => manager.subscribe(listener) };
}

/**
 * The token of the chat, kept renewed while a component uses this; with options, one of its own. A component re-renders only for
 * the fields that it reads, so `const { getToken } = useChatToken()` never does.
 */
export function useChatToken(options?: ChatTokenOptions): ChatTokenResult {
  const { manager, queryKey, queryClient } = useTokenManager(options);
  const view = useMemo(() => new TrackedView(readable(manager)), [manager]);
  // Written inline: React then looks again after each render, when the fields read in it are known.
  const snapshot = useSyncExternalStore(
    view.subscribe,
    () => view.get(),
    () => (manager ? IDLE : SIGNED_OUT),
  );

  useQuery(tokenQueryOptions(queryKey, manager), queryClient);
  const [, , url, userId, scope] = queryKey;
  useEffect(
    () => (manager ? mirrorToken(queryClient, ['latchkit', 'token', url, userId, scope], manager) : undefined),
    [queryClient, manager, url, userId, scope],
  );

  const getToken = useCallback(() => (manager ? manager.get() : Promise.reject(SIGNED_OUT_ERROR)), [manager]);
  const refresh = useCallback(() => {
    if (!manager) return Promise.reject(SIGNED_OUT_ERROR);
    if (manager.current) return manager.renew(manager.current);
    // After a refusal: the person may have signed in again.
    manager.reset();
    return manager.get();
  }, [manager]);

  return useMemo(() => {
    const read = <K extends keyof TokenSnapshot>(key: K): TokenSnapshot[K] => {
      view.track(key);
      return snapshot[key];
    };
    return {
      get token() {
        return read('token');
      },
      get claims() {
        return read('token')?.claims ?? null;
      },
      get status() {
        return read('status');
      },
      get expiresAt() {
        return read('token')?.expiresAt ?? null;
      },
      get error() {
        return read('error');
      },
      get renewals() {
        return read('renewals');
      },
      refresh,
      getToken,
    };
  }, [view, snapshot, refresh, getToken]);
}
