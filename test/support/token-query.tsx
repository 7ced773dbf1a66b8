import { dehydrate, QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, vi } from 'vitest';
import type { FetchToken } from '../../src/client/index.ts';
import { createFakeFetchToken } from '../../src/testing/index.ts';
import { chatTokenKey } from '../../src/react/hooks/token-query.ts';
import { useChatToken, type ChatTokenResult } from '../../src/react/hooks/useChatToken.ts';

export const TTL_SECONDS = 60;
export const KEY = chatTokenKey('fetchToken', 'ada');

export const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
export const settle = () => pass(20);

/** Every raw token that was given out, and how many mints were under way at once at most. */
export function endpoint(options: { latencyMs?: number } = {}) {
  const mint = createFakeFetchToken({ userId: 'ada', ttlSeconds: TTL_SECONDS, ...options });
  const raws: string[] = [];
  const count = { started: 0, running: 0, most: 0 };
  const fetchToken: FetchToken = async (context) => {
    count.started += 1;
    count.running += 1;
    count.most = Math.max(count.most, count.running);
    try {
      const answer = (await mint(context)) as { token: string; expires_in: number };
      raws.push(answer.token);
      return answer;
    } finally {
      count.running -= 1;
    }
  };
  return { fetchToken, raws, count };
}

export const view: { result: ChatTokenResult | null } = { result: null };

/** The hook alone: nobody else asks the endpoint. */
export function Reader({ fetchToken }: { fetchToken: FetchToken }): ReactNode {
  const result = useChatToken({ fetchToken, userId: 'ada' });
  return (
    <p
      ref={() => {
        view.result = result;
      }}
    >
      {result.status} {result.claims?.sub} {result.renewals}
    </p>
  );
}

export function tree(queryClient: QueryClient, fetchToken: FetchToken, readers = 1) {
  return (
    <QueryClientProvider client={queryClient}>
      {Array.from({ length: readers }, (_, index) => (
        <Reader key={index} fetchToken={fetchToken} />
      ))}
    </QueryClientProvider>
  );
}

export const mount = (...args: Parameters<typeof tree>) => render(tree(...args));

/** All that a query cache says of itself, and all that a persister would write of it. */
export function written(queryClient: QueryClient): string {
  const queries = queryClient.getQueryCache().getAll();
  return JSON.stringify([
    queries.map(({ queryKey, queryHash, state, options, meta }) => ({ queryKey, queryHash, state, options, meta })),
    dehydrate(queryClient, { shouldDehydrateQuery: () => true, shouldDehydrateMutation: () => true }),
    queries.map(({ state }) => structuredClone({ data: state.data, error: state.error })),
  ]);
}

/** Neither the whole nor its payload. (The header is the same for every token, and says nothing.) */
export function expectNoToken(text: string, raws: string[]): void {
  expect(raws.length).toBeGreaterThan(0);
  for (const raw of raws) expect(text).not.toContain(raw.split('.')[1] ?? raw);
}
