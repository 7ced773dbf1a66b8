import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeEngines } from '../../../test/support/engines.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

const HOUR = 3_600_000;

describeEngines('attachments', (make) => {
  let storage: ChatStorage;
  let now = 0;
  beforeEach(async () => {
    now = 1_900_000_000_000;
    storage = await openStorage(await make(), { now: () => now });
    await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
    await storage.upsertUser({ id: 'ada', name: 'Ada', avatarUrl: null });
  });
  afterEach(() => storage.close());

  const begin = (id: string, size = 10, quota?: { bytes: number; since: number }) =>
    storage.attachments.begin({ id, threadId: 't', uploaderId: 'ada', filename: 'a.png', size }, quota);
  const facts = { filename: 'a.png', mediaType: 'image/png', width: 1, height: 2 };
  const stored = async (id: string) => {
    await begin(id);
    await storage.attachments.accept(id, facts);
  };
  const part = (attachmentId: string) => ({ type: 'file' as const, attachmentId, size: 10, ...facts });
  const claim = (id: string, messageId: string) =>
    storage.attachments.claim([id], { messageId, threadId: 't', userId: 'ada' });
  const send = async (id: string, messageId: string) => {
    await claim(id, messageId);
    await storage.appendMessage({ id: messageId, threadId: 't', authorId: 'ada', parts: [part(id)] });
  };
  const times = () => ({ before: now - 24 * HOUR, claimedBefore: now - HOUR / 6 });
  const orphans = async () => (await storage.attachments.sweepPage('', times())).orphans;

  it('keeps what is known of a file, and the first verdict over it', async () => {
    await begin('f1');
    expect(await storage.attachments.get('f1')).toEqual({
      id: 'f1',
      threadId: 't',
      uploaderId: 'ada',
      filename: 'a.png',
      size: 10,
      createdAt: now,
      storedAt: null,
      refused: null,
      mediaType: null,
      width: null,
      height: null,
      messageId: null,
    });
    await storage.attachments.refuse('f1', 'no');
    await storage.attachments.accept('f1', facts);
    expect(await storage.attachments.get('f1')).toMatchObject({ refused: 'no', storedAt: null });
    expect(await storage.attachments.get('f2')).toBeNull();
  });

  it('counts what one person uploads, also many at once', async () => {
    const quota = { bytes: 35, since: now - 24 * HOUR };
    const all = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => begin(`f${n}`, 10, quota)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(all.find((each) => each.status === 'rejected')?.reason).toMatchObject({ code: 'rate_limited' });
    now += 25 * HOUR;
    await begin('later', 10, { bytes: 35, since: now - 24 * HOUR });
  });

  it('gives a file to one message, whoever asks at once', async () => {
    await stored('f1');
    const claims = await Promise.all(['m1', 'm2', 'm3'].map((messageId) => claim('f1', messageId)));
    // Until its message is stored, the last who asks has it; nobody else's message can hold it then.
    expect(claims.flat().length).toBeGreaterThan(0);
    await send('f1', 'm4');
    expect(await claim('f1', 'm5')).toEqual([]);
    expect(await claim('f1', 'm4')).toHaveLength(1);
    expect(await storage.attachments.getHeld('f1')).toMatchObject({ messageId: 'm4' });
  });

  it('sweeps what nobody needs: unfinished, unsent, of deleted and edited messages, and nothing else', async () => {
    await begin('unfinished');
    await stored('unsent');
    for (const name of ['kept', 'deleted', 'edited']) {
      await stored(name);
      await send(name, `m-${name}`);
    }
    await stored('in-flight');
    expect(await orphans()).toEqual([]);
    now += 25 * HOUR;
    await begin('fresh');
    await claim('in-flight', 'm-not-yet');
    await storage.deleteMessage({ threadId: 't', messageId: 'm-deleted' });
    await storage.editMessage({ threadId: 't', messageId: 'm-edited', parts: [{ type: 'text', text: 'x' }] });
    expect((await orphans()).sort()).toEqual(['deleted', 'edited', 'unfinished', 'unsent']);
    now += HOUR;
    expect((await orphans()).sort()).toEqual(['deleted', 'edited', 'in-flight', 'unfinished', 'unsent']);
    await storage.removeThread('t');
    expect(await orphans()).toContain('kept');
  });

  it('a file that is sent while it is swept stays, or is refused to the sender: never both', async () => {
    await stored('f1');
    now += 25 * HOUR;
    expect(await orphans()).toEqual(['f1']);
    await send('f1', 'm1');
    expect(await storage.attachments.startRemoval('f1', times())).toBe(false);
    await stored('f2');
    now += 25 * HOUR;
    expect(await storage.attachments.startRemoval('f2', times())).toBe(true);
    expect(await claim('f2', 'm2')).toEqual([]);
    expect(await storage.attachments.get('f2')).toBeNull();
    // Until the bytes are gone it is found again.
    expect(await orphans()).toEqual(['f2']);
    await storage.attachments.remove('f2');
    expect(await orphans()).toEqual([]);
    await storage.attachments.remove('f1');
    expect(await storage.attachments.getHeld('f1')).not.toBeNull();
  });

  it('walks through all of it, page by page', async () => {
    for (let n = 0; n < 450; n++) await begin(`f${String(n).padStart(3, '0')}`);
    now += 25 * HOUR;
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page = await storage.attachments.sweepPage(after, times());
      seen.push(...page.orphans);
      after = page.next;
    }
    expect(new Set(seen).size).toBe(450);
  });

  it('only an upload that was not sent can be taken back', async () => {
    await stored('f1');
    await send('f1', 'm1');
    expect(await storage.attachments.withdraw('f1')).toBe(false);
    await begin('f2');
    expect(await storage.attachments.withdraw('f2')).toBe(true);
    expect(await storage.attachments.get('f2')).toBeNull();
  });

  it('gives every node the same key', async () => {
    const keys = await Promise.all(['a', 'b', 'c'].map((made) => storage.attachments.sharedKey('k', made)));
    expect(new Set(keys).size).toBe(1);
  });
});
