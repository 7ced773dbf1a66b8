import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createFakeBackend } from '../../../testing/index.ts';
import { renderForAda } from '../../test-fixtures.tsx';
import { ChatLauncher } from '../launcher/ChatLauncher.tsx';
import { ThreadHeader } from './ThreadHeader.tsx';
import { ThreadListPane as ThreadList } from '../window/ThreadListPane.tsx';

// What it loads first takes its time on a slow machine.
beforeAll(() => Promise.all([import('./ThreadList.tsx'), import('./ThreadMenu.tsx')]));
afterEach(cleanup);

const members = ['ada', 'ben'];
const THREADS = ['One', 'Two', 'Three'].map((title, index) => ({
  id: title.toLowerCase(),
  title,
  members,
  messages: [{ author: 'ben', text: `Hello ${title}`, minutesAgo: index + 1 }],
  read: { ada: 0 },
}));

function setup(children = <ThreadList />) {
  const backend = createFakeBackend({ threads: THREADS });
  renderForAda(backend, children);
  const user = userEvent.setup();
  const row = async (title: string) =>
    (await screen.findByText(title, { selector: '.lk-thread-title' })).closest('button')!;
  const menuOf = async (title: string) => {
    const item = within((await row(title)).closest('li')!);
    await user.click(item.getByRole('button', { name: /^Conversation actions: / }));
    return within(await screen.findByRole('menu', { name: 'Conversation actions' }));
  };
  const choose = async (title: string, entry: string) =>
    user.click((await menuOf(title)).getByRole('menuitem', { name: entry }));
  return { backend, user, menuOf, choose, row };
}

describe('the menu of a conversation', () => {
  test('mutes it and takes that back: marked, and counted in no total', async () => {
    const { choose, row } = setup(
      <>
        <ThreadList />
        <ChatLauncher showThreads />
      </>,
    );
    await screen.findByRole('button', { name: 'Open chat, 3 unread messages' });
    await choose('Two', 'Mute');
    await screen.findByRole('button', { name: 'Open chat, 2 unread messages' });
    expect((await row('Two')).textContent).toMatch(/^TWTwoMuted.*1 unread message$/);
    await choose('Two', 'Unmute');
    await screen.findByRole('button', { name: 'Open chat, 3 unread messages' });
    expect(screen.queryByText('Muted')).toBeNull();
  });

  test('a muted conversation alone calls from no bubble', async () => {
    const { user } = setup(
      <>
        <ThreadHeader threadId="one" />
        <ChatLauncher threadId="one" />
      </>,
    );
    await screen.findByRole('button', { name: 'Open chat, 1 unread message' });
    await user.click(await screen.findByRole('button', { name: /^Conversation actions: / }));
    await user.click(await screen.findByRole('menuitem', { name: 'Mute' }));
    await screen.findByRole('button', { name: 'Open chat' });
  });

  test('archives it: out of the list, found behind the switch, back by its next message; the focus goes on to the next', async () => {
    const { backend, user, choose, row } = setup();
    await row('Two');
    await choose('Two', 'Archive');
    await waitFor(() => expect(screen.queryByText('Two')).toBeNull());
    expect(document.activeElement).toBe(await row('Three'));
    const filter = screen.getByRole('button', { name: 'Show archived conversations', pressed: false });
    await user.click(filter);
    await row('Two');
    screen.getByRole('heading', { name: 'Archived' });
    expect(screen.queryByText('One')).toBeNull();
    backend.receive({ threadId: 'two', author: 'ben', text: 'Still there?' });
    await screen.findByText('Nothing is archived');
    await user.click(filter);
    await row('Two');
    await choose('Two', 'Archive');
    await user.click(filter);
    await choose('Two', 'Unarchive');
    await screen.findByText('Nothing is archived');
    expect(document.activeElement).toBe(filter);
  });

  test('by keyboard: arrows move, Escape closes, and the focus goes back to its button', async () => {
    const { user, menuOf, row } = setup();
    const menu = await menuOf('One');
    expect(document.activeElement).toBe(menu.getByRole('menuitem', { name: 'Members' }));
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(menu.getByRole('menuitem', { name: 'Mute' }));
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('menu')).toBeNull();
    const item = within((await row('One')).closest('li')!);
    expect(document.activeElement).toBe(item.getByRole('button', { name: /^Conversation actions: / }));
  });

  test('opens by the context menu of a row, and in the header', async () => {
    const { user, row } = setup(
      <>
        <ThreadHeader threadId="two" />
        <ThreadList />
      </>,
    );
    await user.pointer({ keys: '[MouseRight]', target: await row('One') });
    await screen.findByRole('menu');
    await user.keyboard('{Escape}');
    const header = within(screen.getByRole('heading', { name: 'Two' }).closest('header')!);
    await user.click(await header.findByRole('button', { name: /^Conversation actions: / }));
    await header.findByRole('menuitem', { name: 'Archive' });
  });

  test('what is refused stands in it, and can be tried again', async () => {
    const { backend, user, choose } = setup();
    backend.setFault('muteThread', 'rate_limited');
    await choose('One', 'Mute');
    expect((await screen.findByRole('alert')).textContent).toContain('Too many messages at once.');
    backend.setFault('muteThread', null);
    await user.click(screen.getByRole('menuitem', { name: 'Mute' }));
    await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
    await screen.findByText('Muted');
  });
});
