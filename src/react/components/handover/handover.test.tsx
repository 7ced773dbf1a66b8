import { act, cleanup, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createFakeBackend, type FakeBackendOptions, type FakeThread } from '../../../testing/index.ts';
import { renderForAda, settle } from '../../test-fixtures.tsx';
import { AgentInboxPane } from '../inbox/AgentInboxPane.tsx';
import { ChatWindow } from '../window/ChatWindow.tsx';

// What is loaded first takes its time on a slow machine.
beforeAll(() =>
  Promise.all([import('./HandoverBar.tsx'), import('../inbox/AgentInbox.tsx'), import('../messages/some-parts.ts')]),
);
afterEach(cleanup);

const ROOM: FakeThread = {
  id: 'room',
  title: 'Order 42',
  assistant: true,
  members: ['ada', { id: 'ben', role: 'agent' }],
  messages: [{ author: 'ada', text: 'Where is it?' }],
};
const asAgent = {
  ...ROOM,
  members: [{ id: 'ada', role: 'agent' as const }, 'eve', { id: 'ben', role: 'agent' as const }],
};

async function open(thread: FakeThread = ROOM, options: FakeBackendOptions = {}) {
  const users = ['Ada', 'Ben', 'Eve'].map((name) => ({ id: name.toLowerCase(), name }));
  const backend = createFakeBackend({ users, threads: [thread], ...options });
  renderForAda(backend, <ChatWindow threadId="room" />);
  await settle();
  return backend;
}

const bar = () => screen.getByRole('group', { name: 'Who answers' });
const press = async (name: string) => {
  await userEvent.click(within(bar()).getByRole('button', { name }));
  await settle();
};
const buttons = () =>
  within(bar())
    .queryAllByRole('button')
    .map((button) => button.textContent);

test('who needs a person asks for one, waits, and may change their mind', async () => {
  const backend = await open();
  expect(bar().textContent).toContain('The assistant answers');
  await press('Talk to a person');
  expect(bar().textContent).toContain('Waiting for a person…');
  expect(screen.getByRole('log').textContent).toContain('You asked for a person');
  // What was pressed is gone, and the focus has not gone with it.
  expect(document.activeElement?.textContent).toBe('Cancel');
  await press('Cancel');
  expect(buttons()).toEqual(['Talk to a person']);
  await press('Talk to a person');
  act(() => backend.handOver({ threadId: 'room', userId: 'ben', step: 'take' }));
  await settle();
  expect(bar().textContent).toContain('Ben is answering');
  expect(buttons()).toEqual([]);
  expect(screen.getByRole('log').textContent).toContain('Ben took over');
});

test('an agent takes over and hands back', async () => {
  await open({ ...asAgent, assistant: { waiting: { askedBy: 'eve', reason: 'Paid twice' } } });
  expect(bar().textContent).toContain('Eve waits for a person');
  expect(screen.getByRole('log').textContent).toContain('Eve asked for a person: Paid twice');
  expect(buttons()).toEqual(['Take over', 'Hand back to the assistant']);
  await press('Take over');
  expect(bar().textContent).toContain('You are answering');
  await press('Hand back to the assistant');
  expect(bar().textContent).toContain('The assistant answers');
  expect(buttons()).toEqual(['Take over']);
});

test('who was slower is told who has it', async () => {
  const backend = await open(asAgent);
  backend.setFault('handOver', 'handover_taken');
  await press('Take over');
  act(() => backend.handOver({ threadId: 'room', userId: 'ben', step: 'take' }));
  await settle();
  expect(within(bar()).getByRole('alert').textContent).toBe('Ben was quicker and answers now');
});

test('what goes wrong is said, and can be tried again', async () => {
  const backend = await open();
  backend.setFault('handOver', 'rate_limited');
  await press('Talk to a person');
  expect(within(bar()).getByRole('alert').textContent).toContain('Wait a moment, then try again.');
  backend.setFault('handOver', null);
  await press('Talk to a person');
  expect(within(bar()).queryByRole('alert')).toBeNull();
  expect(bar().textContent).toContain('Waiting for a person…');
});

test('an answer is given anew only where the assistant answers', async () => {
  const backend = await open();
  act(() => {
    for (const [id, status] of [
      ['done', 'done'],
      ['stopped', 'stopped'],
    ] as const) {
      const answer = backend.answer({ threadId: 'room', author: 'assistant', to: 'room-1', id });
      answer.write({ type: 'text-start', id: 't' }, { type: 'text-delta', id: 't', delta: 'Monday' });
      answer.end(status);
    }
  });
  await settle();
  const again = () => screen.queryAllByRole('button', { name: /^(Answer again|Retry)$/ }).length;
  await vi.waitFor(() => expect(again()).toBe(2));
  await press('Talk to a person');
  expect(again()).toBe(0);
  await press('Cancel');
  expect(again()).toBe(2);
});

test('who only reads sees who answers, and where there is no assistant nobody sees anything', async () => {
  await open({ ...ROOM, members: [{ id: 'ada', role: 'readonly' }] });
  expect(bar().textContent).toContain('The assistant answers');
  expect(buttons()).toEqual([]);
  cleanup();
  await open({ ...ROOM, assistant: undefined });
  expect(document.querySelector('.lk-handover')).toBeNull();
});

test('nothing is offered where the backend has no such thing', async () => {
  const backend = createFakeBackend({ threads: [ROOM] });
  renderForAda({ ...backend, actions: ['stopAnswer'] }, <ChatWindow threadId="room" />);
  await settle();
  expect(document.querySelector('.lk-handover')).toBeNull();
});

const waits = (id: string, minutesAgo: number, rest: Partial<FakeThread> = {}): FakeThread => ({
  id,
  title: `Order ${id}`,
  members: ['eve'],
  messages: [{ author: 'eve', text: 'Hello?' }],
  assistant: { waiting: { askedBy: 'eve', minutesAgo, reason: 'Paid twice' } },
  ...rest,
});

async function openInbox(threads: FakeThread[], options: FakeBackendOptions = {}) {
  const users = ['Ada', 'Ben', 'Eve'].map((name) => ({ id: name.toLowerCase(), name }));
  const backend = createFakeBackend({ users, threads, staff: ['ada'], ...options });
  const onSelect = vi.fn();
  renderForAda(backend, <AgentInboxPane onSelect={onSelect} />);
  await settle();
  return { backend, onSelect };
}
const inbox = () => screen.getByRole('navigation', { name: 'Inbox' });
const titles = () => [...inbox().querySelectorAll('.lk-thread-title')].map((title) => title.textContent);

test('the inbox: the longest wait first, with who asked, why, and for how long', async () => {
  const { onSelect } = await openInbox([waits('1', 5), waits('2', 90)]);
  expect(titles()).toEqual(['Order 2', 'Order 1']);
  const [first] = within(inbox()).getAllByRole('button', { name: /Order 2/ });
  for (const words of ['Eve: Hello?', 'Asked for by Eve', 'Paid twice', 'Waiting for 1 hr']) {
    expect(first?.textContent).toContain(words);
  }
  expect(screen.getByText('2 conversations wait for a person')).toBeTruthy();
  await userEvent.click(first!);
  expect(onSelect).toHaveBeenCalledExactlyOnceWith('2');
});

test('the inbox: what one takes opens and is one’s own; what others take goes', async () => {
  const { backend, onSelect } = await openInbox([
    waits('1', 5),
    waits('2', 9, { members: ['eve', { id: 'ben', role: 'agent' }] }),
  ]);
  await userEvent.click(screen.getByRole('button', { name: 'Take over: Order 1' }));
  await settle();
  expect(onSelect).toHaveBeenCalledExactlyOnceWith('1');
  expect(screen.getByRole('heading', { name: 'Answered by you' })).toBeTruthy();
  expect(titles()).toEqual(['Order 2', 'Order 1']);
  act(() => backend.handOver({ threadId: '2', userId: 'ben', step: 'take' }));
  await settle();
  expect(titles()).toEqual(['Order 1']);
  expect(screen.getByText('Nobody is waiting')).toBeTruthy();
});

test('the inbox: who was slower is told so', async () => {
  const { backend } = await openInbox([waits('1', 5)]);
  backend.setFault('handOver', 'handover_taken');
  await userEvent.click(screen.getByRole('button', { name: 'Take over: Order 1' }));
  await settle();
  expect(screen.getByRole('alert').textContent).toBe('Somebody else was quicker and answers now');
});

test('the inbox: by keyboard', async () => {
  const { onSelect } = await openInbox([waits('1', 5)]);
  await userEvent.tab();
  expect(document.activeElement?.textContent).toContain('Order 1');
  await userEvent.keyboard('{Enter}');
  expect(onSelect).toHaveBeenCalledExactlyOnceWith('1');
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  await settle();
  expect(titles()).toEqual(['Order 1']);
  expect(inbox().dataset['count']).toBe('0');
});

test('the inbox: empty, not allowed, and more than a page', async () => {
  await openInbox([]);
  expect(screen.getByText('Nobody is waiting')).toBeTruthy();
  cleanup();
  await openInbox([], { faults: { listInbox: 'action_forbidden' } });
  expect(screen.getByRole('alert')).toBeTruthy();
  cleanup();
  await openInbox([waits('1', 5), waits('2', 9), waits('3', 1)], { pageSize: 2 });
  expect(titles()).toEqual(['Order 2', 'Order 1']);
  expect(screen.getByText('2+')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'More conversations that wait' }));
  await settle();
  expect(titles()).toEqual(['Order 2', 'Order 1', 'Order 3']);
});
