import {
  dehydrate,
  hydrate,
  IsRestoringProvider,
  onlineManager,
  QueryClient,
  QueryClientProvider,
  type DehydratedState,
  type Query,
  type QueryClientConfig,
} from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChatToken, type FetchToken } from '../../client/index.ts';
import { createFakeBackend, createFakeFetchToken } from '../../testing/index.ts';
import { ChatProvider } from '../ChatProvider.tsx';
import { chatTokenKey } from './token-query.ts';
import { useChatToken, type ChatTokenResult } from './useChatToken.ts';

const TTL_SECONDS = 60;
const KEY = chatTokenKey('fetchToken', 'ada');

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const settle = () => pass(20);

/** Every raw token that was given out, and how many mints were under way at once at most. */
function endpoint(options: { latencyMs?: number } = {}) {
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

const view: { result: ChatTokenResult | null } = { result: null };

/** The hook alone: nobody else asks the endpoint. */
function Reader({ fetchToken }: { fetchToken: FetchToken }): ReactNode {
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

function tree(queryClient: QueryClient, fetchToken: FetchToken, readers = 1) {
  return (
    <QueryClientProvider client={queryClient}>
      {Array.from({ length: readers }, (_, index) => (
        <Reader key={index} fetchToken={fetchToken} />
      ))}
    </QueryClientProvider>
  );
}

const mount = (...args: Parameters<typeof tree>) => render(tree(...args));

/** All that a query cache says of itself, and all that a persister would write of it. */
function written(queryClient: QueryClient): string {
  const queries = queryClient.getQueryCache().getAll();
  return JSON.stringify([
    queries.map(({ queryKey, queryHash, state, options, meta }) => ({ queryKey, queryHash, state, options, meta })),
    dehydrate(queryClient, { shouldDehydrateQuery: () => true, shouldDehydrateMutation: () => true }),
    queries.map(({ state }) => structuredClone({ data: state.data, error: state.error })),
  ]);
}

/** Neither the whole nor its payload. (The header is the same for every token, and says nothing.) */
function expectNoToken(text: string, raws: string[]): void {
  expect(raws.length).toBeGreaterThan(0);
  for (const raw of raws) expect(text).not.toContain(raw.split('.')[1] ?? raw);
}

describe('the app’s own query client', () => {
  test('holds the token under its key, redacted, as what the devtools show', async () => {
    const queryClient = new QueryClient();
    const { fetchToken, raws } = endpoint();
    mount(queryClient, fetchToken);
    await settle();
    const query = queryClient.getQueryCache().find({ queryKey: ['latchkit', 'token', 'fetchToken', 'ada', null] });
    expect(query?.state.data).toBe(view.result?.token);
    expect(JSON.stringify(query?.state.data)).toBe('"[ChatToken]"');
    // The devtools' explorer opens an object by its enumerable properties.
    expectNoToken(JSON.stringify(Object.entries(query?.state.data as ChatToken)), raws);
    expectNoToken(written(queryClient), raws);
    expect(queryClient.getQueryCache().findAll({ queryKey: ['latchkit'] })).toHaveLength(1);
  });

  test('is used under <ChatProvider> too, where the chat and the hook share one mint', async () => {
    const queryClient = new QueryClient();
    const { fetchToken, raws, count } = endpoint();
    const Status = () => <p>{useChatToken().status}</p>;
    render(
      <QueryClientProvider client={queryClient}>
        <ChatProvider userId="ada" backend={createFakeBackend()} fetchToken={fetchToken}>
          <Status />
        </ChatProvider>
      </QueryClientProvider>,
    );
    await settle();
    expect(ChatToken.is(queryClient.getQueryData(chatTokenKey('/chat', 'ada')))).toBe(true);
    expectNoToken(written(queryClient), raws);
    expect(count.started).toBe(1);
  });

  test('shows a failure without a token in it', async () => {
    const queryClient = new QueryClient();
    const raw = `opaque-${'s3cret'.repeat(4)}`;
    mount(queryClient, () => Promise.resolve({ token: raw, expires_in: 0.1 }));
    await settle();
    const query = queryClient.getQueryCache().find({ queryKey: KEY });
    expect(query?.state.error).toMatchObject({ code: 'token_ttl_too_short' });
    const error = query?.state.error as Error;
    expectNoToken(`${written(queryClient)} ${error.message} ${error.stack} ${String(error.cause)}`, [raw]);
  });

  test('cannot break the token’s query by its defaults', async () => {
    const stored = new Map<string, string>();
    const defaults: QueryClientConfig['defaultOptions'] = {
      queries: {
        retry: 3,
        networkMode: 'online',
        refetchInterval: 1_000,
        refetchOnWindowFocus: 'always',
        refetchOnMount: false,
        staleTime: 0,
        gcTime: 24 * 3_600_000,
        throwOnError: true,
        // A persister per query, as `createPersister` makes them: it stores what was fetched and answers from its store.
        async persister(queryFn, context, query) {
          const found = stored.get(query.queryHash);
          if (found !== undefined) return JSON.parse(found) as never;
          const data = await queryFn(context);
          stored.set(query.queryHash, JSON.stringify(data));
          return data;
        },
      },
    };
    stored.set(JSON.stringify(KEY), '"[ChatToken]"');
    const queryClient = new QueryClient({ defaultOptions: defaults });
    const { fetchToken, raws, count } = endpoint();
    mount(queryClient, fetchToken);
    await settle();
    expect(screen.getByText('ready ada 0')).toBeTruthy();
    expect(ChatToken.is(queryClient.getQueryData(KEY))).toBe(true);
    const { dataUpdateCount } = queryClient.getQueryState(KEY) ?? {};
    await pass(10_000);
    window.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(count.started).toBe(1);
    expect(queryClient.getQueryState(KEY)?.dataUpdateCount).toBe(dataUpdateCount);
    expectNoToken(JSON.stringify([...stored]) + written(queryClient), raws);
  });

  test('T21 cannot hold a token back while it takes the device for offline', async () => {
    const queryClient = new QueryClient();
    const { fetchToken } = endpoint();
    onlineManager.setOnline(false);
    mount(queryClient, fetchToken);
    await settle();
    onlineManager.setOnline(true);
    expect(screen.getByText('ready ada 0')).toBeTruthy();
    expect(ChatToken.is(queryClient.getQueryData(KEY))).toBe(true);
  });

  test('T47 cannot leave a restored entry in its place by fetching nothing on mount', async () => {
    const queryClient = new QueryClient({ defaultOptions: { queries: { refetchOnMount: false } } });
    queryClient.setQueryData(KEY, '[ChatToken]');
    const { fetchToken, count } = endpoint();
    mount(queryClient, fetchToken);
    await settle();
    expect(screen.getByText('ready ada 0')).toBeTruthy();
    expect(count.started).toBe(1);
  });

  test.each([
    ['untouched', () => {}],
    ['cleared by the app', (queryClient: QueryClient) => queryClient.clear()],
  ])('keeps an unused token no longer than its lifetime, whatever the app’s own gcTime: %s', async (_, deed) => {
    const queryClient = new QueryClient({ defaultOptions: { queries: { gcTime: 24 * 3_600_000 } } });
    const { fetchToken, count } = endpoint();
    const Status = () => <p>{useChatToken().status}</p>;
    const { unmount } = render(
      <ChatProvider userId="ada" backend={createFakeBackend()} fetchToken={fetchToken} queryClient={queryClient}>
        <Status />
      </ChatProvider>,
    );
    await settle();
    deed(queryClient);
    await pass(50_000);
    expect(count.started).toBe(2);
    expect(ChatToken.is(queryClient.getQueryData(chatTokenKey('/chat', 'ada')))).toBe(true);
    unmount();
    await pass(TTL_SECONDS * 1_000);
    expect(queryClient.getQueryCache().getAll()).toEqual([]);
  });
});

describe('what an app does to its whole cache', () => {
  const deeds: [string, (queryClient: QueryClient) => unknown][] = [
    ['clear()', (queryClient) => queryClient.clear()],
    ['invalidateQueries()', (queryClient) => queryClient.invalidateQueries()],
    ['invalidateQueries({ refetchType: all })', (queryClient) => queryClient.invalidateQueries({ refetchType: 'all' })],
    ['resetQueries()', (queryClient) => queryClient.resetQueries()],
    ['removeQueries()', (queryClient) => queryClient.removeQueries()],
    ['refetchQueries()', (queryClient) => queryClient.refetchQueries()],
    ['cancelQueries()', (queryClient) => queryClient.cancelQueries()],
  ];

  test.each(deeds)('%s with a token in hand: no mint, and the same token', async (_, deed) => {
    const queryClient = new QueryClient();
    const { fetchToken, raws, count } = endpoint();
    mount(queryClient, fetchToken, 3);
    await settle();
    const token = view.result?.token;
    for (let turn = 0; turn < 20; turn += 1) {
      await act(() => deed(queryClient));
      expectNoToken(written(queryClient), raws);
    }
    await settle();
    // The token in hand is good: it is the manager's, and the cache but shows it.
    expect(count.started).toBe(1);
    expect(screen.getAllByText('ready ada 0')).toHaveLength(3);
    expect(view.result?.token).toBe(token);
    expect(await view.result?.getToken()).toBe(token);
  });

  test.each(deeds)('%s, and the next renewal and the next component still come', async (_, deed) => {
    const queryClient = new QueryClient();
    const { fetchToken, raws, count } = endpoint();
    const { rerender } = mount(queryClient, fetchToken);
    await settle();
    await act(() => deed(queryClient));
    rerender(tree(queryClient, fetchToken, 2));
    await settle();
    expect(count.started).toBe(1);
    expect(queryClient.getQueryData(KEY)).toBe(view.result?.token);
    await pass(TTL_SECONDS * 800);
    expect(count.started).toBe(2);
    expect(screen.getAllByText('ready ada 1')).toHaveLength(2);
    expect(queryClient.getQueryData(KEY)).toBe(view.result?.token);
    expectNoToken(written(queryClient), raws);
  });

  test.each(deeds)('%s twenty times while the first token is on its way: one mint, which arrives', async (_, deed) => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const queryClient = new QueryClient();
    const { fetchToken, count } = endpoint({ latencyMs: 500 });
    mount(queryClient, fetchToken, 3);
    await settle();
    for (let turn = 0; turn < 20; turn += 1) {
      await act(async () => {
        void deed(queryClient);
        await vi.advanceTimersByTimeAsync(10);
      });
    }
    await pass(1_000);
    expect(count).toEqual({ started: 1, running: 0, most: 1 });
    expect(screen.getAllByText('ready ada 0')).toHaveLength(3);
    expect(ChatToken.is(queryClient.getQueryData(KEY))).toBe(true);
    expect(unhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', unhandled);
  });

  test('T24 after a refusal, refetching all does not ask again: only refresh() does', async () => {
    const queryClient = new QueryClient();
    const { fetchToken, count } = endpoint();
    let signedIn = false;
    mount(queryClient, (context) => {
      if (signedIn) return fetchToken(context);
      count.started += 1;
      return createFakeFetchToken({ userId: 'ada', fault: 'unauthenticated' })(context);
    });
    await settle();
    for (let turn = 0; turn < 20; turn += 1) await act(() => queryClient.refetchQueries());
    expect(count.started).toBe(1);
    expect(screen.getByText(/^unauthenticated/)).toBeTruthy();
    signedIn = true;
    await act(async () => void (await view.result?.refresh()));
    await settle();
    expect(count.started).toBe(2);
    expect(screen.getByText(/^ready ada/)).toBeTruthy();
  });
});

test('T18 hidden for ten minutes: components and cache ask for nothing, and the first use after is valid', async () => {
  const queryClient = new QueryClient();
  const { fetchToken, count } = endpoint();
  const { rerender } = mount(queryClient, fetchToken, 3);
  await settle();
  const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange'));
  await pass(300_000);
  rerender(tree(queryClient, fetchToken, 3));
  await pass(300_000);
  expect(count.started).toBe(1);
  expect(view.result?.token).toBeNull();
  expect(queryClient.getQueryData(KEY)).toBeUndefined();
  visibility.mockRestore();
  await act(async () => {
    const token = view.result?.getToken();
    await vi.advanceTimersByTimeAsync(20);
    expect((await token)?.expiresAt).toBeGreaterThan(Date.now() + 50_000);
  });
  expect(count.started).toBe(2);
  expect(queryClient.getQueryData(KEY)).toBe(view.result?.token);
});

test('T24 a renewal that is refused shows in the cache as its error, in the token’s place', async () => {
  const queryClient = new QueryClient();
  const { fetchToken, count } = endpoint();
  const refuse = createFakeFetchToken({ userId: 'ada', fault: 'unauthenticated' });
  mount(queryClient, (context) => (count.started === 0 ? fetchToken(context) : refuse(context)));
  await pass(50_000);
  expect(screen.getByText(/^unauthenticated/)).toBeTruthy();
  expect(queryClient.getQueryState(KEY)).toMatchObject({
    data: undefined,
    status: 'error',
    fetchStatus: 'idle',
    error: { code: 'unauthenticated' },
  });
});

describe('T47 persisters and hydration', () => {
  /** What a persister does: writes the dehydrated cache at each of its events. JSON is localStorage's way, a clone IndexedDB's. */
  function persist(queryClient: QueryClient, copy: (state: DehydratedState) => DehydratedState) {
    const writes: DehydratedState[] = [];
    const stop = queryClient.getQueryCache().subscribe(() => {
      writes.push(copy(dehydrate(queryClient)));
    });
    return { writes, stop };
  }

  const ways: [string, (state: DehydratedState) => DehydratedState][] = [
    ['JSON (localStorage)', (state) => JSON.parse(JSON.stringify(state)) as DehydratedState],
    ['structured clone (IndexedDB)', (state) => structuredClone(state)],
  ];

  test.each(ways)('by %s: no token is written, and what is restored is replaced by one mint', async (_, copy) => {
    const before = new QueryClient();
    const first = endpoint();
    const { writes, stop } = persist(before, copy);
    mount(before, first.fetchToken);
    await pass(50_000);
    expect(first.count.started).toBe(2);
    stop();
    cleanup();
    expect(writes.some(({ queries }) => queries.length > 0)).toBe(true);
    expectNoToken(JSON.stringify(writes), first.raws);

    const after = new QueryClient();
    hydrate(after, writes.findLast(({ queries }) => queries.length > 0) ?? {});
    expect(after.getQueryData(KEY)).toBeDefined();
    expect(ChatToken.is(after.getQueryData(KEY))).toBe(false);
    const second = endpoint();
    mount(after, second.fetchToken, 2);
    expect(view.result?.token).toBeNull();
    await settle();
    expect(second.count.started).toBe(1);
    expect(screen.getAllByText('ready ada 0')).toHaveLength(2);
    expect(after.getQueryData(KEY)).toBe(view.result?.token);
    // The entry's first state is what was restored: a reset must not bring that back for good.
    await act(() => after.resetQueries());
    await settle();
    expect(second.count.started).toBe(1);
    expect(after.getQueryData(KEY)).toBe(view.result?.token);
  });

  test.each(ways)('by %s, while the app waits for the restore', async (_, copy) => {
    const before = new QueryClient();
    mount(before, endpoint().fetchToken);
    await settle();
    const stored = copy(dehydrate(before));
    cleanup();

    const queryClient = new QueryClient();
    const { fetchToken, count } = endpoint();
    const page = (isRestoring: boolean) => (
      <QueryClientProvider client={queryClient}>
        <IsRestoringProvider value={isRestoring}>
          <Reader fetchToken={fetchToken} />
        </IsRestoringProvider>
      </QueryClientProvider>
    );
    const { rerender } = render(page(true));
    await settle();
    hydrate(queryClient, stored);
    await settle();
    rerender(page(false));
    await settle();
    expect(count.started).toBe(1);
    expect(screen.getByText('ready ada 0')).toBeTruthy();
    expect(queryClient.getQueryData(KEY)).toBe(view.result?.token);
  });

  test('hydrating over a live token takes it from nobody, and the next component puts it back without a mint', async () => {
    const queryClient = new QueryClient();
    const { fetchToken, raws, count } = endpoint();
    const { rerender } = mount(queryClient, fetchToken);
    await settle();
    const token = view.result?.token;
    const stored = JSON.parse(JSON.stringify(dehydrate(queryClient))) as DehydratedState;
    for (const query of stored.queries) query.state.dataUpdatedAt += 60_000;
    act(() => hydrate(queryClient, stored));
    await settle();
    expect(queryClient.getQueryData(KEY)).toBe('[ChatToken]');
    expect(view.result?.token).toBe(token);
    expect(await view.result?.getToken()).toBe(token);
    rerender(tree(queryClient, fetchToken, 2));
    await settle();
    expect(screen.getAllByText('ready ada 0')).toHaveLength(2);
    expect(queryClient.getQueryData(KEY)).toBe(token);
    expect(count.started).toBe(1);
    expectNoToken(written(queryClient), raws);
  });

  test('tabs that send each other their caches neither get a token nor answer one another for ever', async () => {
    const [here, there] = [new QueryClient(), new QueryClient()];
    const sent: string[] = [];
    /** As @tanstack/query-broadcast-client-experimental does it, whose channel clones what is posted. */
    const broadcast = (from: QueryClient, to: QueryClient) =>
      from.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'success') return;
        const { queryKey, queryHash, state } = event.query as Query;
        const copy = structuredClone(state);
        sent.push(JSON.stringify(copy));
        queueMicrotask(() => {
          const found = to.getQueryCache().get(queryHash);
          if (found) found.setState(copy);
          else to.getQueryCache().build(to, { queryKey, queryHash }, copy);
        });
      });
    broadcast(here, there);
    broadcast(there, here);
    const [first, second] = [endpoint(), endpoint()];
    render(
      <>
        <QueryClientProvider client={here}>
          <Reader fetchToken={first.fetchToken} />
        </QueryClientProvider>
        <QueryClientProvider client={there}>
          <Reader fetchToken={second.fetchToken} />
        </QueryClientProvider>
      </>,
    );
    await pass(50_000);
    expect(screen.getAllByText('ready ada 1')).toHaveLength(2);
    expect(first.count.started + second.count.started).toBeLessThanOrEqual(4);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThanOrEqual(8);
    expectNoToken(sent.join(), [...first.raws, ...second.raws]);
  });

  test('T48 the pending query that a server’s render leaves is asked for once in the browser', async () => {
    const server = new QueryClient();
    const forServer = vi.fn(createFakeFetchToken({ userId: 'ada' }));
    renderToString(
      <QueryClientProvider client={server}>
        <Reader fetchToken={forServer} />
      </QueryClientProvider>,
    );
    const stored = JSON.parse(
      JSON.stringify(dehydrate(server, { shouldDehydrateQuery: ({ state }) => state.status === 'pending' })),
    ) as DehydratedState;
    expect(forServer).not.toHaveBeenCalled();
    expect(stored.queries).toHaveLength(1);
    const queryClient = new QueryClient();
    hydrate(queryClient, stored);
    const { fetchToken, count } = endpoint();
    mount(queryClient, fetchToken);
    await settle();
    expect(count.started).toBe(1);
    expect(screen.getByText('ready ada 0')).toBeTruthy();
    expect(queryClient.getQueryData(KEY)).toBe(view.result?.token);
  });
});
