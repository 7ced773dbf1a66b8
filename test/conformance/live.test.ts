import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createChatClient, inboxOf, type ChatClient, type TransportName } from '../../src/client/index.ts';
import { startTestServer, type TestServer } from '../support/chat-server.ts';

let server: TestServer;
const clients: ChatClient[] = [];

beforeEach(async () => {
  server = await startTestServer();
  await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada', 'ben'] });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.dispose();
  await server.stop();
});

function open(userId: string, transport: TransportName): ChatClient {
  const client = createChatClient({
    url: `${server.url}/chat`,
    userId,
    transport,
    outbox: false,
    tabs: false,
    fetchToken: () => server.mint(userId),
  });
  clients.push(client);
  client.retain();
  return client;
}

/** What lives for a moment, from one client to the other by way of a real server. */
describe.each(['websocket', 'event-stream'] as const)('by %s', (transport) => {
  test('who writes is seen, and no longer once the message is there', async () => {
    const [ada, ben] = [open('ada', transport).thread('pair'), open('ben', transport).thread('pair')];
    for (const thread of [ada, ben]) thread.typing.subscribe(() => {});
    await vi.waitFor(() => expect([ada.get().status, ben.get().status]).toEqual(['ready', 'ready']), 5_000);
    ada.typing.notify();
    await vi.waitFor(() => expect(ben.typing.get().map(({ name }) => name)).toEqual(['Name of ada']), 5_000);
    expect(ada.typing.get()).toEqual([]);
    ada.send('Hello');
    await vi.waitFor(() => expect(ben.get().messages).toHaveLength(1), 5_000);
    expect(ben.typing.get()).toEqual([]);
  });

  test('who is here is seen, from before one looks and after', async () => {
    const ada = open('ada', transport);
    const ben = ada.presence('ben');
    ben.subscribe(() => {});
    await vi.waitFor(() => expect(ben.get()?.online).toBe(false), 5_000);
    const other = open('ben', transport);
    await vi.waitFor(() => expect(ben.get()).toEqual({ userId: 'ben', online: true, lastSeenAt: null }), 5_000);
    const back = other.presence('ada');
    back.subscribe(() => {});
    await vi.waitFor(() => expect(back.get()?.online).toBe(true), 5_000);
  });

  test('what is muted and archived is so in the person’s other client', async () => {
    const [phone, laptop] = [open('ada', transport), open('ada', transport)];
    for (const { threads, archivedThreads } of [phone, laptop]) {
      threads.subscribe(() => {});
      archivedThreads.subscribe(() => {});
    }
    const archived = () => laptop.archivedThreads.get().threads.map(({ id }) => id);
    await vi.waitFor(() => expect(laptop.threads.get().threads).toHaveLength(1), 5_000);
    await vi.waitFor(() => expect(phone.connection.get().status).toBe('connected'), 5_000);
    await phone.thread('pair').archive();
    await vi.waitFor(() => expect(archived()).toEqual(['pair']), 5_000);
    expect(laptop.threads.get().threads).toEqual([]);
    open('ben', transport).thread('pair').send('Are you there?');
    await vi.waitFor(() => expect(laptop.threads.get().threads).toHaveLength(1), 5_000);
    expect(archived()).toEqual([]);
  });

  test('what is reported is seen by who watches over it, and decided on live', async () => {
    const members = [{ id: 'boss', role: 'owner' as const }, 'ada', 'ben'];
    await server.chat.threads.upsert({ id: 'room', title: 'Room', members });
    const [boss, ada, ben] = ['boss', 'ada', 'ben'].map((id) => open(id, transport).thread('room'));
    if (!boss || !ada || !ben) throw new Error('three threads');
    boss.reports.subscribe(() => {});
    for (const thread of [ada, ben]) thread.subscribe(() => {});
    const reported = () => boss.reports.get().reported.map(({ message }) => message.parts);
    await vi.waitFor(() => expect([ada.get().status, ben.get().status]).toEqual(['ready', 'ready']), 5_000);
    const messageId = ben.send('You fools');
    await vi.waitFor(() => expect(ada.get().messages[0]?.delivery).toBe('sent'), 5_000);
    await ada.report(messageId, { reason: 'abuse', note: 'Rude' });
    await vi.waitFor(() => expect(reported()).toEqual([[{ type: 'text', text: 'You fools' }]]), 5_000);
    await expect(ben.report(messageId, { reason: 'other' })).rejects.toMatchObject({ code: 'bad_request' });
    await boss.dismissReports(messageId);
    expect(reported()).toEqual([]);
    await ada.report(messageId, { reason: 'abuse' });
    await vi.waitFor(() => expect(reported()).toHaveLength(1), 5_000);
    boss.delete(messageId);
    await vi.waitFor(() => expect(reported()).toEqual([]), 5_000);
    await vi.waitFor(() => expect(ada.get().messages[0]?.message.deletedAt).not.toBeNull(), 5_000);
  });

  test('who asks for a person is seen in the inbox, taken once, and given back', async () => {
    await server.stop();
    server = await startTestServer({
      respond: () => new ReadableStream(),
      authorize: ({ user, action }) =>
        user.id === 'staff' && (action === 'inbox.read' || action === 'handover.take') ? true : undefined,
    });
    const members = ['ada', { id: 'ben', role: 'agent' as const }];
    await server.chat.threads.upsert({ id: 'help', title: 'Help', members });
    const [ada, ben, staff] = ['ada', 'ben', 'staff'].map((id) => open(id, transport));
    if (!ada || !ben || !staff) throw new Error('three clients');
    const [mine, theirs] = [ada.thread('help'), ben.thread('help')];
    for (const thread of [mine, theirs]) thread.subscribe(() => {});
    for (const client of [ben, staff]) inboxOf(client).waiting.subscribe(() => {});
    const waiting = (client: ChatClient) => inboxOf(client).waiting.get();
    const isReady = () => [mine.get(), theirs.get(), waiting(ben), waiting(staff)].map(({ status }) => status);
    await vi.waitFor(() => expect(new Set(isReady())).toEqual(new Set(['ready'])), 5_000);
    await mine.handOver('request', 'A refund');
    const asked = { state: 'waiting', reason: 'A refund' };
    await vi.waitFor(() => expect(theirs.get().thread?.handover).toMatchObject(asked), 5_000);
    for (const client of [ben, staff]) {
      await vi.waitFor(() => expect(waiting(client).threads.map(({ id }) => id)).toEqual(['help']), 5_000);
    }
    await staff.thread('help').handOver('take');
    await expect(theirs.handOver('take')).rejects.toMatchObject({ code: 'handover_taken' });
    await vi.waitFor(() => expect(mine.get().thread?.handover?.agent?.id).toBe('staff'), 5_000);
    await vi.waitFor(() => expect(waiting(ben).threads).toEqual([]), 5_000);
    await staff.thread('help').handOver('return');
    await vi.waitFor(() => expect(mine.get().thread?.handover?.state).toBe('assistant'), 5_000);
    expect(mine.get().messages.map(({ message }) => message.event?.type)).toEqual([
      'handover.requested',
      'handover.taken',
      'handover.returned',
    ]);
  });
});
