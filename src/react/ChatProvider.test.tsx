import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ChatClient } from '../client/index.ts';
import { ChatError } from '../protocol/index.ts';
import { createFakeBackend, createFakeFetchToken, type FakeBackend } from '../testing/index.ts';
import { ChatProvider } from './ChatProvider.tsx';
import { ChatWindow } from './components/window/ChatWindow.tsx';
import { useChatClient } from './hooks/useChatClient.ts';
import { useChatConnection } from './hooks/useChatConnection.ts';
import { useChatToken } from './hooks/useChatToken.ts';

// What is loaded first takes its time on a slow machine.
beforeAll(() => import('./components/threads/ThreadList.tsx'));
afterEach(cleanup);

const seen: { client: ChatClient | null } = { client: null };

function Probe(): ReactNode {
  const client = useChatClient();
  const connection = useChatConnection();
  return (
    <p
      ref={() => {
        seen.client = client;
      }}
    >
      {connection.status} {connection.error?.code}
    </p>
  );
}

/** Counts the sessions that a backend opens and those that are open now. */
function counted(backend: FakeBackend) {
  const count = { opened: 0, open: 0 };
  return {
    count,
    backend: {
      ...backend,
      open(context: Parameters<FakeBackend['open']>[0]) {
        const session = backend.open(context);
        count.opened += 1;
        count.open += 1;
        const close = session.close.bind(session);
        session.close = () => {
          count.open -= 1;
          close();
        };
        return session;
      },
    },
  };
}

const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));

test('T11 C10 StrictMode: one connection, one mint', async () => {
  const { backend, count } = counted(createFakeBackend());
  const fetchToken = vi.fn(createFakeFetchToken({ userId: 'ada' }));
  const Token = () => <i>{useChatToken().status}</i>;
  render(
    <StrictMode>
      <ChatProvider userId="ada" backend={backend} fetchToken={fetchToken}>
        <Probe />
        <Token />
        <Token />
      </ChatProvider>
    </StrictMode>,
  );
  await settle();
  expect(screen.getByText('connected')).toBeTruthy();
  expect(fetchToken).toHaveBeenCalledTimes(1);
  expect(count).toEqual({ opened: 1, open: 1 });
});

test('unmounting closes the connection', async () => {
  const { backend, count } = counted(createFakeBackend());
  const { unmount } = render(
    <ChatProvider userId="ada" backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })}>
      <Probe />
    </ChatProvider>,
  );
  await settle();
  unmount();
  await settle();
  expect(count).toEqual({ opened: 1, open: 0 });
  await expect(seen.client?.tokens.get()).rejects.toMatchObject({ code: 'disposed' });
});

test('T40 inline fetchToken and onError tear nothing down, and the last one is called', async () => {
  const { backend, count } = counted(createFakeBackend());
  const calls: number[] = [];
  const mint = createFakeFetchToken({ userId: 'ada' });
  const tree = (turn: number) => (
    <ChatProvider
      userId="ada"
      backend={backend}
      fetchToken={(context) => {
        calls.push(turn);
        return mint(context);
      }}
      onError={() => {}}
      strings={{ send: 'Senden' }}
      components={{}}
    >
      <Probe />
    </ChatProvider>
  );
  const { rerender } = render(tree(1));
  await settle();
  const first = seen.client;
  rerender(tree(2));
  rerender(tree(3));
  await settle();
  expect(seen.client).toBe(first);
  expect(count).toEqual({ opened: 1, open: 1 });
  expect(calls).toEqual([1]);
  const token = first?.tokens.current;
  if (token) await act(() => first.tokens.forceRefresh(token));
  expect(calls).toEqual([1, 3]);
});

test('onTokenEvent may be written inline: the last one is told, without a token in it', async () => {
  const told: string[] = [];
  const backend = createFakeBackend();
  const tree = (turn: number) => (
    <ChatProvider
      userId="ada"
      backend={backend}
      fetchToken={createFakeFetchToken({ userId: 'ada' })}
      onTokenEvent={(event) => told.push(`${turn} ${JSON.stringify(event)}`)}
    >
      <Probe />
    </ChatProvider>
  );
  const { rerender } = render(tree(1));
  await settle();
  rerender(tree(2));
  act(() => seen.client?.signOut());
  expect(told).toEqual([
    '1 {"type":"fetch","reason":"initial","attempt":1}',
    '1 {"type":"token","reason":"initial","lifetimeMs":300000}',
    '2 {"type":"signed-out"}',
  ]);
});

test('C9 another user gets another client, and the old one is ended', async () => {
  const { backend, count } = counted(createFakeBackend());
  const tree = (userId: string) => (
    <ChatProvider userId={userId} backend={backend} fetchToken={createFakeFetchToken({ userId })}>
      <Probe />
    </ChatProvider>
  );
  const { rerender } = render(tree('ada'));
  await settle();
  const ada = seen.client;
  rerender(tree('ben'));
  await settle();
  expect(seen.client?.userId).toBe('ben');
  expect(seen.client?.tokens.current?.claims?.sub).toBe('ben');
  expect(ada?.tokens.current).toBeNull();
  expect(count).toEqual({ opened: 2, open: 1 });
});

test('userId={null} signs out: token and connection are gone, and every part says so', async () => {
  const { backend, count } = counted(createFakeBackend({ threads: [{ id: 'help', title: 'Help desk' }] }));
  const tree = (userId: string | null) => (
    <ChatProvider userId={userId} backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })}>
      <Probe />
      <ChatWindow threadId="help" showThreads />
    </ChatProvider>
  );
  const { rerender } = render(tree('ada'));
  await settle();
  const ada = seen.client;
  rerender(tree(null));
  await settle();
  expect(seen.client).toBeNull();
  expect(ada?.tokens.current).toBeNull();
  expect(count.open).toBe(0);
  expect(screen.getByText('closed signed_out')).toBeTruthy();
  expect(screen.getAllByText('You are signed out.').length).toBeGreaterThanOrEqual(2);
  expect(screen.getByPlaceholderText('Sign in to write.')).toHaveProperty('disabled', true);
});

test('it uses the given query client, else the app’s, else its own', async () => {
  const [given, app] = [new QueryClient(), new QueryClient()];
  const Token = () => <i>{useChatToken().status}</i>;
  const chat = (queryClient?: QueryClient) => (
    <ChatProvider
      userId="ada"
      backend={createFakeBackend()}
      fetchToken={createFakeFetchToken({ userId: 'ada' })}
      queryClient={queryClient}
    >
      <Token />
    </ChatProvider>
  );
  render(<QueryClientProvider client={app}>{chat(given)}</QueryClientProvider>);
  await settle();
  expect([given.getQueryCache().getAll().length, app.getQueryCache().getAll().length]).toEqual([1, 0]);
  cleanup();
  render(<QueryClientProvider client={app}>{chat()}</QueryClientProvider>);
  await settle();
  expect(app.getQueryCache().getAll().length).toBe(1);
  cleanup();
  render(chat());
  await settle();
  expect(screen.getByText('ready')).toBeTruthy();
});

test('outside the provider a part names itself and the remedy', () => {
  const silence = vi.spyOn(console, 'error').mockImplementation(() => {});
  const error = (element: ReactNode): unknown => {
    try {
      render(element);
    } catch (thrown) {
      return thrown;
    }
  };
  const Hook = () => <i>{useChatToken().status}</i>;
  for (const [element, name] of [
    [<ChatWindow key={1} threadId="help" />, '<ChatWindow>'],
    [<Probe key={2} />, 'useChatClient()'],
    [<Hook key={3} />, 'useChatToken()'],
  ] as const) {
    const thrown = error(element);
    expect(ChatError.is(thrown)).toBe(true);
    expect(String(thrown)).toContain(`${name} was used outside <ChatProvider>`);
    expect(String(thrown)).toContain('Wrap this part of the app');
  }
  silence.mockRestore();
});
