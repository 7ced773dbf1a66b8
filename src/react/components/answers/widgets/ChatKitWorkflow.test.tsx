// @vitest-environment jsdom
import { act, cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { createFakeBackend, createFakeFetchToken } from '../../../../testing/index.ts';
import { ChatProvider } from '../../../ChatProvider.tsx';
import { ChatWindow } from '../../window/ChatWindow.tsx';

afterEach(cleanup);

const THOUGHT = {
  type: 'thought',
  title: 'Which cups',
  content: 'They want **small** ones.',
  status_indicator: 'complete',
};
const SEARCH = {
  type: 'web_search',
  title: 'Looking for cups',
  title_query: 'espresso cups',
  queries: ['espresso cups basel'],
  sources: [
    { type: 'url', url: 'https://example.com/cups', title: 'Cups of Basel' },
    { type: 'url', url: 'javascript:alert(1)', title: 'No such link' },
  ],
  status_indicator: 'loading',
};
const FILES = {
  type: 'file',
  sources: [{ type: 'file', filename: 'prices.pdf', title: 'Prices' }],
  status_indicator: 'none',
};

async function begin() {
  const backend = createFakeBackend({
    users: [{ id: 'bot', name: 'Botty' }],
    threads: [{ id: 'help', messages: [{ author: 'ada', text: 'Hi there', id: 'm1' }] }],
  });
  render(
    <ChatProvider userId="ada" backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })}>
      <ChatWindow threadId="help" />
    </ChatProvider>,
  );
  await screen.findByText('Hi there');
  const answer = backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' });
  const write = (data: unknown, kind = 'workflow') =>
    act(() => Promise.resolve(answer.write({ type: `data-chatkit-${kind}`, id: 'wf', data })));
  return { write, end: () => act(() => Promise.resolve(answer.end())) };
}

const opened = () => document.querySelector<HTMLDetailsElement>('.lk-steps')!.open;

test('a workflow shows what it is at, its tasks with their states, and at its end how long it took', async () => {
  const { write, end } = await begin();
  await write({ workflow: { type: 'reasoning', tasks: [THOUGHT, SEARCH, FILES], expanded: true } });
  const summary = await screen.findByText('Looking for cups', { selector: 'summary *' });
  expect(opened()).toBe(true);
  const steps = screen.getAllByRole('listitem').filter((each) => each.matches('.lk-step'));
  expect(steps.map(({ dataset }) => dataset['state'])).toEqual(['complete', 'loading', 'none']);
  expect(within(steps[0]!).getByText('small').tagName).toBe('STRONG');
  within(steps[0]!).getByText('Done');
  within(steps[1]!).getByText('In progress');
  within(steps[1]!).getByText('espresso cups basel');
  expect(
    within(steps[1]!)
      .getAllByRole('link')
      .map((link) => link.getAttribute('href')),
  ).toEqual(['https://example.com/cups']);
  within(steps[1]!).getByText('No such link');
  within(steps[2]!).getByText('Files');
  within(steps[2]!).getByText('Prices');

  await write({ workflow: { type: 'reasoning', tasks: [THOUGHT], summary: { duration: 125 }, expanded: false } });
  await screen.findByText('Thought for 2 minutes, 5 seconds');
  expect(summary.isConnected).toBe(true);
  expect(opened()).toBe(false);
  await write({ workflow: { type: 'custom', tasks: [THOUGHT], summary: { title: 'Found two' }, expanded: false } });
  await screen.findByText('Found two');
  await end();
});

test('what the person opened stays open, whatever the server says', async () => {
  const { write } = await begin();
  await write({ workflow: { type: 'custom', tasks: [], expanded: false } });
  const summary = await screen.findByText('Working…');
  expect(opened()).toBe(false);
  await userEvent.click(summary);
  expect(opened()).toBe(true);
  await write({ workflow: { type: 'custom', tasks: [SEARCH], expanded: false } });
  expect(opened()).toBe(true);
});

test('an answer that ended is at nothing any more', async () => {
  const { write, end } = await begin();
  await write({ workflow: { type: 'custom', tasks: [SEARCH], expanded: true } });
  await screen.findByText('In progress');
  await end();
  await screen.findByText('Steps');
  expect(screen.queryByText('In progress')).toBeNull();
});

test('a task of its own, and what is none', async () => {
  const { write } = await begin();
  await write({ task: { type: 'custom', title: 'Packed', icon: 'cube', content: 'Two *cups*' } }, 'task');
  await screen.findByText('Packed');
  expect(screen.getByText('cups').tagName).toBe('EM');
  for (const data of [
    null,
    {},
    { task: 7 },
    { task: { type: 'levitation' } },
    { task: { type: 'web_search', queries: 'x', sources: [null, 7] } },
  ])
    await write(data, 'task');
  for (const data of [
    null,
    {},
    { workflow: null },
    { workflow: { tasks: 7 } },
    { workflow: { tasks: [null, 7, {}], summary: 7 } },
  ])
    await write(data);
  screen.getByText('Hi there');
});
