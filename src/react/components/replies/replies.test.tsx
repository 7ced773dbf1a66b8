import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { textOf } from '../../../protocol/index.ts';
import { createFakeBackend, type FakeBackend } from '../../../testing/index.ts';
import { item, renderForAda, settle } from '../../test-fixtures.tsx';
import { ChatWindow } from '../window/ChatWindow.tsx';

// What is loaded when it is needed is there already: loading it takes as long as the machine likes.
beforeAll(() =>
  Promise.all([
    import('../composer/ComposerQuote.tsx'),
    import('./RepliesPanel.tsx'),
    import('../messages/MessageMenu.tsx'),
    import('../messages/some-parts.ts'),
  ]),
);
afterEach(cleanup);

async function open(role: 'member' | 'readonly' = 'member'): Promise<FakeBackend> {
  const backend = createFakeBackend({
    users: [
      { id: 'ada', name: 'Ada' },
      { id: 'ben', name: 'Ben' },
    ],
    threads: [
      {
        id: 'help',
        members: [{ id: 'ada', role }, 'ben'],
        messages: [
          { author: 'ben', text: 'Which one?', id: 'q' },
          { author: 'ada', text: 'The first.', id: 'a1', replyTo: 'q' },
          { author: 'ben', text: 'Something else', id: 'x' },
        ],
      },
    ],
  });
  renderForAda(backend, <ChatWindow threadId="help" />);
  await settle();
  return backend;
}

const composer = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: /^Message/ });
const last = (backend: FakeBackend) => backend.messages('help').at(-1);
const byKey = (id: string, key: string) => {
  act(() => item(id).focus());
  fireEvent.keyDown(item(id), { key });
};

test('R on a message answers it: quoted above the text, sent with the next message, and then no more', async () => {
  const backend = await open();
  byKey('x', 'r');
  expect(await screen.findByText('Replying to Ben')).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(composer()));
  await userEvent.type(composer(), 'Like what?{Enter}');
  await settle();
  expect(last(backend)).toMatchObject({ replyTo: { id: 'x', rootId: 'x' } });
  expect(screen.queryByText('Replying to Ben')).toBeNull();
  await userEvent.type(composer(), 'And{Enter}');
  await settle();
  expect(last(backend)?.replyTo).toBeUndefined();
});

test('the toolbar and the menu answer too; Escape and the cross give it up and keep the text', async () => {
  await open();
  await userEvent.hover(item('x'));
  await userEvent.click(within(item('x')).getByRole('button', { name: 'Reply' }));
  await screen.findByText('Replying to Ben');
  await userEvent.type(composer(), 'half{Escape}');
  expect(screen.queryByText('Replying to Ben')).toBeNull();
  expect(composer().value).toBe('half');
  expect(document.activeElement).toBe(composer());
  byKey('a1', 'Enter');
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Reply' }));
  await screen.findByText('Replying to You');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel reply' }));
  expect(screen.queryByText('Replying to You')).toBeNull();
});

test('a refused reply keeps what it answers', async () => {
  const backend = await open();
  backend.setFault('sendMessage', 'action_forbidden');
  byKey('x', 'r');
  await screen.findByText('Replying to Ben');
  await userEvent.type(composer(), 'Like what?{Enter}');
  await screen.findByText(/Not sent/);
  expect(screen.getByRole('button', { name: 'In reply to Ben: Something else' })).toBeTruthy();
});

test('who may only read answers nothing', async () => {
  await open('readonly');
  byKey('x', 'r');
  await settle();
  expect(screen.queryByText('Replying to Ben')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Reply' })).toBeNull();
});

test('a reply shows what it answers, as that is now; a press goes there', async () => {
  const backend = await open();
  const quote = screen.getByRole('button', { name: 'In reply to Ben: Which one?' });
  await userEvent.click(quote);
  await waitFor(() => expect(item('q').dataset['highlighted']).toBe('true'));
  act(() => void backend.delete({ threadId: 'help', messageId: 'q' }));
  await settle();
  expect(screen.getByRole('button', { name: 'In reply to Ben: This message was deleted' })).toBeTruthy();
});

test('the replies open beside the conversation, are answered there, and Escape leads back to where one was', async () => {
  const backend = await open();
  const opener = within(item('q')).getByRole('button', { name: '1 reply' });
  await userEvent.click(opener);
  const panel = await screen.findByRole('dialog', { name: 'Replies' });
  await settle();
  await waitFor(() => expect(document.activeElement).toBe(panel));
  expect(item('q', panel).textContent).toContain('Which one?');
  expect(item('a1', panel).textContent).toContain('The first.');
  // What all of them answer is not said with each.
  expect(within(panel).queryByRole('button', { name: /^In reply to/ })).toBeNull();
  await userEvent.type(within(panel).getByRole('textbox', { name: 'Write a reply' }), 'Or the second{Enter}');
  await settle();
  expect(last(backend)).toMatchObject({ replyTo: { id: 'q', rootId: 'q' } });
  expect(within(panel).getByText('Or the second')).toBeTruthy();
  // It stands in the conversation as well.
  expect(screen.getAllByText('Or the second')).toHaveLength(2);
  act(() => void backend.receive({ threadId: 'help', author: 'ben', text: 'Fine', replyTo: 'a1' }));
  await settle();
  expect(within(panel).getByText('Fine')).toBeTruthy();
  expect(within(panel).getByRole('button', { name: 'In reply to You: The first.' })).toBeTruthy();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('dialog', { name: 'Replies' })).toBeNull();
  expect(document.activeElement).toBe(within(item('q')).getByRole('button', { name: '3 replies' }));
});

test('in the panel one answers and edits there, and not in the conversation', async () => {
  const backend = await open();
  await userEvent.click(screen.getByRole('button', { name: '1 reply' }));
  const panel = await screen.findByRole('dialog', { name: 'Replies' });
  await settle();
  await userEvent.hover(item('a1', panel));
  await userEvent.click(within(item('a1', panel)).getByRole('button', { name: 'Reply' }));
  expect(await within(panel).findByText('Replying to You')).toBeTruthy();
  expect(screen.getAllByText('Replying to You')).toHaveLength(1);
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByText('Replying to You')).toBeNull();
  expect(screen.getByRole('dialog', { name: 'Replies' })).toBe(panel);
  await userEvent.keyboard('{ArrowUp}');
  const editor = await within(panel).findByRole('textbox', { name: 'Edit message' });
  expect(screen.getAllByRole('textbox', { name: 'Edit message' })).toEqual([editor]);
  await userEvent.type(editor, '!{Enter}');
  await settle();
  expect(textOf(backend.messages('help')[1]?.parts ?? [])).toBe('The first.!');
});

test('the panel’s composer has a draft of its own', async () => {
  await open();
  await userEvent.type(composer(), 'for all');
  await userEvent.click(screen.getByRole('button', { name: '1 reply' }));
  const box = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Write a reply' });
  await screen.findByRole('dialog');
  await settle();
  expect(box().value).toBe('');
  await userEvent.type(box(), 'for some{Escape}');
  await userEvent.click(screen.getByRole('button', { name: '1 reply' }));
  await settle();
  expect(box().value).toBe('for some');
  expect(composer().value).toBe('for all');
});
