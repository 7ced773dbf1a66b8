import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../../../../test/support/gateway.ts';
import { TestSocket } from '../../../../test/support/socket.ts';
import { MAX_TYPING, TYPING_LIFE_MS } from '../../../protocol/index.ts';
import type { FanoutEvent } from '../../fanout/Fanout.ts';

const many = 1_000_000;
let server: TestGateway;
let told: FanoutEvent[];
beforeEach(async () => {
  const none = { frameBurst: many, framesPerSecond: many, userFrameBurst: many, userFramesPerSecond: many };
  server = await startTestGateway(none);
  const members = [{ id: 'ada' }, { id: 'bob' }, { id: 'cy', role: 'readonly' as const }];
  await server.storage.upsertThread({ id: 'pair', title: 'Pair', access: 'members', members });
  told = [];
  const { publish } = server.fanout;
  vi.spyOn(server.fanout, 'publish').mockImplementation((topic, event) => {
    if (event.type === 'typing.updated') told.push(event);
    return publish.call(server.fanout, topic, event);
  });
});
afterEach(() => server.stop());

const connect = async (userId: string) => TestSocket.open(server.socketUrl, await server.mint(userId));
const subscribe = (socket: TestSocket, threadId = 'pair') =>
  socket.request({ type: 'thread.subscribe', threadId }, 'thread.subscribed');
const type = async (socket: TestSocket, active: boolean, threadId = 'pair') => {
  socket.send({ type: 'typing.send', threadId, active });
  await settled(socket);
};
/** What it sent before is done: a request is answered behind it. */
const settled = (socket: TestSocket) => socket.request({ type: 'thread.fetch', threadId: 'open' }, 'thread.saved');
const heard = (socket: TestSocket) => socket.frames.filter(({ type: name }) => name === 'typing.updated');

it('is told to whoever has the thread open, not to oneself in another tab, and never stored', async () => {
  const [ada, tab, bob] = await Promise.all(['ada', 'ada', 'bob'].map(connect));
  await Promise.all([subscribe(ada!), subscribe(tab!), subscribe(bob!)]);
  const before = await server.storage.changesAfter('pair', 0, 10);
  await type(ada!, true);
  const user = { id: 'ada', name: 'ada', avatarUrl: null };
  expect(await bob!.take('typing.updated')).toEqual({ type: 'typing.updated', threadId: 'pair', user, active: true });
  await type(ada!, false);
  expect(await bob!.take('typing.updated')).toMatchObject({ active: false });
  await tab!.ping();
  expect([...heard(ada!), ...heard(tab!)]).toEqual([]);
  expect(await server.storage.changesAfter('pair', 0, 10)).toEqual(before);
});

it('is told of nobody who may only read, nor of a stranger, nor to one; and refused without a word', async () => {
  await server.storage.upsertThread({ id: 'other', title: 'Other', access: 'members', members: [{ id: 'bob' }] });
  const [ada, bob, cy, eve] = await Promise.all(['ada', 'bob', 'cy', 'eve'].map(connect));
  await Promise.all([subscribe(ada!), subscribe(bob!), subscribe(bob!, 'other')]);
  for (const socket of [cy!, eve!]) await type(socket, true);
  await type(eve!, true, 'other');
  await type(eve!, true, 'nowhere');
  await type(bob!, true);
  await eve!.ping();
  expect(told.map((event) => event.type === 'typing.updated' && event.user.id)).toEqual(['bob']);
  expect([...heard(cy!), ...heard(eve!)]).toEqual([]);
  expect([...cy!.frames, ...eve!.frames].filter(({ type: name }) => name === 'request.refused')).toEqual([]);
});

it('whoever was taken out hears of no one any more', async () => {
  const [ada, bob] = await Promise.all(['ada', 'bob'].map(connect));
  await Promise.all([subscribe(ada!), subscribe(bob!)]);
  await server.storage.removeMember({ threadId: 'pair', userId: 'bob' }, { keepOwner: false });
  await server.fanout.publish('thread:pair', { type: 'access.changed', threadId: 'pair', userId: 'bob' });
  await type(ada!, true);
  await bob!.take('thread.removed');
  await bob!.ping();
  expect(heard(bob!)).toEqual([]);
});

it('said again too soon, from however many tabs, it is told once; on and off is no way around that', async () => {
  const [ada, tab, bob] = await Promise.all(['ada', 'ada', 'bob'].map(connect));
  await subscribe(bob!);
  for (let n = 0; n < 20; n++) {
    await type(ada!, true);
    await type(tab!, true);
  }
  expect(told).toHaveLength(1);
  for (let n = 0; n < 20; n++) {
    await type(ada!, false);
    await type(ada!, true);
  }
  expect(told).toHaveLength(2);
  server.clock.advance(3_000);
  await type(ada!, true);
  expect(told).toHaveLength(3);
});

it('ends with the connection', async () => {
  const [ada, bob] = await Promise.all(['ada', 'bob'].map(connect));
  await subscribe(bob!);
  await type(ada!, true);
  await bob!.take('typing.updated');
  ada!.close();
  expect(await bob!.take('typing.updated')).toMatchObject({ user: { id: 'ada' }, active: false });
});

it('of a crowd only so many are told, and others once those have lapsed', async () => {
  const bob = await connect('bob');
  await subscribe(bob, 'open');
  const crowd = await Promise.all(Array.from({ length: MAX_TYPING + 3 }, (_, n) => connect(`guest-${n}`)));
  for (const guest of crowd) await type(guest, true, 'open');
  expect(told).toHaveLength(MAX_TYPING);
  server.clock.advance(TYPING_LIFE_MS + 1);
  await type(crowd.at(-1)!, true, 'open');
  expect(told).toHaveLength(MAX_TYPING + 1);
});

it('asks nothing of the database while nobody has the thread open', async () => {
  const ada = await connect('ada');
  const asked = vi.spyOn(server.storage, 'getAccess');
  ada.send({ type: 'typing.send', threadId: 'pair', active: true });
  await ada.request({ type: 'thread.list' }, 'thread.listed');
  expect(asked).not.toHaveBeenCalled();
});
