// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { createFakeBackend, createFakeFetchToken, type FakeAnswer, type FakeBackend } from '../../../testing/index.ts';
import { ChatProvider, type ChatProviderProps } from '../../ChatProvider.tsx';
import { ChatWindow } from '../window/ChatWindow.tsx';

afterEach(cleanup);

/** Something happens on the far side, and React has taken it in by the time that this resolves. */
const doing = <T,>(work: () => T): Promise<T> => act(() => Promise.resolve(work()));

async function open(links?: ChatProviderProps['links']) {
  const backend = createFakeBackend({
    users: [{ id: 'bot', name: 'Botty' }],
    threads: [{ id: 'help', messages: [{ author: 'ada', text: 'Hi there', id: 'm1' }] }],
  });
  const Weather = ({ part }: { part: object }) => <p>Weather: {JSON.stringify((part as { data: unknown }).data)}</p>;
  const parts = { 'data-weather': Weather };
  render(
    <ChatProvider
      userId="ada"
      backend={backend}
      fetchToken={createFakeFetchToken({ userId: 'ada' })}
      parts={parts}
      links={links}
    >
      <ChatWindow threadId="help" />
    </ChatProvider>,
  );
  await screen.findByText('Hi there');
  return backend;
}

test('an answer thinks, speaks, shows what it did, and ends', async () => {
  const backend = await open();
  const answer = await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' }));
  expect((await screen.findAllByText('Thinking…')).length).toBeGreaterThan(0);
  await doing(() => {
    answer.write(
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: 'Let me see' },
      { type: 'reasoning-end', id: 'r' },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'It is **war' },
    );
  });
  expect(await screen.findByText('war')).toBeTruthy();
  expect(screen.getByText('Reasoning')).toBeTruthy();
  await doing(() => {
    answer.write(
      { type: 'text-delta', id: 't', delta: 'm** there' },
      { type: 'text-end', id: 't' },
      { type: 'data-weather', data: 31 },
      { type: 'source-url', sourceId: 's', url: 'https://example.com/a', title: 'Almanac' },
      { type: 'source-url', sourceId: 'x', url: 'javascript:alert(1)', title: 'Trap' },
    );
    answer.end();
  });
  expect(await screen.findByText('warm')).toBeTruthy();
  expect(screen.getByText('Weather: 31')).toBeTruthy();
  expect(screen.getByRole('link', { name: /Almanac/ }).getAttribute('href')).toBe('https://example.com/a');
  expect(screen.queryByRole('link', { name: /Trap/ })).toBeNull();
  expect(screen.getByText('The answer is there.')).toBeTruthy();
});

test('files that a model made are shown where they come, also those that are kept as data', async () => {
  const backend = await open();
  const answer = await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' }));
  await doing(() =>
    answer.write(
      { type: 'file', url: 'https://files.example/made', mediaType: 'image/png' },
      { type: 'data-file', data: { url: 'https://files.example/plan.pdf', mediaType: 'application/pdf' } },
      { type: 'data-file', data: { url: 7 } },
      { type: 'data-file', data: null },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'There.' },
    ),
  );
  const picture = await screen.findByRole('link', { name: 'Picture, open in full size' });
  expect(picture.querySelector('img')?.getAttribute('src')).toBe('https://files.example/made');
  expect(picture.style.width).toMatch(/^\d+px$/);
  const files = screen.getAllByRole('link', { name: /full size|plan\.pdf/ });
  expect(files.map((link) => link.getAttribute('href'))).toEqual([
    'https://files.example/made',
    'https://files.example/plan.pdf',
  ]);
  expect(picture.compareDocumentPosition(screen.getByText('There.'))).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  await doing(() => answer.end());
  await screen.findByText('There.');
  expect(screen.getAllByRole('link', { name: /full size|plan\.pdf/ })).toHaveLength(2);
});

test('a tool asks, and the person’s word goes to the server with the reason', async () => {
  const backend = await open();
  const answer = await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' }));
  await doing(() => {
    answer.write(
      { type: 'tool-input-available', toolCallId: 'c', toolName: 'pay', input: { euros: 5 } },
      { type: 'tool-approval-request', toolCallId: 'c', approvalId: 'p1' },
    );
    answer.end();
  });
  await userEvent.type(await screen.findByLabelText('Reason, if you like'), 'too dear');
  await userEvent.click(screen.getByRole('button', { name: 'Deny' }));
  expect(await screen.findByText('pay was not allowed')).toBeTruthy();
  expect(backend.messages('help').at(-1)?.parts).toMatchObject([
    { state: 'approval-responded', approval: { id: 'p1', approved: false, reason: 'too dear' } },
  ]);
});

test('S8 the composer stops an answer while it grows, and one that failed can be asked for again', async () => {
  const backend = await open();
  await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Stop the answer' }));
  expect(await screen.findByText('Stopped')).toBeTruthy();
  const second = await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a2' }));
  await doing(() => second.end('answer_failed'));
  expect(await screen.findByText(/Something went wrong|could not be finished/)).toBeTruthy();
  await userEvent.click(screen.getAllByRole('button', { name: 'Retry' }).at(-1)!);
  expect(backend.requests.at(-1)).toMatchObject({ name: 'retryAnswer', messageId: 'a2' });
});

test('a number in brackets that a source has is a mark that shows it; any other stays as it is', async () => {
  const backend = await open();
  const answer = await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' }));
  await doing(() => {
    answer.write(
      { type: 'source-url', sourceId: 's', url: 'https://example.com/guide', title: 'Almanac' },
      { type: 'source-url', sourceId: 'x', url: 'javascript:alert(1)', title: 'Trap' },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'Warm [1], they say [2], but see [3] and `[1]`.' },
      { type: 'text-end', id: 't' },
    );
    answer.end();
  });
  const mark = await screen.findByRole('button', { name: 'Source 1: Almanac' });
  expect(mark.closest('p')?.textContent).toBe('Warm 1, they say 2, but see [3] and [1].');
  await userEvent.click(mark);
  const card = screen.getByRole('dialog', { name: 'Source 1: Almanac' });
  expect(card.querySelector('a')?.getAttribute('href')).toBe('https://example.com/guide');
  await userEvent.tab();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(mark);
  await userEvent.click(screen.getByRole('button', { name: 'Source 2: Trap' }));
  expect(screen.getByRole('dialog', { name: 'Source 2: Trap' }).querySelector('a')).toBeNull();
});

test('where the sources of an answer lead is for the app’s own policy of links to say, as for its words', async () => {
  const backend = await open({ protocols: ['https:', 'mailto:'] });
  const answer = await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' }));
  await doing(() => {
    answer.write(
      { type: 'source-url', sourceId: '1', url: 'http://example.com/', title: 'Unsafe' },
      { type: 'source-url', sourceId: '2', url: 'mailto:ada@example.com', title: 'Ada' },
      { type: 'source-url', sourceId: '3', url: 'mailto:ben@example.com' },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'As [1] and [2] say; see [this](http://example.com/).' },
      { type: 'text-end', id: 't' },
    );
    answer.end();
  });
  expect((await screen.findByText('Unsafe')).closest('a')).toBeNull();
  expect(screen.getByRole('link', { name: 'Ada' }).getAttribute('href')).toBe('mailto:ada@example.com');
  expect(screen.getByRole('link', { name: 'mailto:ben@example.com' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Source 1: Unsafe' }));
  expect(screen.getByRole('dialog').querySelector('a')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Source 2: Ada' }));
  const card = screen.getByRole('dialog', { name: 'Source 2: Ada' });
  expect(card.querySelector('a')?.textContent).toBe('ada@example.com');
});

/** An answer that has ended. */
async function answered(backend: FakeBackend, text = 'It is warm'): Promise<FakeAnswer> {
  const answer = await doing(() => backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' }));
  await doing(() => {
    answer.write(
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: text },
      { type: 'text-end', id: 't' },
    );
    answer.end();
  });
  await screen.findByText(text);
  // What one can do with it comes with its end, which is told after its words.
  await screen.findByRole('button', { name: 'Good answer' });
  return answer;
}
const requested = (backend: FakeBackend, name: string) => backend.requests.filter((request) => request.name === name);

test('what one thinks of an answer is asked for once, said, explained and taken back', async () => {
  const backend = await open();
  await answered(backend);
  const [good, bad] = ['Good answer', 'Bad answer'].map((name) => screen.getByRole('button', { name }));
  await userEvent.hover(good!);
  await userEvent.hover(bad!);
  expect(requested(backend, 'rateAnswer')).toHaveLength(1);
  await userEvent.click(good!);
  expect(good!.getAttribute('aria-pressed')).toBe('true');
  await userEvent.click(bad!);
  expect(good!.getAttribute('aria-pressed')).toBe('false');
  await userEvent.type(screen.getByRole('textbox', { name: 'What was wrong with it?' }), 'It is cold{Enter}');
  expect(await screen.findByText('Thank you.')).toBeTruthy();
  expect(document.activeElement).toBe(bad);
  await userEvent.click(bad!);
  expect(bad!.getAttribute('aria-pressed')).toBe('false');
  expect(requested(backend, 'rateAnswer').map(({ rating }) => rating)).toEqual([
    undefined,
    { value: 'good', reason: null },
    { value: 'bad', reason: null },
    { value: 'bad', reason: 'It is cold' },
    { value: null, reason: null },
  ]);
});

test('a refused rating is taken back, and said', async () => {
  const backend = await open();
  await answered(backend);
  backend.setFault('rateAnswer', 'action_forbidden');
  const good = screen.getByRole('button', { name: 'Good answer' });
  await userEvent.click(good);
  await vi.waitFor(() => expect(good.getAttribute('aria-pressed')).toBe('false'));
});

test('an answer is given anew, and what it said before can be paged back to', async () => {
  const backend = await open();
  await answered(backend);
  await userEvent.click(screen.getByRole('button', { name: 'Answer again' }));
  expect((await screen.findAllByText('Thinking…')).length).toBeGreaterThan(0);
  expect(screen.queryByText('It is warm')).toBeNull();
  const again = backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' });
  await doing(() => {
    again.write(
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'It is cold' },
      { type: 'text-end', id: 't' },
    );
    again.end();
  });
  expect(await screen.findByText('It is cold')).toBeTruthy();
  expect(await screen.findByText('2 of 2')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Earlier attempt' }));
  expect(screen.getByText('It is warm')).toBeTruthy();
  expect(screen.getByText('Asked: Hi there')).toBeTruthy();
  expect(screen.queryByText('It is cold')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Later attempt' }));
  expect(screen.getByText('It is cold')).toBeTruthy();
});

test('an edited question is asked again once it is stored', async () => {
  const backend = await open();
  await answered(backend);
  await userEvent.click(screen.getByText('Hi there'));
  act(() => screen.getByText('Hi there').closest<HTMLElement>('article')!.focus());
  await userEvent.keyboard('{Enter}');
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Edit' }));
  const box = await screen.findByRole('textbox', { name: 'Edit message' });
  await userEvent.clear(box);
  await userEvent.type(box, 'Is it cold?');
  await userEvent.click(screen.getByRole('button', { name: 'Save and ask again' }));
  await vi.waitFor(() => expect(requested(backend, 'retryAnswer')).toHaveLength(1));
  expect(backend.requests.map(({ name }) => name).filter((name) => /edit|retry/.test(name))).toEqual([
    'editMessage',
    'retryAnswer',
  ]);
});

test('an answer is read aloud where the browser has a voice, and stops with it', async () => {
  const said: { text: string; onend?: () => void }[] = [];
  vi.stubGlobal('SpeechSynthesisUtterance', function (this: { text: string }, text: string) {
    this.text = text;
  });
  const cancel = vi.fn();
  vi.stubGlobal('speechSynthesis', { cancel, speak: (utterance: { text: string }) => void said.push(utterance) });
  const backend = await open();
  await answered(backend);
  await userEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
  expect(said).toHaveLength(1);
  await userEvent.click(screen.getByRole('button', { name: 'Stop reading' }));
  await userEvent.click(screen.getByRole('button', { name: 'Read aloud' }));
  act(() => said[1]?.onend?.());
  expect(screen.getByRole('button', { name: 'Read aloud' })).toBeTruthy();
  vi.unstubAllGlobals();
});
