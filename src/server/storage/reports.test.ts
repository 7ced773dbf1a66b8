import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeEngines } from '../../../test/support/engines.ts';
import { MAX_REPORTS_SHOWN } from '../../protocol/index.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

describeEngines('reports', (make) => {
  let storage: ChatStorage;
  beforeEach(async () => {
    storage = await openStorage(await make());
    await storage.upsertUser({ id: 'ada', name: 'Ada', avatarUrl: null });
    await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
    await storage.upsertThread({ id: 'other', title: 'O', access: 'open' });
  });
  afterEach(() => storage.close());

  const key = (messageId: string, threadId = 't') => ({ threadId, messageId });
  const send = (id: string, threadId = 't') =>
    storage.appendMessage({ id, threadId, authorId: 'eve', parts: [{ type: 'text', text: `text of ${id}` }] });
  const report = (messageId: string, userId: string, note: string | null = null, threadId = 't') =>
    storage.saveReport({ ...key(messageId, threadId), userId, reason: 'abuse', note });
  const listed = async (threadId = 't') => (await storage.listReported(threadId, 10)).map(({ message }) => message.id);

  it('are kept by message, with who says what, and once for each person', async () => {
    await send('m1');
    await report('m1', 'ada');
    await report('m1', 'bob', 'Look at this');
    await storage.saveReport({ ...key('m1'), userId: 'ada', reason: 'spam', note: 'Again' });
    const [reported, ...others] = await storage.listReported('t', 10);
    expect(others).toEqual([]);
    expect(reported).toMatchObject({ message: { id: 'm1', author: { id: 'eve' } }, count: 2 });
    expect(reported?.reports.map(({ user, reason, note }) => [user.name, reason, note]).sort()).toEqual([
      ['Ada', 'spam', 'Again'],
      ['bob', 'abuse', 'Look at this'],
    ]);
    expect(await storage.countReported('t')).toBe(1);
    // No change of the message: its author and everybody else hear of nothing.
    expect((await storage.getMessage(key('m1')))?.version).toBe(1);
  });

  it('are of their thread alone', async () => {
    await send('m1');
    await send('o1', 'other');
    await report('m1', 'ada');
    await report('o1', 'ada', null, 'other');
    expect([await listed(), await listed('other')]).toEqual([['m1'], ['o1']]);
    expect(await storage.dismissReports(key('m1', 'other'))).toBe(false);
    expect(await storage.countReported('t')).toBe(1);
  });

  it('are done with once the message may stay, until somebody reports it anew', async () => {
    await send('m1');
    await report('m1', 'ada');
    await report('m1', 'bob');
    expect(await storage.dismissReports(key('m1'))).toBe(true);
    expect(await storage.dismissReports(key('m1'))).toBe(false);
    expect([await listed(), await storage.countReported('t')]).toEqual([[], 0]);
    await report('m1', 'bob', 'Still there');
    const [again] = await storage.listReported('t', 10);
    expect(again).toMatchObject({ count: 1, reports: [{ user: { id: 'bob' }, note: 'Still there' }] });
  });

  it('go with the message', async () => {
    await send('m1');
    await report('m1', 'ada');
    await storage.deleteMessage(key('m1'));
    expect([await listed(), await storage.countReported('t')]).toEqual([[], 0]);
    await storage.removeThread('t');
    expect(await storage.countReported('t')).toBe(0);
  });

  it('of a message that thousands report, some are shown and all are counted', async () => {
    await send('m1');
    for (let n = 0; n < MAX_REPORTS_SHOWN + 5; n += 1) await report('m1', `u${n}`);
    const [reported] = await storage.listReported('t', 10);
    expect(reported?.reports).toHaveLength(MAX_REPORTS_SHOWN);
    expect(reported?.count).toBe(MAX_REPORTS_SHOWN + 5);
  });

  it('so many messages are listed, the last reported first, and all are counted', async () => {
    for (let n = 0; n < 5; n += 1) {
      await send(`m${n}`);
      await report(`m${n}`, 'ada');
      await new Promise((resolve) => setTimeout(resolve, 2)); // two times that differ
    }
    expect((await storage.listReported('t', 3)).map(({ message }) => message.id)).toEqual(['m4', 'm3', 'm2']);
    expect(await storage.countReported('t')).toBe(5);
  });
});
