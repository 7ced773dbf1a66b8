import { afterEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { createFakeBackend, createFakeFetchToken } from '../../testing/index.ts';
import { ChatProvider } from '../ChatProvider.tsx';
import { MessageList } from '../components/messages/MessageList.tsx';
import '../styles/index.css';

afterEach(() => vi.restoreAllMocks());
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Longer than a glance. */
const AWHILE_MS = 600;

async function open({ messages = 60, read = 60, below = 0, pageSize = 50 } = {}) {
  const log = Array.from({ length: messages }, (_, n) => ({ author: 'ben', text: `Note ${n + 1}.` }));
  const thread = { id: 't', title: 'Notes', members: ['me', 'ben'], messages: log, read: { me: read } };
  const backend = createFakeBackend({ threads: [thread], pageSize });
  const screen = await render(
    <div style={{ paddingTop: below }}>
      <div style={{ width: 390, height: 500 }}>
        <ChatProvider userId="me" backend={backend} fetchToken={createFakeFetchToken({ userId: 'me' })}>
          <MessageList threadId="t" />
        </ChatProvider>
      </div>
    </div>,
  );
  await expect.element(screen.getByText(`Note ${messages}.`)).toBeInTheDocument();
  // The list that moves, which is another element than what stands for it while it is loaded.
  await expect.poll(() => screen.container.querySelector('.lk-viewport > [style]')).not.toBeNull();
  const receipts = () => backend.requests.flatMap(({ name, readSeq }) => (name === 'sendReceipt' ? [readSeq] : []));
  return { backend, screen, receipts, viewport: screen.getByRole('log').element() as HTMLElement };
}

test('L10 a message is read when it is on the screen of a window that has the focus, and not before', async () => {
  const focus = vi.spyOn(document, 'hasFocus').mockReturnValue(false);
  const { receipts, backend } = await open({ read: 50 });
  await wait(AWHILE_MS);
  expect(receipts()).toEqual([]);
  focus.mockReturnValue(true);
  window.dispatchEvent(new FocusEvent('focus'));
  await vi.waitFor(() => expect(receipts()).toEqual([60]));
  focus.mockReturnValue(false);
  backend.receive({ threadId: 't', author: 'ben', text: 'Nobody looks.' });
  await wait(1_200);
  expect(receipts()).toEqual([60]);
});

test('L10 what is hidden is not read: a hidden page, and a list further down the page', async () => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  const { receipts } = await open({ read: 50, below: 3_000 });
  await wait(AWHILE_MS);
  visibility.mockReturnValue('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  await wait(AWHILE_MS);
  expect(receipts()).toEqual([]);
  // A little of it comes to the screen: what is read is what that shows, and not the newest.
  window.scrollTo(0, 3_000 - window.innerHeight + 260);
  await vi.waitFor(() => expect(receipts()).toHaveLength(1));
  expect(receipts()[0]).toBeGreaterThan(50);
  expect(receipts()[0]).toBeLessThan(60);
  window.scrollTo(0, 9_999);
  await vi.waitFor(() => expect(receipts().at(-1)).toBe(60), 3_000);
  window.scrollTo(0, 0);
});

test('L10 the separator stands above the first unread message, and stays put while one reads', async () => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  const { backend, screen, receipts } = await open({ read: 57 });
  const separator = screen.getByText('New messages', { exact: true });
  await expect.element(separator).toBeVisible();
  const top = (text: string) => screen.getByText(text).element().getBoundingClientRect().top;
  expect(top('Note 57.')).toBeLessThan(separator.element().getBoundingClientRect().top);
  expect(top('Note 58.')).toBeGreaterThan(separator.element().getBoundingClientRect().top);
  await vi.waitFor(() => expect(receipts()).toEqual([60]));
  backend.receive({ threadId: 't', author: 'ben', text: 'One more.' });
  await expect.element(screen.getByText('One more.')).toBeVisible();
  expect(screen.getByText('New messages', { exact: true }).elements()).toHaveLength(1);
  expect(top('Note 58.')).toBeGreaterThan(separator.element().getBoundingClientRect().top);
});

test('L10 what comes while one reads is not “new”; what comes while nobody looks is', async () => {
  const focus = vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  const { backend, screen, receipts } = await open({ read: 60 });
  const say = async (text: string) => {
    backend.receive({ threadId: 't', author: 'ben', text });
    await expect.element(screen.getByText(text)).toBeVisible();
  };
  await say('While I look.');
  await vi.waitFor(() => expect(receipts()).toEqual([61]));
  expect(screen.getByText('New messages', { exact: true }).elements()).toHaveLength(0);
  focus.mockReturnValue(false);
  await say('While I am away.');
  await say('And once more.');
  await expect.element(screen.getByText('New messages', { exact: true })).toBeVisible();
  const top = (text: string) => screen.getByText(text, { exact: true }).element().getBoundingClientRect().top;
  expect(top('New messages')).toBeGreaterThan(top('While I look.'));
  expect(top('New messages')).toBeLessThan(top('While I am away.'));
});

test('a button leads to the first unread message, also where that is on an older page', async () => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(false);
  const { screen, viewport } = await open({ messages: 160, read: 70 });
  const button = screen.getByRole('button', { name: 'Go to the first unread message' });
  await expect.element(button).toBeVisible();
  await button.click();
  const separator = screen.getByText('New messages', { exact: true });
  await expect.element(separator).toBeVisible();
  await vi.waitFor(() => {
    const { top } = separator.element().getBoundingClientRect();
    const from = top - viewport.getBoundingClientRect().top;
    // At the top, to a pixel of rounding; what is above it came while it was on the way.
    expect(from).toBeGreaterThanOrEqual(-1);
    expect(from).toBeLessThan(20);
  });
  await expect.element(screen.getByText('Note 71.')).toBeVisible();
  await expect.element(button).not.toBeInTheDocument();
  expect(document.activeElement).toBe(viewport);
});
