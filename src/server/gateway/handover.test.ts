import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';
import { textOf } from '../../protocol/index.ts';
import type { RespondContext } from '../answers/types.ts';
import type { ChatServerOptions } from '../index.ts';

const many = 1_000_000;
const folder = mkdtempSync(join(tmpdir(), 'latchkit-handover-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let server: TestServer;
afterEach(() => server.stop());

const begin = [{ type: 'start' }, { type: 'text-start', id: 't' }];
const say = (delta: string) => ({ type: 'text-delta', id: 't', delta });
const end = [{ type: 'text-end', id: 't' }, { type: 'finish' }];

/** An assistant that says what it heard. */
async function* echo({ message }: Pick<RespondContext, 'message'>) {
  await Promise.resolve();
  yield* begin;
  yield say(`You said: ${textOf(message.parts)}`);
  yield* end;
}

async function start(options: Partial<ChatServerOptions> = {}): Promise<void> {
  server = await startTestServer({
    limits: { frameBurst: many, framesPerSecond: many, userFrameBurst: many, userFramesPerSecond: many },
    respond: echo,
    authorize: ({ user, action }) =>
      user.id === 'staff' && ['inbox.read', 'handover.take'].includes(action) ? true : undefined,
    ...options,
  });
  const members = ['ada', 'eve', { id: 'ben', role: 'agent' as const }, { id: 'cleo', role: 'agent' as const }];
  await server.chat.threads.upsert({ id: 'room', title: 'Room', members });
}

const connect = (...ids: string[]) => Promise.all(ids.map((id) => server.connect(id)));
const open = (socket: TestSocket, threadId = 'room') =>
  socket.request({ type: 'thread.subscribe', threadId }, 'thread.subscribed');
const ask = async (socket: TestSocket, what: string, rest: object = {}) =>
  (await socket.request({ type: `handover.${what}`, threadId: 'room', ...rest }, 'thread.saved')).thread.handover;
const refused = (socket: TestSocket, frame: { type: string; [field: string]: unknown }) =>
  socket.request({ threadId: 'room', ...frame }, 'request.refused').then(({ error }) => error);
const inbox = async (socket: TestSocket, of: 'waiting' | 'mine' = 'waiting') =>
  (await socket.request({ type: 'inbox.list', of }, 'thread.listed')).threads.map(({ id }) => id);
/** The next thing that the conversation tells of itself. */
async function event(socket: TestSocket) {
  for (;;) {
    const { message } = await socket.take('message.created');
    if (message.event) return { type: message.event.type, by: message.author.id };
  }
}
async function answer(socket: TestSocket) {
  for (;;) {
    const { message } = await socket.take('message.updated');
    if (message.answer && message.answer.status !== 'streaming') return message;
  }
}

describe('handing over', () => {
  it('is asked for, taken and given back, before everybody’s eyes', async () => {
    await start();
    const [ada, ben, eve] = (await connect('ada', 'ben', 'eve')) as [TestSocket, TestSocket, TestSocket];
    await Promise.all([ada, ben, eve].map((socket) => open(socket)));
    expect(await ask(ada, 'request', { reason: ' A\nrefund ' })).toMatchObject({
      state: 'waiting',
      askedBy: { id: 'ada', name: 'Name of ada' },
      reason: 'A refund',
    });
    expect(await event(eve)).toEqual({ type: 'handover.requested', by: 'ada' });
    // Whoever has it open is told how it is to them, whether or not they look at a list.
    expect(await eve.take('thread.updated')).toMatchObject({
      thread: { role: 'member', handover: { state: 'waiting' } },
    });
    expect(await ask(ben, 'take')).toMatchObject({ state: 'person', agent: { id: 'ben' } });
    expect(await event(eve)).toEqual({ type: 'handover.taken', by: 'ben' });
    expect(await ask(ben, 'return')).toMatchObject({ state: 'assistant', agent: null });
    expect(await event(eve)).toEqual({ type: 'handover.returned', by: 'ben' });
    await ask(ada, 'request');
    expect(await ask(ada, 'cancel')).toMatchObject({ state: 'assistant' });
    await event(eve);
    expect(await event(eve)).toEqual({ type: 'handover.cancelled', by: 'ada' });
    expect((await open(eve)).thread.handover).toMatchObject({ state: 'assistant', version: 5 });
  });

  it('reaches the lists of those who are in the thread', async () => {
    await start();
    const [ada, eve] = (await connect('ada', 'eve')) as [TestSocket, TestSocket];
    const { threads } = await eve.request({ type: 'thread.list' }, 'thread.listed');
    expect(threads).toMatchObject([{ id: 'room', handover: { state: 'assistant' } }]);
    await ask(ada, 'request');
    expect(await eve.take('thread.updated')).toMatchObject({ thread: { handover: { state: 'waiting' } } });
  });

  it('of two who take it at once, one has it, and the other is told who', async () => {
    await start();
    const [ada, ben, cleo] = (await connect('ada', 'ben', 'cleo')) as [TestSocket, TestSocket, TestSocket];
    await ask(ada, 'request');
    const outcomes = await Promise.all(
      [ben, cleo].map((socket) =>
        ask(socket, 'take').then(
          () => null,
          (error: unknown) => String(error),
        ),
      ),
    );
    const lost = outcomes.filter((outcome) => outcome !== null);
    expect(lost).toEqual([expect.stringContaining('handover_taken')]);
    const winner = outcomes[0] === null ? 'ben' : 'cleo';
    expect(lost[0]).toContain(`Name of ${winner}`);
    expect((await server.chat.threads.get('room'))?.handover).toMatchObject({ agent: { id: winner } });
  });

  it('another’s request is not taken back, the assistant’s is', async () => {
    await start();
    const [ada, eve] = (await connect('ada', 'eve')) as [TestSocket, TestSocket];
    await ask(ada, 'request');
    expect((await refused(eve, { type: 'handover.cancel' })).code).toBe('action_forbidden');
    await ask(ada, 'cancel');
    await server.chat.threads.handOver('room', { reason: 'It asked for a manager' });
    expect(await ask(eve, 'cancel')).toMatchObject({ state: 'assistant' });
  });

  it('there is nothing to hand over where there is no assistant', async () => {
    await start({ respond: undefined });
    const [ada, ben] = (await connect('ada', 'ben')) as [TestSocket, TestSocket];
    expect((await open(ada)).thread).not.toHaveProperty('handover');
    for (const type of ['handover.request', 'handover.cancel']) {
      expect((await refused(ada, { type })).code).toBe('action_forbidden');
    }
    expect((await refused(ben, { type: 'handover.take' })).code).toBe('action_forbidden');
    expect((await refused(ben, { type: 'inbox.list', of: 'waiting' })).code).toBe('action_forbidden');
    await expect(server.chat.threads.handOver('room')).rejects.toMatchObject({ code: 'bad_request' });
    expect(await server.chat.threads.get('room')).not.toHaveProperty('handover');
  });

  it('there is nothing to hand over where the assistant is not in it, and it answers nobody there', async () => {
    const heard: string[] = [];
    await start({
      assistant: { id: 'guide', name: 'Guide', isIn: ({ id }) => id === 'room' },
      respondTo: ({ message }) => (heard.push(message.id), true),
    });
    const [ada, staff] = (await connect('ada', 'staff')) as [TestSocket, TestSocket];
    await server.chat.threads.upsert({ id: 'friends', title: 'Friends', members: ['ada', 'eve'] });
    expect((await open(ada, 'friends')).thread).not.toHaveProperty('handover');
    await ada.sendText('friends', 'Hi', 'm1');
    expect((await refused(ada, { type: 'handover.request', threadId: 'friends' })).code).toBe('action_forbidden');
    expect((await refused(staff, { type: 'handover.take', threadId: 'friends' })).code).toBe('action_forbidden');
    await expect(server.chat.threads.handOver('friends')).rejects.toMatchObject({ code: 'action_forbidden' });
    await open(ada);
    await ada.sendText('room', 'Hello', 'm2');
    await answer(ada);
    expect(heard).toEqual(['m2']);
  });

  it('a reason that is too long, or none, is refused', async () => {
    await start();
    const ada = await server.connect('ada');
    expect((await refused(ada, { type: 'handover.request', reason: 'x'.repeat(1_001) })).code).toBe('bad_request');
    expect((await refused(ada, { type: 'handover.request', reason: 7 })).code).toBe('bad_request');
    await expect(server.chat.threads.handOver('room', { reason: 7 as never })).rejects.toMatchObject({
      code: 'bad_request',
    });
    await expect(server.chat.threads.handBack('room', { by: 'a b' })).rejects.toMatchObject({ code: 'bad_request' });
    await expect(server.chat.threads.handOver('nowhere')).rejects.toMatchObject({ code: 'thread_not_found' });
    expect(await ask(ada, 'request', { reason: ' \u0000 ' })).toMatchObject({ reason: null });
  });

  it.each([
    ['leaves', (ben: TestSocket) => ben.request({ type: 'thread.leave', threadId: 'room' }, 'request.done')],
    ['is taken out by the app', () => server.chat.threads.removeMember('room', 'ben')],
    ['gets a lower role', () => server.chat.threads.addMember('room', 'ben', 'readonly')],
    [
      'is not among the members any more',
      () => server.chat.threads.upsert({ id: 'room', title: 'Room', members: ['ada', 'eve'] }),
    ],
  ])('who answers %s: the thread waits again, and everybody is told', async (_, go) => {
    const onHandover = vi.fn();
    await start({ onHandover });
    const [ada, ben, staff] = (await connect('ada', 'ben', 'staff')) as [TestSocket, TestSocket, TestSocket];
    await open(ada);
    await ask(ada, 'request', { reason: 'why' });
    await ask(ben, 'take');
    await inbox(staff);
    await event(ada);
    await event(ada);
    await go(ben);
    let told = await event(ada);
    if (told.type.startsWith('member.')) told = await event(ada);
    expect(told).toEqual({ type: 'handover.reopened', by: 'ben' });
    expect(await staff.take('inbox.updated')).toMatchObject({ thread: { handover: { state: 'waiting' } } });
    await vi.waitFor(() =>
      expect(onHandover.mock.calls).toMatchObject([
        [{ threadId: 'room', user: { id: 'ada' }, reason: 'why', cause: 'requested', thread: { title: 'Room' } }],
        [{ threadId: 'room', user: { id: 'ada' }, reason: 'why', cause: 'agent-gone' }],
      ]),
    );
  });

  it('what onHandover() throws harms nobody, and nobody waits for it', async () => {
    const logged: unknown[] = [];
    const logger = { error: (message: string) => void logged.push(message), warn: () => {}, info: () => {} };
    await start({ onHandover: () => Promise.reject(new Error('mail is down')), logger });
    const ada = await server.connect('ada');
    expect(await ask(ada, 'request')).toMatchObject({ state: 'waiting' });
    await vi.waitFor(() => expect(logged).toContain('onHandover() failed.'));
  });
});

describe('the assistant', () => {
  it('is silent while somebody waits and while a person answers, and answers the next message then', async () => {
    await start();
    const [ada, ben] = (await connect('ada', 'ben')) as [TestSocket, TestSocket];
    await open(ada);
    await ada.sendText('room', 'one', 'm1');
    expect(textOf((await answer(ada)).parts)).toBe('You said: one');
    await ask(ada, 'request');
    await ada.sendText('room', 'two', 'm2');
    await ask(ben, 'take');
    await ben.sendText('room', 'three', 'm3');
    await ada.sendText('room', 'four', 'm4');
    await ask(ben, 'return');
    await ada.sendText('room', 'five', 'm5');
    // The first that it says after its silence.
    expect(textOf((await answer(ada)).parts)).toBe('You said: five');
    const { messages } = await open(ada);
    expect(messages.filter((each) => each.answer).map(({ parts }) => textOf(parts))).toEqual([
      'You said: one',
      'You said: five',
    ]);
  });

  it('answers meanwhile only what respondTo() says it is to answer always, and hears who is in charge', async () => {
    const states: unknown[] = [];
    await start({
      respondTo: ({ message, thread }) => {
        states.push(thread.handover?.state);
        return textOf(message.parts).startsWith('@bot') ? 'always' : true;
      },
    });
    const ada = await server.connect('ada');
    await open(ada);
    await ask(ada, 'request');
    await ada.sendText('room', 'hello', 'm1');
    await ada.sendText('room', '@bot hello', 'm2');
    expect(textOf((await answer(ada)).parts)).toBe('You said: @bot hello');
    expect(states).toContain('waiting');
    const { messages } = await open(ada);
    expect(messages.filter((each) => each.answer)).toHaveLength(1);
  });

  it('says nothing to a message that a person takes over before it could be answered', async () => {
    let decide!: (verdict: boolean) => void;
    const deciding = new Promise<boolean>((resolve) => (decide = resolve));
    const respond = vi.fn(echo);
    const respondTo = vi.fn(() => deciding);
    await start({ respond, respondTo });
    const [ada, ben] = (await connect('ada', 'ben')) as [TestSocket, TestSocket];
    await ada.sendText('room', 'one', 'm1');
    await vi.waitFor(() => expect(respondTo).toHaveBeenCalledOnce());
    await ask(ben, 'take');
    decide(true);
    await ada.sendText('room', 'two', 'm2');
    await vi.waitFor(() => expect(respondTo).toHaveBeenCalledTimes(2));
    await ask(ben, 'return');
    await open(ada);
    await ada.sendText('room', 'three', 'm3');
    expect(textOf((await answer(ada)).parts)).toBe('You said: three');
    expect(respond).toHaveBeenCalledOnce();
    expect((await open(ada)).messages.filter((each) => each.answer)).toHaveLength(1);
  });

  it('stops in the middle when a person takes over, and what there is stays', async () => {
    let aborted = false;
    await start({
      async *respond({ signal }) {
        signal.addEventListener('abort', () => (aborted = true));
        yield* begin;
        yield say('It begins');
        await new Promise(() => {});
      },
    });
    const [ada, ben] = (await connect('ada', 'ben')) as [TestSocket, TestSocket];
    await open(ada);
    await ada.sendText('room', 'one', 'm1');
    await ada.take('answer.streamed');
    // Who waits lets it finish.
    await ask(ada, 'request');
    expect(aborted).toBe(false);
    await ask(ben, 'take');
    expect(aborted).toBe(true);
    const stopped = await answer(ada);
    expect([stopped.answer?.status, textOf(stopped.parts)]).toEqual(['stopped', 'It begins']);
  });

  it('asks for a person itself, ends what it says, and is silent', async () => {
    await start({
      async *respond({ handOver, message }) {
        yield* begin;
        if (textOf(message.parts) === 'person') {
          await handOver({ reason: 'They asked for one' });
          await handOver();
        }
        yield say('I have called somebody.');
        yield* end;
      },
    });
    const ada = await server.connect('ada');
    await open(ada);
    await ada.sendText('room', 'person', 'm1');
    expect(await event(ada)).toEqual({ type: 'handover.requested', by: 'assistant' });
    expect(await answer(ada)).toMatchObject({ answer: { status: 'done' } });
    expect((await open(ada)).thread.handover).toMatchObject({
      state: 'waiting',
      askedBy: { id: 'ada', name: 'Name of ada' },
      reason: 'They asked for one',
    });
    await ada.sendText('room', 'hello?', 'm2');
    await ask(ada, 'cancel');
    await ada.sendText('room', 'again', 'm3');
    await answer(ada);
    expect((await open(ada)).messages.filter((each) => each.answer).map((each) => each.answer?.to)).toEqual([
      'm1',
      'm3',
    ]);
  });

  it('gives no answer anew and goes on with none while a person is to answer', async () => {
    await start();
    const [ada, ben] = (await connect('ada', 'ben')) as [TestSocket, TestSocket];
    await open(ada);
    await ada.sendText('room', 'one', 'm1');
    const { id: messageId } = await answer(ada);
    await ask(ada, 'request');
    expect((await refused(ada, { type: 'answer.retry', messageId })).code).toBe('handover_active');
    await ask(ben, 'take');
    expect((await refused(ada, { type: 'answer.retry', messageId })).code).toBe('handover_active');
    await ask(ben, 'return');
    expect(await ada.request({ type: 'answer.retry', threadId: 'room', messageId }, 'message.saved')).toMatchObject({
      message: { answer: { run: 2 } },
    });
  });
});

describe('the inbox', () => {
  it('has what waits where one is an agent, for staff everywhere, and what one answers in', async () => {
    await start();
    const [ada, ben, staff] = (await connect('ada', 'ben', 'staff')) as [TestSocket, TestSocket, TestSocket];
    await server.chat.threads.upsert({ id: 'other', title: 'Other', members: ['ada'] });
    await ask(ada, 'request');
    await ada.request({ type: 'handover.request', threadId: 'other' }, 'thread.saved');
    expect(await inbox(staff)).toEqual(['room', 'other']);
    expect(await inbox(ben)).toEqual(['room']);
    expect(await inbox(ada)).toEqual([]);
    expect(await inbox(staff, 'mine')).toEqual([]);
    // What one sees in it is not yet one's to read.
    expect((await refused(staff, { type: 'thread.subscribe', threadId: 'other' })).code).toBe('thread_forbidden');
    const { thread } = await staff.request({ type: 'handover.take', threadId: 'other' }, 'thread.saved');
    expect(thread).toMatchObject({ role: 'agent', handover: { agent: { id: 'staff' } } });
    expect(await inbox(staff, 'mine')).toEqual(['other']);
    expect((await open(staff, 'other')).thread.role).toBe('agent');
  });

  it('is kept up to date: what comes, what is written, and what others take', async () => {
    await start();
    const [ada, ben, staff, eve] = (await connect('ada', 'ben', 'staff', 'eve')) as [
      TestSocket,
      TestSocket,
      TestSocket,
      TestSocket,
    ];
    await Promise.all([ben, staff, eve].map((socket) => inbox(socket)));
    await ask(ada, 'request');
    for (const socket of [ben, staff]) {
      expect(await socket.take('inbox.updated')).toMatchObject({
        thread: { id: 'room', handover: { state: 'waiting' } },
      });
    }
    await ada.sendText('room', 'Is anybody there?', 'm1');
    expect(await staff.take('inbox.updated')).toMatchObject({ thread: { role: null, lastMessage: { id: 'm1' } } });
    await ask(ben, 'take');
    expect(await staff.take('inbox.updated')).toEqual({ type: 'inbox.updated', threadId: 'room', thread: null });
    await ben.take('inbox.updated');
    expect(await ben.take('inbox.updated')).toMatchObject({ thread: { role: 'agent', handover: { state: 'person' } } });
    await ask(ben, 'return');
    expect(await ben.take('inbox.updated')).toMatchObject({ threadId: 'room', thread: null });
    await ask(ada, 'request');
    await staff.take('inbox.updated');
    await server.chat.threads.remove('room');
    expect(await staff.take('inbox.updated')).toMatchObject({ threadId: 'room', thread: null });
    // Who is no agent hears nothing of it.
    expect(eve.frames.filter(({ type }) => type.startsWith('inbox.'))).toEqual([]);
  });

  it('hides what the app hides, and is refused to whom the app refuses it', async () => {
    await start({
      authorize: ({ user, action, threadId }) => {
        if (action !== 'inbox.read') return undefined;
        if (user.id === 'eve') return false;
        return user.id === 'staff' ? threadId !== 'secret' : undefined;
      },
    });
    const [ada, staff, eve] = (await connect('ada', 'staff', 'eve')) as [TestSocket, TestSocket, TestSocket];
    await server.chat.threads.upsert({ id: 'secret', title: 'Secret', members: ['ada'] });
    expect((await refused(eve, { type: 'inbox.list', of: 'waiting' })).code).toBe('action_forbidden');
    expect(await inbox(staff)).toEqual([]);
    await ada.request({ type: 'handover.request', threadId: 'secret' }, 'thread.saved');
    await ask(ada, 'request');
    expect(await staff.take('inbox.updated')).toMatchObject({ thread: { id: 'room' } });
    expect(await inbox(staff)).toEqual(['room']);
  });

  it('comes in pages', async () => {
    await start();
    const staff = await server.connect('staff');
    for (let n = 0; n < 55; n += 1) {
      await server.chat.threads.upsert({ id: `t${n}`, title: `T${n}`, members: ['ada'] });
      await server.chat.threads.handOver(`t${n}`, { by: 'ada' });
    }
    const first = await staff.request({ type: 'inbox.list', of: 'waiting' }, 'thread.listed');
    expect(first.threads).toHaveLength(50);
    const next = await staff.request({ type: 'inbox.list', of: 'waiting', cursor: first.nextCursor }, 'thread.listed');
    expect(next.threads).toHaveLength(5);
    expect(next.nextCursor).toBeNull();
    expect(new Set([...first.threads, ...next.threads].map(({ id }) => id)).size).toBe(55);
    expect((await refused(staff, { type: 'inbox.list', of: 'waiting', cursor: 'x' })).code).toBe('bad_request');
  });

  it('a server that starts again knows what waits, and who answers', async () => {
    const database = join(folder, 'restart.db');
    await start({ database });
    const [ada, ben] = (await connect('ada', 'ben')) as [TestSocket, TestSocket];
    await ask(ada, 'request', { reason: 'why' });
    await ask(ben, 'take');
    await server.stop();
    await start({ database });
    const again = await server.connect('ben');
    expect(await inbox(again, 'mine')).toEqual(['room']);
    expect((await open(again)).thread.handover).toMatchObject({ state: 'person', agent: { id: 'ben' }, reason: 'why' });
  });
});
