import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, test, vi } from 'vitest';
import { createFakeBackend, createFakeFetchToken, createFakeMessage } from '../testing/index.ts';
import { ChatProvider } from './ChatProvider.tsx';
import { ChatWindow } from './components/window/ChatWindow.tsx';
import { useChatToken } from './hooks/useChatToken.ts';

afterEach(() => void vi.restoreAllMocks());

function Token() {
  const { status, token } = useChatToken();
  return <i>{`${status} ${String(token)}`}</i>;
}

function Own({ fetchToken }: { fetchToken: () => Promise<string> }) {
  return <b>{useChatToken({ fetchToken, userId: 'ada' }).status}</b>;
}

test('T48 C11 server rendering mints nothing, connects nothing and leaves nothing behind', async () => {
  vi.useFakeTimers();
  const complaints = vi.spyOn(console, 'error');
  const fetchToken = vi.fn(createFakeFetchToken({ userId: 'ada' }));
  const own = vi.fn(() => Promise.resolve('own-token'));
  const backend = createFakeBackend({ threads: [{ id: 'help', messages: [{ author: 'ben', text: 'Hello' }] }] });
  const open = vi.spyOn(backend, 'open');
  const queryClient = new QueryClient();
  const html = renderToString(
    <QueryClientProvider client={queryClient}>
      <ChatProvider userId="ada" backend={backend} fetchToken={fetchToken}>
        <h1>Our page</h1>
        <ChatWindow threadId="help" showThreads />
        <Token />
        <Own fetchToken={own} />
      </ChatProvider>
    </QueryClientProvider>,
  );
  await vi.advanceTimersByTimeAsync(60_000);
  expect(html).toContain('Our page');
  expect(html).toContain('Loading messages');
  expect(html).toContain('<i>idle null</i>');
  expect(html).toContain('<b>idle</b>');
  expect(html).not.toContain('eyJ');
  expect(fetchToken).not.toHaveBeenCalled();
  expect(own).not.toHaveBeenCalled();
  expect(open).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
  expect(complaints).not.toHaveBeenCalled();
  vi.useRealTimers();
});

test('with the LatchKit server’s own backend too, where there is no window', () => {
  const fetch = vi.spyOn(globalThis, 'fetch');
  const html = renderToString(
    <ChatProvider userId="ada">
      <ChatWindow threadId="help" />
    </ChatProvider>,
  );
  expect(html).toContain('lk-window');
  expect(html).toContain('data-lk-theme="system"');
  expect(fetch).not.toHaveBeenCalled();
});

test('C11 conversations that the server read are in the markup, for the person that they were read for', () => {
  const backend = createFakeBackend();
  const open = vi.spyOn(backend, 'open');
  const thread = {
    id: 'help',
    title: 'Help desk',
    access: 'open' as const,
    role: null,
    memberCount: 1,
    messageCount: 1,
    own: null,
  };
  const page = {
    thread: { ...thread, lastMessage: null, updatedAt: 1 },
    messages: [createFakeMessage({ threadId: 'help', author: 'ben', text: 'Hello from the server' })],
    hasOlder: false,
    gap: false,
    lastSeq: 1,
  };
  const render = (userId: string | null) =>
    renderToString(
      <ChatProvider userId={userId} backend={backend} initialThreads={[page]}>
        <ChatWindow threadId="help" />
      </ChatProvider>,
    );
  expect(render('ada')).toContain('Hello from the server');
  expect(render('ada')).toContain('Help desk');
  expect(render(null)).not.toContain('Hello from the server');
  expect(open).not.toHaveBeenCalled();
});

test('signed out, the server says so', () => {
  const html = renderToString(
    <ChatProvider userId={null}>
      <ChatWindow threadId="help" />
    </ChatProvider>,
  );
  expect(html).toContain('You are signed out.');
});

test('T48 two requests share nothing', () => {
  const clients: unknown[] = [];
  const Probe = () => {
    clients.push(useChatToken().getToken);
    return null;
  };
  const page = (
    <ChatProvider userId="ada" fetchToken={createFakeFetchToken({ userId: 'ada' })}>
      <Probe />
    </ChatProvider>
  );
  renderToString(page);
  renderToString(page);
  expect(clients[0]).not.toBe(clients[1]);
});
