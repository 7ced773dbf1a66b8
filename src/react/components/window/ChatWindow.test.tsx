import { cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createFakeBackend, createFakeFetchToken } from '../../../testing/index.ts';
import { ChatProvider, type ChatProviderProps } from '../../ChatProvider.tsx';
import { settle } from '../../test-fixtures.tsx';
import { ChatWindow, type ChatWindowProps } from './ChatWindow.tsx';

// What is loaded first takes its time on a slow machine.
beforeAll(() => import('../threads/ThreadList.tsx'));
afterEach(cleanup);

async function open(window: ChatWindowProps, provider: Partial<ChatProviderProps> = {}) {
  const backend = createFakeBackend({
    users: [{ id: 'ben', name: 'Ben' }],
    threads: [
      { id: 'help', title: 'Help desk', messages: [{ author: 'ben', text: 'Hello', minutesAgo: 5 }] },
      { id: 'ops', title: 'Ops', messages: [{ author: 'ada', text: 'rolled back', minutesAgo: 9 }] },
    ],
  });
  const tree = (props: ChatWindowProps) => (
    <ChatProvider userId="ada" backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })} {...provider}>
      <ChatWindow {...props} />
    </ChatProvider>
  );
  const view = render(tree(window));
  await settle();
  return { backend, show: (props: ChatWindowProps) => view.rerender(tree(props)) };
}

test('a thread: title, messages, composer, and no list of conversations', async () => {
  await open({ threadId: 'help' });
  expect(screen.getByRole('heading', { name: 'Help desk' })).toBeTruthy();
  expect(within(screen.getByRole('log')).getByText('Hello')).toBeTruthy();
  expect(screen.getByRole('textbox', { name: 'Message to Help desk' })).toBeTruthy();
  expect(screen.queryByRole('navigation')).toBeNull();
});

test('the conversations: the latest first, with who wrote last', async () => {
  await open({ showThreads: true });
  const list = within(screen.getByRole('navigation', { name: 'Conversations' })).getByRole('list');
  const lines = [...list.querySelectorAll('.lk-thread')];
  expect(lines.map((line) => line.querySelector('.lk-thread-title')?.textContent)).toEqual(['Help desk', 'Ops']);
  expect(lines[0]?.textContent).toContain('Ben: Hello');
  expect(lines[1]?.textContent).toContain('You: rolled back');
  expect(screen.getByText('Choose a conversation')).toBeTruthy();
});

test('choosing one opens it, tells of it, and can be gone back from', async () => {
  const onThreadChange = vi.fn();
  await open({ showThreads: true, onThreadChange });
  const window = screen.getByRole('region', { name: 'Chat' });
  expect(window.dataset['screen']).toBe('threads');
  await userEvent.click(screen.getByRole('button', { name: /^Ops/ }));
  await settle();
  expect(onThreadChange.mock.calls).toEqual([['ops']]);
  expect(window.dataset['screen']).toBe('conversation');
  expect(screen.getByRole('button', { name: /^Ops/ }).getAttribute('aria-current')).toBe('true');
  await userEvent.click(screen.getByRole('button', { name: 'Back to conversations' }));
  expect(window.dataset['screen']).toBe('threads');
});

test('a changed threadId goes to that thread', async () => {
  const { show } = await open({ threadId: 'help' });
  show({ threadId: 'ops' });
  await settle();
  expect(screen.getByRole('heading', { name: 'Ops' })).toBeTruthy();
  expect(screen.getByText('rolled back')).toBeTruthy();
});

test('theme, classes, words and parts are the app’s to change', async () => {
  await open(
    { threadId: 'help', className: 'mine' },
    {
      theme: 'dark',
      strings: { send: 'Senden', composerPlaceholder: (title) => `An ${title}` },
      components: { ThreadHeader: ({ threadId }) => <h1>own header of {threadId}</h1> },
    },
  );
  const window = screen.getByRole('region', { name: 'Chat' });
  expect(window.className.split(' ')).toEqual(expect.arrayContaining(['lk-root', 'lk-window', 'mine']));
  expect(window.dataset['lkTheme']).toBe('dark');
  // Parts inside inherit the tokens, with what the app set on the window.
  expect(window.querySelectorAll('.lk-root')).toHaveLength(0);
  expect(screen.getByRole('button', { name: 'Senden' })).toBeTruthy();
  expect(screen.getByPlaceholderText('An Help desk')).toBeTruthy();
  expect(screen.getByText('own header of help')).toBeTruthy();
});
