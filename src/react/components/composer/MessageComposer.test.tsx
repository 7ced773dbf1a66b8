import { act, cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { createRef } from 'react';
import { afterEach, expect, test } from 'vitest';
import { textOf } from '../../../protocol/index.ts';
import { createFakeBackend, createFakeFetchToken, type FakeBackend } from '../../../testing/index.ts';
import { ChatProvider } from '../../ChatProvider.tsx';
import { settle } from '../../test-fixtures.tsx';
import { MessageComposer } from './MessageComposer.tsx';

afterEach(cleanup);

async function open(backend: FakeBackend, props: { threadId?: string; maxLength?: number } = {}) {
  const tree = (threadId: string) => (
    <ChatProvider userId="ada" backend={backend} fetchToken={createFakeFetchToken({ userId: 'ada' })}>
      <MessageComposer threadId={threadId} maxLength={props.maxLength} />
    </ChatProvider>
  );
  const view = render(tree(props.threadId ?? 'help'));
  await settle();
  return { box: screen.getByRole<HTMLTextAreaElement>('textbox'), show: (id: string) => view.rerender(tree(id)) };
}

const helpDesk = () =>
  createFakeBackend({
    threads: [
      { id: 'help', title: 'Help desk' },
      { id: 'ops', title: 'Ops' },
    ],
  });
const texts = (backend: FakeBackend, threadId = 'help') =>
  backend.messages(threadId).map((message) => textOf(message.parts));

test('Enter sends and empties the box, Shift+Enter breaks the line', async () => {
  const backend = helpDesk();
  const { box } = await open(backend);
  expect(box.placeholder).toBe('Write to Help desk');
  await userEvent.type(box, 'one{Shift>}{Enter}{/Shift}two{Enter}');
  await settle();
  expect(texts(backend)).toEqual(['one\ntwo']);
  expect(box.value).toBe('');
});

test('the button sends too, and does nothing for blanks', async () => {
  const backend = helpDesk();
  const { box } = await open(backend);
  await userEvent.type(box, '   ');
  await userEvent.click(screen.getByRole('button', { name: 'Send' }));
  expect(box.value).toBe('   ');
  await userEvent.type(box, 'hello ');
  await userEvent.click(screen.getByRole('button', { name: 'Send' }));
  await settle();
  expect(texts(backend)).toEqual(['   hello']);
});

test('S5 Enter twice sends once, before any render between them, and while the key is held', async () => {
  const backend = helpDesk();
  const { box } = await open(backend);
  fireEvent.change(box, { target: { value: 'once' } });
  act(() => {
    fireEvent.keyDown(box, { key: 'Enter' });
    fireEvent.keyDown(box, { key: 'Enter' });
  });
  fireEvent.change(box, { target: { value: 'held' } });
  fireEvent.keyDown(box, { key: 'Enter', repeat: true });
  await settle();
  expect(texts(backend)).toEqual(['once']);
  expect(box.value).toBe('held');
});

test('S5 Enter that ends a composition sends nothing', async () => {
  const backend = helpDesk();
  const { box } = await open(backend);
  fireEvent.change(box, { target: { value: 'にほん' } });
  fireEvent(box, createEvent.keyDown(box, { key: 'Enter', isComposing: true }));
  fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
  await settle();
  expect(texts(backend)).toEqual([]);
  fireEvent.keyDown(box, { key: 'Enter', keyCode: 13 });
  await settle();
  expect(texts(backend)).toEqual(['にほん']);
});

test('a text over the limit is kept, refused with a reason tied to the box, and nothing is sent', async () => {
  const backend = helpDesk();
  const { box } = await open(backend, { maxLength: 20 });
  fireEvent.change(box, { target: { value: 'x'.repeat(17) } });
  expect(box.getAttribute('aria-describedby')).toBeNull();
  fireEvent.change(box, { target: { value: 'x'.repeat(18) } });
  const described = () => document.getElementById(box.getAttribute('aria-describedby') ?? '')?.textContent;
  expect(described()).toBe('18 of 20 characters');
  expect(box.getAttribute('aria-invalid')).toBeNull();
  fireEvent.change(box, { target: { value: 'x'.repeat(21) } });
  fireEvent.keyDown(box, { key: 'Enter' });
  await settle();
  expect(described()).toBe('Too long by 1 character. Shorten it, or send it in two.');
  expect(box.getAttribute('aria-invalid')).toBe('true');
  expect(box.value).toHaveLength(21);
  expect(backend.requests.filter(({ name }) => name === 'sendMessage')).toEqual([]);
});

test('offline the draft stays and a send waits until the line is back', async () => {
  const backend = helpDesk();
  const { box } = await open(backend);
  await userEvent.type(box, 'draft');
  act(() => backend.goOffline());
  expect(box.value).toBe('draft');
  expect(box.disabled).toBe(false);
  await userEvent.type(box, '{Enter}');
  await settle();
  expect(texts(backend)).toEqual([]);
  act(() => backend.goOnline());
  await settle();
  expect(texts(backend)).toEqual(['draft']);
});

test('each thread keeps its own draft', async () => {
  const { box, show } = await open(helpDesk());
  await userEvent.type(box, 'for the desk');
  show('ops');
  await settle();
  expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('');
  show('help');
  await settle();
  expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('for the desk');
});

test('where one may not write, the box is disabled and says why', async () => {
  const backend = createFakeBackend({ threads: [{ id: 'board', title: 'Board', members: ['ben'] }] });
  const { box } = await open(backend, { threadId: 'board' });
  expect(box.disabled).toBe(true);
  expect(box.placeholder).toBe('You may not write here.');
});

test('its ref is the text area', () => {
  const ref = createRef<HTMLTextAreaElement>();
  render(
    <ChatProvider userId={null}>
      <MessageComposer threadId="help" ref={ref} />
    </ChatProvider>,
  );
  expect(ref.current?.tagName).toBe('TEXTAREA');
});
