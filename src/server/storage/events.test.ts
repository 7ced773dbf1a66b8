import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeEngines } from '../../../test/support/engines.ts';
import { MAX_EVENT_PEOPLE } from '../../protocol/index.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

const parts = [{ type: 'text' as const, text: 'hello' }];
const rule = { keepOwner: true, by: 'ada' };

describeEngines('events', (make) => {
  let storage: ChatStorage;
  let now = 0;
  beforeEach(async () => {
    now = 1_900_000_000_000;
    storage = await openStorage(await make(), { now: () => now });
    for (const id of ['ada', 'bob']) await storage.upsertUser({ id, name: id.toUpperCase(), avatarUrl: null });
  });
  afterEach(() => storage.close());

  const create = (memberIds: string[] = ['bob']) =>
    storage.createThread({ id: 't', title: 'Talk', access: 'members', creatorId: 'ada', memberIds });
  const log = async () => (await storage.changesAfter('t', 0, 100)).messages;
  const refusal = expect.objectContaining({ code: 'system_message' }) as Error;

  it('tells in the log who made a thread and with whom, once', async () => {
    const events = await create();
    expect(events.map(({ seq, author, event, parts: said }) => ({ seq, author: author.name, event, said }))).toEqual([
      { seq: 1, author: 'ADA', event: { type: 'thread.created', title: 'Talk' }, said: [] },
      {
        seq: 2,
        author: 'ADA',
        event: { type: 'member.added', people: [{ id: 'bob', name: 'BOB' }], count: 1 },
        said: [],
      },
    ]);
    expect(await log()).toEqual(events);
    expect(await create()).toEqual([]);
    expect(await log()).toHaveLength(2);
  });

  it('reads the newest that somebody wrote past what the thread tells of itself, and what is deleted', async () => {
    await create();
    const send = (id: string) => storage.appendMessage({ id, threadId: 't', authorId: 'ada', parts });
    for (const id of ['m1', 'm2', 'm3', 'm4']) {
      await send(id);
      await storage.renameThread('t', `After ${id}`, 'ada');
    }
    await storage.deleteMessage({ threadId: 't', messageId: 'm3' });
    const newest = await storage.newestWritten('t', 2);
    expect(newest.map(({ id, author }) => [id, author.name])).toEqual([
      ['m2', 'ADA'],
      ['m4', 'ADA'],
    ]);
    expect(await storage.newestWritten('t', 9)).toHaveLength(3);
    expect(await storage.newestWritten('elsewhere', 9)).toEqual([]);
  });

  it('names the first of many people, as they are called now, and counts all', async () => {
    await create(Array.from({ length: MAX_EVENT_PEOPLE + 5 }, (_, n) => `user-${n}`));
    await storage.upsertUser({ id: 'user-0', name: 'Zed', avatarUrl: null });
    const event = (await log())[1]?.event;
    expect(event).toMatchObject({ count: MAX_EVENT_PEOPLE + 5 });
    expect(event?.people).toHaveLength(MAX_EVENT_PEOPLE);
    expect(event?.people?.[0]).toEqual({ id: 'user-0', name: 'Zed' });
  });

  it('tells of each change of title and members, and of none that changes nothing', async () => {
    await create([]);
    const save = (userId: string, role: 'member' | 'owner') =>
      storage.saveMember({ threadId: 't', userId, role }, rule);
    expect((await storage.renameThread('t', 'Walk', 'ada'))?.event).toEqual({ type: 'thread.renamed', title: 'Walk' });
    expect(await storage.renameThread('t', 'Walk', 'ada')).toBeNull();
    const bob = { people: [{ id: 'bob', name: 'BOB' }], count: 1 };
    expect((await save('bob', 'member'))?.event?.event).toEqual({ type: 'member.added', ...bob });
    expect((await save('bob', 'member'))?.event).toBeNull();
    expect((await save('bob', 'owner'))?.event?.event).toEqual({ type: 'member.role-changed', ...bob, role: 'owner' });
    const join = { threadId: 't', userId: 'cy', role: 'member', was: null } as const;
    expect((await storage.saveMember(join, { keepOwner: true, by: 'cy' }))?.event?.event).toEqual({
      type: 'member.joined',
    });
    const gone = await storage.removeMember({ threadId: 't', userId: 'bob' }, rule);
    expect(gone).toMatchObject({ removed: true, event: { event: { type: 'member.removed', ...bob } } });
    expect(await storage.removeMember({ threadId: 't', userId: 'bob' }, rule)).toEqual({ removed: false, event: null });
    const left = await storage.removeMember({ threadId: 't', userId: 'cy' }, { keepOwner: true, by: 'cy' });
    expect(left.event?.event).toEqual({ type: 'member.left' });
    expect((await log()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('tells of nothing that is refused, and of nothing that is nobody’s doing', async () => {
    await create([]);
    await storage.saveMember({ threadId: 't', userId: 'bob', role: 'member' }, { keepOwner: true });
    await expect(storage.removeMember({ threadId: 't', userId: 'ada' }, rule)).rejects.toMatchObject({
      code: 'last_owner',
    });
    expect(await log()).toHaveLength(1);
    expect((await storage.getThread('t'))?.head).toBe(1);
  });

  it('is unread to nobody, counts as no message and is no last one', async () => {
    await create();
    const before = await storage.getThread('t', 'bob');
    expect(before).toMatchObject({ messageCount: 0, lastMessage: null, own: { unreadCount: 0 }, head: 2 });
    await storage.appendMessage({ id: 'm1', threadId: 't', authorId: 'ada', parts });
    now += 60_000;
    await storage.renameThread('t', 'Walk', 'ada');
    expect(await storage.getThread('t', 'bob')).toMatchObject({
      messageCount: 1,
      lastMessage: { id: 'm1' },
      updatedAt: now - 60_000,
      own: { unreadCount: 1 },
      head: 4,
    });
    expect(await storage.saveReceipt({ threadId: 't', userId: 'bob', readSeq: 4 })).toBe(3);
    expect((await storage.getThread('t', 'bob'))?.own).toMatchObject({ unreadCount: 0 });
    expect(await storage.appendMessage({ id: 'm2', threadId: 't', authorId: 'ada', parts })).toMatchObject({ seq: 5 });
  });

  it('hides no unread message behind many of them', async () => {
    await create();
    await storage.appendMessage({ id: 'm1', threadId: 't', authorId: 'ada', parts });
    for (let n = 0; n < 220; n++) await storage.renameThread('t', `Talk ${n}`, 'ada');
    expect((await storage.getThread('t', 'bob'))?.own).toMatchObject({ unreadCount: 1 });
  });

  it('keeps people apart who share no thread, and introduces those who were never here once', async () => {
    await create();
    await storage.createThread({ id: 'u', title: '', access: 'members', creatorId: 'bob', memberIds: ['cy', 'ada'] });
    await storage.createThread({ id: 'v', title: '', access: 'members', creatorId: 'dan', memberIds: ['cy'] });
    await storage.introduce([
      { id: 'cy', name: 'AAA', avatarUrl: null },
      { id: 'ada', name: 'Somebody else', avatarUrl: null },
    ]);
    await storage.introduce([]);
    expect((await storage.acquaintances('ada', 9)).map(({ id, name }) => [id, name])).toEqual([
      ['cy', 'AAA'],
      ['bob', 'BOB'],
    ]);
    expect(await storage.acquaintances('ada', 1)).toHaveLength(1);
    expect((await storage.acquaintances('cy', 9)).map(({ id }) => id).sort()).toEqual(['ada', 'bob', 'dan']);
    expect(await storage.getUser('ada')).toMatchObject({ name: 'ADA' });
  });

  it('cannot be edited, deleted, reacted to, pinned or answered', async () => {
    const [created] = await create();
    const key = { threadId: 't', messageId: created!.id };
    await expect(storage.editMessage({ ...key, parts })).rejects.toEqual(refusal);
    await expect(storage.deleteMessage(key)).rejects.toEqual(refusal);
    await expect(storage.addReaction({ ...key, userId: 'bob', emoji: '👍' })).rejects.toEqual(refusal);
    await expect(storage.pinMessage({ ...key, userId: 'ada' })).rejects.toEqual(refusal);
    const reply = { id: 'm1', threadId: 't', authorId: 'bob', parts, replyTo: created!.id };
    await expect(storage.appendMessage(reply)).rejects.toEqual(refusal);
    expect(await storage.getMessage(key)).toEqual(created);
  });
});
