import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: [{ id: 'ada', role: 'owner' }, 'bob'] });
});
afterEach(() => server.stop());

const subscribe = (socket: TestSocket, threadId: string) =>
  socket.request({ type: 'thread.subscribe', threadId }, 'thread.subscribed');
const told = async (socket: TestSocket) => {
  const { message } = await socket.take('message.created');
  return { by: message.author.id, seq: message.seq, event: message.event };
};
const refused = (socket: TestSocket, frame: { type: string; [field: string]: unknown }) =>
  socket.request(frame, 'request.refused').then((answer) => answer.error);

describe('what happens to a conversation', () => {
  it('is told live to who has it open, in the order of the log, and to who opens it later', async () => {
    const [ada, bob] = await Promise.all([server.connect('ada'), server.connect('bob')]);
    await subscribe(bob, 'pair');
    await ada.request({ type: 'thread.rename', threadId: 'pair', title: 'Two' }, 'thread.saved');
    expect(await told(bob)).toEqual({ by: 'ada', seq: 1, event: { type: 'thread.renamed', title: 'Two' } });
    await ada.request({ type: 'member.save', threadId: 'pair', userId: 'cy', role: 'readonly' }, 'member.saved');
    const cy = [{ id: 'cy', name: 'cy' }];
    const added = { type: 'member.added', people: cy, count: 1, role: 'readonly' };
    expect(await told(bob)).toEqual({ by: 'ada', seq: 2, event: added });
    await ada.request({ type: 'member.save', threadId: 'pair', userId: 'cy', role: 'owner' }, 'member.saved');
    expect((await told(bob)).event).toEqual({ type: 'member.role-changed', people: cy, count: 1, role: 'owner' });
    await ada.request({ type: 'member.remove', threadId: 'pair', userId: 'cy' }, 'request.done');
    expect((await told(bob)).event).toEqual({ type: 'member.removed', people: cy, count: 1 });
    await server.chat.threads.addMember('pair', 'dan', 'member', { by: 'dan' });
    expect(await told(bob)).toMatchObject({ by: 'dan', event: { type: 'member.joined' } });
    await server.chat.threads.addMember('pair', 'eve');
    const later = await subscribe(ada, 'pair');
    expect(later.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(later.thread).toMatchObject({ messageCount: 0, lastMessage: null, own: { unreadCount: 0 } });
  });

  it('who left hears no more of it than that they did', async () => {
    const [ada, bob] = await Promise.all([server.connect('ada'), server.connect('bob')]);
    await Promise.all([subscribe(ada, 'pair'), subscribe(bob, 'pair')]);
    await bob.request({ type: 'thread.leave', threadId: 'pair' }, 'request.done');
    expect(await told(ada)).toEqual({ by: 'bob', seq: 1, event: { type: 'member.left' } });
    await bob.take('thread.removed');
    expect(bob.frames.map(({ type }) => type)).not.toContain('message.created');
  });

  it('a made conversation begins with who made it', async () => {
    const ada = await server.connect('ada');
    const made = { type: 'thread.create', threadId: 'new', title: 'New', access: 'members', memberIds: ['bob'] };
    await ada.request(made, 'thread.saved');
    const { messages } = await subscribe(ada, 'new');
    expect(messages.map(({ event }) => event?.type)).toEqual(['thread.created', 'member.added']);
    // Asked for again after a time-out, it tells nothing twice.
    await ada.request(made, 'thread.saved');
    expect((await subscribe(ada, 'new')).messages).toHaveLength(2);
  });

  it('is the server’s alone to tell, and nobody’s to change', async () => {
    const ada = await server.connect('ada');
    const message = { threadId: 'pair', messageId: 'm1', parts: [{ type: 'text', text: 'x' }] };
    const forged = { ...message, type: 'message.send', event: { type: 'member.left' } };
    expect((await refused(ada, forged)).code).toBe('system_message');
    expect((await refused(ada, { ...message, type: 'message.send', parts: [{ type: 'event' }] })).code).toBe(
      'bad_request',
    );
    await ada.request({ type: 'thread.rename', threadId: 'pair', title: 'Two' }, 'thread.saved');
    const { messages } = await subscribe(ada, 'pair');
    const target = { threadId: 'pair', messageId: messages[0]!.id };
    const changes = [
      { type: 'message.edit', ...target, parts: message.parts },
      { type: 'message.delete', ...target },
      { type: 'reaction.add', ...target, emoji: '👍' },
      { type: 'message.pin', ...target },
      { type: 'message.send', ...message, replyTo: target.messageId },
    ];
    for (const frame of changes) expect((await refused(ada, frame)).code, frame.type).toBe('system_message');
  });
});
