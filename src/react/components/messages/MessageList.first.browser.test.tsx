import { useEffect, useState } from 'react';
import { expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { textOf } from '../../../protocol/index.ts';
import { createFakeBackend, createFakeFetchToken } from '../../../testing/index.ts';
import { ChatProvider } from '../../ChatProvider.tsx';
import '../../styles/index.css';
import type { MessageContentProps } from '../types.ts';
import { MessageList } from './MessageList.tsx';

// What lays out a long list comes a moment after the messages, as on a page's first visit.
vi.mock('./VirtualRows.tsx', async (original) => {
  const module = await original();
  await vi.waitUntil(() => document.querySelector('.lk-list[data-status="ready"]'), { interval: 10, timeout: 10_000 });
  return module;
});

test('the first list of a page waits a moment for what lays it out, and makes the newest rows once', async () => {
  // However slow the machine: the moment that messages wait for is a long one here.
  const setTimer = window.setTimeout.bind(window);
  vi.spyOn(window, 'setTimeout').mockImplementation(((run: () => void, ms?: number) =>
    setTimer(run, ms === 200 ? 20_000 : ms)) as typeof window.setTimeout);
  const made: string[] = [];
  const Counted = ({ parts }: MessageContentProps) => {
    const [text] = useState(() => textOf(parts));
    useEffect(() => void made.push(text), [text]);
    return <p className="lk-content">{text}</p>;
  };
  const messages = Array.from({ length: 60 }, (_, index) => ({
    author: 'ada',
    text: `#${index + 1} said`,
    minutesAgo: 60 - index,
  }));
  const screen = await render(
    <div style={{ width: 390, height: 400 }}>
      <ChatProvider
        userId="me"
        backend={createFakeBackend({ threads: [{ id: 'help', title: 'Help', messages }] })}
        fetchToken={createFakeFetchToken({ userId: 'me' })}
        components={{ MessageContent: Counted }}
      >
        <MessageList threadId="help" />
      </ChatProvider>
    </div>,
  );
  await expect.element(screen.getByText('#60 said')).toBeVisible();
  await expect.poll(() => screen.container.querySelector('.lk-viewport')?.scrollHeight).toBeGreaterThan(1_000);
  expect(made.filter((text) => text === '#60 said')).toHaveLength(1);
});
