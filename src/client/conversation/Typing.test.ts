import { expect, it } from 'vitest';
import { TYPING_LIFE_MS } from '../../protocol/index.ts';
import { createFakeBackend, FakeClock } from '../../testing/index.ts';
import { openClient } from '../test-fixtures.ts';

async function setup({ readonly = false } = {}) {
  const clock = new FakeClock();
  const members = [{ id: 'ada', role: readonly ? ('readonly' as const) : ('member' as const) }, 'ben', 'cy'];
  const backend = createFakeBackend({ clock, threads: [{ id: 't', members }] });
  const open = (userId: string) => openClient({ userId, backend, clock });
  const [ada, ben] = [open('ada'), open('ben')];
  const [mine, theirs] = [ada.thread('t'), ben.thread('t')];
  await clock.settle();
  mine.typing.subscribe(() => {});
  theirs.typing.subscribe(() => {});
  await clock.settle();
  const sent = () => backend.requests.flatMap(({ name, active }) => (name === 'sendTyping' ? [active] : []));
  const writers = () => theirs.typing.get().map(({ id }) => id);
  return { clock, backend, ada, mine, theirs, sent, writers, open };
}

it('is told at the first letter, every three seconds while it goes on, and ends five seconds after the last', async () => {
  const { clock, mine, sent, writers } = await setup();
  for (let second = 0; second < 10; second++) {
    mine.typing.notify();
    mine.typing.notify();
    await clock.advance(1_000);
  }
  expect(sent()).toEqual([true, true, true, true]);
  expect(writers()).toEqual(['ada']);
  await clock.advance(3_999);
  expect(writers()).toEqual(['ada']);
  await clock.advance(1);
  expect(sent()).toEqual([true, true, true, true, false]);
  expect(writers()).toEqual([]);
});

it('ends when the text is empty again, and when the message is sent', async () => {
  const { clock, mine, sent, writers } = await setup();
  mine.typing.notify();
  mine.typing.notify(false);
  expect([sent(), writers()]).toEqual([[true, false], []]);
  mine.typing.notify(false);
  await clock.advance(10_000);
  expect(sent()).toHaveLength(2);
  mine.typing.notify();
  expect(writers()).toEqual(['ada']);
  mine.send('there');
  await clock.settle();
  expect(writers()).toEqual([]);
});

it('of somebody who vanished it lapses by itself; told again it lasts', async () => {
  const { clock, backend, writers } = await setup();
  backend.type({ threadId: 't', userId: 'cy' });
  await clock.advance(TYPING_LIFE_MS - 1);
  backend.type({ threadId: 't', userId: 'cy' });
  await clock.advance(TYPING_LIFE_MS - 1);
  expect(writers()).toEqual(['cy']);
  await clock.advance(1);
  expect(writers()).toEqual([]);
});

it('names the others, those who began first first, and ends with the message of each', async () => {
  const { backend, mine, writers } = await setup();
  mine.typing.notify();
  for (const userId of ['cy', 'ben', 'ada']) backend.type({ threadId: 't', userId });
  expect(writers()).toEqual(['ada', 'cy']);
  backend.receive({ threadId: 't', author: 'ada', text: 'done' });
  expect(writers()).toEqual(['cy']);
  backend.type({ threadId: 't', userId: 'cy', active: false });
  expect(writers()).toEqual([]);
});

it('says nothing without a connection, nor of a thread that one may only read', async () => {
  const { clock, backend, mine, sent, writers } = await setup();
  backend.goOffline();
  mine.typing.notify();
  expect([sent(), writers()]).toEqual([[], []]);
  backend.goOnline();
  await clock.settle();
  mine.typing.notify();
  expect(sent()).toEqual([true]);
  const reader = await setup({ readonly: true });
  reader.mine.typing.notify();
  expect(reader.sent()).toEqual([]);
});

it('a lost connection forgets who wrote', async () => {
  const { clock, backend, theirs, writers } = await setup();
  backend.type({ threadId: 't', userId: 'cy' });
  expect(writers()).toEqual(['cy']);
  backend.goOffline();
  expect(theirs.typing.get()).toEqual([]);
  backend.goOnline();
  await clock.settle();
  backend.type({ threadId: 't', userId: 'cy' });
  expect(writers()).toEqual(['cy']);
});
