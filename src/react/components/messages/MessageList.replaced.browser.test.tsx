import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { createFakeBackend, createFakeFetchToken } from '../../../testing/index.ts';
import { ChatProvider } from '../../ChatProvider.tsx';
import '../../styles/index.css';
import { MessageList } from './MessageList.tsx';

/** Lets the code of the list come, that waits for it. */
let comes: () => void = () => {};
const mayCome = new Promise<void>((resolve) => {
  comes = resolve;
});
vi.mock('./VirtualRows.tsx', async (original) => {
  const module = await original();
  await mayCome;
  return module;
});

const messages = Array.from({ length: 60 }, (_, index) => ({
  author: 'ada',
  text: `Note ${index + 1} said at https://example.com/${index + 1}`,
  minutesAgo: 600 - 10 * index,
}));

const open = () =>
  render(
    <div style={{ width: 390, height: 400 }}>
      <ChatProvider
        userId="me"
        backend={createFakeBackend({ threads: [{ id: 'help', title: 'Help', messages }] })}
        fetchToken={createFakeFetchToken({ userId: 'me' })}
      >
        <MessageList threadId="help" />
      </ChatProvider>
    </div>,
  );

const isWhole = () => (document.querySelector('.lk-viewport')?.scrollHeight ?? 0) > 2_500;
const rowOf = (text: string) =>
  [...document.querySelectorAll<HTMLElement>('[data-message-id]')].find((row) => row.textContent.includes(`${text} `));

/** Between rows, a browser puts as many lines as the list has elements. */
const wordsSelected = () => document.getSelection()?.toString().replaceAll(/\s+/gu, ' ').trim();

beforeEach(() => {
  // In the middle of a day: its separator, which the list alone has, is to stand in no selection.
  vi.setSystemTime(new Date(2026, 5, 15, 12));
  document.getSelection()?.removeAllRanges();
});
afterEach(() => void vi.useRealTimers());

// One after the other, since what has come does not go: the list's code comes within the first.
test('where the list’s code comes late, focus and selection stay in the rows that stood before it', async () => {
  await open();
  await expect.poll(() => rowOf('Note 60')).toBeDefined();
  expect(isWhole()).toBe(false);
  const link = rowOf('Note 59')?.querySelector('a');
  link?.focus();
  const words = (text: string) => rowOf(text)?.querySelector('.lk-content')?.firstChild as Text;
  document.getSelection()?.setBaseAndExtent(words('Note 60'), 7, words('Note 58'), 5);
  const selected = wordsSelected();

  comes();
  await expect.poll(isWhole).toBe(true);
  await expect.poll(() => document.activeElement?.getAttribute('href')).toBe('https://example.com/59');
  expect(link?.isConnected).toBe(false);
  expect(wordsSelected()).toBe(selected);
  expect(selected).toMatch(/^58 said .* Note 60$/);
});
