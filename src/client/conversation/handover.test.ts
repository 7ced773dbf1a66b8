import { expect, it } from 'vitest';
import { createFakeBackend, FakeClock, type FakeThread } from '../../testing/index.ts';
import { openClient } from '../test-fixtures.ts';
import { inboxOf } from './inbox.ts';

const ROOM: FakeThread = {
  id: 't',
  assistant: true,
  members: ['ada', { id: 'ben', role: 'agent' }, { id: 'cleo', role: 'agent' }],
  messages: [{ author: 'ada', text: 'Hello' }],
};

function setup({ threads = [ROOM], pageSize }: { threads?: FakeThread[]; pageSize?: number } = {}) {
  const clock = new FakeClock();
  const backend = createFakeBackend({ clock, threads, staff: ['staff'], ...(pageSize && { pageSize }) });
  const client = (userId: string) => openClient({ userId, backend, clock });
  const open = (userId: string, threadId = 't') => {
    const thread = client(userId).thread(threadId);
    thread.subscribe(() => {});
    return thread;
  };
  const settle = () => clock.settle();
  return { clock, backend, client, open, settle };
}

it('everybody who has the thread open sees at once who answers', async () => {
  const { open, settle } = setup();
  const [ada, ben] = [open('ada'), open('ben')];
  await settle();
  const states = () => [ada, ben].map((thread) => thread.get().thread?.handover?.state);
  expect(states()).toEqual(['assistant', 'assistant']);
  await ada.handOver('request', 'A refund');
  await settle();
  expect(states()).toEqual(['waiting', 'waiting']);
  expect(ben.get().thread?.handover).toMatchObject({ askedBy: { id: 'ada' }, reason: 'A refund' });
  await ben.handOver('take');
  await settle();
  expect(ada.get().thread?.handover).toMatchObject({ state: 'person', agent: { id: 'ben' }, askedBy: { id: 'ada' } });
  await ben.handOver('return');
  await settle();
  expect(states()).toEqual(['assistant', 'assistant']);
  expect(ada.get().messages.flatMap(({ message }) => message.event?.type ?? [])).toEqual([
    'handover.requested',
    'handover.taken',
    'handover.returned',
  ]);
});

it('of two who take it, the second is refused and sees who has it', async () => {
  const { open, settle } = setup();
  const [ben, cleo] = [open('ben'), open('cleo')];
  await settle();
  const outcomes = await Promise.allSettled([ben.handOver('take'), cleo.handOver('take')]);
  expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: { code: 'handover_taken' } });
  await settle();
  expect(cleo.get().thread?.handover).toMatchObject({ agent: { id: 'ben' } });
});

it('C14 what changed while the line was down is there when it comes back', async () => {
  const { clock, backend, open, client, settle } = setup();
  const ada = open('ada');
  const { waiting } = inboxOf(client('staff'));
  waiting.subscribe(() => {});
  await settle();
  backend.goOffline();
  await settle();
  backend.handOver({ threadId: 't', userId: 'ada', step: 'request' });
  backend.goOnline();
  await clock.advance(60_000);
  expect(ada.get().thread?.handover).toMatchObject({ state: 'waiting' });
  expect(waiting.get().threads.map(({ id }) => id)).toEqual(['t']);
});

it('a list that is told late takes nothing back', async () => {
  const { backend, open, settle } = setup();
  const ada = open('ada');
  await settle();
  const before = ada.get().thread!;
  backend.handOver({ threadId: 't', userId: 'ada', step: 'request' });
  await settle();
  ada.get();
  (ada as unknown as { onThread(thread: typeof before): void }).onThread({ ...before, title: 'Renamed' });
  expect(ada.get().thread).toMatchObject({ title: 'Renamed', handover: { state: 'waiting' } });
});

it('the inbox has what waits, the longest first, and moves what one takes to one’s own', async () => {
  const waits = (id: string, minutesAgo: number): FakeThread => ({
    id,
    members: ['ada'],
    assistant: { waiting: { askedBy: 'ada', minutesAgo } },
  });
  const { backend, client, settle } = setup({ threads: [waits('new', 1), waits('old', 9), ROOM] });
  const staff = client('staff');
  const inbox = inboxOf(staff);
  const ids = (of: 'waiting' | 'mine') => inbox[of].get().threads.map(({ id }) => id);
  inbox.waiting.subscribe(() => {});
  inbox.mine.subscribe(() => {});
  await settle();
  expect([ids('waiting'), ids('mine')]).toEqual([['old', 'new'], []]);
  backend.handOver({ threadId: 't', userId: 'ada', step: 'request' });
  await settle();
  expect(ids('waiting')).toEqual(['old', 'new', 't']);
  await staff.thread('new').handOver('take');
  await settle();
  expect([ids('waiting'), ids('mine')]).toEqual([['old', 't'], ['new']]);
  backend.receive({ threadId: 'new', author: 'ada', text: 'There you are' });
  await settle();
  expect(inbox.mine.get().threads[0]?.lastMessage?.parts).toMatchObject([{ text: 'There you are' }]);
  backend.handOver({ threadId: 't', userId: 'ben', step: 'take' });
  backend.setMember('new', 'staff', null);
  await settle();
  expect([ids('waiting'), ids('mine')]).toEqual([['old', 'new'], []]);
});

it('a thread that one could not read opens once one has taken it', async () => {
  const { client, settle } = setup({ threads: [{ ...ROOM, members: ['ada'] }] });
  const thread = client('staff').thread('t');
  thread.subscribe(() => {});
  await settle();
  expect(thread.get().status).toBe('refused');
  await thread.handOver('take');
  await settle();
  expect(thread.get()).toMatchObject({ status: 'ready', thread: { role: 'agent' } });
  expect(thread.get().messages).not.toHaveLength(0);
});

it('its pages are read one by one', async () => {
  const threads = [1, 2, 3].map((n): FakeThread => ({
    id: `t${n}`,
    members: ['ada'],
    assistant: { waiting: { askedBy: 'ada', minutesAgo: 9 - n } },
  }));
  const { client, settle } = setup({ threads, pageSize: 2 });
  const { waiting } = inboxOf(client('staff'));
  waiting.subscribe(() => {});
  await settle();
  expect(waiting.get()).toMatchObject({ threads: [{ id: 't1' }, { id: 't2' }], hasMore: true });
  await waiting.loadMore();
  expect(waiting.get()).toMatchObject({ threads: [{ id: 't1' }, { id: 't2' }, { id: 't3' }], hasMore: false });
});
