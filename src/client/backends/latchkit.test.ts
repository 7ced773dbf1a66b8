import { afterEach, describe, expect, it, vi } from 'vitest';
import { REQUEST_ANSWERS } from '../../protocol/index.ts';
import type { ClientFrame, Member, Message, ServerFrame, Thread } from '../../protocol/index.ts';
import { createScriptedEventStreams, createScriptedSockets, FakeClock } from '../../testing/index.ts';
import { createTokenManager } from '../auth/TokenManager.ts';
import { createChatClient } from '../createChatClient.ts';
import { accepted, accepting } from '../connection/test-fixtures.ts';
import type { ScriptedLine } from '../connection/test-fixtures.ts';
import { FakeSignals, jwt } from '../test-fixtures.ts';
import type { BackendEvent } from './ChatBackend.ts';
import { latchkitBackend } from './latchkit.ts';
import type { LatchkitBackendOptions } from './latchkit.ts';

const ada = { id: 'ada', name: 'Ada', avatarUrl: null };
const thread: Thread = {
  id: 't',
  title: 'T',
  access: 'open',
  role: 'owner',
  memberCount: 1,
  messageCount: 0,
  lastMessage: null,
  updatedAt: 1,
  own: null,
};
const message: Message = {
  id: 'm',
  threadId: 't',
  seq: 1,
  version: 1,
  author: ada,
  parts: [{ type: 'text', text: 'hi' }],
  createdAt: 1,
  editedAt: null,
  deletedAt: null,
  reactions: [],
};
const member: Member = { threadId: 't', user: ada, role: 'agent', joinedAt: 1 };

afterEach(() => vi.unstubAllGlobals());

function open(options: LatchkitBackendOptions, { clock = new FakeClock(), userId = 'ada' } = {}) {
  const signals = new FakeSignals();
  const events: BackendEvent[] = [];
  const tokens = createTokenManager({
    userId,
    clock,
    signals,
    fetchToken: () => Promise.resolve(jwt({ sub: userId, iat: 1, exp: 601 })),
  });
  const session = latchkitBackend({ url: 'https://chat.test/chat', signals, ...options }).open({
    userId,
    tokens,
    clock,
    onState: () => {},
    onEvent: (event) => events.push(event),
  });
  return { session, events, clock, tokens };
}

async function connected(onFrame?: (frame: ClientFrame, line: ScriptedLine) => void) {
  const clock = new FakeClock();
  const sockets = createScriptedSockets((socket) => {
    accepting(clock)(socket);
    const accept = socket.onFrame;
    socket.onFrame = (frame) => {
      accept?.(frame);
      onFrame?.(frame, socket);
    };
  });
  const opened = open({ WebSocket: sockets.WebSocket }, { clock });
  await clock.advance(20);
  return { ...opened, sockets };
}

describe('requests', () => {
  const answers = {
    'thread.saved': { thread },
    'answer.rated': { rating: { value: 'bad' as const, reason: 'no' } },
    'thread.listed': { threads: [thread], nextCursor: 'next' },
    'thread.subscribed': { thread, messages: [message], hasOlder: true, gap: false, lastSeq: 7 },
    'member.listed': { members: [member], nextCursor: null },
    'member.saved': { member },
    'request.done': {},
    'history.page': { threadId: 't', messages: [message], hasOlder: false, hasNewer: true },
    'message.accepted': { message },
    'message.saved': { message },
    'pin.listed': { messages: [message] },
    'report.listed': { reported: [], open: 0 },
    'reply.listed': { root: message, messages: [message], hasOlder: true },
    'receipt.listed': { receipts: [] },
    'people.found': { people: [] },
    'message.found': { hits: [], nextCursor: null },
    'answer.resumed': { message },
    'presence.listed': { presences: [{ userId: 'ben', online: true, lastSeenAt: null }] },
    'attachment.linked': { url: '/f', urlExpiresAt: 9 },
  };
  type Session = Required<Awaited<ReturnType<typeof connected>>['session']>;
  const ben = { userId: 'ben', online: true, lastSeenAt: null };
  const parts = [{ type: 'text' as const, text: 'hi' }];
  const create = { threadId: 't', title: 'T', access: 'members' as const, memberIds: ['ben'] };
  const edited = { threadId: 't', messageId: 'm', parts };
  const sent = { ...edited, replyTo: 'm0' };
  const cases: [keyof typeof REQUEST_ANSWERS, (session: Session) => Promise<unknown>, object, unknown][] = [
    ['thread.list', (s) => s.listThreads({ cursor: 'c' }), { cursor: 'c' }, answers['thread.listed']],
    [
      'thread.subscribe',
      (s) => s.openThread('t', { afterSeq: 3 }),
      { threadId: 't', afterSeq: 3 },
      answers['thread.subscribed'],
    ],
    [
      'history.fetch',
      (s) => s.loadOlder('t', { beforeSeq: 5, limit: 9 }),
      { threadId: 't', beforeSeq: 5, limit: 9 },
      answers['history.page'],
    ],
    ['message.send', (s) => s.sendMessage(sent), sent, message],
    ['message.edit', (s) => s.editMessage(edited), edited, message],
    ['message.delete', (s) => s.deleteMessage('t', 'm'), { threadId: 't', messageId: 'm' }, message],
    ['reaction.add', (s) => s.addReaction('t', 'm', '👍'), { threadId: 't', messageId: 'm', emoji: '👍' }, message],
    [
      'reaction.remove',
      (s) => s.removeReaction('t', 'm', '👍'),
      { threadId: 't', messageId: 'm', emoji: '👍' },
      message,
    ],
    ['thread.fetch', (s) => s.fetchThread('t'), { threadId: 't' }, thread],
    ['receipt.send', (s) => s.sendReceipt('t', 3), { threadId: 't', readSeq: 3 }, thread],
    ['receipt.list', (s) => s.listReceipts('t'), { threadId: 't' }, []],
    ['thread.create', (s) => s.createThread(create), create, thread],
    ['thread.rename', (s) => s.renameThread('t', 'New'), { threadId: 't', title: 'New' }, thread],
    ['thread.join', (s) => s.joinThread('t'), { threadId: 't' }, thread],
    ['thread.leave', (s) => s.leaveThread('t'), { threadId: 't' }, undefined],
    ['thread.mute', (s) => s.muteThread('t'), { threadId: 't' }, thread],
    ['thread.unmute', (s) => s.unmuteThread('t'), { threadId: 't' }, thread],
    ['thread.archive', (s) => s.archiveThread('t'), { threadId: 't' }, thread],
    ['thread.unarchive', (s) => s.unarchiveThread('t'), { threadId: 't' }, thread],
    ['presence.subscribe', (s) => s.watchPresence(['ben']), { userIds: ['ben'] }, [ben]],
    [
      'member.list',
      (s) => s.listMembers('t', { cursor: 'c' }),
      { threadId: 't', cursor: 'c' },
      answers['member.listed'],
    ],
    ['member.save', (s) => s.saveMember('t', 'ben', 'agent'), { threadId: 't', userId: 'ben', role: 'agent' }, member],
    ['member.remove', (s) => s.removeMember('t', 'ben'), { threadId: 't', userId: 'ben' }, undefined],
    ['message.pin', (s) => s.pinMessage('t', 'm'), { threadId: 't', messageId: 'm' }, message],
    ['message.unpin', (s) => s.unpinMessage('t', 'm'), { threadId: 't', messageId: 'm' }, message],
    [
      'message.search',
      (s) => s.searchMessages({ query: 'hi', threadId: 't' }),
      { query: 'hi', threadId: 't' },
      answers['message.found'],
    ],
    ['people.search', (s) => s.searchPeople('be'), { query: 'be' }, []],
    ['answer.stop', (s) => s.stopAnswer('t', 'm'), { threadId: 't', messageId: 'm' }, message],
    ['answer.retry', (s) => s.retryAnswer('t', 'm'), { threadId: 't', messageId: 'm' }, message],
    ['answer.resume', (s) => s.resumeAnswer('t', 'm'), { threadId: 't', messageId: 'm' }, message],
    [
      'answer.rate',
      (s) => s.rateAnswer('t', 'm', { value: 'bad', reason: 'no' }),
      { threadId: 't', messageId: 'm', rating: { value: 'bad', reason: 'no' } },
      answers['answer.rated'].rating,
    ],
    [
      'tool.decide',
      (s) => s.decideTool('t', 'm', { approvalId: 'a', approved: false, reason: 'no' }),
      { threadId: 't', messageId: 'm', approvalId: 'a', approved: false, reason: 'no' },
      message,
    ],
    [
      'part.act',
      (s) => s.actOnPart('t', 'm', { partId: 'p', actionId: 'a', data: { type: 'buy' } }),
      { threadId: 't', messageId: 'm', partId: 'p', actionId: 'a', data: { type: 'buy' } },
      message,
    ],
    [
      'preview.remove',
      (s) => s.removePreview('t', 'm', 'https://docs.example/'),
      { threadId: 't', messageId: 'm', url: 'https://docs.example/' },
      message,
    ],
    [
      'message.report',
      (s) => s.reportMessage('t', 'm', { reason: 'spam', note: 'why' }),
      { threadId: 't', messageId: 'm', reason: 'spam', note: 'why' },
      undefined,
    ],
    ['report.list', (s) => s.listReported('t'), { threadId: 't' }, []],
    ['report.dismiss', (s) => s.dismissReports('t', 'm'), { threadId: 't', messageId: 'm' }, undefined],
    ['handover.request', (s) => s.handOver('t', 'request', 'why'), { threadId: 't', reason: 'why' }, thread],
    ['handover.cancel', (s) => s.handOver('t', 'cancel'), { threadId: 't' }, thread],
    ['handover.take', (s) => s.handOver('t', 'take'), { threadId: 't' }, thread],
    ['handover.return', (s) => s.handOver('t', 'return'), { threadId: 't' }, thread],
    [
      'inbox.list',
      (s) => s.listInbox({ of: 'waiting', cursor: 'c' }),
      { of: 'waiting', cursor: 'c' },
      answers['thread.listed'],
    ],
    ['pin.list', (s) => s.listPins('t'), { threadId: 't' }, [message]],
    [
      'reply.list',
      (s) => s.listReplies('t', 'm', { beforeSeq: 3, limit: 9 }),
      { threadId: 't', messageId: 'm', beforeSeq: 3, limit: 9 },
      answers['reply.listed'],
    ],
    [
      'attachment.link',
      (s) => s.attachmentLink('t', 'a'),
      { threadId: 't', attachmentId: 'a' },
      answers['attachment.linked'],
    ],
  ];

  it('covers every frame that is answered', () => {
    expect(cases.map(([type]) => type).sort()).toEqual(
      Object.keys(REQUEST_ANSWERS)
        .filter((type) => type !== 'auth.renew')
        .sort(),
    );
  });

  it.each(cases)('%s', async (type, call, fields, result) => {
    const { session, sockets } = await connected((frame, line) => {
      if (frame.type !== type) return;
      const answer = REQUEST_ANSWERS[type] as keyof typeof answers;
      line.deliver({ type: answer, requestId: frame.requestId, ...answers[answer] } as ServerFrame);
    });
    expect(await call(session as Session)).toEqual(result);
    expect(sockets.latest.sentOf(type)).toMatchObject([fields]);
  });

  it('an action that is no JSON, or more than fits in a frame, is refused before it is sent', async () => {
    const { session, sockets } = await connected();
    const round: Record<string, unknown> = {};
    round['self'] = round;
    for (const data of [undefined, () => 1, round, 'x'.repeat(9_000)])
      await expect((session as Session).actOnPart('t', 'm', { partId: 'p', data })).rejects.toMatchObject({
        code: 'bad_request',
      });
    expect(sockets.latest.sentOf('part.act')).toEqual([]);
  });

  it('says which actions it has: those of its session, and no more', async () => {
    const { session, clock } = await connected();
    const always = [...['listThreads', 'openThread', 'closeThread', 'loadOlder', 'sendMessage', 'reconnect', 'close']];
    const own = Object.keys(session).filter((name) => !always.includes(name));
    expect([...latchkitBackend().actions!].sort()).toEqual(own.sort());
    session.close();
    const client = createChatClient({ userId: 'ada', fetchToken: () => new Promise(() => {}), clock });
    expect([client.can('editMessage'), client.can('deleteThread')]).toEqual([true, false]);
    client.dispose();
  });

  it('C17 leaving a thread is said once, and not answered', async () => {
    const { session, sockets, clock } = await connected();
    session.closeThread('t');
    expect(sockets.latest.sentOf('thread.unsubscribe')).toEqual([{ type: 'thread.unsubscribe', threadId: 't' }]);
    await clock.advance(20_000);
    session.close();
    expect(clock.pending).toBeLessThanOrEqual(1); // the token's
  });
});

describe('events', () => {
  it('C16 who one is, on every connection; after a loss that it is there again', async () => {
    const { events, sockets, clock } = await connected();
    expect(events).toEqual([{ type: 'connected', user: ada }]);
    sockets.latest.drop();
    await clock.advance(6_000);
    expect(events.slice(1)).toEqual([{ type: 'connected', user: ada }, { type: 'reconnected' }]);
  });

  it.each<ServerFrame & BackendEvent>([
    { type: 'message.created', message },
    { type: 'message.updated', message },
    { type: 'member.updated', member },
    { type: 'member.removed', threadId: 't', userId: 'ben' },
    { type: 'thread.updated', thread },
    { type: 'thread.removed', threadId: 't' },
  ])('$type is handed on', async (frame) => {
    const { events, sockets } = await connected();
    sockets.latest.deliver(frame);
    expect(events.slice(1)).toEqual([frame]);
  });
});

describe('C9 another user', () => {
  it('gets a new socket with a token of their own, and nothing of the one before', async () => {
    const clock = new FakeClock();
    const sockets = createScriptedSockets((socket) => {
      socket.onFrame = (frame) => {
        if (frame.type !== 'auth.open') return;
        const { sub } = JSON.parse(Buffer.from(frame.token.split('.')[1] ?? '', 'base64url').toString()) as {
          sub: string;
        };
        socket.deliver({ ...accepted(clock), user: { id: sub, name: sub, avatarUrl: null } } as ServerFrame);
      };
      clock.setTimer(() => socket.open(), 10);
    });
    const first = open({ WebSocket: sockets.WebSocket }, { clock, userId: 'ada' });
    await clock.advance(20);
    first.session.openThread('t', { afterSeq: 7 }).catch(() => {});
    first.session.close();
    const second = open({ WebSocket: sockets.WebSocket }, { clock, userId: 'ben' });
    await clock.advance(20);
    expect(second.events).toMatchObject([{ type: 'connected', user: { id: 'ben' } }]);
    expect(sockets.all.map(({ readyState }) => readyState)).toEqual([3, 1]);
    expect(sockets.latest.sent.map(({ type }) => type)).toEqual(['auth.open']);
    expect(sockets.latest.sentOf('auth.open')[0]?.token).toBe(second.tokens.current?.raw());
  });
});

describe('the transport', () => {
  const platform = (clock: FakeClock) => {
    const sockets = createScriptedSockets(accepting(clock));
    const streams = createScriptedEventStreams(accepting(clock));
    vi.stubGlobal('WebSocket', sockets.WebSocket);
    vi.stubGlobal('fetch', streams.fetch);
    return { sockets, streams };
  };

  it.each([
    [undefined, 'wss://chat.test/chat/socket'],
    ['auto', 'wss://chat.test/chat/socket'],
    ['websocket', 'wss://chat.test/chat/socket'],
    ['event-stream', 'https://chat.test/chat/events'],
  ] as const)('%s: opens %s', async (transport, url) => {
    await import('../connection/EventStreamLine.ts');
    const clock = new FakeClock();
    const { sockets, streams } = platform(clock);
    const { events, session } = open({ transport }, { clock });
    await clock.advance(20);
    expect([...sockets.all, ...streams.all].map((line) => line.url)).toEqual([url]);
    expect(events).toMatchObject([{ type: 'connected' }]);
    session.close();
  });

  it('auto goes by event stream where the platform has no WebSocket', async () => {
    const clock = new FakeClock();
    const { streams } = platform(clock);
    vi.stubGlobal('WebSocket', undefined);
    const { events } = open({}, { clock });
    await clock.advance(20);
    expect([streams.all.length, events.length]).toEqual([1, 1]);
  });

  it('websocket says so where the platform has none', async () => {
    vi.stubGlobal('WebSocket', undefined);
    const clock = new FakeClock();
    const states: unknown[] = [];
    const tokens = createTokenManager({
      clock,
      signals: new FakeSignals(),
      fetchToken: () => Promise.resolve({ token: 'opaque', expires_in: 600 }),
    });
    const context = { userId: 'ada', tokens, clock, onEvent: () => {} };
    latchkitBackend({ url: 'https://chat.test/chat', transport: 'websocket', signals: new FakeSignals() }).open({
      ...context,
      onState: (state) => states.push(state),
    });
    await clock.settle();
    expect(states.at(-1)).toMatchObject({ status: 'closed', error: { code: 'invalid_options' } });
  });
});
