import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';
import { MAX_FRAME_BYTES, MAX_REACTIONS, MAX_TEXT_LENGTH, textOf, type ServerFrameType } from '../../protocol/index.ts';

const many = 1_000_000;
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({
    limits: { frameBurst: many, framesPerSecond: many, userFrameBurst: many, userFramesPerSecond: many },
  });
  await server.chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
  await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: [{ id: 'ada', role: 'owner' }, 'bob'] });
});
afterEach(() => server.stop());

const text = (value: string) => [{ type: 'text', text: value }];
const subscribe = (socket: TestSocket, threadId: string, afterSeq?: number) =>
  socket.request({ type: 'thread.subscribe', threadId, afterSeq }, 'thread.subscribed');
const list = (socket: TestSocket, cursor?: string) => socket.request({ type: 'thread.list', cursor }, 'thread.listed');
const refused = (socket: TestSocket, frame: { type: string; [field: string]: unknown }) =>
  socket.request(frame, 'request.refused').then((answer) => answer.error);
const edit = (socket: TestSocket, threadId: string, messageId: string, body: string) =>
  socket.request({ type: 'message.edit', threadId, messageId, parts: text(body) }, 'message.saved');
const remove = (socket: TestSocket, threadId: string, messageId: string) =>
  socket.request({ type: 'message.delete', threadId, messageId }, 'message.saved');
const react = (socket: TestSocket, type: 'reaction.add' | 'reaction.remove', messageId: string, emoji = '👍') =>
  socket.request({ type, threadId: 'pair', messageId, emoji }, 'message.saved');
/** What is left after round trips to the storage, by when everything that was under way is here. */
async function settled(socket: TestSocket): Promise<ServerFrameType[]> {
  const nowhere = { type: 'history.fetch', threadId: 'nowhere', beforeSeq: 1, limit: 1 };
  for (let trip = 0; trip < 3; trip++) expect((await refused(socket, nowhere)).code).toBe('thread_not_found');
  return socket.frames.map((frame) => frame.type);
}

describe('changing messages', () => {
  it('S7 an edit is saved for who made it, and heard by everybody: in the thread, and in the list if it is the last message', async () => {
    const [ada, phone, bob] = await Promise.all(['ada', 'ada', 'bob'].map((id) => server.connect(id)));
    await ada!.sendText('pair', 'helo', 'm1');
    await Promise.all([subscribe(phone!, 'pair'), subscribe(bob!, 'pair'), list(bob!)]);
    const { message } = await edit(ada!, 'pair', 'm1', 'hello');
    expect(message).toMatchObject({ id: 'm1', seq: 1, version: 2, parts: text('hello') });
    expect(message.editedAt).toBeGreaterThanOrEqual(message.createdAt);
    expect((await phone!.take('message.updated')).message).toEqual(message);
    expect((await bob!.take('message.updated')).message).toEqual(message);
    const { thread } = await bob!.take('thread.updated');
    expect(thread.lastMessage).toMatchObject({ id: 'm1', version: 2, parts: text('hello') });
    await ada!.sendText('pair', 'next', 'm2');
    await bob!.take('thread.updated');
    await edit(ada!, 'pair', 'm1', 'hello!');
    await bob!.take('message.created');
    await bob!.take('message.updated');
    expect(await settled(bob!)).toEqual([]);
  });

  it('S7 a deleted message leaves its place, also in the list and in history', async () => {
    const ada = await server.connect('ada');
    const bob = await server.connect('bob');
    await ada.sendText('pair', 'a secret', 'm1');
    await react(bob, 'reaction.add', 'm1');
    await Promise.all([subscribe(bob, 'pair'), list(bob)]);
    const { message } = await remove(ada, 'pair', 'm1');
    expect(message).toMatchObject({ seq: 1, version: 3, parts: [], reactions: [] });
    expect(message.deletedAt).not.toBeNull();
    expect((await bob.take('message.updated')).message).toEqual(message);
    expect((await bob.take('thread.updated')).thread.lastMessage).toEqual(message);
    expect((await remove(ada, 'pair', 'm1')).message).toEqual(message);
    const page = await bob.request({ type: 'history.fetch', threadId: 'pair', beforeSeq: 9, limit: 9 }, 'history.page');
    expect(page).toMatchObject({ messages: [message], hasOlder: false });
    const again = { type: 'message.edit', threadId: 'pair', messageId: 'm1', parts: text('x') };
    expect((await refused(ada, again)).code).toBe('message_not_found');
  });

  it('S7 a reaction is heard in the thread and moves no list', async () => {
    const ada = await server.connect('ada');
    const bob = await server.connect('bob');
    await ada.sendText('pair', 'hello', 'm1');
    await Promise.all([subscribe(ada, 'pair'), list(ada)]);
    const { message } = await react(bob, 'reaction.add', 'm1');
    expect(message).toMatchObject({
      version: 2,
      editedAt: null,
      reactions: [{ emoji: '👍', count: 1, userIds: ['bob'] }],
    });
    expect((await ada.take('message.updated')).message).toEqual(message);
    expect((await react(bob, 'reaction.add', 'm1')).message).toEqual(message);
    expect((await react(bob, 'reaction.remove', 'm1')).message).toMatchObject({ version: 3, reactions: [] });
    expect((await react(bob, 'reaction.remove', 'm1')).message.version).toBe(3);
    await ada.take('message.updated');
    // What changed nothing was announced again, for the node that may have died before it could, and told to nobody twice.
    expect(await settled(ada)).toEqual([]);
    for (let n = 0; n < MAX_REACTIONS; n++) await react(bob, 'reaction.add', 'm1', `e${n}`);
    const more = { type: 'reaction.add', threadId: 'pair', messageId: 'm1', emoji: 'more' };
    expect((await refused(ada, more)).code).toBe('bad_request');
  });

  it('C14 drop, change k messages, come back: exactly those, once each and as they are now, and live goes on', async () => {
    const ada = await server.connect('ada');
    const bob = await server.connect('bob');
    for (let n = 1; n <= 5; n++) await ada.sendText('pair', `${n}`, `m${n}`);
    expect((await subscribe(bob, 'pair')).lastSeq).toBe(5);
    bob.close();
    await bob.closed;
    await edit(ada, 'pair', 'm2', 'two'); // 6
    await ada.sendText('pair', '6', 'm6'); // 7
    await edit(ada, 'pair', 'm6', 'six'); // 8
    await edit(ada, 'pair', 'm2', 'zwei'); // 9
    await remove(ada, 'pair', 'm4'); // 10
    const back = await server.connect('bob');
    const resumed = await subscribe(back, 'pair', 5);
    expect(resumed).toMatchObject({ gap: false, lastSeq: 10, hasOlder: true });
    expect(resumed.messages.map(({ id, seq, version, parts }) => [id, seq, version, textOf(parts)])).toEqual([
      ['m6', 7, 8, 'six'],
      ['m2', 2, 9, 'zwei'],
      ['m4', 4, 10, ''],
    ]);
    expect(await subscribe(back, 'pair', 10)).toMatchObject({ gap: false, messages: [], lastSeq: 10 });
    await edit(ada, 'pair', 'm1', 'one');
    expect((await back.take('message.updated')).message.version).toBe(11);
  });

  it('C15 more changes than a page are told as a gap, with the newest page', async () => {
    const ada = await server.connect('ada');
    for (let n = 1; n <= 60; n++) await ada.sendText('pair', `${n}`, `m${n}`);
    for (let n = 1; n <= 60; n++) await edit(ada, 'pair', `m${n}`, `edited ${n}`);
    const far = await subscribe(ada, 'pair', 60);
    expect(far).toMatchObject({ gap: true, lastSeq: 120, hasOlder: true });
    expect(far.messages.map((message) => message.seq)).toEqual(Array.from({ length: 50 }, (_, n) => n + 11));
    // Many changes of few messages are no gap.
    for (let n = 0; n < 60; n++) await edit(ada, 'pair', `m${1 + (n % 3)}`, `again ${n}`);
    const near = await subscribe(ada, 'pair', 120);
    expect(near).toMatchObject({ gap: false, lastSeq: 180 });
    expect(near.messages.map((message) => message.version)).toEqual([178, 179, 180]);
  });

  it('whoever listens gets every place of the log in its order, while ten people write and change at once', async () => {
    const reader = await server.connect('bob');
    const names = ['ada', 'bob', ...Array.from({ length: 8 }, (_, n) => `writer-${n}`)];
    await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: names });
    await subscribe(reader, 'pair');
    await Promise.all(
      names.map(async (name) => {
        const socket = await server.connect(name);
        const sends = Array.from({ length: 5 }, (_, n) => socket.sendText('pair', `${n}`, `${name}-${n}`));
        const edits = Array.from({ length: 5 }, (_, n) => edit(socket, 'pair', `${name}-${n}`, `edited ${n}`));
        await Promise.all([...sends, ...edits, remove(socket, 'pair', `${name}-0`)]);
      }),
    );
    const versions: number[] = [];
    await expect
      .poll(() => {
        for (const frame of reader.frames.splice(0)) if ('message' in frame) versions.push(frame.message.version);
        return versions.length;
      })
      .toBe(110);
    expect(versions).toEqual(Array.from({ length: 110 }, (_, n) => n + 1));
  });
});

describe('threads and members', () => {
  const create = (socket: TestSocket, frame: object = {}) =>
    socket.request(
      { type: 'thread.create', threadId: 'new', title: 'A\nname', access: 'members', memberIds: ['bob'], ...frame },
      'thread.saved',
    );

  it('S2 makes a thread once, with oneself as its owner, and those invited see it at once', async () => {
    const [ada, phone, bob, eve] = await Promise.all(['ada', 'ada', 'bob', 'eve'].map((id) => server.connect(id)));
    await Promise.all([list(phone!), list(bob!), list(eve!)]);
    const [first, second] = await Promise.all([create(ada!), create(phone!)]);
    expect(first.thread).toMatchObject({
      id: 'new',
      title: 'A name',
      role: 'owner',
      memberCount: 2,
      lastMessage: null,
    });
    expect(second.thread).toEqual(first.thread);
    expect((await phone!.take('thread.updated')).thread).toEqual({ ...first.thread, own: null });
    expect((await bob!.take('thread.updated')).thread).toEqual({ ...first.thread, role: 'member', own: null });
    expect(await settled(eve!)).toEqual([]);
    const taken = { type: 'thread.create', threadId: 'new', title: '', access: 'members', memberIds: [] };
    expect((await refused(eve!, taken)).code).toBe('thread_conflict');
    expect((await refused(ada!, { ...taken, threadId: 'open' })).code).toBe('thread_conflict');
    // Whoever made it and was taken out since learns nothing by making it again.
    await server.chat.threads.removeMember('new', 'ada');
    expect((await refused(ada!, { ...taken, threadId: 'new' })).code).toBe('thread_forbidden');
  });

  it('a new name is told to each as what they are', async () => {
    const ada = await server.connect('ada');
    const bob = await server.connect('bob');
    await Promise.all([list(ada), list(bob)]);
    const { thread } = await ada.request({ type: 'thread.rename', threadId: 'pair', title: 'Two' }, 'thread.saved');
    expect(thread).toMatchObject({ title: 'Two', role: 'owner' });
    expect((await ada.take('thread.updated')).thread).toMatchObject({ title: 'Two', role: 'owner' });
    expect((await bob.take('thread.updated')).thread).toMatchObject({ title: 'Two', role: 'member' });
  });

  it('C16 who joins and leaves an open thread is told to whoever listens, and counted in every list', async () => {
    const [ada, bob, eve] = await Promise.all(['ada', 'bob', 'eve'].map((id) => server.connect(id)));
    await Promise.all([subscribe(ada!, 'open'), list(bob!), list(eve!)]);
    const join = { type: 'thread.join', threadId: 'open' };
    const joined = await eve!.request(join, 'thread.saved');
    expect(joined.thread).toMatchObject({ role: 'member', memberCount: 1 });
    expect((await ada!.take('member.updated')).member).toMatchObject({
      threadId: 'open',
      user: { id: 'eve', name: 'Name of eve' },
      role: 'member',
    });
    expect((await bob!.take('thread.updated')).thread).toMatchObject({ role: null, memberCount: 1 });
    expect((await eve!.take('thread.updated')).thread).toMatchObject({ role: 'member', memberCount: 1 });
    expect((await eve!.request(join, 'thread.saved')).thread).toEqual(joined.thread);
    await eve!.request({ type: 'thread.leave', threadId: 'open' }, 'request.done');
    expect(await ada!.take('member.removed')).toMatchObject({ threadId: 'open', userId: 'eve' });
    expect((await eve!.take('thread.updated')).thread).toMatchObject({ role: null, memberCount: 0 });
    expect(await settled(eve!)).toEqual([]);
  });

  it('C16 a new role is told to the thread and to the person', async () => {
    const ada = await server.connect('ada');
    const bob = await server.connect('bob');
    await Promise.all([subscribe(ada, 'pair'), subscribe(bob, 'pair'), list(bob)]);
    const save = { type: 'member.save', threadId: 'pair', userId: 'bob', role: 'readonly' };
    const { member } = await ada.request(save, 'member.saved');
    expect(member).toMatchObject({ role: 'readonly', user: { name: 'Name of bob' } });
    expect((await ada.take('member.updated')).member).toEqual(member);
    expect((await bob.take('member.updated')).member).toEqual(member);
    expect((await bob.take('thread.updated')).thread).toMatchObject({ role: 'readonly', memberCount: 2 });
    const send = { type: 'message.send', threadId: 'pair', messageId: 'm1', parts: text('hi') };
    expect((await refused(bob, send)).code).toBe('action_forbidden');
    // The subscription lives on.
    await ada.sendText('pair', 'hello');
    await bob.take('message.created');
  });

  it.each([
    ['taken out', 'ada', { type: 'member.remove', threadId: 'pair', userId: 'bob' }],
    ['who leaves', 'bob', { type: 'thread.leave', threadId: 'pair' }],
  ])('G9 somebody %s is told once on each of their connections, and hears nothing more', async (_, by, frame) => {
    const ada = await server.connect('ada');
    const [listing, listening, both, idle] = await Promise.all(Array.from({ length: 4 }, () => server.connect('bob')));
    await Promise.all([subscribe(ada, 'pair'), list(listing!), subscribe(listening!, 'pair'), list(both!)]);
    await subscribe(both!, 'pair');
    const actor = by === 'ada' ? ada : idle!;
    await actor.request(frame, 'request.done');
    for (const socket of [listing!, listening!, both!]) {
      expect(await socket.take('thread.removed')).toEqual({ type: 'thread.removed', threadId: 'pair' });
    }
    expect(await ada.take('member.removed')).toMatchObject({ userId: 'bob' });
    await ada.sendText('pair', 'among us', 'm1');
    await edit(ada, 'pair', 'm1', 'still among us');
    for (const socket of [listing!, listening!, both!, idle!]) {
      expect(await settled(socket)).toEqual([]);
      const send = { type: 'message.send', threadId: 'pair', messageId: 'm2', parts: text('hi') };
      expect((await refused(socket, send)).code).toBe('thread_forbidden');
      expect((await refused(socket, { type: 'thread.subscribe', threadId: 'pair' })).code).toBe('thread_forbidden');
    }
    expect((await list(listing!)).threads.map((thread) => thread.id)).toEqual(['open']);
    // And comes back into the list with the invitation.
    await ada.request({ type: 'member.save', threadId: 'pair', userId: 'bob', role: 'member' }, 'member.saved');
    expect((await listing!.take('thread.updated')).thread).toMatchObject({ id: 'pair', role: 'member' });
  });

  it('lists members page by page, the first to come first', async () => {
    const names = Array.from({ length: 250 }, (_, n) => `user-${String(n).padStart(3, '0')}`);
    await server.chat.threads.upsert({ id: 'many', title: '', members: ['ada', ...names] });
    const ada = await server.connect('ada');
    const seen: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await ada.request({ type: 'member.list', threadId: 'many', cursor }, 'member.listed');
      seen.push(...page.members.map((member) => member.user.id));
      ({ nextCursor: cursor } = page);
    }
    expect(seen).toEqual(['ada', ...names]);
  });

  it('lists conversations page by page, each once, however long their last messages are', async () => {
    const ada = await server.connect('ada');
    for (let n = 0; n < 120; n++) {
      await server.chat.threads.upsert({ id: `t${n}`, title: 'x'.repeat(200), members: ['ada'] });
      await ada.sendText(`t${n}`, '\u0001'.repeat(MAX_TEXT_LENGTH));
    }
    const sizes: number[] = [];
    ada.raw.on('message', (data: Buffer) => sizes.push(data.byteLength));
    const seen: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await list(ada, cursor);
      seen.push(...page.threads.map((thread) => thread.id));
      ({ nextCursor: cursor } = page);
    }
    expect(seen).toHaveLength(122);
    expect(new Set(seen).size).toBe(122);
    expect(seen[0]).toBe('t119');
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  });

  it('a cursor that is none, or another list’s, is refused', async () => {
    const ada = await server.connect('ada');
    await server.chat.threads.upsert({
      id: 'many',
      title: '',
      members: ['ada', ...Array.from({ length: 150 }, (_, n) => `${'ü'.repeat(120)}${n}`)],
    });
    const { nextCursor } = await ada.request({ type: 'member.list', threadId: 'many' }, 'member.listed');
    expect(nextCursor).not.toBeNull();
    for (const cursor of [
      nextCursor,
      'nonsense',
      'dA',
      '!',
      `${nextCursor}x`,
      Buffer.from('t1:', 'utf16le').toString('base64url'),
    ]) {
      expect((await refused(ada, { type: 'thread.list', cursor })).code).toBe('bad_request');
    }
  });
});

describe('threads, for the app’s own code', () => {
  it('gets, adds, takes out and removes, and tells everybody concerned', async () => {
    const { threads } = server.chat;
    const ada = await server.connect('ada');
    const cy = await server.connect('cy');
    await Promise.all([subscribe(ada, 'pair'), list(cy)]);
    expect(await threads.addMember('pair', 'cy')).toMatchObject({ role: 'member', user: { id: 'cy' } });
    expect((await ada.take('member.updated')).member.user.id).toBe('cy');
    expect((await cy.take('thread.updated')).thread).toMatchObject({ id: 'pair', memberCount: 3 });
    expect(await threads.addMember('pair', 'cy', 'agent')).toMatchObject({ role: 'agent' });
    expect((await cy.take('thread.updated')).thread).toMatchObject({ role: 'agent' });
    expect(await threads.get('pair')).toEqual({
      id: 'pair',
      title: 'Pair',
      access: 'members',
      memberCount: 3,
      messageCount: 0,
      lastMessage: null,
      updatedAt: expect.any(Number) as number,
    });
    expect(await threads.removeMember('pair', 'cy')).toBe(true);
    expect(await threads.removeMember('pair', 'cy')).toBe(false);
    await cy.take('thread.removed');
    // The app may do what nobody else may.
    expect(await threads.removeMember('pair', 'ada')).toBe(true);
    await ada.take('thread.removed');
    const bob = await server.connect('bob');
    await Promise.all([subscribe(bob, 'pair'), list(bob), list(cy)]);
    expect(await threads.remove('pair')).toBe(true);
    expect(await threads.remove('pair')).toBe(false);
    await bob.take('thread.removed');
    expect(await settled(bob)).toEqual([]);
    expect((await refused(bob, { type: 'thread.subscribe', threadId: 'pair' })).code).toBe('thread_not_found');
    await threads.remove('open');
    await cy.take('thread.removed');
    await expect(threads.addMember('pair', 'bob')).rejects.toEqual(
      expect.objectContaining({ code: 'thread_not_found' }),
    );
    for (const wrong of [
      ['has space', 'bob'],
      ['pair', ''],
      ['pair', 'bob', 'king'],
    ]) {
      const call = (threads.addMember as (...args: string[]) => Promise<unknown>)(...wrong);
      await expect(call).rejects.toEqual(expect.objectContaining({ code: 'bad_request' }));
    }
  });

  it('upserting members tells who came, who went and who is something else now', async () => {
    const ada = await server.connect('ada');
    const bob = await server.connect('bob');
    await Promise.all([subscribe(ada, 'pair'), list(bob)]);
    await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: [{ id: 'ada', role: 'agent' }, 'cy'] });
    await bob.take('thread.removed');
    expect(await ada.take('member.removed')).toMatchObject({ userId: 'bob' });
    expect((await ada.take('member.updated')).member).toMatchObject({ user: { id: 'ada' }, role: 'agent' });
    expect((await ada.take('member.updated')).member).toMatchObject({ user: { id: 'cy' }, role: 'member' });
  });

  it('an open thread that is closed leaves the list of everybody who is no member', async () => {
    const ada = await server.connect('ada');
    const eve = await server.connect('eve');
    await Promise.all([list(ada), list(eve), subscribe(eve, 'open')]);
    await server.chat.threads.upsert({ id: 'open', title: 'Closed', members: ['ada'] });
    expect(await eve.take('thread.removed')).toMatchObject({ threadId: 'open' });
    expect((await ada.take('thread.updated')).thread).toMatchObject({ title: 'Closed', role: 'member' });
    expect(await settled(eve)).toEqual([]);
  });
});
