import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeEngines } from '../../../test/support/engines.ts';
import { parseQuery } from '../search/parseQuery.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

const refusal = (code: string) => expect.objectContaining({ code }) as Error;
const text = (value: string) => [{ type: 'text' as const, text: value }];
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const seqsOf = (messages: { seq: number }[]) => messages.map(({ seq }) => seq).sort((a, b) => a - b);

describeEngines('batches', (make) => {
  let storage: ChatStorage;
  let database: string;
  beforeEach(async () => {
    database = await make();
    storage = await openStorage(database);
    await storage.upsertUser({ id: 'ada', name: 'Ada', avatarUrl: null });
    for (const id of ['t', 'u', 'v']) {
      await storage.upsertThread({ id, title: id, access: 'members', members: [{ id: 'ada', role: 'agent' }] });
    }
  });
  afterEach(() => storage.close());

  const send = (id: string, threadId = 't', body = id, on = storage) =>
    on.appendMessage({ id, threadId, authorId: id.startsWith('bob') ? 'bob' : 'ada', parts: text(body) });
  const logOf = async (threadId: string) => (await storage.changesAfter(threadId, 0, 1_000)).messages;

  it('messages of one turn get places in their order and without a gap, each thread its own', async () => {
    const stored = await Promise.all([
      ...upTo(130).map((n) => send(`t${n}`)),
      ...upTo(3).map((n) => send(`bob-u${n}`, 'u')),
      send('v1', 'v'),
    ]);
    expect(stored.map(({ seq }) => seq)).toEqual([...upTo(130), 1, 2, 3, 1]);
    for (const threadId of ['t', 'u', 'v']) {
      const log = await logOf(threadId);
      expect(log).toEqual(stored.filter((message) => message.threadId === threadId));
      const { head, messageCount, lastMessage } = (await storage.getThread(threadId))!;
      expect([head, messageCount, lastMessage?.seq]).toEqual([log.length, log.length, log.length]);
    }
    expect(stored[0]?.author.name).toBe('Ada');
    expect(stored[130]?.author).toEqual({ id: 'bob', name: 'bob', avatarUrl: null });
  });

  it('messages of one turn are found by what they say', async () => {
    await Promise.all([send('a', 't', 'the first invoice'), send('b', 'u', 'another one'), send('c', 't', 'no match')]);
    const find = async (typed: string) => {
      const found = await storage.searchMessages({ query: parseQuery(typed), in: { userId: 'ada' }, limit: 10 });
      return found.map(({ message }) => message.id);
    };
    expect([await find('invoice'), await find('another')]).toEqual([['a'], ['b']]);
  });

  it('one that cannot be stored harms no other of its turn, and takes no place', async () => {
    await send('before');
    const outcomes = await Promise.allSettled([
      send('a'),
      send('lost', 'no-such-thread'),
      send('before', 't', 'something else'),
      send('b', 'u'),
      send('c'),
    ]);
    expect(outcomes.map((each) => (each.status === 'rejected' ? (each.reason as unknown) : each.value.id))).toEqual([
      'a',
      refusal('thread_not_found'),
      refusal('message_conflict'),
      'b',
      'c',
    ]);
    expect(seqsOf(await logOf('t'))).toEqual([1, 2, 3]);
    expect((await storage.getThread('t'))?.head).toBe(3);
  });

  it('S2 the same message twice in one turn, and again in a later one, is stored once', async () => {
    const twice = await Promise.all([
      send('a'),
      send('a'),
      send('b'),
      send('a', 't', 'another text').catch(() => null),
    ]);
    const again = await Promise.all([send('b'), send('c'), send('a')]);
    expect([...twice.slice(0, 3), ...again].map((message) => message?.id)).toEqual(['a', 'a', 'b', 'b', 'c', 'a']);
    expect(twice[3]).toBeNull();
    expect(twice[0]).toEqual(twice[1]);
    expect(seqsOf(await logOf('t'))).toEqual([1, 2, 3]);
  });

  it('two servers that write to the same threads in opposite orders get on', async () => {
    const other = await openStorage(database);
    const threads = ['t', 'u', 'v'];
    for (const round of upTo(10)) {
      await Promise.all([
        ...threads.map((threadId) => send(`one-${round}-${threadId}`, threadId)),
        ...threads.toReversed().map((threadId) => send(`two-${round}-${threadId}`, threadId, 'x', other)),
        // Both of them want to have sent it.
        send(`both-${round}`, 't', 'x'),
        send(`both-${round}`, 't', 'x', other),
      ]);
    }
    await other.close();
    expect(seqsOf(await logOf('t'))).toEqual(upTo(30));
    for (const threadId of ['u', 'v']) expect(seqsOf(await logOf(threadId))).toEqual(upTo(20));
  });

  it('G9 each is told their own access, as it is when they ask', async () => {
    await storage.upsertThread({ id: 'open', title: 'O', access: 'open' });
    const ask = (threadId: string, userId: string) => storage.getAccess(threadId, userId);
    const questions = [ask('t', 'ada'), ask('t', 'bob'), ask('none', 'ada'), ask('open', 'bob'), ask('t', 'ada')];
    const agent = { access: 'members', role: 'agent' };
    expect(await Promise.all(questions)).toEqual([
      agent,
      { access: 'members', role: null },
      null,
      { access: 'open', role: null },
      agent,
    ]);
    await storage.removeMember({ threadId: 't', userId: 'ada' }, { keepOwner: false });
    expect(await ask('t', 'ada')).toEqual({ access: 'members', role: null });
    await storage.removeThread('t');
    expect(await Promise.all([ask('t', 'ada'), ask('u', 'ada')])).toEqual([null, agent]);
  });

  it('hostile ids ask for nothing but themselves', async () => {
    const hostile = ["'); drop table latchkit_threads; --", "t' or '1'='1", 't', '$1', '%'];
    const found = await Promise.all(hostile.map((id) => storage.getAccess(id, "ada' --")));
    expect(found).toEqual([null, null, { access: 'members', role: null }, null, null]);
  });
});
