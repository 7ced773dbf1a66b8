import { expect, it } from 'vitest';
import { createFakeBackend, FakeClock } from '../../testing/index.ts';
import { openClient } from '../test-fixtures.ts';

async function setup() {
  const clock = new FakeClock();
  const members = [{ id: 'boss', role: 'owner' as const }, 'ada', 'eve'];
  const messages = [
    { author: 'eve', text: 'One', id: 'm1' },
    { author: 'eve', text: 'Two', id: 'm2' },
  ];
  const backend = createFakeBackend({ clock, threads: [{ id: 't', members, messages }] });
  const open = (userId: string) => openClient({ userId, backend, clock }).thread('t');
  const [boss, ada] = [open('boss'), open('ada')];
  await clock.settle();
  boss.reports.subscribe(() => {});
  ada.subscribe(() => {});
  await clock.settle();
  return { clock, backend, boss, ada, open: () => boss.reports.get().reported.map(({ message }) => message.id) };
}

it('who watches over the thread hears of reports as they come, the last one first', async () => {
  const { clock, boss, ada, open } = await setup();
  expect(boss.reports.get()).toMatchObject({ status: 'ready', reported: [] });
  await ada.report('m1', { reason: 'abuse', note: 'Rude' });
  await clock.advance(10);
  await ada.report('m2', { reason: 'spam' });
  await clock.settle();
  expect(open()).toEqual(['m2', 'm1']);
  expect(boss.reports.get().reported[1]).toMatchObject({ count: 1, reports: [{ reason: 'abuse', note: 'Rude' }] });
});

it('deciding takes a message off the list at once: it stays, or it is deleted', async () => {
  const { clock, backend, boss, ada, open } = await setup();
  await ada.report('m1', { reason: 'abuse' });
  await ada.report('m2', { reason: 'spam' });
  await clock.settle();
  await boss.dismissReports('m1');
  expect(open()).toEqual(['m2']);
  boss.delete('m2');
  await clock.settle();
  expect(open()).toEqual([]);
  expect(backend.messages('t').map(({ deletedAt }) => deletedAt !== null)).toEqual([false, true]);
});

it('is read again after a lost line, and refused to whoever does not watch over the thread', async () => {
  const { clock, backend, ada, open } = await setup();
  backend.goOffline();
  await clock.settle();
  backend.report({ threadId: 't', messageId: 'm1', userId: 'ada', reason: 'other' });
  backend.goOnline();
  await clock.advance(60_000);
  expect(open()).toEqual(['m1']);
  ada.reports.subscribe(() => {});
  await clock.settle();
  expect(ada.reports.get()).toMatchObject({ status: 'error', error: { code: 'action_forbidden' } });
  await expect(ada.report('none', { reason: 'spam' })).rejects.toMatchObject({ code: 'message_not_found' });
});
