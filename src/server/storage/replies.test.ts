import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeEngines } from '../../../test/support/engines.ts';
import { MAX_PINS } from '../../protocol/index.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

const refusal = (code: string) => expect.objectContaining({ code }) as Error;
const text = (value: string) => [{ type: 'text' as const, text: value }];
const END = Number.MAX_SAFE_INTEGER;

describeEngines('replies', (make) => {
  let storage: ChatStorage;
  beforeEach(async () => {
    storage = await openStorage(await make());
    await storage.upsertUser({ id: 'ada', name: 'Ada', avatarUrl: null });
    await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
    await storage.upsertThread({ id: 'other', title: 'O', access: 'open' });
  });
  afterEach(() => storage.close());

  const send = (id: string, replyTo?: string, threadId = 't') =>
    storage.appendMessage({ id, threadId, authorId: 'ada', parts: text(`text of ${id}`), replyTo });
  const key = (messageId: string) => ({ threadId: 't', messageId });
  const read = (messageId: string) => storage.getMessage(key(messageId));
  const countOf = async (messageId: string) => (await read(messageId))?.replyCount;
  const quote = (id: string, rootId: string) => ({
    id,
    rootId,
    author: { id: 'ada', name: 'Ada' },
    text: `text of ${id}`,
    filename: null,
    deletedAt: null,
  });

  it('a reply tells what it answers, and what it begins with counts it, each in a place of the log', async () => {
    await send('root');
    const first = await send('first', 'root');
    expect(first).toMatchObject({ seq: 2, version: 2, replyTo: quote('root', 'root') });
    expect(await read('first')).toEqual(first);
    expect(await read('root')).toMatchObject({ seq: 1, version: 3, replyCount: 1 });
    // A reply to a reply begins where that does.
    expect(await send('second', 'first')).toMatchObject({ seq: 4, replyTo: quote('first', 'root') });
    expect(await read('root')).toMatchObject({ version: 5, replyCount: 2 });
    expect(await countOf('first')).toBeUndefined();
    const { messages, upTo } = await storage.changesAfter('t', 1, 10);
    expect(upTo).toBe(5);
    expect(messages.map(({ id, version }) => [id, version])).toEqual([
      ['first', 2],
      ['second', 4],
      ['root', 5],
    ]);
    expect(await storage.getThread('t')).toMatchObject({ head: 5, lastMessage: { id: 'second' } });
    expect(await send('next')).toMatchObject({ seq: 6, version: 6 });
  });

  it('S2 sent again it is there once, and counted once', async () => {
    await send('root');
    const first = await send('first', 'root');
    expect(await send('first', 'root')).toEqual(first);
    expect(await countOf('root')).toBe(1);
    await expect(send('first')).rejects.toEqual(refusal('message_conflict'));
    expect(await send('next')).toMatchObject({ seq: 4 });
  });

  it('refuses to answer what is none of the thread’s, and takes no place for it', async () => {
    await send('far', undefined, 'other');
    await expect(send('m', 'far')).rejects.toEqual(refusal('message_not_found'));
    await expect(send('m', 'nothing')).rejects.toEqual(refusal('message_not_found'));
    await expect(send('m', 'm')).rejects.toEqual(refusal('message_not_found'));
    expect(await send('m')).toMatchObject({ seq: 1 });
  });

  it('quotes what it answers as that is now', async () => {
    await send('root');
    await send('first', 'root');
    await storage.editMessage({ ...key('root'), parts: text('other words') });
    expect((await read('first'))?.replyTo).toMatchObject({ text: 'other words' });
    await storage.deleteMessage(key('root'));
    const [reply] = (await storage.messagesBefore('t', 9, 9)).filter(({ id }) => id === 'first');
    expect(reply?.replyTo).toMatchObject({ text: '', deletedAt: expect.any(Number) as number });
    // What was deleted can be answered still: somebody was writing.
    expect((await send('late', 'root')).replyTo?.deletedAt).not.toBeNull();
    expect(await countOf('root')).toBe(2);
  });

  it('a deleted reply is counted no more, once', async () => {
    await send('root');
    await send('first', 'root');
    await send('second', 'root');
    const { message } = await storage.deleteMessage(key('first'));
    expect(message).toMatchObject({ version: 6, parts: [], replyTo: { id: 'root' } });
    expect(await read('root')).toMatchObject({ version: 7, replyCount: 1 });
    await storage.deleteMessage(key('first'));
    expect(await read('root')).toMatchObject({ version: 7, replyCount: 1 });
    await storage.deleteMessage(key('second'));
    expect(await countOf('root')).toBeUndefined();
    expect((await storage.getThread('t'))?.head).toBe(9);
  });

  it('reads the replies that begin with a message, the newest page first', async () => {
    await send('root');
    await send('aside');
    for (const id of ['r1', 'r2', 'r3']) await send(id, 'root');
    await send('r4', 'r2');
    await send('elsewhere', 'aside');
    const newest = await storage.repliesBefore('t', 'root', END, 2);
    expect(newest.map(({ id }) => id)).toEqual(['r3', 'r4']);
    const older = await storage.repliesBefore('t', 'root', newest[0]!.seq, 5);
    expect(older.map(({ id }) => id)).toEqual(['r1', 'r2']);
    expect(await storage.repliesBefore('other', 'root', END, 5)).toEqual([]);
  });

  it('a pin is a change of its message, and goes with it', async () => {
    await send('m1');
    await send('m2');
    const pin = (messageId: string, userId = 'ada') => storage.pinMessage({ ...key(messageId), userId });
    const { message } = await pin('m1');
    expect(message).toMatchObject({ version: 3, pinned: { userId: 'ada', at: expect.any(Number) as number } });
    expect((await pin('m1', 'bob')).message).toEqual(message);
    await pin('m2');
    expect((await storage.pinnedMessages('t')).map(({ id }) => id).sort()).toEqual(['m1', 'm2']);
    expect(await storage.pinnedMessages('other')).toEqual([]);
    expect((await storage.unpinMessage(key('m1'))).message).not.toHaveProperty('pinned');
    expect((await storage.unpinMessage(key('m1'))).message.version).toBe(5);
    await storage.deleteMessage(key('m2'));
    expect(await storage.pinnedMessages('t')).toEqual([]);
    await expect(pin('m2')).rejects.toEqual(refusal('message_not_found'));
    await expect(pin('none')).rejects.toEqual(refusal('message_not_found'));
  });

  it('a thread takes so many pins and no more', async () => {
    for (let n = 0; n <= MAX_PINS; n++) await send(`m${n}`);
    for (let n = 0; n < MAX_PINS; n++) await storage.pinMessage({ ...key(`m${n}`), userId: 'ada' });
    await expect(storage.pinMessage({ ...key(`m${MAX_PINS}`), userId: 'ada' })).rejects.toEqual(refusal('bad_request'));
    await storage.unpinMessage(key('m0'));
    await storage.pinMessage({ ...key(`m${MAX_PINS}`), userId: 'ada' });
    const newest = await storage.pinnedMessages('t');
    expect(newest).toHaveLength(MAX_PINS);
  });

  it('many at once are all counted', async () => {
    await send('root');
    await Promise.all(Array.from({ length: 20 }, (_, n) => send(`r${n}`, 'root')));
    expect(await countOf('root')).toBe(20);
    expect((await storage.getThread('t'))?.head).toBe(41);
    const places = (await storage.changesAfter('t', 0, 100)).messages.map(({ version }) => version);
    expect(new Set(places).size).toBe(21);
  });
});
