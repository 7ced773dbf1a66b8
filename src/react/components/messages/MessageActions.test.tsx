import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ChatBackend, MessageEntry } from '../../../client/index.ts';
import { ChatError, textOf, type FilePart } from '../../../protocol/index.ts';
import {
  createFakeBackend,
  createFakeFetchToken,
  createFakeMessage,
  type FakeBackend,
  type FakeBackendOptions,
} from '../../../testing/index.ts';
import { ChatProvider, type ChatProviderProps } from '../../ChatProvider.tsx';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { item, renderForAda, settle } from '../../test-fixtures.tsx';
import { MessageItem } from './MessageItem.tsx';
import { MessageList } from './MessageList.tsx';

// What is loaded first takes its time on a slow machine.
beforeAll(() => Promise.all([import('./MessageRows.tsx'), import('./some-parts.ts')]));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

let startEditLast: () => boolean = () => false;
function Hand() {
  const actions = useMessageActions('help');
  return (
    <i
      ref={() => {
        startEditLast = actions.startEditLast;
      }}
    />
  );
}

async function open(
  options: FakeBackendOptions = {},
  props: Partial<ChatProviderProps> = {},
  actions?: ChatBackend['actions'],
): Promise<FakeBackend> {
  const backend = createFakeBackend({
    users: [
      { id: 'ada', name: 'Ada' },
      { id: 'ben', name: 'Ben' },
    ],
    threads: [
      {
        id: 'help',
        messages: [
          { author: 'ben', text: 'Hello' },
          { author: 'ada', text: 'First thought' },
          { author: 'ben', text: 'And?' },
        ],
      },
    ],
    ...options,
  });
  render(
    <ChatProvider
      userId="ada"
      backend={actions ? { ...backend, actions } : backend}
      fetchToken={createFakeFetchToken({ userId: 'ada' })}
      {...props}
    >
      <MessageList threadId="help" />
      <Hand />
    </ChatProvider>,
  );
  await settle();
  return backend;
}

/** Opens the menu of a message by the keyboard alone. */
async function openMenu(id: string): Promise<HTMLElement> {
  act(() => item(id).focus());
  await userEvent.keyboard('{Enter}');
  return within(item(id)).findByRole('menu');
}

const MINE = 'help-2';
const THEIRS = 'help-1';

test('a deleted message keeps its place, and offers nothing', async () => {
  const backend = await open();
  act(() => void backend.delete({ threadId: 'help', messageId: THEIRS }));
  expect(item(THEIRS).dataset['deleted']).toBe('true');
  expect(item(THEIRS).textContent).toContain('This message was deleted');
  expect(within(item(THEIRS)).queryByRole('button')).toBeNull();
  expect(screen.getAllByRole('article')).toHaveLength(3);
});

test('what this kind of backend cannot do is not offered', async () => {
  await open({}, {}, ['editMessage']);
  const menu = await openMenu(MINE);
  const names = within(menu)
    .getAllByRole('menuitem')
    .map(({ textContent }) => textContent);
  expect(names.some((name) => name.startsWith('Edit'))).toBe(true);
  expect(names.filter((name) => /Delete|Pin|React|Reply/.test(name))).toEqual([]);
});

test('an edited message is marked, with the time in the title', async () => {
  const backend = await open();
  act(() => void backend.edit({ threadId: 'help', messageId: THEIRS, text: 'Hello there' }));
  expect(item(THEIRS).dataset['edited']).toBe('true');
  expect(within(item(THEIRS)).getByText('Edited').title).toMatch(/^Edited .*\d{4}/);
});

test('S7 a reaction is a toggle with its count and names, given and taken at once, by key', async () => {
  const backend = await open();
  act(() => void backend.react({ threadId: 'help', messageId: THEIRS, userId: 'ben', emoji: '👍' }));
  await settle();
  const chip = () => within(item(THEIRS)).getByRole('button', { name: /^👍/ });
  expect(chip().getAttribute('aria-pressed')).toBe('false');
  expect(chip()).toBe(within(item(THEIRS)).getByRole('button', { name: /^👍\s?1\s?Ben$/ }));
  backend.setFault('addReaction', 'never-answers');
  chip().focus();
  await userEvent.keyboard('{Enter}');
  expect([chip().title, chip().textContent, chip().getAttribute('aria-pressed')]).toEqual([
    'Ben and you',
    '👍2Ben and you',
    'true',
  ]);
  expect(document.activeElement).toBe(chip());
  act(() => backend.setFault('addReaction', null));
  await settle();
  await userEvent.click(chip());
  await settle();
  expect(chip().getAttribute('aria-pressed')).toBe('false');
  expect(backend.messages('help')[0]?.reactions).toEqual([{ emoji: '👍', count: 1, userIds: ['ben'] }]);
});

test('one reaction re-renders the row of its message alone', async () => {
  const renders: string[] = [];
  const backend = await open(
    {},
    {
      components: {
        MessageItem: (props) => {
          renders.push(props.entry.message.id);
          return <MessageItem {...props} />;
        },
      },
    },
  );
  renders.length = 0;
  act(() => void backend.react({ threadId: 'help', messageId: THEIRS, userId: 'ben', emoji: '👍' }));
  await settle();
  expect(new Set(renders)).toEqual(new Set([THEIRS]));
});

test('L11 arrow keys lead from message to message, Escape back to the list', async () => {
  await open();
  const log = screen.getByRole('log');
  act(() => log.focus());
  await userEvent.keyboard('{ArrowUp}');
  expect(document.activeElement).toBe(item('help-3'));
  await userEvent.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}');
  expect(document.activeElement).toBe(item('help-1'));
  await userEvent.keyboard('{ArrowDown}');
  expect(document.activeElement).toBe(item('help-2'));
  await userEvent.keyboard('{Escape}');
  expect(document.activeElement).toBe(log);
});

test('the menu moves by keys, copies, and gives the focus back', async () => {
  const user = userEvent.setup();
  await open();
  act(() => item(THEIRS).focus());
  await user.keyboard('{Enter}');
  const menu = await within(item(THEIRS)).findByRole('menu');
  const names = within(menu)
    .getAllByRole('menuitem')
    .map((entry) => entry.textContent);
  expect(names).toEqual(['React', 'Reply', 'Copy text', 'Copy link', 'Report…']);
  expect(document.activeElement?.textContent).toBe('React');
  await user.keyboard('{ArrowUp}');
  expect(document.activeElement?.textContent).toBe('Report…');
  await user.keyboard('{Home}c{Enter}');
  expect(await navigator.clipboard.readText()).toBe('Hello');
  expect(within(menu).getByRole('menuitem', { name: 'Copied' })).toBeTruthy();
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('menu')).toBeNull();
  expect(document.activeElement).toBe(item(THEIRS));
});

test('deleting asks first, and keeps the focus at the message', async () => {
  const backend = await open();
  await openMenu(MINE);
  await userEvent.keyboard('{End}{Enter}');
  const question = screen.getByRole('alertdialog', { name: 'Delete this message?' });
  expect(document.activeElement?.textContent).toBe('Cancel');
  await userEvent.keyboard('{Enter}');
  expect(screen.queryByRole('alertdialog')).toBeNull();
  expect(document.activeElement).toBe(item(MINE));
  expect(question.isConnected).toBe(false);

  await openMenu(MINE);
  await userEvent.keyboard('{End}{Enter}');
  await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
  expect(item(MINE).dataset['deleted']).toBe('true');
  expect(document.activeElement).toBe(item(MINE));
  await settle();
  expect(backend.messages('help')[1]?.deletedAt).not.toBeNull();
});

test('S7 a refused deletion comes back, says why, and can be forgotten', async () => {
  await open({ faults: { deleteMessage: 'action_forbidden' } });
  await openMenu(MINE);
  await userEvent.keyboard('{End}{Enter}');
  await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
  await settle();
  expect(item(MINE).dataset).toMatchObject({ deleted: 'false', change: 'delete', changeStatus: 'failed' });
  expect(item(MINE).textContent).toContain('Not deleted · ');
  await userEvent.click(within(item(MINE)).getByRole('button', { name: 'Discard' }));
  expect(item(MINE).dataset['change']).toBeUndefined();
});

async function edit(): Promise<HTMLTextAreaElement> {
  act(() => void startEditLast());
  return screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Edit message' });
}

test('S5 a message is edited in its place: Enter saves, Shift+Enter breaks, the focus comes back', async () => {
  const backend = await open();
  const box = await edit();
  expect(document.activeElement).toBe(box);
  expect(item(MINE).contains(box)).toBe(true);
  await userEvent.clear(box);
  await userEvent.keyboard('one{Shift>}{Enter}{/Shift}two');
  fireEvent.keyDown(box, { key: 'Enter', isComposing: true });
  fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
  expect(box.isConnected).toBe(true);
  await userEvent.keyboard('{Enter}');
  expect(box.isConnected).toBe(false);
  expect(document.activeElement).toBe(item(MINE));
  await settle();
  expect(textOf(backend.messages('help')[1]?.parts ?? [])).toBe('one\ntwo');
});

test('an edit is given up by Escape; empty and too long ones say so and stay', async () => {
  const backend = await open();
  const box = await edit();
  await userEvent.clear(box);
  await userEvent.keyboard('{Enter}');
  expect(screen.getByRole('alert').textContent).toContain('The message is empty.');
  fireEvent.change(box, { target: { value: 'x'.repeat(10_003) } });
  expect(screen.getByRole('alert').textContent).toContain('Too long by 3 characters.');
  await userEvent.keyboard('{Enter}');
  expect(box.isConnected).toBe(true);
  await userEvent.keyboard('{Escape}');
  expect(document.activeElement).toBe(item(MINE));
  expect(item(MINE).textContent).toContain('First thought');
  expect((await edit()).value).toBe('First thought');
  expect(backend.requests.some(({ name }) => name === 'editMessage')).toBe(false);
});

test('S7 a refused edit says why, and its words are in the editor again', async () => {
  const backend = await open({ faults: { editMessage: 'action_forbidden' } });
  const box = await edit();
  await userEvent.clear(box);
  await userEvent.keyboard('Second thought{Enter}');
  await settle();
  expect(item(MINE).dataset).toMatchObject({ change: 'edit', changeStatus: 'failed' });
  expect(item(MINE).textContent).toContain('First thought');
  expect(item(MINE).textContent).toContain('Change not saved · ');
  await userEvent.click(within(item(MINE)).getByRole('button', { name: 'Edit again' }));
  expect((await screen.findByRole<HTMLTextAreaElement>('textbox')).value).toBe('Second thought');
  backend.setFault('editMessage', null);
  await userEvent.keyboard('{Enter}');
  await settle();
  expect(textOf(backend.messages('help')[1]?.parts ?? [])).toBe('Second thought');
});

test('the picker opens from the toolbar, searches, moves by keys, and gives what is chosen', async () => {
  const backend = await open();
  await userEvent.hover(item(THEIRS));
  await userEvent.click(within(item(THEIRS)).getByRole('button', { name: 'React', hidden: true }));
  const picker = await screen.findByRole('dialog', { name: 'React' });
  expect(document.activeElement?.getAttribute('aria-label')).toBe('thumbs up');
  await userEvent.keyboard('{ArrowRight}{ArrowDown}{ArrowRight}');
  expect(document.activeElement?.getAttribute('aria-label')).toBe('smiling eyes');
  await userEvent.keyboard('rocket');
  expect(within(picker).getByRole<HTMLInputElement>('searchbox').value).toBe('rocket');
  expect(
    within(picker)
      .getAllByRole('button')
      .map((button) => button.textContent),
  ).toEqual(['🚀']);
  await userEvent.keyboard('xx');
  expect(within(picker).getByRole('status').textContent).toBe('No emoji found');
  await userEvent.keyboard('{Backspace}{Backspace}{Enter}');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(item(THEIRS));
  await settle();
  expect(backend.messages('help')[0]?.reactions).toEqual([{ emoji: '🚀', count: 1, userIds: ['ada'] }]);
});

test('who may only read is offered to copy and to report, and nothing else', async () => {
  await open({
    threads: [
      { id: 'help', members: [{ id: 'ada', role: 'readonly' }, 'ben'], messages: [{ author: 'ben', text: 'Hi' }] },
    ],
  });
  expect(within(item(THEIRS)).queryByRole('button', { name: 'React', hidden: true })).toBeNull();
  const menu = await openMenu(THEIRS);
  expect(
    within(menu)
      .getAllByRole('menuitem')
      .map((entry) => entry.textContent),
  ).toEqual(['Copy text', 'Copy link', 'Report…']);
});

const file = (part: Partial<FilePart>): FilePart => ({
  type: 'file',
  attachmentId: 'a1',
  mediaType: 'image/png',
  filename: 'receipt.png',
  size: 1_240_000,
  width: 1200,
  height: 800,
  url: 'https://files.example/a1?sig=1',
  urlExpiresAt: Date.now() + 60_000,
  ...part,
});

async function openFile(part: FilePart, options: FakeBackendOptions = {}): Promise<FakeBackend> {
  const backend = createFakeBackend({ threads: [{ id: 'help' }], ...options });
  const entry: MessageEntry = {
    message: createFakeMessage({ threadId: 'help', parts: [part] }),
    delivery: 'sent',
    error: null,
    mine: false,
    change: null,
  };
  renderForAda(backend, <MessageItem entry={entry} continued={false} onRetry={() => {}} onDiscard={() => {}} />, {
    locale: 'en',
  });
  await settle();
  return backend;
}

test('a picture has its place before it is there, and opens in full size', async () => {
  await openFile(file({}));
  const link = screen.getByRole<HTMLAnchorElement>('link', { name: 'receipt.png, open in full size' });
  expect(link.style.aspectRatio).toBe('1200 / 800');
  expect(link.style.width).toBe('400px');
  expect([link.target, link.rel]).toEqual(['_blank', 'noopener noreferrer']);
  const image = within(link).getByRole<HTMLImageElement>('img', { name: 'receipt.png', hidden: true });
  expect([image.getAttribute('loading'), image.src]).toEqual(['lazy', 'https://files.example/a1?sig=1']);
});

test('what could hold a script is a card to download, with its size; never in the page', async () => {
  await openFile(file({ mediaType: 'text/html', filename: 'page.html', width: null, height: null }));
  const link = screen.getByRole<HTMLAnchorElement>('link', { name: 'page.html 1.2 MB' });
  expect(link.download).toBe('page.html');
  cleanup();
  await openFile(file({ mediaType: 'image/svg+xml', filename: 'logo.svg' }));
  expect(document.querySelector('img, iframe, object, embed')).toBeNull();
  cleanup();
  await openFile(file({ mediaType: 'application/pdf', url: 'javascript:alert(1)' }));
  expect(screen.getByRole<HTMLAnchorElement>('link').getAttribute('href')).toBe('#');
});

test('a file that is in the message itself is downloaded from there; no page is smuggled in as a picture', async () => {
  const url = 'data:text/plain;base64,eA==';
  await openFile(file({ mediaType: 'text/plain', filename: 'note.txt', url }));
  const link = screen.getByRole<HTMLAnchorElement>('link');
  expect([link.getAttribute('href'), link.download]).toEqual([url, 'note.txt']);
  cleanup();
  await openFile(file({ url: 'data:text/html,<script>alert(1)</script>' }));
  expect(document.querySelector('a.lk-file')?.hasAttribute('href')).toBe(false);
  expect(document.querySelector('img')).toBeNull();
});

test('a lapsed link is renewed before it is used, and a refused one once', async () => {
  const backend = await openFile(file({ urlExpiresAt: Date.now() - 1 }), {
    faults: { attachmentLink: new ChatError('action_forbidden', 'No.') },
  });
  const asked = () => backend.requests.filter(({ name }) => name === 'attachmentLink').length;
  await waitFor(() => expect(asked()).toBe(1));
  await settle();
  expect(document.querySelector('img')).toBeNull();
  expect(screen.getByText('This file could not be loaded.')).toBeTruthy();
  cleanup();

  const second = await openFile(file({}), { faults: { attachmentLink: 'never-answers' } });
  const image = screen.getByRole('img', { hidden: true });
  expect(second.requests.some(({ name }) => name === 'attachmentLink')).toBe(false);
  fireEvent.error(image);
  await settle();
  expect(second.requests.filter(({ name }) => name === 'attachmentLink')).toHaveLength(1);
});
