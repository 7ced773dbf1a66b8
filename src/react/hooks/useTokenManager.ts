import { QueryClient, QueryClientContext } from '@tanstack/react-query';
import { useContext, useReducer } from 'react';
import type { FetchToken, TokenManager } from '../../client/index.ts';
import { ChatError } from '../../protocol/index.ts';
import { ChatContext, type ChatContextValue } from '../ChatContext.ts';
import { pooledManager } from '../TokenManagerPool.ts';
import { chatTokenKey, type ChatTokenKey } from './token-query.ts';
import { useIsomorphicLayoutEffect } from './useIsomorphicLayoutEffect.ts';

interface Shared {
  /** Whose token: one for another `sub` is discarded. Omit where tokens are opaque. */
  userId?: string;
  /** Tells tokens for different purposes apart; managers are shared per url, user and scope. */
  scope?: string;
  /** Default: the one from `<ChatProvider>` or `<QueryClientProvider>`. */
  queryClient?: QueryClient;
}

/** A token of its own, without `<ChatProvider>`: from `POST {url}/token`, or from any function. */
export type ChatTokenOptions =
  (Shared & { url: string; fetchToken?: never }) | (Shared & { fetchToken: FetchToken; url?: never });

export interface ManagerInUse {
  /** Null while signed out. */
  manager: TokenManager | null;
  queryKey: ChatTokenKey;
  queryClient: QueryClient;
}

/** Of `<ChatProvider>` without options, else the one that all with the same url, user and scope share. */
export function useTokenManager(options: ChatTokenOptions | undefined): ManagerInUse {
  const chat = useContext(ChatContext);
  const appQueryClient = useContext(QueryClientContext);
  const [, revive] = useReducer((count: number) => count + 1, 0);

  const queryClient =
    options?.queryClient ?? chat?.queryClient ?? appQueryClient ?? (chat && privateQueryClient(chat.privateCache));
  const queryKey = options
    ? chatTokenKey(options.url ?? 'fetchToken', options.userId ?? null, options.scope ?? null)
    : chatTokenKey(chat?.url ?? '', chat?.userId ?? null);
  const pooled =
    options && queryClient ? pooledManager(queryClient, queryKey, options.url ?? '', options.fetchToken) : null;

  useIsomorphicLayoutEffect(() => {
    if (options?.fetchToken) pooled?.setFetchToken(options.fetchToken);
  });
  const lease = pooled?.lease ?? null;
  useIsomorphicLayoutEffect(() => {
    if (!lease) return undefined;
    if (lease.ended) return revive();
    return lease.hold();
  }, [lease]);

  if (pooled && queryClient) return { manager: pooled.manager, queryKey, queryClient };
  if (options) throw noQueryClient();
  if (chat && queryClient) return { manager: chat.client?.tokens ?? null, queryKey, queryClient };
  throw noProvider();
}

function privateQueryClient(cache: ChatContextValue['privateCache']): QueryClient {
  return (cache.queryClient ??= new QueryClient());
}

function noProvider(): ChatError {
  return new ChatError(
    'invalid_options',
    'useChatToken() was used outside <ChatProvider>. Wrap this part of the app in it, or name what to ask: ' +
      'useChatToken({ url: "/chat", userId }).',
  );
}

function noQueryClient(): ChatError {
  return new ChatError(
    'invalid_options',
    'useChatToken({ … }) found no QueryClient. Wrap this part of the app in <QueryClientProvider> or <ChatProvider>, ' +
      'or pass queryClient.',
  );
}
