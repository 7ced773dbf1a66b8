import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, expect, it, vi } from 'vitest';
import { openStorage } from './openStorage.ts';
import { openSqlite } from './sqlite.ts';

afterEach(() => vi.restoreAllMocks());

it('what a message needs is prepared once', async () => {
  const storage = await openStorage(':memory:');
  await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
  const send = (id: string) =>
    storage.appendMessage({ id, threadId: 't', authorId: 'ada', parts: [{ type: 'text', text: id }] });
  await send('m1');
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  await send('m2');
  await send('m3');
  expect(prepare).not.toHaveBeenCalled();
  expect((await storage.newestMessages('t', 9)).messages.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']);
  await storage.close();
});

it('statements without end take no memory without end, and one that was let go of still works', async () => {
  const { db } = openSqlite(':memory:');
  const ask = async (n: number) => (await sql<{ n: number }>`select ${sql.lit(n)} as n`.execute(db)).rows[0]?.n;
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  for (let n = 0; n < 300; n += 1) expect(await ask(n)).toBe(n);
  expect(prepare).toHaveBeenCalledTimes(300);
  expect(await ask(299)).toBe(299);
  expect(prepare).toHaveBeenCalledTimes(300);
  expect(await ask(0)).toBe(0);
  expect(prepare).toHaveBeenCalledTimes(301);
  await db.destroy();
});

it('a statement outlives a change of the tables', async () => {
  const { db } = openSqlite(':memory:');
  await sql`create table notes (a)`.execute(db);
  await sql`insert into notes values (1)`.execute(db);
  const all = () => sql`select * from notes`.execute(db).then(({ rows }) => rows);
  expect(await all()).toEqual([{ a: 1 }]);
  await sql`alter table notes add column b default 2`.execute(db);
  expect(await all()).toEqual([{ a: 1, b: 2 }]);
  await db.destroy();
});
