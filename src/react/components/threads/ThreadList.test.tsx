import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { createFakeBackend, createFakeFetchToken } from '../../../testing/index.ts';
import { ChatProvider } from '../../ChatProvider.tsx';
import { ENGLISH } from '../../strings.ts';
import { ThreadListPane as ThreadList } from '../window/ThreadListPane.tsx';

// What it loads first takes its time on a slow machine.
beforeAll(() => import('./LongList.tsx'));
afterEach(cleanup);

/** jsdom lays nothing out and tells of nothing that comes near: the next page is asked for by the button. */
function setup(count: number, preview = ENGLISH.preview) {
  const strings = { preview };
  const threads = Array.from({ length: count }, (_, index) => ({
    id: `t${index}`,
    title: index === count - 1 ? 'Last of all' : `Talk ${index}`,
    members: ['ada', 'ben'],
    messages: [{ author: 'ben', text: `Hello ${index}`, minutesAgo: index + 1 }],
  }));
  const backend = createFakeBackend({ threads, pageSize: 20 });
  render(
    <ChatProvider userId="ada" backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })} strings={strings}>
      <ThreadList />
    </ChatProvider>,
  );
  const titles = () => screen.queryAllByText(/^Talk|^Last/, { selector: '.lk-thread-title' });
  const more = () => screen.findByRole('button', { name: 'More conversations' });
  return { backend, user: userEvent.setup(), titles, more };
}

test('further pages follow to the end, the one in between said to be loading', async () => {
  const { backend, user, titles, more } = setup(45);
  const button = await more();
  expect(titles()).toHaveLength(20);
  backend.setFault('listThreads', 'never-answers');
  await user.click(button);
  expect((await screen.findByRole('status')).textContent).toBe('Loading more conversations');
  expect(screen.queryByRole('button', { name: 'More conversations' })).toBeNull();
  backend.setFault('listThreads', null);
  await user.click(await more());
  await screen.findByText('Last of all');
  expect(titles()).toHaveLength(45);
  expect(screen.queryByRole('button', { name: 'More conversations' })).toBeNull();
});

test('a page that cannot be read is said at its place, and asked for again', async () => {
  const { backend, user, titles, more } = setup(30);
  const button = await more();
  backend.setFault('listThreads', 'internal');
  await user.click(button);
  const row = (await screen.findByRole('alert')).closest('li')!;
  expect(row.dataset.status).toBe('error');
  expect(titles()).toHaveLength(20);
  backend.setFault('listThreads', null);
  await user.click(within(row).getByRole('button', { name: 'Retry' }));
  await waitFor(() => expect(titles()).toHaveLength(30));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a message renders the row of its conversation again, and no other', async () => {
  let rendered: string[] = [];
  const { backend, titles } = setup(20, (author, text) => {
    rendered.push(text);
    return `${author}: ${text}`;
  });
  await waitFor(() => expect(titles()).toHaveLength(20));
  rendered = [];
  backend.receive({ threadId: 't7', author: 'ben', text: 'News' });
  await screen.findByText('ben: News');
  expect(new Set(rendered)).toEqual(new Set(['News']));
});
