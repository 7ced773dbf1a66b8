import {
  dehydrate,
  hydrate,
  IsRestoringProvider,
  QueryClient,
  QueryClientProvider,
  type DehydratedState,
  type Query,
} from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChatToken } from '../../client/index.ts';
import { createFakeFetchToken } from '../../testing/index.ts';
import {
  endpoint,
  expectNoToken,
  KEY,
  mount,
  pass,
  Reader,
  settle,
  tree,
  view,
  written,
} from '../../../test/support/token-query.tsx';

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
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
