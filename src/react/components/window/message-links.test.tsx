import { act, cleanup, renderHook, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createFakeBackend } from '../../../testing/index.ts';
import type { ChatProviderProps } from '../../ChatProvider.tsx';
import { useLinkedMessage } from '../../hooks/useLinkedMessage.ts';
import { defaultMessageHref, readMessageLink } from '../../message-links.ts';
import { renderForAda } from '../../test-fixtures.tsx';
import { ChatWindow } from './ChatWindow.tsx';

// What is loaded first takes its time on a slow machine.
beforeAll(() => Promise.all([import('../messages/MessageMenu.tsx'), import('../messages/MessageRows.tsx')]));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  window.location.hash = '';
});

const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 30)));

function App() {
  const link = useLinkedMessage();
  return <ChatWindow threadId={link?.threadId ?? 'help'} messageId={link?.messageId} showThreads />;
}

async function open(props: Partial<ChatProviderProps> = {}) {
  const backend = createFakeBackend({
    users: [{ id: 'ben', name: 'Ben' }],
    pageSize: 5,
    threads: [
      {
        id: 'help',
        title: 'Help',
        messages: Array.from({ length: 30 }, (_, n) => ({ author: 'ben', text: `Line ${n + 1}` })),
      },
      { id: 'own', title: 'Own', members: ['ada'], messages: [{ author: 'ada', text: 'Mine' }] },
      { id: 'closed', title: 'Closed', members: ['ben'], messages: [{ author: 'ben', text: 'Secret' }] },
    ],
  });
  renderForAda(backend, <App />, props);
  await settle();
  return backend;
}

const follow = async (threadId: string, messageId: string) => {
  await act(async () => {
    window.location.hash = defaultMessageHref({ threadId, messageId });
    await new Promise((resolve) => setTimeout(resolve, 30));
  });
  await settle();
};

test.each([
  ['help', 'm1'],
  ['a/b&c', '#ü %'],
])('a link names its message whatever the ids hold: %s %s', (threadId, messageId) => {
  const target = { threadId, messageId };
  expect(readMessageLink(defaultMessageHref(target))).toEqual(target);
});

test.each([
  '',
  '#',
  '#lk-message=',
  '#lk-message=a',
  '#lk-message=a/',
  '#other=a/b',
  '#lk-message=%E0%A4%A/b',
  '#lk-message=a/b/c',
])('what is no link is none: %s', (fragment) => expect(readMessageLink(fragment)).toBeNull());

test('the address is read anew when it changes', async () => {
  const { result } = renderHook(() => useLinkedMessage());
  expect(result.current).toBeNull();
  await follow('help', 'm1');
  expect(result.current).toEqual({ threadId: 'help', messageId: 'm1' });
});

test('“Copy link” copies an address that opens the window at the message', async () => {
  const user = userEvent.setup();
  const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await open();
  const message = screen.getByText('Line 28').closest('article')!;
  act(() => message.focus());
  await user.keyboard('{Enter}');
  await user.click(await screen.findByRole('menuitem', { name: 'Copy link' }));
  await screen.findByRole('menuitem', { name: 'Copied' });
  expect(screen.getByRole('menuitem', { name: 'Copy text' })).toBeTruthy();
  const copied = written.mock.calls[0]?.[0] ?? '';
  expect(copied).toBe(new URL('#lk-message=help/help-28', window.location.href).href);
});

test('the app says what the address of a message is', async () => {
  const user = userEvent.setup();
  const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await open({ messageHref: ({ threadId, messageId }) => `/rooms/${threadId}?at=${messageId}` });
  const message = screen.getByText('Line 28').closest('article')!;
  act(() => message.focus());
  await user.keyboard('{Enter}');
  await user.click(await screen.findByRole('menuitem', { name: 'Copy link' }));
  expect(written).toHaveBeenCalledWith(new URL('/rooms/help?at=help-28', window.location.href).href);
});

test('a link opens far back, in another conversation, and once more where one was before', async () => {
  window.location.hash = defaultMessageHref({ threadId: 'help', messageId: 'help-3' });
  await open();
  await waitFor(() => expect(screen.getByText('Line 3').closest('article')?.dataset['highlighted']).toBe('true'));
  await userEvent.click(screen.getByText('Own', { selector: '.lk-thread-title' }));
  await settle();
  await within(screen.getByRole('log')).findByText('Mine');
  await follow('help', 'help-9');
  expect(screen.getByText('Line 9').closest('article')?.dataset['highlighted']).toBe('true');
});

test('a link to what one may not read, to nothing, or to what was deleted says so', async () => {
  const backend = await open();
  await follow('closed', 'closed-1');
  expect(screen.queryByText('Secret')).toBeNull();
  expect(document.querySelector('.lk-list')?.getAttribute('data-status')).toBe('refused');
  await follow('help', 'nowhere');
  expect(screen.getByText('This message cannot be shown').getAttribute('role')).toBe('status');
  backend.delete({ threadId: 'help', messageId: 'help-4' });
  await follow('help', 'help-4');
  const deleted = document.querySelector<HTMLElement>('[data-message-id="help-4"]');
  expect(deleted?.textContent).toContain('This message was deleted');
  expect(deleted?.dataset['highlighted']).toBe('true');
});
