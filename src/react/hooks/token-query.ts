import type { QueryClient } from '@tanstack/react-query';
import type { ChatToken, TokenManager } from '../../client/index.ts';
import type { ChatError } from '../../protocol/index.ts';

export type ChatTokenKey = readonly ['latchkit', 'token', string, string | null, string | null];

/** Where the query cache holds a person's token: as an opaque `ChatToken`, whose raw value no persister or devtools can see. */
export function chatTokenKey(url: string, userId: string | null, scope: string | null = null): ChatTokenKey {
  return ['latchkit', 'token', url, userId, scope];
}

/**
 * A query that asks the manager. TanStack Query does no scheduling, retrying or pausing here: its timers stop in hidden tabs and
 * after failures, and a cancelled query would mint again. The `signal` is left unread on purpose: reading it lets StrictMode
 * cancel the first fetch and make a second.
 */
export function tokenQueryOptions(queryKey: ChatTokenKey, manager: TokenManager | null) {
  const held = manager?.current;
  return {
    queryKey,
    queryFn: () => (manager ? manager.get() : Promise.reject(new Error('signed out'))),
    enabled: manager !== null,
    retry: false,
    networkMode: 'always',
    refetchInterval: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    refetchOnMount: true,
    structuralSharing: false,
    // An app's default persister would answer with the text that it stored in the token's place, and the manager go unasked.
    persister: undefined,
    throwOnError: false,
    // Fresh is only what the manager itself holds. A persister restores text where the token was, and the token of an earlier
    // mount may be revoked by now: both are stale, so that one is asked for at once.
    staleTime: (query: { state: { data?: unknown } }) =>
      manager?.current && query.state.data === manager.current ? Infinity : 0,
    gcTime: held ? lifetime(held) : 0,
    // What a component re-renders for is decided by what it reads of the manager.
    notifyOnChangeProps: [] as [],
  } as const;
}

/** Keeps the cache entry the manager's: each renewal is written there, and a token that lapsed or is no longer anybody's is taken out. */
export function mirrorToken(queryClient: QueryClient, queryKey: ChatTokenKey, manager: TokenManager): () => void {
  const write = () => {
    const { token, error } = manager.getSnapshot();
    const cached = queryClient.getQueryData(queryKey);
    if (token) {
      if (cached !== token) writeToken(queryClient, queryKey, token);
    } else if (cached !== undefined) {
      emptyEntry(queryClient, queryKey, error);
    }
  };
  write();
  return manager.subscribe(write);
}

/** As `setQueryData`, which would keep an entry that the app has cleared in between by the app's own `gcTime`: for days, where it persists. */
function writeToken(queryClient: QueryClient, queryKey: ChatTokenKey, token: ChatToken): void {
  const options = { queryKey, gcTime: lifetime(token), structuralSharing: false };
  queryClient
    .getQueryCache()
    .build(queryClient, queryClient.defaultQueryOptions(options))
    .setData(token, { manual: true });
}

/** Not by removing it: the next render of a component would make it anew and fetch, and so mint in a page that is hidden. */
function emptyEntry(queryClient: QueryClient, queryKey: ChatTokenKey, error: ChatError | null): void {
  const query = queryClient.getQueryCache().find({ queryKey });
  query?.setState({ data: undefined, dataUpdatedAt: 0, error, status: error ? 'error' : 'pending' });
}

function lifetime({ issuedAt, expiresAt }: ChatToken): number {
  return expiresAt - issuedAt;
}
