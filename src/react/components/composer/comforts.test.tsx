import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { mentionsOf, textOf, type ChatUser } from '../../../protocol/index.ts';
import { createFakeBackend, createFakeFetchToken, type FakeBackend } from '../../../testing/index.ts';
import { ChatProvider, type ChatProviderProps } from '../../ChatProvider.tsx';
import type { ChatCommand } from '../../composer-options.ts';
import { settle } from '../../test-fixtures.tsx';
import { MessageContent } from '../messages/MessageContent.tsx';
import { ThreadList } from '../threads/ThreadList.tsx';
import { MessageComposer } from './MessageComposer.tsx';

afterEach(() => {
  cleanup();
  localStorage.clear();
});

const office = () =>
  createFakeBackend({
    users: [
      { id: 'u1', name: 'Ada Osei' },
      { id: 'u2', name: 'Adèle Roy' },
      { id: 'u3', name: 'Ben' },
    ],
    threads: [
      { id: 'help', title: 'Help desk', members: ['me', 'u1', 'u2', 'u3'] },
      { id: 'ops', title: 'Ops', members: ['me'] },
    ],
  });

async function open(provider: Partial<ChatProviderProps> = {}, backend: FakeBackend = office()) {
  const kept = { ...backend, address: () => 'https://chat.example' };
  const { userId = 'me' } = provider;
  render(
    <ChatProvider
      backend={kept}
      fetchToken={createFakeFetchToken({ userId: userId ?? '' })}
      {...provider}
      userId={userId}
    >
      <ThreadList />
      <MessageComposer threadId="help" />
    </ChatProvider>,
  );
  await settle();
  return { backend, box: screen.getByRole<HTMLTextAreaElement>('textbox', { name: /^Message/ }) };
}

const list = (name = 'People to mention') => screen.findByRole('listbox', { name });
const chosen = (box: HTMLElement) =>
  document.getElementById(box.getAttribute('aria-activedescendant') ?? '')?.textContent;

test('@ opens a list of the members; arrows choose, Enter takes, and the message names the person by the id', async () => {
  const { backend, box } = await open();
  await userEvent.type(box, 'Hi @ad');
  const people = await list();
  expect(
    within(people)
      .getAllByRole('option')
      .map(({ textContent }) => textContent),
  ).toHaveLength(2);
  expect(box.getAttribute('aria-controls')).toBe(people.id);
  const first = chosen(box);
  await userEvent.keyboard('{ArrowDown}');
  expect(chosen(box)).not.toBe(first);
  await userEvent.keyboard('{ArrowUp}{Enter}');
  expect(box.value).toBe('Hi @Ada Osei ');
  expect(screen.queryByRole('listbox')).toBeNull();
  expect(document.activeElement).toBe(box);
  await userEvent.keyboard('look{Enter}');
  await settle();
  const [message] = backend.messages('help');
  expect(textOf(message?.parts ?? [])).toBe('Hi @Ada Osei look');
  expect(mentionsOf(message?.parts ?? [])).toEqual([{ userId: 'u1', label: 'Ada Osei' }]);
});

test('where the backend looks for what can be mentioned, it is asked in place of the members, and the newest answer counts', async () => {
  const answers = new Map<string, (people: ChatUser[]) => void>();
  const searchMentions = vi.fn(
    (query: string, _: { threadId: string; signal: AbortSignal }) =>
      new Promise<ChatUser[]>((resolve) => answers.set(query, resolve)),
  );
  const { backend, box } = await open({}, Object.assign(office(), { searchMentions }));
  await userEvent.type(box, 'Ask @ad');
  await vi.waitFor(() => expect(searchMentions.mock.lastCall).toMatchObject(['ad', { threadId: 'help' }]));
  expect(screen.queryByRole('listbox')).toBeNull();
  await userEvent.type(box, 'm');
  await vi.waitFor(() => expect(searchMentions.mock.lastCall?.[0]).toBe('adm'));
  expect(searchMentions.mock.calls.at(-2)?.[1].signal.aborted).toBe(true);
  await act(async () => {
    answers.get('ad')?.([{ id: 'old', name: 'Adam', avatarUrl: null }]);
    answers.get('adm')?.([{ id: 'acme', name: 'Admin Tools', avatarUrl: null }]);
    await Promise.resolve();
  });
  const options = within(await list()).getAllByRole('option');
  expect(options).toHaveLength(1);
  await userEvent.keyboard('{Enter}');
  expect(box.value).toBe('Ask @Admin Tools ');
  await userEvent.keyboard('now{Enter}');
  await settle();
  const message = backend.messages('help').at(-1);
  expect(mentionsOf(message?.parts ?? [])).toMatchObject([{ userId: 'acme', label: 'Admin Tools' }]);
});

test('Escape closes the list and nothing else; a name that was taken out again mentions nobody', async () => {
  const { backend, box } = await open();
  const onKeyDown = vi.fn();
  document.addEventListener('keydown', onKeyDown);
  await userEvent.type(box, '@ben');
  await list();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('listbox')).toBeNull();
  expect(box.value).toBe('@ben');
  await userEvent.clear(box);
  await userEvent.type(box, '@ben');
  await list();
  await userEvent.keyboard('{Tab}');
  expect(box.value).toBe('@Ben ');
  fireEvent.change(box, { target: { value: 'nobody' } });
  await userEvent.keyboard('{Enter}');
  await settle();
  expect(backend.messages('help')[0]?.parts).toEqual([{ type: 'text', text: 'nobody' }]);
  document.removeEventListener('keydown', onKeyDown);
});

test('a mention shows the name of today, and one’s own stands out', () => {
  const mentions = [
    { userId: 'me', label: 'Me', name: 'Myself' },
    { userId: 'u3', label: 'Ben' },
  ];
  render(
    <ChatProvider userId="me" backend={office()} fetchToken={createFakeFetchToken({ userId: 'me' })}>
      <MessageContent parts={[{ type: 'text', text: 'Ask @Me or @Ben', mentions }]} />
    </ChatProvider>,
  );
  expect(screen.getByText('@Myself').dataset['me']).toBe('true');
  expect(screen.getByText('@Ben').dataset['me']).toBe('false');
});

test('/ lists the commands; one without an argument runs at once, another waits for it', async () => {
  const find = vi.fn();
  const commands: ChatCommand[] = [
    { name: 'shrug', description: 'Adds a shrug', run: ({ insert }) => insert('¯\\_(ツ)_/¯') },
    { name: 'find', description: 'Looks for words', argument: 'words', run: find },
  ];
  const { backend, box } = await open({ composer: { commands } });
  await userEvent.type(box, '/sh');
  await list('Commands');
  await userEvent.keyboard('{Enter}');
  expect(box.value).toBe('¯\\_(ツ)_/¯');
  await userEvent.clear(box);
  await userEvent.type(box, '/f');
  await list('Commands');
  await userEvent.keyboard('{Enter}');
  expect(box.value).toBe('/find ');
  await userEvent.keyboard('lost words{Enter}');
  expect(find.mock.calls[0]?.[0]).toMatchObject({ threadId: 'help', argument: 'lost words' });
  expect(box.value).toBe('');
  await userEvent.keyboard('/unknown{Enter}');
  await settle();
  expect(backend.messages('help').map(({ parts }) => textOf(parts))).toEqual(['/unknown']);
});

test('with sendKey mod-enter, Enter breaks the line', async () => {
  const { backend, box } = await open({ composer: { sendKey: 'mod-enter' } });
  await userEvent.type(box, 'one{Enter}two{Control>}{Enter}{/Control}');
  await settle();
  expect(backend.messages('help').map(({ parts }) => textOf(parts))).toEqual(['one\ntwo']);
});

test('an emoji goes in where the cursor is', async () => {
  const { box } = await open();
  await userEvent.type(box, 'ab');
  box.setSelectionRange(1, 1);
  await userEvent.click(await screen.findByRole('button', { name: 'Insert emoji' }));
  const [heart] = await screen.findAllByRole('button', { name: 'red heart' });
  await userEvent.click(heart as HTMLElement);
  expect(box.value).toBe('a❤️b');
  expect(document.activeElement).toBe(box);
});

test('a draft is there after a reload, marked in the list, for this person alone', async () => {
  const { box } = await open();
  await userEvent.type(box, 'not yet');
  cleanup();
  const again = await open();
  expect(again.box.value).toBe('not yet');
  expect(screen.getByText('Draft').parentElement?.textContent).toBe('Draft not yet');
  cleanup();
  expect((await open({ userId: 'u1' })).box.value).toBe('');
  cleanup();
  const sent = await open();
  await userEvent.type(sent.box, '{Enter}');
  expect(localStorage).toHaveLength(0);
  expect(screen.queryByText('Draft')).toBeNull();
});

test('dictation is offered only where it is asked for and the browser can', async () => {
  const heard: { onresult?: (event: object) => void; onerror?: (event: object) => void; onend?: () => void } = {};
  class SpeechRecognition {
    start = vi.fn();
    stop = () => heard.onend?.();
    abort = vi.fn();
    constructor() {
      Object.assign(heard, { set: this });
      return new Proxy(this, {
        set: (target, key, value) => Reflect.set(heard, key, value) && Reflect.set(target, key, value),
      });
    }
  }
  await open({ composer: { dictation: true } });
  expect(screen.queryByRole('button', { name: 'Dictate' })).toBeNull();
  cleanup();
  vi.stubGlobal('SpeechRecognition', SpeechRecognition);
  await open();
  expect(screen.queryByRole('button', { name: 'Dictate' })).toBeNull();
  cleanup();
  const { box } = await open({ composer: { dictation: true } });
  await userEvent.click(await screen.findByRole('button', { name: 'Dictate' }));
  expect(screen.getByText('Listening…')).toBeTruthy();
  act(() =>
    heard.onresult?.({ resultIndex: 0, results: [Object.assign([{ transcript: 'hello' }], { isFinal: true })] }),
  );
  expect(box.value).toBe('hello ');
  act(() => heard.onerror?.({ error: 'not-allowed' }));
  expect(screen.getByText(/microphone is blocked/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Stop dictating' }));
  expect(screen.getByRole('button', { name: 'Dictate' })).toBeTruthy();
  vi.unstubAllGlobals();
});
