import { dehydrate, hydrate, type DehydratedState, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { Profiler, type ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { ChatToken, type ChatBackend, type FetchToken } from '../../client/index.ts';
import { createFakeBackend, createFakeFetchToken } from '../../testing/index.ts';
import { ChatProvider } from '../ChatProvider.tsx';
import { chatTokenKey } from './token-query.ts';
import { useChatToken, type ChatTokenResult } from './useChatToken.ts';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));

function chat(children: ReactNode, options: { queryClient?: QueryClient; fetchToken?: FetchToken } = {}) {
  return (
    <ChatProvider
      userId="ada"
      backend={createFakeBackend()}
      fetchToken={createFakeFetchToken({ userId: 'ada' })}
      {...options}
    >
      {children}
    </ChatProvider>
  );
}

const view: { result: ChatTokenResult | null } = { result: null };

function Reader(): ReactNode {
  const result = useChatToken();
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

test('it shows the token of the chat, and what it says', async () => {
  render(chat(<Reader />));
  expect(screen.getByText(/^(idle|loading)/)).toBeTruthy();
  await settle();
  expect(screen.getByText('ready ada 0')).toBeTruthy();
  expect(view.result?.expiresAt).toBeGreaterThan(Date.now() + 290_000);
  expect(await view.result?.getToken()).toBe(view.result?.token);
});

test('T41 without a provider, too, tabs that ask one endpoint for one person share a mint', async () => {
  const mint = createFakeFetchToken({ userId: 'ada' });
  const fetchToken = vi.fn(async () =>
    Response.json(await mint({ reason: 'initial', signal: new AbortController().signal })),
  );
  vi.stubGlobal('fetch', fetchToken);
  const statuses: Record<string, ChatTokenResult> = {};
  function Standalone({ tab, scope }: { tab: string; scope?: string }): ReactNode {
    const result = useChatToken({ url: '/chat', userId: 'ada', ...(scope && { scope }) });
    return (
      <p
        ref={() => {
          statuses[tab] = result;
        }}
      >
        {result.status}
      </p>
    );
  }
  // Two pages are two query clients, which share nothing but the browser.
  for (const tab of ['first', 'second']) {
    render(
      <QueryClientProvider client={new QueryClient()}>
        <Standalone tab={tab} />
      </QueryClientProvider>,
    );
  }
  await vi.waitFor(() => expect(Object.values(statuses).map(({ status }) => status)).toEqual(['ready', 'ready']));
  expect(fetchToken).toHaveBeenCalledTimes(1);
  expect(statuses.second?.token?.raw()).toBe(statuses.first?.token?.raw());
  // A token for another purpose is shared with those for the same.
  for (const tab of ['third', 'fourth']) {
    render(
      <QueryClientProvider client={new QueryClient()}>
        <Standalone tab={tab} scope="upload" />
      </QueryClientProvider>,
    );
  }
  await vi.waitFor(() => expect([statuses.third?.status, statuses.fourth?.status]).toEqual(['ready', 'ready']));
  vi.unstubAllGlobals();
  expect(fetchToken).toHaveBeenCalledTimes(2);
  expect(statuses.fourth?.token?.raw()).toBe(statuses.third?.token?.raw());
});

/** Its floor between two mints is a second, which a refresh waits for. */
const shortLived = createFakeFetchToken({ userId: 'ada', ttlSeconds: 5 });

test('refresh() twice at once, on fresh tokens, is no refusal by the server', async () => {
  render(chat(<Reader />, { fetchToken: shortLived }));
  await settle();
  await act(async () => void (await Promise.all([view.result?.refresh(), view.result?.refresh()])));
  await act(async () => void (await view.result?.refresh()));
  await settle();
  expect(screen.getByText('ready ada 2')).toBeTruthy();
});

test('refresh() fetches another one, which the query cache gets too', async () => {
  const queryClient = new QueryClient();
  render(chat(<Reader />, { queryClient, fetchToken: shortLived }));
  await settle();
  const first = view.result?.token;
  await act(async () => void (await view.result?.refresh()));
  await settle();
  expect(screen.getByText('ready ada 1')).toBeTruthy();
  expect(view.result?.token).not.toBe(first);
  expect(queryClient.getQueryData(chatTokenKey('/chat', 'ada'))).toBe(view.result?.token);
});

test('T12 a remount storm of 1,000 costs one mint', async () => {
  const mint = createFakeFetchToken({ userId: 'ada' });
  const fetchToken = vi.fn(mint);
  const queryClient = new QueryClient();
  const Storm = () => <i>{useChatToken({ fetchToken, userId: 'ada' }).status}</i>;
  for (let turn = 0; turn < 1_000; turn += 1) {
    const { unmount } = render(
      <QueryClientProvider client={queryClient}>
        <Storm />
      </QueryClientProvider>,
    );
    unmount();
  }
  await settle();
  expect(fetchToken).toHaveBeenCalledTimes(1);
});

test('T46 the raw token is neither in JSON nor in a dehydrated cache nor in the page', async () => {
  const queryClient = new QueryClient();
  render(chat(<Reader />, { queryClient }));
  await settle();
  const raw = view.result?.token?.raw() ?? '';
  expect(raw.length).toBeGreaterThan(20);
  const everything = [
    JSON.stringify(
      queryClient
        .getQueryCache()
        .getAll()
        .map((query) => query.state),
    ),
    JSON.stringify(dehydrate(queryClient, { shouldDehydrateQuery: () => true })),
    JSON.stringify({ ...view.result }),
    String(view.result?.token),
    document.documentElement.outerHTML,
  ];
  expect(everything[1]).toContain('[ChatToken]');
  for (const text of everything) for (const piece of raw.split('.')) expect(text).not.toContain(piece);
});

test('T47 a restored cache entry that is no live token counts as missing', async () => {
  const before = new QueryClient();
  render(chat(<Reader />, { queryClient: before }));
  await settle();
  const stored = JSON.parse(JSON.stringify(dehydrate(before))) as DehydratedState;
  cleanup();

  const restored = new QueryClient();
  hydrate(restored, stored);
  const key = chatTokenKey('/chat', 'ada');
  expect(restored.getQueryData(key)).toBe('[ChatToken]');
  const fetchToken = vi.fn(createFakeFetchToken({ userId: 'ada' }));
  render(chat(<Reader />, { queryClient: restored, fetchToken }));
  expect(view.result?.token).toBeNull();
  await settle();
  expect(fetchToken).toHaveBeenCalledTimes(1);
  expect(ChatToken.is(restored.getQueryData(key))).toBe(true);
  expect(screen.getByText('ready ada 0')).toBeTruthy();
});

test('T47 the same without a chat beside it that asks too', async () => {
  const queryClient = new QueryClient();
  queryClient.setQueryData(chatTokenKey('fetchToken', 'ada'), '[ChatToken]');
  const fetchToken = vi.fn(createFakeFetchToken({ userId: 'ada' }));
  const Own = () => <p>{useChatToken({ fetchToken, userId: 'ada' }).status}</p>;
  render(
    <QueryClientProvider client={queryClient}>
      <Own />
    </QueryClientProvider>,
  );
  await settle();
  expect(screen.getByText('ready')).toBeTruthy();
  expect(fetchToken).toHaveBeenCalledTimes(1);
});

test('a token that an earlier mount left in the cache is not taken for this one’s', async () => {
  // A backend that needs no token: nobody but the hook asks.
  const never = () => new Promise<never>(() => {});
  const nothing = () => {};
  const quiet: ChatBackend = {
    open: () => ({
      listThreads: never,
      openThread: never,
      closeThread: nothing,
      loadOlder: never,
      sendMessage: never,
      reconnect: nothing,
      close: nothing,
    }),
  };
  const queryClient = new QueryClient();
  const fetchToken = vi.fn(createFakeFetchToken({ userId: 'ada' }));
  const tree = () => (
    <ChatProvider userId="ada" backend={quiet} fetchToken={fetchToken} queryClient={queryClient}>
      <Reader />
    </ChatProvider>
  );
  render(tree());
  await settle();
  const first = queryClient.getQueryData(chatTokenKey('/chat', 'ada'));
  expect(ChatToken.is(first)).toBe(true);
  cleanup();
  await settle();
  render(tree());
  await settle();
  expect(screen.getByText('ready ada 0')).toBeTruthy();
  expect(fetchToken).toHaveBeenCalledTimes(2);
  expect(queryClient.getQueryData(chatTokenKey('/chat', 'ada'))).not.toBe(first);
});

test('T49 a renewal re-renders only who reads what changed', async () => {
  const renders: string[] = [];
  const counted = (id: string) => renders.filter((name) => name === id).length;
  const note = (id: string) => void renders.push(id);
  const Caller = () => {
    const { getToken, refresh } = useChatToken();
    return <button onClick={() => void getToken().then(refresh)}>call</button>;
  };
  const Expiry = () => <i>{useChatToken().expiresAt}</i>;
  const Bystander = () => <b>by</b>;
  const parts = { Caller, Expiry, Bystander };
  render(
    chat(
      <>
        {Object.entries(parts).map(([id, Part]) => (
          <Profiler key={id} id={id} onRender={note}>
            <Part />
          </Profiler>
        ))}
        <Reader />
      </>,
      { fetchToken: shortLived },
    ),
  );
  await settle();
  const before = counted('Expiry');
  await act(async () => void (await view.result?.refresh()));
  await settle();
  expect(counted('Expiry')).toBeGreaterThan(before);
  expect(counted('Caller')).toBe(1);
  expect(counted('Bystander')).toBe(1);
});

test('with options it stands alone, and shares one manager per url, user and scope', async () => {
  const queryClient = new QueryClient();
  const fetchToken = vi.fn(createFakeFetchToken({ userId: 'ada' }));
  const Own = ({ scope }: { scope: string }) => {
    const token = useChatToken({ fetchToken: (context) => fetchToken(context), userId: 'ada', scope });
    return <p>{`${scope} ${token.status}`}</p>;
  };
  render(
    <QueryClientProvider client={queryClient}>
      <Own scope="read" />
      <Own scope="read" />
      <Own scope="write" />
    </QueryClientProvider>,
  );
  await settle();
  expect(screen.getAllByText('read ready')).toHaveLength(2);
  expect(screen.getAllByText('write ready')).toHaveLength(1);
  expect(fetchToken).toHaveBeenCalledTimes(2);
});

test('a manager of its own is ended half a minute after the last component has left', async () => {
  vi.useFakeTimers();
  const queryClient = new QueryClient();
  let held: ChatTokenResult | null = null;
  const Own = () => {
    const token = useChatToken({ fetchToken: createFakeFetchToken({ userId: 'ada' }), userId: 'ada' });
    return (
      <p
        ref={() => {
          held = token;
        }}
      >
        {token.status}
      </p>
    );
  };
  const { unmount } = render(
    <QueryClientProvider client={queryClient}>
      <Own />
    </QueryClientProvider>,
  );
  await act(() => vi.advanceTimersByTimeAsync(10));
  expect(screen.getByText('ready')).toBeTruthy();
  unmount();
  await vi.advanceTimersByTimeAsync(31_000);
  expect(queryClient.getQueryCache().getAll()).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
  await expect((held as ChatTokenResult | null)?.getToken()).rejects.toMatchObject({ code: 'disposed' });
});

test('signed out there is no token, and asking says so', async () => {
  render(
    <ChatProvider userId={null}>
      <Reader />
    </ChatProvider>,
  );
  expect(screen.getByText(/^unauthenticated/)).toBeTruthy();
  await expect(view.result?.getToken()).rejects.toMatchObject({ code: 'signed_out' });
  await expect(view.result?.refresh()).rejects.toMatchObject({ code: 'signed_out' });
});
