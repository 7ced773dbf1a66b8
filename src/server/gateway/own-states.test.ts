import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { TestSocket } from '../../../test/support/socket.ts';

let server: TestGateway;
beforeEach(async () => {
  server = await startTestGateway();
  const members = ['ada', 'bob'].map((id) => ({ id }));
  await server.storage.upsertThread({ id: 'pair', title: 'Pair', access: 'members', members });
});
afterEach(() => server.stop());

const connect = async (userId: string) => TestSocket.open(server.socketUrl, await server.mint(userId));
const list = (socket: TestSocket, archived?: boolean) =>
  socket.request({ type: 'thread.list', ...(archived && { archived }) }, 'thread.listed');

it('muting is answered and told to the person’s other connections, and to nobody else', async () => {
  const [ada, phone, bob] = await Promise.all(['ada', 'ada', 'bob'].map(connect));
  await Promise.all([list(phone!), list(bob!)]);
  const { thread } = await ada!.request({ type: 'thread.mute', threadId: 'pair' }, 'thread.saved');
  expect(thread.own).toMatchObject({ muted: true, archived: false });
  expect((await phone!.take('thread.updated')).thread).toEqual(thread);
  await bob!.ping();
  expect(bob!.frames.filter(({ type }) => type === 'thread.updated')).toEqual([]);
  const again = await ada!.request({ type: 'thread.unmute', threadId: 'pair' }, 'thread.saved');
  expect(again.thread.own).toMatchObject({ muted: false });
});

it('lists the archived apart, and goes on in the list that a cursor came from', async () => {
  const ada = await connect('ada');
  for (let n = 0; n < 60; n++) {
    const id = `t${n}`;
    await server.storage.upsertThread({ id, title: id, access: 'members', members: [{ id: 'ada' }] });
    await server.storage.saveOwnState({ threadId: id, userId: 'ada' }, { archived: true });
  }
  const here = await list(ada);
  expect(here.threads.map(({ id }) => id)).toContain('pair');
  expect(here.threads.every(({ own }) => own?.archived === false)).toBe(true);
  const first = await list(ada, true);
  const second = await ada.request({ type: 'thread.list', archived: true, cursor: first.nextCursor! }, 'thread.listed');
  expect(new Set([...first.threads, ...second.threads].map(({ id }) => id)).size).toBe(60);
  expect(second.nextCursor).toBeNull();
});
