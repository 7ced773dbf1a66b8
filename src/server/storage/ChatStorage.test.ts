import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folder, newDatabase, newFile, POSTGRES, postgres } from '../../../test/support/engines.ts';
import { ASSISTANT_IN_CHARGE, type Role } from '../../protocol/index.ts';
import type { ChatStorage, ThreadPosition } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

const refusal = (code: string) => expect.objectContaining({ code }) as Error;
const text = (value: string) => [{ type: 'text' as const, text: value }];

/** What every engine must do. `make` names a fresh, empty database. */
function describeStorage(make: () => Promise<string> | string): void {
  let storage: ChatStorage;
  let database: string;
  let now = 0;
  const open = () => openStorage(database, { now: () => now });

  beforeEach(async () => {
    now = 1_900_000_000_000;
    database = await make();
    storage = await open();
  });
  afterEach(() => storage.close());

  const send = (id: string, body = id, threadId = 't', authorId = 'ada') =>
    storage.appendMessage({ id, threadId, authorId, parts: text(body) });

  it('shows somebody unknown by the id, and a profile as it was last stored', async () => {
    expect(await storage.getUser('ada')).toEqual({ id: 'ada', name: 'ada', avatarUrl: null });
    await storage.upsertUser({ id: 'ada', name: 'Ada', avatarUrl: null });
    await storage.upsertUser({ id: 'ada', name: 'Ada L.', avatarUrl: 'https://x.example/a.png' });
    expect(await storage.getUser('ada')).toEqual({
      id: 'ada',
      name: 'Ada L.',
      avatarUrl: 'https://x.example/a.png',
    });
  });

  it('knows those whom it has seen', async () => {
    await storage.upsertUser({ id: 'ada', name: 'Ada', avatarUrl: null });
    expect(await storage.knownUsers(['ada', 'nobody'])).toEqual([{ id: 'ada', name: 'Ada', avatarUrl: null }]);
    expect(await storage.knownUsers([])).toEqual([]);
  });

  it('says what those who are mentioned are called now, and stores no name with the message', async () => {
    await storage.upsertThread({ id: 't', title: 't', access: 'open' });
    await storage.upsertUser({ id: 'ben', name: 'Ben', avatarUrl: null });
    const mention = { userId: 'ben', label: 'Ben' };
    const parts = (name?: string) => [
      { type: 'text' as const, text: '@Ben', mentions: [name === undefined ? mention : { ...mention, name }] },
    ];
    const input = { id: 'm', threadId: 't', authorId: 'ada', parts: parts() };
    expect((await storage.appendMessage(input)).parts).toEqual(parts('Ben'));
    await storage.upsertUser({ id: 'ben', name: 'Benedict', avatarUrl: null });
    expect((await storage.appendMessage(input)).parts).toEqual(parts('Benedict'));
    expect((await storage.newestMessages('t', 1)).messages[0]?.parts).toEqual(parts('Benedict'));
    const same = await storage.editMessage({ threadId: 't', messageId: 'm', parts: parts('Ben') });
    expect(same.message.version).toBe(1);
  });

  const people = (...ids: string[]) => ids.map((id) => ({ id }));
  const makeThread = (id: string, access: 'open' | 'members', ...members: string[]) =>
    storage.upsertThread({ id, title: id, access, members: people(...members) });
  const roles = async (threadId: string) => Object.fromEntries(await storage.memberRoles(threadId));
  const keep = { keepOwner: true };

  it('makes a thread for its members only, and brings it up to date', async () => {
    const made = await storage.upsertThread({
      id: 't',
      title: 'One',
      access: 'members',
      members: people('ada', 'bob', 'bob'),
    });
    expect(made).toEqual({
      id: 't',
      title: 'One',
      access: 'members',
      role: null,
      memberCount: 2,
      messageCount: 0,
      lastMessage: null,
      updatedAt: now,
      own: null,
      pair: ['ada', 'bob'],
      handover: ASSISTANT_IN_CHARGE,
      head: 0,
    });
    await storage.upsertThread({ id: 't', title: 'Two', access: 'members', members: people('bob', 'cy') });
    expect(await roles('t')).toEqual({ bob: 'member', cy: 'member' });
    await storage.upsertThread({ id: 't', title: 'Three', access: 'open' });
    expect(await roles('t')).toEqual({ bob: 'member', cy: 'member' });
    expect(await storage.getThread('t', 'cy')).toMatchObject({ title: 'Three', access: 'open', role: 'member' });
    expect(await storage.getThread('t', 'eve')).toMatchObject({ role: null, memberCount: 2 });
    await storage.upsertThread({ id: 't', title: 'Three', access: 'open', members: [] });
    expect(await roles('t')).toEqual({});
    expect(await storage.getThread('nowhere')).toBeNull();
  });

  it('upserting members with roles sets them; without one the role that somebody has stays', async () => {
    const upsert = (...members: { id: string; role?: Role }[]) =>
      storage.upsertThread({ id: 't', title: 'T', access: 'members', members });
    await upsert({ id: 'ada', role: 'owner' }, { id: 'bob' }, { id: 'cy', role: 'readonly' });
    const [joined] = await storage.listMembers('t', { limit: 1 });
    now += 1_000;
    await upsert({ id: 'ada' }, { id: 'bob', role: 'agent' }, { id: 'dan' });
    expect(await roles('t')).toEqual({ ada: 'owner', bob: 'agent', dan: 'member' });
    // Who was there before did not join again.
    expect(await storage.listMembers('t', { limit: 1 })).toEqual([joined]);
  });

  it('takes more members than one statement takes values', async () => {
    const members = Array.from({ length: 12_000 }, (_, index) => `user-${index}`);
    await makeThread('t', 'members', ...members);
    expect(await storage.getThread('t')).toMatchObject({ memberCount: 12_000 });
    await makeThread('t', 'members', 'user-7');
    expect(await roles('t')).toEqual({ 'user-7': 'member' });
  });

  it('tells what decides over access', async () => {
    await makeThread('open', 'open', 'ada');
    expect(await storage.getAccess('open', 'ada')).toEqual({ access: 'open', role: 'member' });
    expect(await storage.getAccess('open', 'bob')).toEqual({ access: 'open', role: null });
    expect(await storage.getAccess('nowhere', 'ada')).toBeNull();
  });

  it('lists open threads and one’s own, the latest first, page by page and each once', async () => {
    await makeThread('theirs', 'members', 'bob');
    for (let n = 0; n < 7; n++) {
      await makeThread(`open-${n}`, 'open', ...(n % 2 ? ['ada'] : []));
      await makeThread(`own-${n}`, 'members', 'ada', 'bob');
      // Some share a time, so that the id has to tell them apart.
      if (n % 3 === 0) now += 1_000;
    }
    await send('m1', 'hello', 'own-0');
    const seen: string[] = [];
    let after: ThreadPosition | undefined;
    for (;;) {
      const page = await storage.listThreads('ada', { after, limit: 3 });
      seen.push(...page.map((thread) => thread.id));
      const last = page.at(-1);
      if (!last) break;
      after = { updatedAt: last.updatedAt, id: last.id };
    }
    expect(new Set(seen).size).toBe(14);
    expect(seen).toHaveLength(14);
    const [first, ...rest] = await storage.listThreads('ada', { limit: 100 });
    expect(first).toMatchObject({ id: 'own-0', role: 'member', memberCount: 2, lastMessage: { id: 'm1', seq: 1 } });
    expect(rest.find((thread) => thread.id === 'open-0')).toMatchObject({ role: null, memberCount: 0 });
    expect(seen).toEqual([first, ...rest].map((thread) => thread?.id));
    const times = rest.map((thread) => thread.updatedAt);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('S2 creates a thread once, with its owner, also when asked at once, and gives an id to one person only', async () => {
    const create = (creatorId: string, title = 'T') =>
      storage.createThread({ id: 't', title, access: 'members', creatorId, memberIds: ['bob', creatorId] });
    await Promise.all(Array.from({ length: 10 }, () => create('ada')));
    expect(await roles('t')).toEqual({ ada: 'owner', bob: 'member' });
    await storage.renameThread('t', 'Renamed', 'ada');
    await create('ada');
    expect(await storage.getThread('t')).toMatchObject({ title: 'Renamed' });
    await expect(create('bob')).rejects.toEqual(refusal('thread_conflict'));
    await makeThread('the-app’s', 'open');
    const taken = { id: 'the-app’s', title: '', access: 'open', creatorId: 'ada', memberIds: [] } as const;
    await expect(storage.createThread(taken)).rejects.toEqual(refusal('thread_conflict'));
    await expect(storage.renameThread('nowhere', 'x', 'ada')).rejects.toEqual(refusal('thread_not_found'));
  });

  it('removes a thread with all that is in it', async () => {
    await makeThread('t', 'open', 'ada');
    await send('m1');
    await storage.addReaction({ threadId: 't', messageId: 'm1', userId: 'ada', emoji: '👍' });
    expect(await storage.removeThread('t')).toBe(true);
    expect(await storage.removeThread('t')).toBe(false);
    expect(await storage.getMessage({ threadId: 't', messageId: 'm1' })).toBeNull();
    await makeThread('t', 'open');
    expect((await send('m1')).seq).toBe(1);
    expect((await storage.newestMessages('t', 5)).messages).toMatchObject([{ id: 'm1', reactions: [] }]);
  });

  it('saves and removes members, and lists them in the order that they came', async () => {
    await storage.upsertUser({ id: 'cy', name: 'Cy', avatarUrl: null });
    await makeThread('t', 'members', 'ada');
    for (const userId of ['dan', 'cy', 'bob']) {
      now += userId === 'bob' ? 0 : 1_000;
      await storage.saveMember({ threadId: 't', userId, role: 'readonly' }, keep);
    }
    now += 1_000;
    const saved = await storage.saveMember({ threadId: 't', userId: 'cy', role: 'agent' }, keep);
    expect(saved?.member).toEqual({
      threadId: 't',
      user: { id: 'cy', name: 'Cy', avatarUrl: null },
      role: 'agent',
      joinedAt: now - 1_000,
    });
    expect(await storage.getMember({ threadId: 't', userId: 'cy' })).toEqual(saved?.member);
    const listed = await storage.listMembers('t', { limit: 10 });
    expect(listed.map((member) => member.user.id)).toEqual(['ada', 'dan', 'bob', 'cy']);
    const [, second] = listed;
    const rest = { after: { joinedAt: second!.joinedAt, id: second!.user.id }, limit: 1 };
    expect(await storage.listMembers('t', rest)).toEqual([listed[2]]);
    expect(await storage.removeMember({ threadId: 't', userId: 'dan' }, keep)).toMatchObject({ removed: true });
    expect(await storage.removeMember({ threadId: 't', userId: 'dan' }, keep)).toMatchObject({ removed: false });
    expect(await storage.getMember({ threadId: 't', userId: 'dan' })).toBeNull();
    const nowhere = { threadId: 'nowhere', userId: 'ada' };
    await expect(storage.removeMember(nowhere, keep)).rejects.toEqual(refusal('thread_not_found'));
    await expect(storage.saveMember({ ...nowhere, role: 'member' }, keep)).rejects.toEqual(refusal('thread_not_found'));
  });

  it('changes no role that is not the one the decision was made upon', async () => {
    await makeThread('t', 'members', 'ada');
    const save = (was: Role | null) => storage.saveMember({ threadId: 't', userId: 'ada', role: 'agent', was }, keep);
    expect(await save(null)).toBeNull();
    expect(await save('readonly')).toBeNull();
    expect(await roles('t')).toEqual({ ada: 'member' });
    expect(await save('member')).toMatchObject({ member: { role: 'agent' }, event: null });
  });

  it('G9 never leaves others without an owner, also when two owners go at once', async () => {
    await storage.createThread({ id: 't', title: '', access: 'members', creatorId: 'ada', memberIds: ['bob'] });
    const member = (userId: string) => ({ threadId: 't', userId });
    await expect(storage.removeMember(member('ada'), keep)).rejects.toEqual(refusal('last_owner'));
    await expect(storage.saveMember({ ...member('ada'), role: 'agent' }, keep)).rejects.toEqual(refusal('last_owner'));
    expect(await roles('t')).toEqual({ ada: 'owner', bob: 'member' });
    await storage.saveMember({ ...member('bob'), role: 'owner' }, keep);
    await storage.saveMember({ ...member('cy'), role: 'member' }, keep);
    const went = await Promise.allSettled(['ada', 'bob'].map((userId) => storage.removeMember(member(userId), keep)));
    expect(went.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(Object.values(await roles('t')).filter((role) => role === 'owner')).toHaveLength(1);
    // The last to go leaves nobody behind.
    await storage.removeMember(member('cy'), keep);
    const [owner] = Object.keys(await roles('t'));
    expect(await storage.removeMember(member(owner!), keep)).toMatchObject({ removed: true });
    // The app's own code is not held back.
    await storage.upsertThread({ id: 'u', title: '', access: 'members', members: [{ id: 'ada', role: 'owner' }] });
    await storage.saveMember({ threadId: 'u', userId: 'ada', role: 'member' }, { keepOwner: false });
    expect(await roles('u')).toEqual({ ada: 'member' });
  });

  it('keeps any character that a person can send', async () => {
    await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
    const odd = 'a\u0000b \ud83d\ude00 \ud800 "\\ \u2028 ü';
    await send('m1', odd);
    expect((await storage.newestMessages('t', 1)).messages[0]?.parts).toEqual(text(odd));
  });

  it('gives 1, 2, 3 … in every thread, and pages in ascending order', async () => {
    await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
    await storage.upsertThread({ id: 'u', title: 'U', access: 'open' });
    for (let n = 1; n <= 7; n++) expect((await send(`m${n}`)).seq).toBe(n);
    expect((await send('other', 'x', 'u')).seq).toBe(1);
    const seqs = (messages: { seq: number }[]) => messages.map((message) => message.seq);
    expect(seqs((await storage.newestMessages('t', 3)).messages)).toEqual([5, 6, 7]);
    expect(seqs((await storage.changesAfter('t', 2, 3)).messages)).toEqual([3, 4, 5]);
    expect(seqs(await storage.messagesBefore('t', 6, 3))).toEqual([3, 4, 5]);
    expect(seqs(await storage.messagesAfter('t', 2, 3))).toEqual([3, 4, 5]);
    expect(await storage.messagesAfter('t', 7, 3)).toEqual([]);
    expect(await storage.messagesAfter('nowhere', 0, 3)).toEqual([]);
    expect(await storage.changesAfter('t', 7, 3)).toEqual({ messages: [], upTo: 7 });
  });

  it('200 messages at once get 200 seqs without a gap', async () => {
    await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
    const stored = await Promise.all(Array.from({ length: 200 }, (_, index) => send(`m${index}`)));
    expect(stored.map((message) => message.seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, index) => index + 1),
    );
  });

  it('S2 the same message sent again, also at once, is stored once and leaves no gap', async () => {
    await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('same')));
    expect(new Set(answers.map((message) => JSON.stringify(message))).size).toBe(1);
    expect((await send('next')).seq).toBe(2);
    expect((await storage.newestMessages('t', 10)).messages).toHaveLength(2);
  });

  it('refuses an id that belongs to another message, and changes nothing', async () => {
    await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
    await storage.upsertThread({ id: 'u', title: 'U', access: 'open' });
    await send('m1', 'hello');
    await expect(send('m1', 'other text')).rejects.toEqual(refusal('message_conflict'));
    await expect(send('m1', 'hello', 'u')).rejects.toEqual(refusal('message_conflict'));
    await expect(send('m1', 'hello', 't', 'bob')).rejects.toEqual(refusal('message_conflict'));
    expect((await send('m2')).seq).toBe(2);
    expect((await storage.getThread('u'))?.lastMessage).toBeNull();
  });

  it('refuses a message for a thread that is not there', async () => {
    await expect(send('m1', 'x', 'nowhere')).rejects.toEqual(refusal('thread_not_found'));
  });

  it('T70 keeps revocations by session and by person, the one that reaches further, until they expire', async () => {
    const expiresAt = now + 60_000;
    const ada = { userId: 'ada', sessionId: 's1' };
    expect(await storage.revokedBefore(ada)).toBe(0);
    await storage.addRevocation({ kind: 'user', id: 'ada', before: 2_000, expiresAt });
    await storage.addRevocation({ kind: 'user', id: 'ada', before: 1_000, expiresAt });
    expect(await storage.revokedBefore(ada)).toBe(2_000);
    await storage.addRevocation({ kind: 'user', id: 'ada', before: 3_000, expiresAt });
    expect(await storage.revokedBefore(ada)).toBe(3_000);
    await storage.addRevocation({ kind: 'session', id: 's1', before: Number.MAX_SAFE_INTEGER, expiresAt });
    expect(await storage.revokedBefore(ada)).toBe(Number.MAX_SAFE_INTEGER);
    // A session's id is no person's, and the other way round.
    expect(await storage.revokedBefore({ userId: 's1', sessionId: 'ada' })).toBe(0);
    now += 60_000;
    expect(await storage.revokedBefore(ada)).toBe(0);
  });

  it('T70 many revocations at once are all kept', async () => {
    const expiresAt = now + 60_000;
    const add = (n: number) => storage.addRevocation({ kind: 'user', id: `u${n % 5}`, before: n, expiresAt });
    await Promise.all(Array.from({ length: 50 }, (_, n) => add(n)));
    const kept = Array.from({ length: 5 }, (_, n) => storage.revokedBefore({ userId: `u${n}`, sessionId: 's' }));
    expect(await Promise.all(kept)).toEqual([45, 46, 47, 48, 49]);
  });

  it('keeps everything over a restart, and migrating again changes nothing', async () => {
    await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
    await send('m1', 'hello');
    if (database === ':memory:') return;
    await storage.close();
    storage = await open();
    await storage.migrate();
    expect(await storage.getThread('t')).toMatchObject({ title: 'T', lastMessage: { id: 'm1' } });
  });
}

describe('SQLite in memory', () => describeStorage(() => ':memory:'));
describe('SQLite in a file', () => {
  describeStorage(newFile);

  it('makes the folder', async () => {
    const storage = await openStorage(join(folder, 'deep', 'er', 'chat.db'));
    await storage.check();
    await storage.close();
  });

  it('is in WAL mode, so that readers do not wait for the writer', async () => {
    const file = newFile();
    await (await openStorage(file)).close();
    const database = new DatabaseSync(file);
    expect(database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  it('refuses a damaged file and leaves it as it was', async () => {
    const file = newFile();
    writeFileSync(file, 'garbage '.repeat(1_000));
    await expect(openStorage(file)).rejects.toEqual(refusal('database_damaged'));
    expect(readFileSync(file, 'utf8')).toBe('garbage '.repeat(1_000));
  });

  it('refuses a folder, and a path that cannot be made, by name', async () => {
    mkdirSync(join(folder, 'a-folder'));
    writeFileSync(join(folder, 'a-file'), '');
    for (const path of [join(folder, 'a-folder'), join(folder, 'a-file', 'chat.db')]) {
      const error = await openStorage(path).catch((thrown: unknown) => thrown);
      expect(error).toEqual(refusal('database_unavailable'));
      expect((error as Error).message).toContain(path);
    }
  });

  it('refuses a database that a newer version wrote', async () => {
    const file = newFile();
    await (await openStorage(file)).close();
    const database = new DatabaseSync(file);
    database.exec('insert into latchkit_migrations values (99, 0)');
    database.close();
    await expect(openStorage(file)).rejects.toEqual(refusal('database_newer'));
  });

  it('two servers on one file may migrate and write at once', async () => {
    const file = newFile();
    const [one, two] = await Promise.all([openStorage(file), openStorage(file)]);
    await one.upsertThread({ id: 't', title: 'T', access: 'open' });
    const stored = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        (index % 2 ? one : two).appendMessage({ id: `m${index}`, threadId: 't', authorId: 'ada', parts: text('x') }),
      ),
    );
    expect(new Set(stored.map((message) => message.seq)).size).toBe(40);
    await one.close();
    await two.close();
  });
});

describe('an unreachable Postgres', () => {
  it('is named by host and port, never by its password', async () => {
    const error = await openStorage('postgres://app:hunter2@127.0.0.1:1/chat').catch((thrown: unknown) => thrown);
    expect(error).toEqual(refusal('database_unavailable'));
    expect((error as Error).message).toContain('127.0.0.1:1');
    const seen = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).stack);
    expect(seen).not.toContain('hunter2');
  });

  it('an address that cannot be read is told without quoting it', async () => {
    const error = await openStorage('postgres://app:hunter2@host:port/chat').catch((thrown: unknown) => thrown);
    expect(error).toEqual(refusal('invalid_options'));
    expect((error as Error).message).not.toContain('hunter2');
  });
});

describe.skipIf(!postgres)(POSTGRES, () => {
  describeStorage(newDatabase);

  it('two servers that start together migrate once', async () => {
    const url = await newDatabase();
    const servers = await Promise.all(Array.from({ length: 4 }, () => openStorage(url)));
    await servers[3]?.upsertThread({ id: 't', title: 'T', access: 'open' });
    const stored = await Promise.all(
      Array.from({ length: 80 }, (_, index) =>
        servers[index % 4]!.appendMessage({ id: `m${index}`, threadId: 't', authorId: 'ada', parts: text('x') }),
      ),
    );
    expect(new Set(stored.map((message) => message.seq)).size).toBe(80);
    await Promise.all(servers.map((server) => server.close()));
  });

  it('refuses a database that a newer version wrote', async () => {
    const url = await newDatabase();
    await (await openStorage(url)).close();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('insert into latchkit_migrations values (99, 0)');
    await client.end();
    await expect(openStorage(url)).rejects.toEqual(refusal('database_newer'));
  });

  it('outlives its connections being cut', async () => {
    const url = await newDatabase();
    const broken: unknown[] = [];
    const storage = await openStorage(url, { onIdleError: (error) => broken.push(error) });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
      'latchkit',
    ]);
    await client.end();
    await expect.poll(() => broken.length).toBeGreaterThan(0);
    expect(broken[0]).toEqual(refusal('database_unavailable'));
    await storage.check();
    await storage.close();
  });
});
