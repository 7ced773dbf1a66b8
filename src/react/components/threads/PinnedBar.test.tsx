import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { createFakeBackend, type FakeBackend } from '../../../testing/index.ts';
import { item, renderForAda, settle } from '../../test-fixtures.tsx';
import { ChatWindow } from '../window/ChatWindow.tsx';

// What is loaded when it is needed is there already: loading it takes as long as the machine likes.
beforeAll(() => Promise.all([import('./PinnedBar.tsx'), import('../messages/MessageMenu.tsx')]));
afterEach(cleanup);

async function open(access: 'open' | 'members' = 'members'): Promise<FakeBackend> {
  const backend = createFakeBackend({
    users: [{ id: 'ben', name: 'Ben' }],
    threads: [
      {
        id: 'help',
        access,
        members: access === 'members' ? ['ada', 'ben'] : ['ben'],
        messages: [
          { author: 'ben', text: 'First rule', id: 'm1' },
          { author: 'ben', text: 'Second rule', id: 'm2' },
        ],
      },
    ],
  });
  renderForAda(backend, <ChatWindow threadId="help" />);
  await settle();
  return backend;
}

async function choose(id: string, name: string): Promise<void> {
  act(() => item(id).focus());
  fireEvent.keyDown(item(id), { key: 'Enter' });
  await userEvent.click(await screen.findByRole('menuitem', { name }));
  await settle();
}

test('a member pins by the menu: marked, and above the conversation; again takes it back', async () => {
  const backend = await open();
  expect(screen.queryByRole('list')).toBeNull();
  await choose('m1', 'Pin');
  expect(backend.messages('help')[0]).toMatchObject({ pinned: { userId: 'ada' } });
  expect(item('m1').dataset['pinned']).toBe('true');
  const go = await screen.findByRole('button', { name: 'Pinned, Ben: First rule' });
  await userEvent.click(go);
  await waitFor(() => expect(item('m1').dataset['highlighted']).toBe('true'));
  await choose('m1', 'Unpin');
  expect(screen.queryByRole('button', { name: /^Pinned/ })).toBeNull();
  expect(item('m1').dataset['pinned']).toBe('false');
});

test('others’ pins appear at once, the newest first, and open to the whole list; Escape closes it', async () => {
  const backend = await open();
  act(() => void backend.pin({ threadId: 'help', messageId: 'm1', userId: 'ben' }));
  await settle();
  await new Promise((resolve) => setTimeout(resolve, 5));
  act(() => void backend.pin({ threadId: 'help', messageId: 'm2', userId: 'ben' }));
  await settle();
  const lines = () => screen.getAllByRole('button', { name: /^Pinned/ }).map((button) => button.textContent);
  expect(lines()).toHaveLength(1);
  expect(lines()[0]).toContain('Second rule');
  const more = screen.getByRole('button', { name: '2 pinned messages' });
  await userEvent.click(more);
  expect(lines()).toHaveLength(2);
  fireEvent.keyDown(screen.getAllByRole('button', { name: /^Pinned/ })[1] as HTMLElement, { key: 'Escape' });
  expect(lines()).toHaveLength(1);
  expect(document.activeElement).toBe(more);
  const line = screen.getByRole('list');
  await userEvent.click(within(line).getByRole('button', { name: 'Unpin' }));
  await settle();
  expect(lines()[0]).toContain('First rule');
  act(() => void backend.delete({ threadId: 'help', messageId: 'm1' }));
  await settle();
  expect(screen.queryByRole('button', { name: /^Pinned/ })).toBeNull();
});

test('a refused pin is taken back', async () => {
  const backend = await open();
  backend.setFault('pinMessage', 'bad_request');
  await choose('m1', 'Pin');
  expect(item('m1').dataset['pinned']).toBe('false');
});

test('who passes through an open conversation is not offered to pin', async () => {
  const backend = await open('open');
  act(() => void backend.pin({ threadId: 'help', messageId: 'm1', userId: 'ben' }));
  await settle();
  expect(await screen.findByRole('button', { name: /^Pinned/ })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Unpin' })).toBeNull();
  act(() => item('m1').focus());
  fireEvent.keyDown(item('m1'), { key: 'Enter' });
  await screen.findByRole('menu');
  expect(screen.queryByRole('menuitem', { name: /pin/i })).toBeNull();
});
