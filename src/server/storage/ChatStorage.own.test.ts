import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newDatabase, newFile, POSTGRES, postgres } from '../../../test/support/engines.ts';
import { MAX_UNREAD_COUNT } from '../../protocol/index.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

/** What every engine must do with what a thread is to one person. `make` names a fresh, empty database. */
function describeOwnStates(make: () => Promise<string> | string): void {
  let storage: ChatStorage;
  let now = 0;
  beforeEach(async () => {
    now = 1_900_000_000_000;
    storage = await openStorage(await make(), { now: () => now });
    await storage.upsertThread({ id: 't', title: 'T', access: 'members', members: [{ id: 'ada' }, { id: 'bob' }] });
  });
  afterEach(() => storage.close());

  const send = (id: string, authorId = 'bob', threadId = 't') =>
    storage.appendMessage({ id, threadId, authorId, parts: [{ type: 'text', text: id }] });
  const own = async (userId: string, threadId = 't') => (await storage.getThread(threadId, userId))?.own;
  const read = (userId: string, readSeq: number, threadId = 't') => storage.saveReceipt({ threadId, userId, readSeq });

  it('counts others’ messages after the place that somebody has read, not the deleted and not one’s own', async () => {
    for (const id of ['m1', 'm2', 'm3']) await send(id);
    await send('mine', 'ada');
    expect(await own('ada')).toEqual({ readSeq: 0, unreadCount: 3, muted: false, archived: false });
    await storage.deleteMessage({ threadId: 't', messageId: 'm3' });
    expect(await own('ada')).toMatchObject({ unreadCount: 2 });
    expect(await read('ada', 1)).toBe(1);
    expect(await own('ada')).toMatchObject({ readSeq: 1, unreadCount: 1 });
    expect(await own('bob')).toMatchObject({ readSeq: 0, unreadCount: 1 });
    expect((await storage.listThreads('ada', { limit: 9 }))[0]).toMatchObject({
      messageCount: 4,
      own: { unreadCount: 1 },
    });
    expect((await storage.getThread('t'))?.own).toBeNull();
  });

  it('a place goes forward only, also of many at once, and never beyond the newest message', async () => {
    for (let n = 1; n <= 5; n++) await send(`m${n}`);
    await storage.addReaction({ threadId: 't', messageId: 'm1', userId: 'ada', emoji: '👍' });
    await Promise.all([2, 4, 1, 3].map((seq) => read('ada', seq)));
    expect(await own('ada')).toMatchObject({ readSeq: 4, unreadCount: 1 });
    expect(await read('ada', 3)).toBeNull();
    expect(await read('ada', 4)).toBeNull();
    expect(await read('ada', Number.MAX_SAFE_INTEGER)).toBe(5);
    expect(await own('ada')).toMatchObject({ readSeq: 5, unreadCount: 0 });
    expect(await read('ada', 1, 'nowhere')).toBeNull();
  });

  it('counts no further than it must', async () => {
    for (let n = 1; n <= MAX_UNREAD_COUNT + 5; n++) await send(`m${n}`);
    expect(await own('ada')).toMatchObject({ unreadCount: MAX_UNREAD_COUNT });
    await read('ada', 6);
    expect(await own('ada')).toMatchObject({ unreadCount: MAX_UNREAD_COUNT - 1 });
  });

  it('what was said before somebody came is not unread to them; who was there from the start has all to read', async () => {
    await send('m1');
    await storage.saveMember({ threadId: 't', userId: 'cy', role: 'member' }, { keepOwner: false });
    await storage.upsertThread({
      id: 't',
      title: 'T',
      access: 'members',
      members: ['ada', 'bob', 'cy', 'dan'].map((id) => ({ id })),
    });
    await send('m2');
    expect(await own('ada')).toMatchObject({ readSeq: 0, unreadCount: 2 });
    for (const userId of ['cy', 'dan']) expect(await own(userId)).toMatchObject({ readSeq: 1, unreadCount: 1 });
    // A change of role is no coming.
    await storage.saveMember({ threadId: 't', userId: 'ada', role: 'agent' }, { keepOwner: false });
    expect(await own('ada')).toMatchObject({ readSeq: 0, unreadCount: 2 });
    // Who goes is forgotten with all that was theirs.
    await storage.removeMember({ threadId: 't', userId: 'cy' }, { keepOwner: false });
    await storage.saveMember({ threadId: 't', userId: 'cy', role: 'member' }, { keepOwner: false });
    expect(await own('cy')).toMatchObject({ readSeq: 2, unreadCount: 0 });
  });

  it('to a visitor nothing is unread until they have read something', async () => {
    await storage.upsertThread({ id: 'open', title: 'Open', access: 'open' });
    await send('m1', 'bob', 'open');
    expect(await own('eve', 'open')).toEqual({ readSeq: null, unreadCount: 0, muted: false, archived: false });
    await read('eve', 1, 'open');
    await send('m2', 'bob', 'open');
    expect(await own('eve', 'open')).toMatchObject({ readSeq: 1, unreadCount: 1 });
  });

  it('lists who has read how far, the furthest first, of those who may read', async () => {
    await storage.upsertUser({ id: 'ada', name: 'Ada', avatarUrl: null });
    for (const id of ['m1', 'm2']) await send(id);
    await read('bob', 1);
    now += 1_000;
    await read('ada', 2);
    await read('eve', 2);
    const ada = { user: { id: 'ada', name: 'Ada', avatarUrl: null }, readSeq: 2, readAt: now };
    const bob = { user: { id: 'bob', name: 'bob', avatarUrl: null }, readSeq: 1, readAt: now - 1_000 };
    expect(await storage.listReceipts('t', 10)).toEqual([ada, bob]);
    expect(await storage.listReceipts('t', 1)).toEqual([ada]);
    await storage.removeMember({ threadId: 't', userId: 'ada' }, { keepOwner: false });
    expect(await storage.listReceipts('t', 10)).toEqual([bob]);
    await storage.removeThread('t');
    expect(await storage.listReceipts('t', 10)).toEqual([]);
  });

  it('is muted for one person alone, and taken back', async () => {
    await storage.saveOwnState({ threadId: 't', userId: 'ada' }, { muted: true });
    await storage.saveOwnState({ threadId: 't', userId: 'ada' }, { muted: true });
    await send('m1');
    expect(await own('ada')).toEqual({ readSeq: 0, unreadCount: 1, muted: true, archived: false });
    expect(await own('bob')).toMatchObject({ muted: false });
    await storage.saveOwnState({ threadId: 't', userId: 'ada' }, { muted: false });
    expect(await own('ada')).toEqual({ readSeq: 0, unreadCount: 1, muted: false, archived: false });
    await storage.saveOwnState({ threadId: 'nowhere', userId: 'ada' }, { muted: true });
    // Nobody wrote a receipt by it.
    expect(await storage.listReceipts('t', 10)).toEqual([]);
  });

  it('is archived until the next message, and out of the list as long', async () => {
    const listed = async (archived: boolean) =>
      (await storage.listThreads('ada', { limit: 9, archived })).map(({ id }) => id);
    await send('m1');
    await storage.upsertThread({ id: 'u', title: 'U', access: 'open' });
    for (const threadId of ['t', 'u']) await storage.saveOwnState({ threadId, userId: 'ada' }, { archived: true });
    expect(await own('ada')).toMatchObject({ archived: true, unreadCount: 1 });
    expect([await listed(false), (await listed(true)).sort()]).toEqual([[], ['t', 'u']]);
    expect((await storage.listThreads('bob', { limit: 9 })).map(({ id }) => id).sort()).toEqual(['t', 'u']);
    await send('m2');
    expect(await own('ada')).toMatchObject({ archived: false });
    expect([await listed(false), await listed(true)]).toEqual([['t'], ['u']]);
    await storage.saveOwnState({ threadId: 'u', userId: 'ada' }, { archived: false });
    expect((await listed(false)).sort()).toEqual(['t', 'u']);
  });

  it('stays archived where it is muted, and until the next message where it is muted no longer', async () => {
    const key = { threadId: 't', userId: 'ada' };
    await storage.saveOwnState(key, { archived: true });
    await storage.saveOwnState(key, { muted: true });
    await send('m1');
    expect(await own('ada')).toMatchObject({ archived: true, muted: true });
    await storage.saveOwnState(key, { muted: false });
    expect(await own('ada')).toMatchObject({ archived: true, muted: false });
    await send('m2');
    expect(await own('ada')).toMatchObject({ archived: false });
    // One that came back is not put away again by being muted.
    await storage.saveOwnState(key, { muted: true });
    expect(await own('ada')).toMatchObject({ archived: false, muted: true });
  });

  it('to a visitor who mutes it nothing becomes unread, and to take back what was not there leaves no trace', async () => {
    await storage.upsertThread({ id: 'open', title: 'Open', access: 'open' });
    await send('m1', 'bob', 'open');
    await storage.saveOwnState({ threadId: 'open', userId: 'eve' }, { muted: false });
    await storage.saveOwnState({ threadId: 'open', userId: 'eve' }, { archived: false });
    expect(await own('eve', 'open')).toMatchObject({ readSeq: null });
    await storage.saveOwnState({ threadId: 'open', userId: 'eve' }, { muted: true });
    expect(await own('eve', 'open')).toEqual({ readSeq: 1, unreadCount: 0, muted: true, archived: false });
  });

  it('keeps when people were last here, and knows who is in a thread with whom', async () => {
    await storage.upsertUser({ id: 'ada', name: 'Ada', avatarUrl: null });
    expect(await storage.lastSeen(['ada', 'nobody'])).toEqual(new Map([['ada', now]]));
    await storage.saveLastSeen(['ada', 'nobody'], now + 5_000);
    await storage.saveLastSeen(['ada'], now + 1_000);
    // Told of, and never here.
    await storage.introduce([{ id: 'zoe', name: 'Zoe', avatarUrl: null }]);
    expect((await storage.lastSeen(['zoe'])).size).toBe(0);
    expect(await storage.lastSeen(['ada', 'nobody'])).toEqual(new Map([['ada', now + 5_000]]));
    await storage.upsertThread({ id: 'open', title: 'Open', access: 'open' });
    await storage.upsertThread({ id: 'u', title: 'U', access: 'members', members: [{ id: 'bob' }, { id: 'cy' }] });
    expect(await storage.sharingThread('ada', ['bob', 'cy', 'nobody'])).toEqual(new Set(['bob']));
    expect(await storage.sharingThread('ada', [])).toEqual(new Set());
    expect((await storage.getThread('t'))?.pair).toEqual(['ada', 'bob']);
    expect((await storage.listThreads('ada', { limit: 9 })).map(({ id, pair }) => [id, pair]).sort()).toEqual([
      ['open', undefined],
      ['t', ['ada', 'bob']],
    ]);
  });
}

describe('SQLite in memory', () => describeOwnStates(() => ':memory:'));
describe('SQLite in a file', () => describeOwnStates(newFile));
describe.skipIf(!postgres)(POSTGRES, () => describeOwnStates(newDatabase));
