import { act, cleanup, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { createFakeBackend, type FakeBackend, type FakeMessage } from '../../../testing/index.ts';
import type { ChatProviderProps } from '../../ChatProvider.tsx';
import { useSendMessage } from '../../hooks/useSendMessage.ts';
import { renderForAda, settle } from '../../test-fixtures.tsx';
import { MessageItem } from './MessageItem.tsx';
import { MessageList } from './MessageList.tsx';

// What is loaded first takes its time on a slow machine.
beforeAll(() => import('./MessageRows.tsx'));
afterEach(cleanup);

let send: (text: string) => void = () => {};
function Sender(): ReactNode {
  const sendMessage = useSendMessage('help');
  return (
    <i
      ref={() => {
        send = sendMessage;
      }}
    />
  );
}

async function open(backend: FakeBackend, props: Partial<ChatProviderProps> = {}) {
  const view = renderForAda(
    backend,
    <>
      <MessageList threadId="help" />
      <Sender />
    </>,
    props,
  );
  await settle();
  return view;
}

const withMessages = (messages: FakeMessage[]) =>
  createFakeBackend({
    users: [
      { id: 'ada', name: 'Ada' },
      { id: 'ben', name: 'Ben' },
    ],
    threads: [{ id: 'help', title: 'Help desk', messages }],
  });

test('it shows who wrote what, in a log', async () => {
  await open(withMessages([{ author: 'ben', text: 'Hello' }]));
  const log = screen.getByRole('log', { name: 'Messages in Help desk' });
  expect(log.getAttribute('aria-live')).toBe('polite');
  expect(within(log).getByRole('article', { name: /^Ben, / }).textContent).toContain('Hello');
});

test('messages of one author within five minutes are one group', async () => {
  await open(
    withMessages([
      { author: 'ben', text: 'one', minutesAgo: 20 },
      { author: 'ben', text: 'two', minutesAgo: 16 },
      { author: 'ben', text: 'three', minutesAgo: 10 },
    ]),
  );
  const continued = screen.getAllByRole('article').map((item) => item.dataset['continued']);
  expect(continued).toEqual(['false', 'true', 'false']);
  expect(screen.getAllByText('Ben')).toHaveLength(2);
});

test('L12 each day has its separator', async () => {
  await open(
    withMessages([
      { author: 'ben', text: 'old', minutesAgo: 60 * 24 * 400 },
      { author: 'ben', text: 'before', minutesAgo: 60 * 24 },
      { author: 'ben', text: 'now', minutesAgo: 0 },
    ]),
    { locale: 'en-GB' },
  );
  const days = [...document.querySelectorAll('.lk-separator')].map((day) => day.textContent);
  expect(days.slice(1)).toEqual(['Yesterday', 'Today']);
  expect(days[0]).toMatch(/^\d{1,2} \w+ \d{4}$/);
  // By ear a message has its day in its name: who goes from one to the next comes by no separator.
  const names = screen.getAllByRole('article').map((message) => message.getAttribute('aria-label'));
  expect(names).toEqual([
    expect.stringMatching(/^Ben, \w+,? \d{1,2} \w+ \d{4} at \d/i),
    expect.stringMatching(/^Ben, \w+ \d{1,2} \w+(?: \d{4})? at \d/i),
    expect.stringMatching(/^Ben, \d{1,2}:\d\d$/i),
  ]);
});

test('S1 one’s own message shows at once, and says how far it is', async () => {
  const backend = withMessages([]);
  await open(backend);
  expect(screen.getByText('No messages yet')).toBeTruthy();
  backend.setFault('sendMessage', 'never-answers');
  act(() => send('on its way'));
  await settle(); // for the next frame, not for an answer: there is none
  const item = screen.getByRole('article');
  expect(item.dataset['delivery']).toBe('sending');
  expect(item.textContent).toContain('Sending…');
  act(() => backend.setFault('sendMessage', null));
  await settle();
  expect(screen.getAllByRole('article')).toHaveLength(1);
  expect(screen.getByRole('article').textContent).toMatch(/Sent$/);
});

test('S4 a refused message stays, says why, and can be retried or discarded', async () => {
  const backend = withMessages([]);
  backend.setFault('sendMessage', 'message_conflict');
  await open(backend, { strings: { errors: { message_conflict: { what: 'Already used.', remedy: '' } } } });
  act(() => send('first'));
  act(() => send('second'));
  await settle();
  expect(screen.getAllByText('Not sent · Already used.')).toHaveLength(2);
  const [first, second] = screen.getAllByRole('article');
  if (!first || !second) throw new Error('two rows are missing');
  await userEvent.click(within(second).getByRole('button', { name: 'Discard' }));
  expect(screen.queryByText('second')).toBeNull();
  backend.setFault('sendMessage', null);
  await userEvent.click(within(first).getByRole('button', { name: 'Retry' }));
  await settle();
  expect(screen.getByRole('article').dataset['delivery']).toBe('sent');
  expect(backend.messages('help')).toHaveLength(1);
});

test('a refused thread names the reason and the remedy', async () => {
  await open(createFakeBackend({ threads: [{ id: 'help', title: 'Board', members: ['ben'] }] }));
  const notice = screen.getByRole('alert');
  expect(notice.textContent).toContain('You may not read this conversation.');
  expect(notice.textContent).toContain('Ask a member of the conversation to add you.');
});

test('it shows that it is loading, and an error with a way on', async () => {
  const backend = withMessages([{ author: 'ben', text: 'Hello' }]);
  backend.setFault('openThread', 'never-answers');
  await open(backend);
  expect(screen.getByRole('status').textContent).toBe('Loading messages');
  cleanup();

  backend.setFault('openThread', 'internal');
  await open(backend);
  expect(screen.getByRole('alert').textContent).toContain('Something went wrong.');
  backend.setFault('openThread', null);
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
  await settle();
  expect(screen.getByText('Hello')).toBeTruthy();
});

test('a connection that is closed for good says why in place of messages that cannot come', async () => {
  await open(createFakeBackend({ connectionStatus: 'closed', connectionError: 'unauthenticated' }));
  expect(screen.getByRole('alert').textContent).toContain('You are not signed in.');
});

test('one arrival re-renders no other row, also where the app replaced the item', async () => {
  const renders: string[] = [];
  const backend = withMessages([
    { author: 'ben', text: 'one' },
    { author: 'ben', text: 'two' },
  ]);
  await open(backend, {
    components: {
      MessageItem: (props) => {
        renders.push(props.entry.message.id);
        return <MessageItem {...props} />;
      },
    },
  });
  expect(screen.getAllByRole('article')).toHaveLength(2);
  renders.length = 0;
  act(() => void backend.receive({ threadId: 'help', author: 'ben', text: 'three', id: 'third' }));
  await settle();
  expect(screen.getAllByRole('article')).toHaveLength(3);
  expect(new Set(renders)).toEqual(new Set(['third']));
});

test('text is text: markup is shown, addresses become safe links', async () => {
  await open(
    withMessages([
      { author: 'ben', text: '<img src=x onerror=alert(1)> see https://example.com/a_(b).\n\njavascript:alert(1)' },
    ]),
  );
  expect(document.querySelector('img')).toBeNull();
  const links = screen.getAllByRole<HTMLAnchorElement>('link');
  expect(links.map((link) => link.href)).toEqual(['https://example.com/a_(b)']);
  expect(links[0]?.rel).toBe('noopener noreferrer');
  expect(document.querySelectorAll('.lk-content p')).toHaveLength(2);
});
