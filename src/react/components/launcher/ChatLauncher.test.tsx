import { act, cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { StrictMode } from 'react';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createFakeBackend, createFakeFetchToken } from '../../../testing/index.ts';
import { ChatProvider, type ChatProviderProps } from '../../ChatProvider.tsx';
import { ChatLauncher } from './ChatLauncher.tsx';
import type { ChatLauncherProps } from './types.ts';

// What the first press loads is read and compiled here, which on a busy machine takes longer than a test waits.
beforeAll(() => import('./LauncherPanel.tsx'), 60_000);

afterEach(() => {
  cleanup();
  localStorage.clear();
});

function show(launcher: Partial<ChatLauncherProps> = {}, provider: Partial<ChatProviderProps> = {}) {
  const backend = createFakeBackend({
    threads: [
      { id: 'help', title: 'Help desk', messages: [{ author: 'ben', text: 'Hello', minutesAgo: 5 }] },
      { id: 'new', title: 'New' },
    ],
  });
  const tree = (props: Partial<ChatLauncherProps>) => (
    <StrictMode>
      <ChatProvider userId="ada" backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })} {...provider}>
        <input aria-label="elsewhere" />
        <ChatLauncher threadId="help" {...props} />
      </ChatProvider>
    </StrictMode>
  );
  const view = render(tree(launcher));
  return { backend, again: (props: Partial<ChatLauncherProps>) => view.rerender(tree(props)) };
}

const bubble = () => screen.getByRole('button', { name: /^Open chat/, hidden: true });
const dialog = () => screen.findByRole('dialog', { name: 'Chat' });

test('the bubble opens the chat; Escape closes it and gives the focus back', async () => {
  show();
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(bubble().getAttribute('aria-expanded')).toBe('false');
  await userEvent.click(bubble());
  const panel = await dialog();
  await within(panel).findByText('Hello');
  expect(panel.getAttribute('aria-modal')).toBe('false');
  expect(panel.contains(document.activeElement)).toBe(true);
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(bubble());
});

test('closed from elsewhere, it leaves the focus where the person is', async () => {
  const { again } = show({ open: true });
  await dialog();
  await userEvent.click(screen.getByRole('textbox', { name: 'elsewhere' }));
  again({ open: false });
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'elsewhere' }));
});

test('an Escape that something inside has used does not close it', async () => {
  show({ greeting: <input aria-label="inner" onKeyDown={(event) => event.preventDefault()} />, threadId: 'new' });
  await userEvent.click(bubble());
  await userEvent.click(await screen.findByRole('textbox', { name: 'inner' }));
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).not.toBeNull();
});

test('the app may hold whether it is open', async () => {
  const onOpenChange = vi.fn();
  const { again } = show({ open: false, onOpenChange });
  await userEvent.click(bubble());
  expect(onOpenChange.mock.calls).toEqual([[true]]);
  expect(screen.queryByRole('dialog')).toBeNull();
  again({ open: true, onOpenChange });
  const panel = await dialog();
  await userEvent.click(within(panel).getByRole('button', { name: 'Close chat' }));
  expect(onOpenChange.mock.calls).toEqual([[true], [false]]);
  expect(localStorage).toHaveLength(0);
});

test('it is open again on the next page, for the same person, and takes no focus there', async () => {
  show();
  await userEvent.click(bubble());
  await dialog();
  cleanup();
  show();
  const panel = await dialog();
  await within(panel).findByText('Hello');
  expect(document.activeElement).toBe(document.body);
  cleanup();
  show({}, { userId: 'ines' });
  await act(() => Promise.resolve());
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('persist={false} remembers nothing', async () => {
  show({ persist: false });
  await userEvent.click(bubble());
  await dialog();
  expect(localStorage).toHaveLength(0);
});

test.each([
  [0, 'Open chat', null],
  [1, 'Open chat, 1 unread message', '1'],
  [120, 'Open chat, 120 unread messages', '99+'],
])('%i unread: %s', (unread, name, badge) => {
  show({ unread });
  expect(screen.getByRole('button', { name })).toBe(bubble());
  expect(bubble().querySelector('.lk-badge')?.textContent ?? null).toBe(badge);
});

test('an empty conversation begins with a greeting and suggestions, and a press sends one', async () => {
  show({ threadId: 'new', greeting: 'How can we help?', suggestions: ['Where is my order?', 'Change my plan'] });
  await userEvent.click(bubble());
  const panel = await dialog();
  await within(panel).findByText('How can we help?');
  const list = within(panel).getByRole('list', { name: 'Suggestions' });
  expect(within(list).getAllByRole('button')).toHaveLength(2);
  await userEvent.click(within(list).getByRole('button', { name: 'Change my plan' }));
  await within(panel).findByRole('log');
  expect(within(panel).queryByText('How can we help?')).toBeNull();
  expect(within(panel).getByText('Change my plan')).toBeTruthy();
});

test('with showThreads it begins with what was written about before, and one goes there and back', async () => {
  const onThreadChange = vi.fn();
  show({ threadId: 'new', greeting: 'How can we help?', showThreads: true, onThreadChange });
  await userEvent.click(bubble());
  const panel = await dialog();
  const recent = within(await within(panel).findByRole('region', { name: 'Recent conversations' }));
  expect(recent.getAllByRole('listitem')).toHaveLength(1);
  await userEvent.click(recent.getByRole('button', { name: /^Help desk/ }));
  await within(await within(panel).findByRole('log')).findByText('Hello');
  expect(onThreadChange.mock.calls).toEqual([['help']]);
  await userEvent.click(within(panel).getByRole('button', { name: 'Back to conversations' }));
  const list = within(within(panel).getByRole('navigation', { name: 'Conversations' }));
  await userEvent.click(list.getByText('New', { selector: '.lk-thread-title' }));
  await within(panel).findByText('How can we help?');
  // Once more to where one was before.
  await userEvent.click(
    within(panel).getByRole('region', { name: 'Recent conversations' }).querySelector('.lk-thread')!,
  );
  await within(await within(panel).findByRole('log')).findByText('Hello');
  expect(onThreadChange.mock.calls).toEqual([['help'], ['new'], ['help']]);
  expect(within(panel).queryByRole('button', { name: 'New conversation' })).toBeNull();
});

test('that the conversation was made is no word in it', async () => {
  const { backend } = show({ threadId: 'new', greeting: 'How can we help?' });
  backend.setMember('new', 'ben', 'agent', { by: 'ben' });
  await userEvent.click(bubble());
  await within(await dialog()).findByText('How can we help?');
});

test('without showThreads nobody is shown other conversations', async () => {
  show({ threadId: 'new', greeting: 'How can we help?' });
  await userEvent.click(bubble());
  await within(await dialog()).findByText('How can we help?');
  expect(screen.queryByText('Help desk')).toBeNull();
});

test('a conversation that has begun shows its messages alone', async () => {
  show({ greeting: 'How can we help?' });
  await userEvent.click(bubble());
  await within(await dialog()).findByText('Hello');
  expect(screen.queryByText('How can we help?')).toBeNull();
});

test('classNames and density reach the parts', async () => {
  show({}, { density: 'compact', classNames: { launcher: 'my-launcher', composer: 'my-composer' } });
  expect(document.querySelector('.my-launcher')?.getAttribute('data-lk-density')).toBe('compact');
  await userEvent.click(bubble());
  await within(await dialog()).findByText('Hello');
  expect(document.querySelector('form.my-composer')).not.toBeNull();
});
