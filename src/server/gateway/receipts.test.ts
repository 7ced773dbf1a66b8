import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { TestSocket } from '../../../test/support/socket.ts';
import { MAX_RECEIPTS } from '../../protocol/index.ts';

const many = 1_000_000;
let server: TestGateway;
beforeEach(async () => {
  const none = { frameBurst: many, framesPerSecond: many, userFrameBurst: many, userFramesPerSecond: many };
  server = await startTestGateway(none);
  const members = ['ada', 'bob', 'cy'].map((id) => ({ id }));
  await server.storage.upsertThread({ id: 'pair', title: 'Pair', access: 'members', members });
});
afterEach(() => server.stop());

const connect = async (userId: string) => TestSocket.open(server.socketUrl, await server.mint(userId));
const subscribe = (socket: TestSocket, threadId = 'pair') =>
  socket.request({ type: 'thread.subscribe', threadId }, 'thread.subscribed');
const list = (socket: TestSocket) => socket.request({ type: 'thread.list' }, 'thread.listed');
const read = (socket: TestSocket, readSeq: number, threadId = 'pair') =>
  socket.request({ type: 'receipt.send', threadId, readSeq }, 'thread.saved');

it('a receipt is answered, told to the thread, and to the person’s other connections with what is unread to them', async () => {
  const [ada, phone, bob] = await Promise.all(['ada', 'ada', 'bob'].map(connect));
  for (const id of ['m1', 'm2', 'm3']) await bob!.sendText('pair', id, id);
  await Promise.all([subscribe(bob!), list(phone!)]);
  const { thread } = await read(ada!, 2);
  expect(thread).toMatchObject({ id: 'pair', messageCount: 3, own: { readSeq: 2, unreadCount: 1 } });
  expect((await phone!.take('thread.updated')).thread).toEqual(thread);
  const { threadId, receipts } = await bob!.take('receipt.updated');
  expect(threadId).toBe('pair');
  expect(receipts).toEqual([
    { user: { id: 'ada', name: 'ada', avatarUrl: null }, readSeq: 2, readAt: server.clock.now() },
  ]);
  const listed = await bob!.request({ type: 'receipt.list', threadId: 'pair' }, 'receipt.listed');
  expect(listed.receipts.map(({ user, readSeq }) => [user.id, readSeq])).toEqual([['ada', 2]]);
  // Going back changes nothing, and is told to nobody.
  expect((await read(ada!, 1)).thread.own).toMatchObject({ readSeq: 2, unreadCount: 1 });
  server.clock.advance(10_000);
  await bob!.ping();
  expect(bob!.frames.filter(({ type }) => type === 'receipt.updated')).toEqual([]);
});

it('what is one person’s alone is in no frame that goes to others', async () => {
  const [ada, bob] = await Promise.all(['ada', 'bob'].map(connect));
  await Promise.all([list(ada!), list(bob!)]);
  await bob!.sendText('pair', 'hello');
  expect((await ada!.take('thread.updated')).thread).toMatchObject({ messageCount: 1, own: null });
  await read(ada!, 1);
  expect((await ada!.take('thread.updated')).thread.own).toMatchObject({ unreadCount: 0 });
  await bob!.ping();
  for (const frame of bob!.frames) if (frame.type === 'thread.updated') expect(frame.thread.own).toBeNull();
});

it('many receipts of one thread at once are told together: no frame for each of them', async () => {
  const [bob, watcher] = await Promise.all(['bob', 'cy'].map(connect));
  for (let n = 1; n <= 3; n++) await bob!.sendText('open', `${n}`);
  await subscribe(watcher!, 'open');
  const readers = await Promise.all(Array.from({ length: 150 }, (_, n) => connect(`reader-${n}`)));
  await read(readers[0]!, 1, 'open');
  expect((await watcher!.take('receipt.updated')).receipts).toHaveLength(1);
  for (const seq of [1, 2, 3]) await Promise.all(readers.map((each) => read(each, seq, 'open')));
  await watcher!.ping();
  expect(watcher!.frames.filter(({ type }) => type === 'receipt.updated')).toEqual([]);
  server.clock.advance(1_000);
  const { receipts } = await watcher!.take('receipt.updated');
  expect(receipts).toHaveLength(MAX_RECEIPTS);
  expect(new Set(receipts.map(({ readSeq }) => readSeq))).toEqual(new Set([3]));
  // After a crowd it is quiet for longer.
  await bob!.sendText('open', '4');
  await read(readers[0]!, 4, 'open');
  server.clock.advance(4_000);
  await watcher!.ping();
  expect(watcher!.frames.filter(({ type }) => type === 'receipt.updated')).toEqual([]);
  server.clock.advance(1_000);
  expect((await watcher!.take('receipt.updated')).receipts).toMatchObject([{ user: { id: 'reader-0' }, readSeq: 4 }]);
});

it('a thread is fetched as the person sees it', async () => {
  const ada = await connect('ada');
  const bob = await connect('bob');
  await bob.sendText('pair', 'hello');
  const { thread } = await ada.request({ type: 'thread.fetch', threadId: 'pair' }, 'thread.saved');
  expect(thread).toMatchObject({ id: 'pair', role: 'member', own: { readSeq: 0, unreadCount: 1 } });
});
