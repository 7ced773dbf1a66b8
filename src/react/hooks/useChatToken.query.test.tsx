import { onlineManager, QueryClient, QueryClientProvider, type QueryClientConfig } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChatToken } from '../../client/index.ts';
import { createFakeBackend, createFakeFetchToken } from '../../testing/index.ts';
import { ChatProvider } from '../ChatProvider.tsx';
import {
  endpoint,
  expectNoToken,
  KEY,
  mount,
  pass,
  settle,
  tree,
  TTL_SECONDS,
  view,
  written,
} from '../../../test/support/token-query.tsx';
import { chatTokenKey } from './token-query.ts';
import { useChatToken } from './useChatToken.ts';

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

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
