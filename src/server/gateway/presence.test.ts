import { afterEach, expect, it } from 'vitest';
import { FakeClock } from '../../../test/support/FakeClock.ts';
import { startTestGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { TestSocket } from '../../../test/support/socket.ts';
import { LocalFanout } from '../fanout/LocalFanout.ts';
import { Presence } from '../presence/Presence.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import { openStorage } from '../storage/openStorage.ts';

let server: TestGateway;
let storage: ChatStorage;
let clock: FakeClock;

async function start({ shown = true, limits = {} } = {}): Promise<void> {
  clock = new FakeClock();
  storage = await openStorage(':memory:', { now: () => clock.now() });
  const fanout = new LocalFanout(() => {});
  const logger = { error: () => {}, warn: () => {}, info: () => {} };
  const ports = { clock, fanout, storage: () => Promise.resolve(storage) };
  server = await startTestGateway(limits, {
    ...ports,
    presence: shown ? new Presence({ ...ports, logger }) : undefined,
  });
  const members = (...ids: string[]) => ids.map((id) => ({ id }));
  await storage.upsertThread({ id: 'pair', title: '', access: 'members', members: members('ada', 'bob') });
  await storage.upsertThread({ id: 'other', title: '', access: 'members', members: members('bob', 'cy') });
  await storage.upsertThread({ id: 'open', title: '', access: 'open' });
}
afterEach(async () => {
  await server.stop();
  await storage.close();
});

const connect = async (userId: string) => TestSocket.open(server.socketUrl, await server.mint(userId));
const subscribe = async (socket: TestSocket, ...userIds: string[]) =>
  (await socket.request({ type: 'presence.subscribe', userIds }, 'presence.listed')).presences;

it('is told to who is a member of a thread with them: at once, and at every coming and going', async () => {
  await start();
  const ada = await connect('ada');
  expect(await subscribe(ada, 'bob')).toEqual([{ userId: 'bob', online: false, lastSeenAt: null }]);
  const [phone, laptop] = await Promise.all([connect('bob'), connect('bob')]);
  const presence = { userId: 'bob', online: true, lastSeenAt: null };
  expect(await ada.take('presence.updated')).toEqual({ type: 'presence.updated', presence });
  expect(await subscribe(await connect('ada'), 'bob')).toEqual([presence]);
  phone.close();
  laptop.close();
  // Until the server has heard of it.
  while (server.gateway.size > 2) await ada.ping();
  clock.advance(10_000);
  await ada.ping();
  expect(ada.frames.filter(({ type }) => type === 'presence.updated')).toEqual([]);
  clock.advance(6_000);
  expect((await ada.take('presence.updated')).presence).toMatchObject({ userId: 'bob', online: false });
});

it('not of strangers, nor of who merely reads the same open thread, nor of oneself, nor of who does not exist', async () => {
  await start();
  const [ada, cy] = await Promise.all([connect('ada'), connect('cy')]);
  expect(await subscribe(ada, 'cy', 'ada', 'nobody')).toEqual([]);
  cy.close();
  await connect('cy');
  await ada.ping();
  expect(ada.frames.filter(({ type }) => type === 'presence.updated')).toEqual([]);
});

it('no longer, once they are in no thread together', async () => {
  await start();
  const ada = await connect('ada');
  await subscribe(ada, 'bob');
  await storage.removeMember({ threadId: 'pair', userId: 'bob' }, { keepOwner: false });
  const bob = await connect('bob');
  const gone = { userId: 'bob', online: false, lastSeenAt: null };
  expect((await ada.take('presence.updated')).presence).toEqual(gone);
  bob.close();
  await connect('bob');
  await ada.ping();
  expect(ada.frames.filter(({ type }) => type === 'presence.updated')).toEqual([]);
});

it('ends when nobody wants to know', async () => {
  await start();
  const ada = await connect('ada');
  await subscribe(ada, 'bob');
  ada.send({ type: 'presence.unsubscribe', userIds: ['bob'] });
  await ada.request({ type: 'thread.list' }, 'thread.listed');
  await connect('bob');
  await ada.ping();
  expect(ada.frames.filter(({ type }) => type === 'presence.updated')).toEqual([]);
});

it('of no more people than a connection may listen to', async () => {
  await start({ limits: { subscriptions: 2 } });
  const ada = await connect('ada');
  await expect(subscribe(ada, 'a', 'b', 'c')).rejects.toThrow('bad_request');
  expect(await subscribe(ada, 'bob', 'b')).toHaveLength(1);
});

it('nobody is told anything where it is switched off', async () => {
  await start({ shown: false });
  const [ada] = await Promise.all([connect('ada'), connect('bob')]);
  expect(await subscribe(ada, 'bob')).toEqual([]);
});

it('a thread of two for members only says who they are', async () => {
  await start();
  const ada = await connect('ada');
  const { threads } = await ada.request({ type: 'thread.list' }, 'thread.listed');
  expect(Object.fromEntries(threads.map(({ id, pair }) => [id, pair]))).toEqual({
    pair: ['ada', 'bob'],
    open: undefined,
  });
  await storage.saveMember({ threadId: 'pair', userId: 'cy', role: 'member' }, { keepOwner: false });
  const { thread } = await ada.request({ type: 'thread.fetch', threadId: 'pair' }, 'thread.saved');
  expect(thread.pair).toBeUndefined();
});
