import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Role } from '../../../protocol/index.ts';
import { createFakeBackend, type FakeBackend } from '../../../testing/index.ts';
import { item, renderForAda, settle } from '../../test-fixtures.tsx';
import { ChatWindow } from '../window/ChatWindow.tsx';

// What is loaded when it is needed is there already: loading it takes as long as the machine likes.
beforeAll(() =>
  Promise.all([
    import('./ReportDialog.tsx'),
    import('./ReportsButton.tsx'),
    import('../messages/MessageMenu.tsx'),
    import('../messages/MessageRows.tsx'),
  ]),
);
afterEach(cleanup);

async function open(role: Role): Promise<FakeBackend> {
  const backend = createFakeBackend({
    users: [
      { id: 'eve', name: 'Eve' },
      { id: 'ben', name: 'Ben' },
    ],
    threads: [
      {
        id: 'help',
        members: [{ id: 'ada', role }, { id: 'boss', role: 'owner' }, 'eve', 'ben'],
        messages: [
          { author: 'ada', text: 'My own', id: 'm0' },
          { author: 'eve', text: 'You fools', id: 'm1' },
          { author: 'eve', text: 'Buy now', id: 'm2' },
        ],
      },
    ],
  });
  renderForAda(backend, <ChatWindow threadId="help" />);
  await settle();
  return backend;
}

async function menuOf(id: string): Promise<HTMLElement> {
  act(() => item(id).focus());
  fireEvent.keyDown(item(id), { key: 'Enter' });
  return screen.findByRole('menu');
}

test('whoever reads may report another’s message, with a reason and words; the focus comes back to it', async () => {
  const backend = await open('readonly');
  await userEvent.click(within(await menuOf('m1')).getByRole('menuitem', { name: 'Report…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Report this message' });
  expect(document.activeElement).toBe(within(dialog).getByRole('radio', { name: 'Spam or advertising' }));
  await userEvent.click(within(dialog).getByRole('radio', { name: 'Insult or threat' }));
  await userEvent.type(within(dialog).getByRole('textbox', { name: /More about it/ }), ' Rude ');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Report' }));
  expect(await screen.findByText(/^Thank you/)).toBeTruthy();
  expect(backend.requests.at(-1)).toMatchObject({ name: 'reportMessage', messageId: 'm1' });
  await userEvent.click(within(screen.getByRole('dialog')).getAllByRole('button', { name: 'Close' }).at(-1)!);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(item('m1'));
});

test('one’s own message is not to be reported, and who is no moderator sees no list', async () => {
  const backend = await open('member');
  expect(within(await menuOf('m0')).queryByRole('menuitem', { name: 'Report…' })).toBeNull();
  backend.report({ threadId: 'help', messageId: 'm1', userId: 'ben', reason: 'abuse' });
  await settle();
  expect(screen.queryByRole('button', { name: /reported message/ })).toBeNull();
  expect(backend.requests.some(({ name }) => name === 'listReported')).toBe(false);
});

test('why it was refused stands in the dialog, and what was written stays', async () => {
  const backend = await open('member');
  backend.setFault('reportMessage', 'rate_limited');
  await userEvent.click(within(await menuOf('m1')).getByRole('menuitem', { name: 'Report…' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('radio', { name: 'Something else' }));
  const note = within(dialog).getByRole<HTMLTextAreaElement>('textbox', { name: /More about it/ });
  await userEvent.type(note, 'Odd');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Report' }));
  expect(await within(dialog).findByRole('alert')).toBeTruthy();
  expect(note.value).toBe('Odd');
});

test('a moderator sees how many there are, and decides: one stays, one goes', async () => {
  const backend = await open('agent');
  expect(screen.queryByRole('button', { name: /reported message/ })).toBeNull();
  backend.report({ threadId: 'help', messageId: 'm1', userId: 'ben', reason: 'abuse', note: 'Look' });
  backend.report({ threadId: 'help', messageId: 'm2', userId: 'ben', reason: 'spam' });
  await userEvent.click(await screen.findByRole('button', { name: '2 reported messages' }));
  const dialog = screen.getByRole('dialog', { name: 'Reported messages' });
  const row = (text: string) => {
    const found = within(dialog).getByText(text).closest('li');
    if (!found) throw new Error(`no row ${text}`);
    return found;
  };
  expect(row('You fools').textContent).toContain('Ben Insult or threat');
  expect(within(row('You fools')).getByText('Look')).toBeTruthy();
  await userEvent.click(within(row('You fools')).getByRole('button', { name: 'Keep' }));
  await settle();
  expect(within(dialog).queryByText('You fools')).toBeNull();
  await userEvent.click(within(row('Buy now')).getByRole('button', { name: 'Delete' }));
  await settle();
  expect(within(dialog).getByRole('status').textContent).toBe('Nothing is left to decide on.');
  expect(dialog.contains(document.activeElement)).toBe(true);
  expect(backend.messages('help').map(({ deletedAt }) => deletedAt !== null)).toEqual([false, false, true]);
});
