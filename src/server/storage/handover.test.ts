import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeEngines } from '../../../test/support/engines.ts';
import { ASSISTANT_IN_CHARGE, handoverAfter } from '../../protocol/index.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

describeEngines('hand-overs', (make) => {
  let database: string;
  let storage: ChatStorage;
  let now = 0;
  beforeEach(async () => {
    now = 1_900_000_000_000;
    database = await make();
    storage = await openStorage(database, { now: () => now });
    for (const id of ['ada', 'ben', 'cleo']) await storage.upsertUser({ id, name: id.toUpperCase(), avatarUrl: null });
    await add('t');
  });
  afterEach(() => storage.close());

  const add = (id: string, agents: string[] = ['ben', 'cleo']) =>
    storage.upsertThread({
      id,
      title: id,
      access: 'members',
      members: [{ id: 'ada' }, ...agents.map((agent) => ({ id: agent, role: 'agent' as const }))],
    });
  const request = (threadId = 't', reason: string | null = null, by = 'ada') =>
    storage.changeHandover({ type: 'request', threadId, by, reason });
  const take = (by: string, was: 'agent' | 'member' | null = 'agent', threadId = 't') =>
    storage.changeHandover({ type: 'take', threadId, by, was });
  const giveBack = (by = 'ben') => storage.changeHandover({ type: 'return', threadId: 't', by });
  const cancel = (by: string, askedBy = [by, 'assistant']) =>
    storage.changeHandover({ type: 'cancel', threadId: 't', by, askedBy });
  const state = async (threadId = 't') => (await storage.getThread(threadId))?.handover;
  const told = async () =>
    (await storage.changesAfter('t', 0, 100)).messages.map(({ event, author }) => [event?.type, author.id]);
  const person = (id: string) => ({ id, name: id.toUpperCase(), avatarUrl: null });

  it('are with the assistant at first, wait, are with a person, and go back', async () => {
    expect(await state()).toEqual(ASSISTANT_IN_CHARGE);
    await request('t', 'A refund');
    const waiting = {
      state: 'waiting',
      since: now,
      askedBy: person('ada'),
      agent: null,
      reason: 'A refund',
      version: 1,
    };
    expect(await state()).toEqual(waiting);
    now += 60_000;
    await take('ben');
    expect(await state()).toEqual({ ...waiting, state: 'person', since: now, agent: person('ben'), version: 2 });
    await giveBack();
    expect(await state()).toEqual({ ...ASSISTANT_IN_CHARGE, version: 3 });
    expect(await told()).toEqual([
      ['handover.requested', 'ada'],
      ['handover.taken', 'ben'],
      ['handover.returned', 'ben'],
    ]);
    expect((await storage.changesAfter('t', 0, 1)).messages[0]?.event).toEqual({
      type: 'handover.requested',
      reason: 'A refund',
    });
  });

  it('are in the log what they are in the thread', async () => {
    const steps = [
      () => request('t', 'one'),
      () => cancel('ada'),
      () => take('ben'),
      () => storage.removeMember({ threadId: 't', userId: 'ben' }, { keepOwner: true, by: 'ada' }),
      () => take('cleo'),
      () => giveBack('cleo'),
      () => storage.changeHandover({ type: 'request', threadId: 't', by: 'assistant', of: 'ada', reason: null }),
      () => giveBack('cleo'),
    ];
    let derived = ASSISTANT_IN_CHARGE;
    let head = 0;
    for (const step of steps) {
      now += 1_000;
      await step();
      const { messages, upTo } = await storage.changesAfter('t', head, 100);
      head = upTo;
      derived = messages.reduce(handoverAfter, derived);
      expect(derived).toEqual(await state());
      // Told once more, nothing changes.
      expect(messages.reduce(handoverAfter, derived)).toBe(derived);
    }
    expect(derived).toEqual({ ...ASSISTANT_IN_CHARGE, version: head });
  });

  it('change nothing, and tell nothing, when they are so already', async () => {
    expect(await giveBack()).toEqual({ handover: ASSISTANT_IN_CHARGE, event: null, member: null });
    expect(await cancel('ada')).toMatchObject({ event: null });
    await request('t', 'first');
    expect(await request('t', 'second', 'cleo')).toMatchObject({ event: null, handover: { reason: 'first' } });
    await take('ben');
    for (const again of [await take('ben'), await request(), await cancel('ada')]) {
      expect(again).toMatchObject({ event: null, handover: { state: 'person', agent: { id: 'ben' } } });
    }
    expect(await told()).toHaveLength(2);
  });

  it('of two who take one at once, one has it, and the other hears who', async () => {
    await request();
    const [first, second] = await Promise.allSettled([take('ben'), take('cleo')]);
    const won = first.status === 'fulfilled' ? 'ben' : 'cleo';
    const lost = first.status === 'fulfilled' ? second : first;
    expect(await state()).toMatchObject({ state: 'person', agent: { id: won } });
    expect(lost).toMatchObject({
      status: 'rejected',
      reason: { code: 'handover_taken', message: expect.stringContaining(won.toUpperCase()) as string },
    });
    expect((await told()).filter(([type]) => type === 'handover.taken')).toEqual([['handover.taken', won]]);
  });

  it('are cancelled by whom it was asked for, or by anybody where it is the app’s own doing', async () => {
    await request();
    await expect(cancel('cleo')).rejects.toMatchObject({ code: 'action_forbidden' });
    expect(await cancel('ada')).toMatchObject({ handover: { state: 'assistant' } });
    await request('t', null, 'assistant');
    expect(await cancel('ada')).toMatchObject({ handover: { state: 'assistant' } });
    await storage.changeHandover({ type: 'request', threadId: 't', by: 'assistant', of: 'ada', reason: null });
    await expect(cancel('cleo')).rejects.toMatchObject({ code: 'action_forbidden' });
    expect(await cancel('ada')).toMatchObject({ handover: { state: 'assistant' } });
  });

  it('make an agent of who was less and takes one, if that is still so', async () => {
    await request();
    expect(await take('dan', 'member')).toBeNull();
    expect(await state()).toMatchObject({ state: 'waiting' });
    expect(await take('dan', null)).toMatchObject({ member: { user: { id: 'dan' }, role: 'agent' } });
    expect(await storage.getMember({ threadId: 't', userId: 'dan' })).toMatchObject({ role: 'agent' });
    await storage.saveMember({ threadId: 't', userId: 'ben', role: 'owner' }, { keepOwner: false });
    await giveBack();
    await storage.changeHandover({ type: 'take', threadId: 't', by: 'ben', was: 'owner' });
    expect(await storage.getMember({ threadId: 't', userId: 'ben' })).toMatchObject({ role: 'owner' });
  });

  it.each([
    ['leaves', () => storage.removeMember({ threadId: 't', userId: 'ben' }, { keepOwner: true, by: 'ben' })],
    [
      'is taken out by the app, which says nothing',
      () => storage.removeMember({ threadId: 't', userId: 'ben' }, { keepOwner: true }),
    ],
    [
      'is an agent no longer',
      () => storage.saveMember({ threadId: 't', userId: 'ben', role: 'readonly' }, { keepOwner: true }),
    ],
    ['is not among the members any more', () => add('t', ['cleo'])],
  ])('wait again when who answers %s', async (_, go) => {
    await request('t', 'why');
    await take('ben');
    now += 5_000;
    await go();
    expect(await state()).toMatchObject({
      state: 'waiting',
      since: now,
      askedBy: { id: 'ada' },
      agent: null,
      reason: 'why',
    });
    expect((await told()).at(-1)).toEqual(['handover.reopened', 'ben']);
    expect(await take('cleo')).toMatchObject({ handover: { agent: { id: 'cleo' } } });
  });

  it('stay with who answers while others come and go', async () => {
    await take('ben');
    await storage.removeMember({ threadId: 't', userId: 'cleo' }, { keepOwner: true, by: 'cleo' });
    await storage.saveMember({ threadId: 't', userId: 'ben', role: 'owner' }, { keepOwner: true });
    expect(await state()).toMatchObject({ state: 'person', agent: { id: 'ben' } });
    // Nobody asked for them, so that they are who leaves it waiting.
    await add('t', []);
    expect(await state()).toMatchObject({ state: 'waiting', askedBy: { id: 'ben' } });
  });

  it('are listed the longest wait first, in pages, to their agents or to everybody', async () => {
    for (const [index, id] of ['c', 'a', 'b'].entries()) {
      await add(id, id === 'b' ? ['cleo'] : ['ben']);
      now += index === 1 ? 0 : 1_000;
      await request(id);
    }
    const list = async (userId: string, everywhere = false, after?: { since: number; id: string }, limit = 9) =>
      (await storage.listInbox(userId, { of: 'waiting', everywhere, after, limit })).map(({ id }) => id);
    expect(await list('staff', true)).toEqual(['a', 'c', 'b']);
    expect(await list('staff', true, { since: now - 1_000, id: 'a' }, 1)).toEqual(['c']);
    expect(await list('ben')).toEqual(['a', 'c']);
    expect(await list('cleo')).toEqual(['b']);
    expect(await list('ada')).toEqual([]);
    await take('ben', 'agent', 'c');
    expect(await list('staff', true)).toEqual(['a', 'b']);
    const mine = (userId: string) => storage.listInbox(userId, { of: 'mine', everywhere: false, limit: 9 });
    expect(await mine('ben')).toMatchObject([{ id: 'c', role: 'agent', handover: { agent: { id: 'ben' } } }]);
    expect(await mine('cleo')).toEqual([]);
    expect((await storage.listThreads('ada', { limit: 9 })).find(({ id }) => id === 'c')).toMatchObject({
      handover: { state: 'person' },
    });
  });

  it('are kept when the server stops', async () => {
    await request('t', 'why');
    await storage.close();
    storage = await openStorage(database, { now: () => now });
    expect(await state()).toMatchObject({ state: 'waiting', reason: 'why' });
  });

  it('of no thread there is nothing to hand over', async () => {
    await expect(request('nowhere')).rejects.toMatchObject({ code: 'thread_not_found' });
  });

  it('find the answers of a thread that grow', async () => {
    await add('u');
    for (const threadId of ['t', 'u']) {
      for (const status of ['streaming', 'done'] as const) {
        const answer = { status, to: 'm', run: 1, at: 0, error: null };
        await storage.appendMessage({
          id: `${threadId}-${status}`,
          threadId,
          authorId: 'assistant',
          parts: [],
          answer,
        });
      }
    }
    expect((await storage.growingAnswers('t')).map(({ id }) => id)).toEqual(['t-streaming']);
  });
});
