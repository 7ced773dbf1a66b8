import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../support/chat-server.ts';
import { openEvents, openSocket, type End, type OpenLine } from './lines.ts';
import { Refused, SmallClient } from './SmallClient.ts';

let server: TestServer;
let base: string;
beforeEach(async () => {
  server = await startTestServer();
  base = `${server.url}/chat`;
  await server.chat.threads.upsert({ id: 'general', title: 'General', access: 'open' });
});
afterEach(() => server.stop());

test('the small client knows the document and nothing of the kit', () => {
  for (const name of ['lines.ts', 'SmallClient.ts']) {
    const imports = readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(/from '([^']+)'/g);
    expect([...imports].map(([, from]) => from).filter((from) => from !== 'ws' && from !== './lines.ts')).toEqual([]);
  }
});

describe.each([
  ['the WebSocket', openSocket],
  ['the event stream', openEvents],
] as const)('a client written from docs/protocol.md, over %s', (_, openLine) => {
  async function signIn(user: string, { session = 's1', line = openLine }: { session?: string; line?: OpenLine } = {}) {
    const client = new SmallClient({ base, openLine: line, credentials: { 'x-user': user, 'x-session': session } });
    await client.connect();
    return client;
  }
  const refused = (code: string): unknown =>
    expect.objectContaining({ refusal: expect.objectContaining({ code }) as unknown });

  test('signs in, sends, and is heard by the other transport', async () => {
    const ada = await signIn('ada');
    const bob = await signIn('bob', { line: openLine === openSocket ? openEvents : openSocket });
    expect([ada.user, bob.user]).toEqual(['ada', 'bob']);
    await Promise.all([ada.open('general'), bob.open('general')]);
    const sent = await ada.say('general', 'Good morning');
    await bob.say('general', 'Morning!');
    await vi.waitFor(() => expect(ada.shown('general')).toEqual(['Good morning', 'Morning!']));
    await vi.waitFor(() => expect(bob.shown('general')).toEqual(['Good morning', 'Morning!']));
    expect(sent).toMatchObject({ author: { id: 'ada' }, seq: 1, version: 1 });
  });

  test('sends again what was sent: stored once, answered alike; another text is a conflict', async () => {
    const ada = await signIn('ada');
    const id = crypto.randomUUID();
    const first = await ada.say('general', 'Once', id);
    expect(await ada.say('general', 'Once', id)).toEqual(first);
    await expect(ada.say('general', 'Twice', id)).rejects.toEqual(refused('message_conflict'));
    await ada.open('general');
    expect(ada.shown('general')).toEqual(['Once']);
  });

  test('is answered in the order of its requests', async () => {
    const ada = await signIn('ada');
    const answered: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, async (_each, n) => {
        await ada.say('general', `${n}`);
        answered.push(n);
      }),
    );
    expect(answered).toEqual(Array.from({ length: 20 }, (_each, n) => n));
    await ada.open('general');
    expect(ada.shown('general')).toEqual(answered.map(String));
  });

  test('edits, deletes and reacts; the other hears of each, one place in the log apart', async () => {
    const [ada, bob] = await Promise.all([signIn('ada'), signIn('bob')]);
    await Promise.all([ada.open('general'), bob.open('general')]);
    const { id } = await ada.say('general', 'Helo');
    expect(await ada.edit('general', id, 'Hello')).toMatchObject({ seq: 1, version: 2, deletedAt: null });
    await bob.react('general', id, '👍');
    await vi.waitFor(() => expect(ada.messages('general')[0]?.reactions).toHaveLength(1));
    expect(ada.messages('general')[0]).toMatchObject({
      parts: [{ type: 'text', text: 'Hello' }],
      reactions: [{ emoji: '👍', count: 1, userIds: ['bob'] }],
      version: 3,
    });
    await bob.react('general', id, '👍', 'remove');
    await ada.erase('general', id);
    await vi.waitFor(() => expect(bob.shown('general')).toEqual([null]));
    expect(bob.messages('general')[0]).toMatchObject({ seq: 1, version: 5, parts: [], reactions: [] });
    await vi.waitFor(() => expect([ada.known('general'), bob.known('general')]).toEqual([5, 5]));
    expect(ada.holes + bob.holes).toBe(0);
  });

  test('C14 comes back after a drop and has missed nothing, changes neither', async () => {
    const [ada, bob] = await Promise.all([signIn('ada'), signIn('bob')]);
    await Promise.all([ada.open('general'), bob.open('general')]);
    const first = await ada.say('general', 'before');
    await vi.waitFor(() => expect(bob.known('general')).toBe(1));
    bob.drop();
    await bob.ended;
    for (let n = 0; n < 5; n++) await ada.say('general', `missed ${n}`);
    await ada.edit('general', first.id, 'before, edited');
    await bob.connect();
    expect(bob.shown('general')).toEqual(['before, edited', ...Array.from({ length: 5 }, (_each, n) => `missed ${n}`)]);
    expect(bob.known('general')).toBe(7);
    await ada.say('general', 'and live again');
    await vi.waitFor(() => expect(bob.shown('general').at(-1)).toBe('and live again'));
    expect(bob.known('general')).toBe(8);
  });

  test('C15 is told of a gap when it missed more than a page', async () => {
    const [ada, bob] = await Promise.all([signIn('ada'), signIn('bob')]);
    await ada.say('general', 'long ago');
    await bob.open('general');
    bob.drop();
    await bob.ended;
    const count = 130;
    for (let n = 0; n < count; n++) await sayPatiently(ada, `${n}`);
    await bob.connect();
    const shown = bob.shown('general');
    expect(shown).not.toContain('long ago');
    expect(shown.at(-1)).toBe(`${count - 1}`);
    expect(bob.known('general')).toBe(count + 1);
    // And the older ones come page by page.
    const older = await bob.request({
      type: 'history.fetch',
      threadId: 'general',
      beforeSeq: bob.messages('general')[0]!.seq,
      limit: 100,
    });
    expect(older.messages!.at(-1)!.seq).toBe(bob.messages('general')[0]!.seq - 1);
  });

  test('says what it has read; the other hears it, and their own counts begin there', async () => {
    const [ada, bob] = await Promise.all([signIn('ada'), signIn('bob')]);
    await Promise.all([ada.open('general'), bob.open('general')]);
    for (const text of ['one', 'two', 'three']) await ada.say('general', text);
    const read = (readSeq: number) => bob.request({ type: 'receipt.send', threadId: 'general', readSeq });
    expect((await read(1)).thread).toMatchObject({ messageCount: 3, own: { readSeq: 1, unreadCount: 2 } });
    await vi.waitFor(() =>
      expect(ada.events).toContainEqual(
        expect.objectContaining({
          type: 'receipt.updated',
          receipts: [expect.objectContaining({ user: expect.objectContaining({ id: 'bob' }) as unknown, readSeq: 1 })],
        }),
      ),
    );
    expect((await read(3)).thread?.own).toMatchObject({ readSeq: 3, unreadCount: 0 });
    bob.drop();
    await bob.ended;
    await bob.connect();
    const { thread } = await bob.request({ type: 'thread.fetch', threadId: 'general' });
    expect(thread?.own).toMatchObject({ readSeq: 3, unreadCount: 0 });
    const { receipts } = await ada.request({ type: 'receipt.list', threadId: 'general' });
    expect(receipts?.map(({ user, readSeq }) => [user.id, readSeq])).toEqual([['bob', 3]]);
  });

  test('makes a thread, invites, changes roles, and is refused what a role may not do', async () => {
    const [ada, bob, eve] = await Promise.all([signIn('ada'), signIn('bob'), signIn('eve')]);
    const threadId = crypto.randomUUID();
    const create = { type: 'thread.create', threadId, title: 'Plans', access: 'members', memberIds: ['bob'] };
    const { thread } = await ada.request(create);
    expect(thread).toMatchObject({ id: threadId, title: 'Plans', role: 'owner', memberCount: 2 });
    expect((await ada.request(create)).thread).toMatchObject({ id: threadId, memberCount: 2 });
    expect((await ada.members(threadId)).map(({ user, role }) => [user.id, role])).toEqual([
      ['ada', 'owner'],
      ['bob', 'member'],
    ]);
    await bob.open(threadId);
    await expect(eve.open(threadId)).rejects.toEqual(refused('thread_forbidden'));
    await expect(bob.request({ type: 'member.save', threadId, userId: 'eve', role: 'member' })).rejects.toEqual(
      refused('action_forbidden'),
    );
    await ada.request({ type: 'member.save', threadId, userId: 'bob', role: 'readonly' });
    await vi.waitFor(() =>
      expect(bob.events).toContainEqual(
        expect.objectContaining({
          type: 'member.updated',
          member: expect.objectContaining({ role: 'readonly' }) as unknown,
        }),
      ),
    );
    await expect(bob.say(threadId, 'May I?')).rejects.toEqual(refused('action_forbidden'));
    await expect(ada.request({ type: 'thread.leave', threadId })).rejects.toEqual(refused('last_owner'));
    expect(await ada.request({ type: 'member.remove', threadId, userId: 'bob' })).toMatchObject({
      type: 'request.done',
    });
    await vi.waitFor(() => expect(bob.events).toContainEqual({ type: 'thread.removed', threadId }));
    await expect(bob.open(threadId)).rejects.toEqual(refused('thread_forbidden'));
  });

  test('is refused by name and by code, and goes on', async () => {
    const ada = await signIn('ada');
    const wrong: [object, string][] = [
      [{ type: 'message.whisper' }, 'unknown_frame'],
      [{ type: 'history.fetch', threadId: 'general', beforeSeq: 1, limit: 1_000 }, 'bad_request'],
      [{ type: 'thread.subscribe', threadId: 'nowhere' }, 'thread_not_found'],
      [{ type: 'message.edit', threadId: 'general', messageId: 'none', parts: text('x') }, 'message_not_found'],
      [{ type: 'message.send', threadId: 'general', messageId: 'm', parts: text('  ') }, 'message_empty'],
      [
        { type: 'message.send', threadId: 'general', messageId: 'm', parts: text('x'.repeat(10_001)) },
        'message_too_long',
      ],
    ];
    for (const [frame, code] of wrong) {
      await expect(ada.request(frame as { type: string }), code).rejects.toEqual(refused(code));
    }
    await expect(ada.say('general', 'still here')).resolves.toMatchObject({ seq: 1 });
  });

  test('renews its token on the same connection; another person’s ends it', async () => {
    const ada = await signIn('ada');
    expect(await ada.renew()).toBeGreaterThan(0);
    await ada.say('general', 'still here');
    ada.renew(await server.mint('eve', { 'x-session': 's1' })).catch(() => {});
    expect(await ada.ended).toMatchObject({ code: 4004 });
  });

  test('a taken-back token ends its connection, and a bad one opens none', async () => {
    const ada = await signIn('ada');
    await server.chat.revoke({ sessionId: 's1' });
    expect(await ada.ended).toMatchObject({ code: 4100 });
    await expect(ada.connect('no.token.atall')).rejects.toMatchObject({ code: 4100 } satisfies Partial<End>);
  });

  test('G11 a restart says over how long to come back', async () => {
    const ada = await signIn('ada');
    const stopping = server.chat.close();
    const { code, reason } = await ada.ended;
    expect(code).toBe(1012);
    expect(JSON.parse(reason)).toEqual({ spreadMs: expect.any(Number) as unknown });
    await stopping;
  });

  test('a frame that is none ends the connection', async () => {
    const ada = await signIn('ada');
    ada.send({ type: 'message.send', threadId: 7 });
    expect(await ada.ended).toMatchObject({ code: 4001 });
  });
});

const text = (value: string) => [{ type: 'text', text: value }];

/** As the document says: `rate_limited` names the time to wait. */
async function sayPatiently(client: SmallClient, words: string): Promise<void> {
  const id = crypto.randomUUID();
  for (;;) {
    try {
      await client.say('general', words, id);
      return;
    } catch (error) {
      if (!(error instanceof Refused) || error.refusal.code !== 'rate_limited') throw error;
      await new Promise((resolve) => setTimeout(resolve, error.refusal.retryAfterMs));
    }
  }
}
