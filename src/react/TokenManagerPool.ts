import { hashKey, type QueryClient } from '@tanstack/react-query';
import {
  browserTabs,
  createHttpTokenFetcher,
  createTokenManager,
  type FetchToken,
  type TokenManager,
} from '../client/index.ts';
import type { ChatTokenKey } from './hooks/token-query.ts';
import { Lease } from './Lease.ts';

/** A page change or a remount storm finds the same manager, with its token or its request under way. */
const GRACE_MS = 30_000;

export interface PooledManager {
  manager: TokenManager;
  lease: Lease<TokenManager>;
  /** Called by the components that use it, so that an inline function is always the last one. */
  setFetchToken: (fetchToken: FetchToken) => void;
}

/** Managers by query client, so that two requests of one server never share one. */
const pools = new WeakMap<QueryClient, Map<string, PooledManager>>();

/** The manager for a key, made if there is none. Making one starts nothing. */
export function pooledManager(
  queryClient: QueryClient,
  key: ChatTokenKey,
  url: string,
  fetchToken?: FetchToken,
): PooledManager {
  let pool = pools.get(queryClient);
  if (!pool) pools.set(queryClient, (pool = new Map<string, PooledManager>()));
  const hash = hashKey(key);
  const found = pool.get(hash);
  if (found) return found;
  const [, , , userId, scope] = key;
  let latest = fetchToken;
  const manager = createTokenManager({
    // The endpoint's own fetcher as it is: the manager knows by it that tabs may share what it brings.
    fetchToken: latest ? (context) => (latest as FetchToken)(context) : createHttpTokenFetcher({ url }),
    userId: userId ?? undefined,
    // What another purpose's token is for, nobody here knows: only tabs with the same one share.
    ...(scope !== null && { tabs: !latest && userId !== null && browserTabs(`${url} ${userId} ${scope}`) }),
  });
  const own = pool;
  const lease = new Lease(
    manager,
    () => {
      own.delete(hash);
      manager.dispose();
      queryClient.removeQueries({ queryKey: key, exact: true });
    },
    GRACE_MS,
  );
  const made: PooledManager = {
    manager,
    lease,
    setFetchToken: (next) => {
      latest = next;
    },
  };
  pool.set(hash, made);
  return made;
}
