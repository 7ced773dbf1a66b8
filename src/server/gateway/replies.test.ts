import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';
import { MAX_FRAME_BYTES, MAX_TEXT_LENGTH } from '../../protocol/index.ts';

const many = 1_000_000;
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({
    limits: { frameBurst: many, framesPerSecond: many, userFrameBurst: many, userFramesPerSecond: many },
  });
  await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada', 'bob'] });
  await server.chat.threads.upsert({ id: 'other', title: 'Other', members: ['ada'] });
});
afterEach(() => server.stop());

const text = (value: string) => [{ type: 'text', text: value }];
const subscribe = (socket: TestSocket, threadId = 'pair') =>
  socket.request({ type: 'thread.subscribe', threadId }, 'thread.subscribed');
const reply = (socket: TestSocket, replyTo: string, messageId: string, words = messageId, threadId = 'pair') =>
  socket.request({ type: 'message.send', threadId, messageId, parts: text(words), replyTo }, 'message.accepted');
const replies = (socket: TestSocket, messageId: string, beforeSeq?: number, limit = 50) =>
  socket.request({ type: 'reply.list', threadId: 'pair', messageId, beforeSeq, limit }, 'reply.listed');
const refused = (socket: TestSocket, frame: { type: string; [field: string]: unknown }) =>
  socket.request(frame, 'request.refused').then((answer) => answer.error.code);

describe('replies', () => {
  it('a reply and its count reach whoever listens, and whoever comes later', async () => {
    const [ada, bob] = await Promise.all(['ada', 'bob'].map((id) => server.connect(id)));
    await ada!.sendText('pair', 'Which one?', 'q');
    await subscribe(bob!);
    const { message } = await reply(ada!, 'q', 'a', 'The first.');
    expect(message).toMatchObject({ version: 2, replyTo: { id: 'q', rootId: 'q', text: 'Which one?' } });
    expect((await bob!.take('message.created')).message).toEqual(message);
    expect((await bob!.take('message.updated')).message).toMatchObject({ id: 'q', version: 3, replyCount: 1 });
    const page = await subscribe(ada!);
    expect(page).toMatchObject({ lastSeq: 3, messages: [{ id: 'q', replyCount: 1 }, { replyTo: { id: 'q' } }] });
    // S2 sent again it is the same one.
    expect((await reply(ada!, 'q', 'a', 'The first.')).message).toEqual(message);
    await ada!.request({ type: 'message.delete', threadId: 'pair', messageId: 'a' }, 'message.saved');
    expect((await bob!.take('message.updated')).message).toMatchObject({ id: 'a', parts: [], version: 4 });
    const counted = (await bob!.take('message.updated')).message;
    expect(counted).toMatchObject({ id: 'q', version: 5 });
    expect(counted.replyCount).toBeUndefined();
  });

  it('a message of another thread cannot be answered, nor can one that is not there', async () => {
    const ada = await server.connect('ada');
    await ada.sendText('other', 'a secret', 'far');
    const send = { type: 'message.send', threadId: 'pair', messageId: 'm', parts: text('x') };
    expect(await refused(ada, { ...send, replyTo: 'far' })).toBe('message_not_found');
    expect(await refused(ada, { ...send, replyTo: 'none' })).toBe('message_not_found');
    expect((await subscribe(ada)).messages).toEqual([]);
  });

  it('lists the replies page by page, to who may read the thread', async () => {
    const [ada, bob, eve] = await Promise.all(['ada', 'bob', 'eve'].map((id) => server.connect(id)));
    await ada!.sendText('pair', 'root', 'q');
    for (const n of [1, 2, 3, 4, 5]) await reply(ada!, 'q', `r${n}`);
    const newest = await replies(bob!, 'q', undefined, 2);
    expect(newest).toMatchObject({ root: { id: 'q', replyCount: 5 }, hasOlder: true });
    expect(newest.messages.map(({ id }) => id)).toEqual(['r4', 'r5']);
    const older = await replies(bob!, 'q', newest.messages[0]!.seq, 3);
    expect(older).toMatchObject({ root: null, hasOlder: false });
    expect(older.messages.map(({ id }) => id)).toEqual(['r1', 'r2', 'r3']);
    expect(await replies(bob!, 'r1')).toMatchObject({ root: { id: 'r1' }, messages: [], hasOlder: false });
    const ask = { type: 'reply.list', threadId: 'pair', messageId: 'q', limit: 9 };
    expect(await refused(eve!, ask)).toBe('thread_forbidden');
    expect(await refused(bob!, { ...ask, messageId: 'none' })).toBe('message_not_found');
    expect(await refused(bob!, { ...ask, limit: 101 })).toBe('bad_request');
  });

  it('G3 the longest replies to the longest message fit their frames, and all of them can be had', async () => {
    const ada = await server.connect('ada');
    // A control character takes six bytes of JSON.
    const longest = '\u0001'.repeat(MAX_TEXT_LENGTH - 1);
    await ada.sendText('pair', `${longest}q`, 'q');
    for (const n of [1, 2, 3]) await reply(ada, 'q', `r${n}`, longest + n);
    const first = await replies(ada, 'q');
    expect(first).toMatchObject({ root: { id: 'q' }, messages: [], hasOlder: true });
    const found: string[] = [];
    let before = Number.MAX_SAFE_INTEGER;
    for (let more = true; more;) {
      const page = await replies(ada, 'q', before);
      found.unshift(...page.messages.map(({ id }) => id));
      before = page.messages[0]!.seq;
      more = page.hasOlder;
    }
    expect(found).toEqual(['r1', 'r2', 'r3']);
    expect(ada.largestFrame).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  });
});

describe('pins', () => {
  const change = (socket: TestSocket, type: 'message.pin' | 'message.unpin', messageId: string) =>
    socket.request({ type, threadId: 'pair', messageId }, 'message.saved');
  const pins = (socket: TestSocket) => socket.request({ type: 'pin.list', threadId: 'pair' }, 'pin.listed');

  it('are heard by whoever listens, and listed for who comes later, cut short', async () => {
    const [ada, bob] = await Promise.all(['ada', 'bob'].map((id) => server.connect(id)));
    await ada!.sendText('pair', 'x'.repeat(9_000), 'm1');
    await ada!.sendText('pair', 'two', 'm2');
    await subscribe(bob!);
    const { message } = await change(ada!, 'message.pin', 'm1');
    expect(message.pinned).toMatchObject({ userId: 'ada' });
    expect((await bob!.take('message.updated')).message).toEqual(message);
    await change(bob!, 'message.pin', 'm2');
    const listed = (await pins(bob!)).messages;
    expect(listed.map(({ id }) => id).sort()).toEqual(['m1', 'm2']);
    expect(JSON.stringify(listed).length).toBeLessThan(2_000);
    await change(bob!, 'message.unpin', 'm1');
    expect((await pins(ada!)).messages.map(({ id }) => id)).toEqual(['m2']);
    const eve = await server.connect('eve');
    expect(await refused(eve, { type: 'pin.list', threadId: 'pair' })).toBe('thread_forbidden');
    expect(await refused(ada!, { type: 'message.pin', threadId: 'pair', messageId: 'none' })).toBe('message_not_found');
  });
});
