// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { createFakeBackend, createFakeFetchToken } from '../../../testing/index.ts';
import { ChatProvider } from '../../ChatProvider.tsx';
import { ChatWindow } from '../window/ChatWindow.tsx';

afterEach(cleanup);

/** Something happens on the far side, and React has taken it in by the time that this resolves. */
const doing = <T,>(work: () => T): Promise<T> => act(() => Promise.resolve(work()));

async function open() {
  const backend = createFakeBackend({
    users: [{ id: 'bot', name: 'Botty' }],
    threads: [{ id: 'help', messages: [{ author: 'ada', text: 'Hi there', id: 'm1' }] }],
  });
  const Weather = ({ part }: { part: object }) => <p>Weather: {JSON.stringify((part as { data: unknown }).data)}</p>;
  const parts = { 'data-weather': Weather };
  render(
    <ChatProvider userId="ada" backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })} parts={parts}>
      <ChatWindow threadId="help" />
    </ChatProvider>,
  );
  await screen.findByText('Hi there');
  return backend;
}

test('an answer thinks, speaks, shows what it did, and ends', async () => {
  const backend = await open();
  const answer = await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' }));
  expect((await screen.findAllByText('Thinking…')).length).toBeGreaterThan(0);
  await doing(() => {
    answer.write(
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: 'Let me see' },
      { type: 'reasoning-end', id: 'r' },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'It is **war' },
    );
  });
  expect(await screen.findByText('war')).toBeTruthy();
  expect(screen.getByText('Reasoning')).toBeTruthy();
  await doing(() => {
    answer.write(
      { type: 'text-delta', id: 't', delta: 'm** there' },
      { type: 'text-end', id: 't' },
      { type: 'data-weather', data: 31 },
      { type: 'source-url', sourceId: 's', url: 'https://example.com/a', title: 'Almanac' },
      { type: 'source-url', sourceId: 'x', url: 'javascript:alert(1)', title: 'Trap' },
    );
    answer.end();
  });
  expect(await screen.findByText('warm')).toBeTruthy();
  expect(screen.getByText('Weather: 31')).toBeTruthy();
  expect(screen.getByRole('link', { name: /Almanac/ }).getAttribute('href')).toBe('https://example.com/a');
  expect(screen.queryByRole('link', { name: /Trap/ })).toBeNull();
  expect(screen.getByText('The answer is there.')).toBeTruthy();
});

test('a tool asks, and the person’s word goes to the server with the reason', async () => {
  const backend = await open();
  const answer = await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' }));
  await doing(() => {
    answer.write(
      { type: 'tool-input-available', toolCallId: 'c', toolName: 'pay', input: { euros: 5 } },
      { type: 'tool-approval-request', toolCallId: 'c', approvalId: 'p1' },
    );
    answer.end();
  });
  await userEvent.type(await screen.findByLabelText('Reason, if you like'), 'too dear');
  await userEvent.click(screen.getByRole('button', { name: 'Deny' }));
  expect(await screen.findByText('pay was not allowed')).toBeTruthy();
  expect(backend.messages('help').at(-1)?.parts).toMatchObject([
    { state: 'approval-responded', approval: { id: 'p1', approved: false, reason: 'too dear' } },
  ]);
});

test('S8 the composer stops an answer while it grows, and one that failed can be asked for again', async () => {
  const backend = await open();
  await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Stop the answer' }));
  expect(await screen.findByText('Stopped')).toBeTruthy();
  const second = await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a2' }));
  await doing(() => second.end('answer_failed'));
  expect(await screen.findByText(/Something went wrong|could not be finished/)).toBeTruthy();
  await userEvent.click(screen.getAllByRole('button', { name: 'Retry' }).at(-1)!);
  expect(backend.requests.at(-1)).toMatchObject({ name: 'retryAnswer', messageId: 'a2' });
});

test('a number in brackets that a source has is a mark that shows it; any other stays as it is', async () => {
  const backend = await open();
  const answer = await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' }));
  await doing(() => {
    answer.write(
      { type: 'source-url', sourceId: 's', url: 'https://example.com/guide', title: 'Almanac' },
      { type: 'source-url', sourceId: 'x', url: 'javascript:alert(1)', title: 'Trap' },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'Warm [1], they say [2], but see [3] and `[1]`.' },
      { type: 'text-end', id: 't' },
    );
    answer.end();
  });
  const mark = await screen.findByRole('button', { name: 'Source 1: Almanac' });
  expect(mark.closest('p')?.textContent).toBe('Warm 1, they say 2, but see [3] and [1].');
  await userEvent.click(mark);
  const card = screen.getByRole('dialog', { name: 'Source 1: Almanac' });
  expect(card.querySelector('a')?.getAttribute('href')).toBe('https://example.com/guide');
  await userEvent.tab();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(mark);
  await userEvent.click(screen.getByRole('button', { name: 'Source 2: Trap' }));
  expect(screen.getByRole('dialog', { name: 'Source 2: Trap' }).querySelector('a')).toBeNull();
});
