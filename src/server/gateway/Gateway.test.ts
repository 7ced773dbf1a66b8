import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestClient } from '../../../test/support/TestClient.ts';
import { WIRES } from '../../../test/support/wires.ts';
import { MAX_FRAME_BYTES, MAX_TEXT_LENGTH, textOf, type ServerFrameOf } from '../../protocol/index.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ allowedOrigins: ['https://web.example'] });
  await server.chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
  await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada', 'bob'] });
});
afterEach(() => server.stop());

const subscribe = (client: TestClient, threadId: string, afterSeq?: number) =>
  client.request({ type: 'thread.subscribe', threadId, afterSeq }, 'thread.subscribed');
const refused = (client: TestClient, frame: { type: string; [field: string]: unknown }) =>
  client.request(frame, 'request.refused').then((answer) => answer.error);
const text = (value: string) => [{ type: 'text', text: value }];
const bodies = (frame: ServerFrameOf<'thread.subscribed'> | ServerFrameOf<'history.page'>) =>
  frame.messages.map((message) => textOf(message.parts));

describe.each(WIRES)('a conversation ($name)', (wire) => {
  const connect = async (userId: string, on = server) => wire.open(`${on.url}/chat`, await on.mint(userId));

  it('two people talk: accepted to the sender, created to both, updated in both lists', async () => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    await subscribe(ada, 'pair');
    const opened = await subscribe(bob, 'pair');
    expect(opened).toMatchObject({ messages: [], hasOlder: false, gap: false, lastSeq: 0 });
    const list = await bob.request({ type: 'thread.list' }, 'thread.listed');
    expect(list.threads.map((thread) => thread.id).sort()).toEqual(['open', 'pair']);

    const accepted = await ada.sendText('pair', 'hello', 'm1');
    expect(accepted.message).toMatchObject({
      id: 'm1',
      seq: 1,
      threadId: 'pair',
      author: { id: 'ada', name: 'Name of ada', avatarUrl: null },
      parts: text('hello'),
    });
    expect((await ada.take('message.created')).message).toEqual(accepted.message);
    expect((await bob.take('message.created')).message).toEqual(accepted.message);
    expect((await bob.take('thread.updated')).thread).toMatchObject({
      id: 'pair',
      lastMessage: { id: 'm1' },
      updatedAt: accepted.message.createdAt,
    });
    await bob.sendText('pair', 'hi');
    expect((await ada.take('message.created')).message).toMatchObject({ seq: 2, author: { id: 'bob' } });
  });

  it('messages sent in a row keep their order', async () => {
    const ada = await connect('ada');
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => ada.sendText('open', `${n}`)));
    expect(answers.map((answer) => answer.message.seq)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });

  it('S2 the same message sent again is accepted again and heard once', async () => {
    const ada = await connect('ada');
    await subscribe(ada, 'open');
    const first = await ada.sendText('open', 'hello', 'm1');
    expect((await ada.sendText('open', 'hello', 'm1')).message).toEqual(first.message);
    await ada.sendText('open', 'next', 'm2');
    expect((await ada.take('message.created')).message.id).toBe('m1');
    expect((await ada.take('message.created')).message.id).toBe('m2');
    const conflict = { type: 'message.send', threadId: 'open', messageId: 'm1', parts: text('other') };
    expect((await refused(ada, conflict)).code).toBe('message_conflict');
  });

  it('resumes after a seq, pages back, and tells a gap', async () => {
    const ada = await connect('ada');
    for (let n = 1; n <= 40; n++) await ada.sendText('open', `${n}`);
    const bob = await connect('bob');
    for (let n = 41; n <= 60; n++) await bob.sendText('open', `${n}`);
    const resumed = await subscribe(bob, 'open', 58);
    expect(resumed).toMatchObject({ gap: false, hasOlder: true, lastSeq: 60 });
    expect(bodies(resumed)).toEqual(['59', '60']);
    expect(await subscribe(bob, 'open', 60)).toMatchObject({ gap: false, messages: [], lastSeq: 60 });
    const far = await subscribe(bob, 'open', 3);
    expect(far).toMatchObject({ gap: true, hasOlder: true, lastSeq: 60 });
    expect(bodies(far)).toHaveLength(50);
    // A client that knows more than the server has come back to another database.
    expect(await subscribe(bob, 'open', 999)).toMatchObject({ gap: true, lastSeq: 60 });
    const older = await bob.request(
      { type: 'history.fetch', threadId: 'open', beforeSeq: 11, limit: 5 },
      'history.page',
    );
    expect(bodies(older)).toEqual(['6', '7', '8', '9', '10']);
    expect(older.hasOlder).toBe(true);
    const first = await bob.request(
      { type: 'history.fetch', threadId: 'open', beforeSeq: 6, limit: 9 },
      'history.page',
    );
    expect(first.hasOlder).toBe(false);
  });

  it('L4 leads to a message and on from there, and to none that is not in the thread', async () => {
    const ada = await connect('ada');
    const ids: string[] = [];
    for (let n = 1; n <= 30; n++) ids.push((await ada.sendText('open', `${n}`)).message.id);
    const fetch = (place: object) =>
      ada.request({ type: 'history.fetch', threadId: 'open', limit: 5, ...place }, 'history.page');
    const around = await fetch({ aroundMessageId: ids[14] });
    expect(bodies(around)).toEqual(['13', '14', '15', '16', '17']);
    expect(around).toMatchObject({ hasOlder: true, hasNewer: true });
    const newer = await fetch({ afterSeq: 17 });
    expect(bodies(newer)).toEqual(['18', '19', '20', '21', '22']);
    expect(newer).toMatchObject({ hasOlder: true, hasNewer: true });
    expect(await fetch({ afterSeq: 25 })).toMatchObject({ hasNewer: false });
    expect(await fetch({ afterSeq: 30 })).toMatchObject({ messages: [], hasNewer: false });
    expect(await fetch({ aroundMessageId: ids[0] })).toMatchObject({ hasOlder: false, hasNewer: true });
    const last = await fetch({ aroundMessageId: ids[29] });
    expect(bodies(last)).toEqual(['28', '29', '30']);
    expect(last.hasNewer).toBe(false);
    const refusal = async (frame: object) =>
      (await ada.request({ type: 'history.fetch', threadId: 'open', limit: 5, ...frame }, 'request.refused')).error
        .code;
    expect(await refusal({ aroundMessageId: 'none' })).toBe('message_not_found');
    // Of another conversation, which says nothing about it.
    expect(await refusal({ threadId: 'pair', aroundMessageId: ids[0] })).toBe('message_not_found');
    expect(await refusal({})).toBe('bad_request');
    expect(await refusal({ beforeSeq: 1, afterSeq: 1 })).toBe('bad_request');
  });

  it('L4 long messages around another one stay within one frame, which the message is in', async () => {
    const ada = await connect('ada');
    const long = '\u0001'.repeat(MAX_TEXT_LENGTH);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await ada.sendText('open', n === 3 ? 'short' : long)).message.id);
    for (const [index, aroundMessageId] of ids.entries()) {
      const frame = { type: 'history.fetch', threadId: 'open', aroundMessageId, limit: 50 };
      const { messages, hasOlder, hasNewer } = await ada.request(frame, 'history.page');
      const seqs = messages.map(({ seq }) => seq);
      expect(seqs).toContain(index + 1);
      expect([hasOlder, hasNewer]).toEqual([seqs[0] !== 1, seqs.at(-1) !== 5]);
    }
    expect(ada.largestFrame).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  });

  it('pages of long messages stay within one frame, and nothing is lost between them', async () => {
    const ada = await connect('ada');
    const long = '\u0001'.repeat(MAX_TEXT_LENGTH);
    for (let n = 0; n < 4; n++) await ada.sendText('open', long);
    const seen = (await subscribe(ada, 'open')).messages;
    expect(seen.map((message) => message.seq)).toEqual([4]);
    await ada.request({ type: 'thread.list' }, 'thread.listed');
    while (seen[0]!.seq > 1) {
      const beforeSeq = seen[0]!.seq;
      const page = await ada.request({ type: 'history.fetch', threadId: 'open', beforeSeq, limit: 50 }, 'history.page');
      expect(page.hasOlder).toBe(page.messages[0]!.seq > 1);
      seen.unshift(...page.messages);
    }
    expect(seen.map((message) => message.seq)).toEqual([1, 2, 3, 4]);
    expect(ada.largestFrame).toBeGreaterThan(10_000);
    expect(ada.largestFrame).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  });

  it('no message falls between the page and the live events, however they interleave', async () => {
    const ada = await connect('ada');
    for (let round = 0; round < 10; round++) {
      const bob = await connect(`reader-${round}`);
      const sends = Array.from({ length: 4 }, (_, n) => ada.sendText('open', `${round}.${n}`));
      const page = await subscribe(bob, 'open');
      await Promise.all(sends);
      const seqs = page.messages.map((message) => message.seq);
      while ((seqs.at(-1) ?? 0) < (round + 1) * 4) seqs.push((await bob.take('message.created')).message.seq);
      expect(seqs).toEqual(Array.from({ length: (round + 1) * 4 }, (_, n) => n + 1));
      bob.close();
    }
  });

  it('C17 subscribing twice delivers once; after unsubscribing nothing comes', async () => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    await Promise.all([subscribe(bob, 'open'), subscribe(bob, 'open')]);
    await ada.sendText('open', 'one');
    await bob.take('message.created');
    bob.send({ type: 'thread.unsubscribe', threadId: 'open' });
    // Answered after the unsubscription was, because requests run in order.
    await bob.request({ type: 'thread.list' }, 'thread.listed');
    await ada.sendText('open', 'two');
    await bob.take('thread.updated');
    expect(bob.frames.filter((frame) => frame.type === 'message.created')).toEqual([]);
  });
});

describe.each(WIRES)('what one may do ($name)', (wire) => {
  const connect = async (userId: string, on = server) => wire.open(`${on.url}/chat`, await on.mint(userId));

  it('G9 a person who is no member may neither read nor write nor see the list entry', async () => {
    const eve = await connect('eve');
    const send = { type: 'message.send', threadId: 'pair', messageId: 'm1', parts: text('hi') };
    expect((await refused(eve, send)).code).toBe('thread_forbidden');
    expect((await refused(eve, { type: 'thread.subscribe', threadId: 'pair' })).code).toBe('thread_forbidden');
    const history = { type: 'history.fetch', threadId: 'pair', beforeSeq: 9, limit: 9 };
    expect((await refused(eve, history)).code).toBe('thread_forbidden');
    expect((await refused(eve, { ...send, threadId: 'nowhere' })).code).toBe('thread_not_found');
    const list = await eve.request({ type: 'thread.list' }, 'thread.listed');
    expect(list.threads.map((thread) => thread.id)).toEqual(['open']);
    await (await connect('ada')).sendText('pair', 'secret');
    await (await connect('ada')).sendText('open', 'public');
    expect((await eve.take('thread.updated')).thread.id).toBe('open');
    expect(eve.frames).toEqual([]);
  });

  it('G9 somebody taken out of a thread hears nothing more at once', async () => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    await subscribe(bob, 'pair');
    await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada'] });
    await ada.sendText('pair', 'without bob');
    expect((await refused(bob, { type: 'thread.subscribe', threadId: 'pair' })).code).toBe('thread_forbidden');
    expect(bob.frames).toEqual([{ type: 'thread.removed', threadId: 'pair' }]);
  });

  it('somebody who stays in a changed thread goes on hearing', async () => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    await subscribe(bob, 'pair');
    const upsert = server.chat.threads.upsert({ id: 'pair', title: 'Renamed', members: ['ada', 'bob', 'cy'] });
    await Promise.all([upsert, ada.sendText('pair', 'one'), ada.sendText('pair', 'two')]);
    expect((await bob.take('message.created')).message.seq).toBe(1);
    expect((await bob.take('message.created')).message.seq).toBe(2);
  });

  it('a thread that appears is told to whom it concerns', async () => {
    const ada = await connect('ada');
    await ada.request({ type: 'thread.list' }, 'thread.listed');
    await server.chat.threads.upsert({ id: 'new', title: 'New', members: ['ada'] });
    expect((await ada.take('thread.updated')).thread).toMatchObject({ id: 'new', title: 'New', lastMessage: null });
  });

  it('authorize decides at every action: false refuses, true allows, undefined leaves it to the thread', async () => {
    let verdict: boolean | undefined;
    const asked: string[] = [];
    const own = await startTestServer({
      authorize: ({ user, action, threadId }) => {
        asked.push(`${user.id} ${action} ${threadId}`);
        return verdict;
      },
    });
    await own.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada'] });
    const ada = await connect('ada', own);
    const eve = await connect('eve', own);
    await ada.sendText('pair', 'one');
    const send = { type: 'message.send', threadId: 'pair', messageId: 'm2', parts: text('two') };
    expect((await refused(eve, send)).code).toBe('thread_forbidden');
    verdict = true;
    await eve.sendText('pair', 'two', 'm2');
    verdict = false;
    expect((await refused(ada, { ...send, messageId: 'm3' })).code).toBe('action_forbidden');
    expect((await ada.request({ type: 'thread.list' }, 'thread.listed')).threads).toEqual([]);
    expect(asked).toContain('eve message.send pair');
    await own.stop();
  });

  it('authorize throwing refuses, and says nothing of why', async () => {
    const own = await startTestServer({
      authorize: () => {
        throw new Error('policy.internal is down');
      },
    });
    await own.chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
    const error = await refused(await connect('ada', own), { type: 'thread.subscribe', threadId: 'open' });
    expect(error).toMatchObject({ code: 'internal', retryable: true });
    expect(error.message).not.toContain('policy');
    await own.stop();
  });
});
