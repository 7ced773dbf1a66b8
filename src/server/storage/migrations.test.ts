import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { newDatabase, newFile, POSTGRES, postgres } from '../../../test/support/engines.ts';
import { parseQuery } from '../search/parseQuery.ts';
import { openStorage } from './openStorage.ts';

/** A database as the second version of the tables left it, with people, threads and messages in it: both engines read this. */
const VERSION_2 = `
  create table latchkit_migrations (version integer primary key, applied_at bigint not null);
  insert into latchkit_migrations values (1, 0), (2, 0);
  create table latchkit_users (id text primary key, name text not null, avatar_url text, updated_at bigint not null);
  insert into latchkit_users values ('ada', 'Ada', null, 5);
  create table latchkit_threads (
    id text primary key, title text not null, access text not null check (access in ('open', 'members')),
    last_seq bigint not null, created_at bigint not null, updated_at bigint not null
  );
  insert into latchkit_threads values ('t', 'Talk', 'members', 3, 10, 30), ('empty', 'Empty', 'open', 0, 10, 10);
  create table latchkit_members (
    thread_id text not null references latchkit_threads (id) on delete cascade,
    user_id text not null, joined_at bigint not null,
    constraint latchkit_members_key primary key (thread_id, user_id)
  );
  insert into latchkit_members values ('t', 'ada', 10), ('t', 'bob', 11);
  create table latchkit_messages (
    id text primary key, thread_id text not null references latchkit_threads (id) on delete cascade,
    seq bigint not null, author_id text not null, parts text not null, created_at bigint not null,
    constraint latchkit_messages_place unique (thread_id, seq)
  );
  insert into latchkit_messages values
    ('m1', 't', 1, 'ada', '[{"type":"text","text":"one"}]', 10),
    ('m2', 't', 2, 'bob', '[{"type":"text","text":"two"}]', 20),
    ('m3', 't', 3, 'ada', '[{"type":"text","text":"three"}]', 30);
  create index latchkit_members_by_user on latchkit_members (user_id, thread_id);
  create index latchkit_threads_by_time on latchkit_threads (access, updated_at);
  create table latchkit_revocations (
    kind text not null check (kind in ('session', 'user')), id text not null, before bigint not null,
    expires_at bigint not null, constraint latchkit_revocations_key primary key (kind, id)
  );
  insert into latchkit_revocations values ('session', 's1', 50, 9000000000000000);
`;

async function goesOnFromVersion2(database: string): Promise<void> {
  // Two at once, as two nodes start after a deploy.
  const [storage, other] = await Promise.all([openStorage(database), openStorage(database)]);
  try {
    expect(await storage.revokedBefore({ userId: 'ada', sessionId: 's1' })).toBe(50);
    expect(Object.fromEntries(await storage.memberRoles('t'))).toEqual({ ada: 'member', bob: 'member' });
    const { messages, upTo } = await storage.changesAfter('t', 0, 10);
    expect(upTo).toBe(3);
    expect(messages.map(({ id, seq, version }) => [id, seq, version])).toEqual([
      ['m1', 1, 1],
      ['m2', 2, 2],
      ['m3', 3, 3],
    ]);
    expect(messages[0]).toEqual({
      id: 'm1',
      threadId: 't',
      seq: 1,
      version: 1,
      author: { id: 'ada', name: 'Ada', avatarUrl: null },
      parts: [{ type: 'text', text: 'one' }],
      createdAt: 10,
      editedAt: null,
      deletedAt: null,
      reactions: [],
    });
    expect(await storage.getThread('t', 'bob')).toMatchObject({
      role: 'member',
      memberCount: 2,
      updatedAt: 30,
      head: 3,
      lastMessage: { id: 'm3' },
    });
    expect((await storage.getThread('empty'))?.lastMessage).toBeNull();
    // What was written before there was an index is found, too.
    const search = { query: parseQuery('thr'), in: { userId: 'ada' }, limit: 5 };
    expect((await storage.searchMessages(search)).map(({ message }) => message.id)).toEqual(['m3']);
    const edited = await other.editMessage({ threadId: 't', messageId: 'm1', parts: [{ type: 'text', text: 'uno' }] });
    expect(edited.message).toMatchObject({ seq: 1, version: 4 });
    const appended = await storage.appendMessage({ id: 'm4', threadId: 't', authorId: 'bob', parts: [] });
    expect(appended).toMatchObject({ seq: 5, version: 5 });
    expect((await storage.getThread('t'))?.lastMessage).toMatchObject({ id: 'm4' });
    // What was there before can be removed with all that hangs on it.
    expect(await storage.removeThread('t')).toBe(true);
  } finally {
    await storage.close();
    await other.close();
  }
}

describe('a database of version 2 with data in it is brought up to date and goes on', () => {
  it('on SQLite', async () => {
    const file = newFile();
    const database = new DatabaseSync(file);
    database.exec(VERSION_2);
    database.close();
    await goesOnFromVersion2(file);
  });

  it.skipIf(!postgres)(`on ${POSTGRES}`, async () => {
    const url = await newDatabase();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(VERSION_2);
    await client.end();
    await goesOnFromVersion2(url);
  });
});
