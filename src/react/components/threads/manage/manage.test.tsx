import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Role } from '../../../../protocol/index.ts';
import { createFakeBackend, type FakeBackendOptions } from '../../../../testing/index.ts';
import { renderForAda } from '../../../test-fixtures.tsx';
import { ChatWindow } from '../../window/ChatWindow.tsx';

// What is loaded first takes its time on a slow machine.
beforeAll(async () => {
  await Promise.all([
    import('../ThreadList.tsx'),
    import('../ThreadMenu.tsx'),
    import('./NewThreadDialog.tsx'),
    import('./RenameDialog.tsx'),
    import('./LeaveDialog.tsx'),
    import('./DeleteDialog.tsx'),
    import('./MembersDialog.tsx'),
  ]);
});
afterEach(cleanup);

const USERS = [
  { id: 'ada', name: 'Ada' },
  { id: 'ben', name: 'Ben Okoro' },
  { id: 'cy', name: 'Cy Young' },
  { id: 'dan', name: 'Dan' },
];

function setup(role: Role = 'owner', options: FakeBackendOptions = {}) {
  const threads = [
    {
      id: 'ops',
      title: 'Ops',
      members: [{ id: 'ada', role }, { id: 'ben', role: 'owner' as const }, 'cy'],
      messages: [{ author: 'ben', text: 'Hello' }],
    },
    { id: 'all', title: 'Everybody', access: 'open' as const },
  ];
  const backend = createFakeBackend({ users: USERS, threads, ...options });
  renderForAda(backend, <ChatWindow threadId="ops" showThreads />);
  const user = userEvent.setup();
  const menu = async (title = 'Ops') => {
    const row = (await screen.findByText(title, { selector: '.lk-thread-title' })).closest('li')!;
    const button = within(row).getByRole('button', { name: /^Conversation actions: / });
    await user.click(button);
    return { button, items: within(await screen.findByRole('menu')) };
  };
  const choose = async (entry: string, title?: string) => {
    const { button, items } = await menu(title);
    await user.click(items.getByRole('menuitem', { name: entry }));
    return button;
  };
  const dialog = async (name: string | RegExp) => within(await screen.findByRole('dialog', { name }));
  const asked = (name: string) => backend.requests.filter((request) => request.name === name);
  return { backend, user, menu, choose, dialog, asked };
}

test('a conversation is made with those who were found and chosen, once, and opened', async () => {
  const { user, dialog, asked, backend } = setup();
  await screen.findByText('Hello');
  await user.click(await screen.findByRole('button', { name: 'New conversation' }));
  const form = await dialog('New conversation');
  expect(document.activeElement).toBe(form.getByLabelText('Title'));
  await user.type(form.getByRole('searchbox', { name: 'Search people' }), 'oko');
  await user.click(await form.findByRole('checkbox', { name: /Ben Okoro/ }));
  await user.clear(form.getByRole('searchbox'));
  await user.click(await form.findByRole('checkbox', { name: /Dan/ }));
  await user.click(form.getByRole('button', { name: 'Remove Dan' }));
  backend.setFault('createThread', 'request_timeout');
  await user.click(form.getByRole('button', { name: 'Create' }));
  await form.findByRole('alert');
  backend.setFault('createThread', null);
  await user.click(form.getByRole('button', { name: 'Create' }));
  await screen.findByRole('heading', { name: 'Ben Okoro' });
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(new Set(asked('createThread').map(({ threadId }) => threadId)).size).toBe(1);
  await screen.findByText(/You added Ben Okoro/);
});

test('it is not made without a title or anybody in it', async () => {
  const { user, dialog, asked } = setup();
  await screen.findByText('Hello');
  await user.click(await screen.findByRole('button', { name: 'New conversation' }));
  const form = await dialog('New conversation');
  await user.click(form.getByRole('button', { name: 'Create' }));
  expect(asked('createThread')).toEqual([]);
  expect(form.queryByRole('radio')).toBeNull();
});

test('Escape closes a dialog and nothing else, and the focus comes back', async () => {
  const { user, choose, dialog } = setup();
  const button = await choose('Rename');
  const form = await dialog('Rename');
  await waitFor(() => expect(document.activeElement).toBe(form.getByLabelText('Title')));
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(button);
});

test('renaming: a refusal is told and keeps what was typed', async () => {
  const { backend, user, choose, dialog } = setup();
  backend.setFault('renameThread', 'action_forbidden');
  await choose('Rename');
  const form = await dialog('Rename');
  await user.clear(form.getByLabelText('Title'));
  await user.type(form.getByLabelText('Title'), 'Operations');
  await user.keyboard('{Enter}');
  await form.findByRole('alert');
  expect(form.getByLabelText<HTMLInputElement>('Title').value).toBe('Operations');
  backend.setFault('renameThread', null);
  await user.keyboard('{Enter}');
  await screen.findByText('Operations', { selector: '.lk-thread-title' });
  expect(screen.queryByRole('dialog')).toBeNull();
  await screen.findByText(/You renamed the conversation to “Operations”/);
});

test('leaving is asked about first; then the conversation is gone', async () => {
  const { user, choose, dialog, asked } = setup('member');
  await choose('Leave');
  await user.click((await dialog('Leave “Ops”?')).getByRole('button', { name: 'Cancel' }));
  expect(asked('leaveThread')).toEqual([]);
  await choose('Leave');
  await user.click((await dialog('Leave “Ops”?')).getByRole('button', { name: 'Leave' }));
  await waitFor(() => expect(screen.queryByText('Ops', { selector: '.lk-thread-title' })).toBeNull());
  expect(screen.queryByRole('log')).toBeNull();
  screen.getByText('Choose a conversation');
});

test('where conversations can be deleted, an owner is asked first, and hears what is refused', async () => {
  const { backend, user, choose, dialog, asked } = setup('owner', { alsoCan: ['deleteThread'] });
  await choose('Delete');
  await user.click((await dialog('Delete “Ops”?')).getByRole('button', { name: 'Cancel' }));
  expect(asked('deleteThread')).toEqual([]);
  backend.setFault('deleteThread', 'connection_lost');
  await choose('Delete');
  const question = await dialog('Delete “Ops”?');
  await user.click(question.getByRole('button', { name: 'Delete' }));
  await question.findByRole('alert');
  backend.setFault('deleteThread', null);
  await user.click(question.getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(screen.queryByText('Ops', { selector: '.lk-thread-title' })).toBeNull());
  screen.getByText('Choose a conversation');
});

test('nobody else is offered to, nor where the backend deletes none', async () => {
  const members = setup('agent', { alsoCan: ['deleteThread'] });
  const { items } = await members.menu();
  expect(items.queryByRole('menuitem', { name: 'Delete' })).toBeNull();
  cleanup();
  const { menu } = setup('owner');
  expect((await menu()).items.queryByRole('menuitem', { name: 'Delete' })).toBeNull();
});

test('an owner adds people, gives roles and takes people out, and hears what is refused', async () => {
  const { backend, user, choose, dialog, asked } = setup();
  await choose('Members');
  const list = await dialog('Members');
  await user.selectOptions(await list.findByRole('combobox', { name: 'Role of Cy Young' }), 'Read only');
  await waitFor(() =>
    expect(list.getByRole<HTMLSelectElement>('combobox', { name: 'Role of Cy Young' }).value).toBe('readonly'),
  );
  backend.setFault('removeMember', 'last_owner');
  await user.click(list.getByRole('button', { name: 'Remove Ben Okoro' }));
  await list.findByRole('alert');
  backend.setFault('removeMember', null);
  await user.click(list.getByRole('button', { name: 'Remove Cy Young' }));
  await waitFor(() => expect(list.queryByText('Cy Young')).toBeNull());
  await user.click(list.getByRole('button', { name: 'Add people' }));
  const add = await dialog('Add people');
  // Who is in it cannot be added.
  await add.findByRole('checkbox', { name: /Cy Young/ });
  expect(add.queryByRole('checkbox', { name: /Ben Okoro/ })).toBeNull();
  await user.click(add.getByRole('checkbox', { name: /Dan/ }));
  await user.selectOptions(add.getByRole('combobox', { name: 'Role' }), 'Moderator');
  await user.click(add.getByRole('button', { name: 'Add people' }));
  await (await dialog('Members')).findByText('Dan');
  expect(asked('saveMember').map(({ memberId }) => memberId)).toEqual(['cy', 'dan']);
});

test.each([
  ['owner', ['Members', 'Rename', 'Leave'], 2],
  ['agent', ['Members', 'Rename', 'Leave'], 0],
  ['member', ['Members', 'Leave'], 0],
  ['readonly', ['Members', 'Leave'], 0],
] as const)('what a role may not do is not offered: %s', async (role, offered, selects) => {
  const { user, menu, dialog } = setup(role);
  const { items } = await menu();
  const own = ['Members', 'Rename', 'Leave', 'Join'];
  expect(
    items
      .getAllByRole('menuitem')
      .map(({ textContent }) => textContent)
      .filter((name) => own.includes(name)),
  ).toEqual(offered);
  await user.click(items.getByRole('menuitem', { name: 'Members' }));
  const list = await dialog('Members');
  await list.findByText('Cy Young');
  expect(list.queryAllByRole('combobox')).toHaveLength(selects);
  expect(list.queryByRole('button', { name: 'Add people' }) !== null).toBe(role === 'owner' || role === 'agent');
});

test('one that nobody has joined says so', async () => {
  const { choose, dialog } = setup();
  await choose('Members', 'Everybody');
  await (await dialog('Members')).findByText('Nobody has joined yet');
});

test('an open conversation is joined from its menu', async () => {
  const { choose } = setup();
  await choose('Join', 'Everybody');
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
  await choose('Leave', 'Everybody');
});
