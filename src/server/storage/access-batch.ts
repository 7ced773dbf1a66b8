import { sql, type Kysely } from 'kysely';
import type { Role, ThreadAccess } from '../../protocol/index.ts';
import type { MemberKey } from './ChatStorage.ts';
import { Batcher } from './Batcher.ts';
import type { Runners } from './MessageAppender.ts';
import { toAccess, toRole } from './rows.ts';
import type { Schema } from './schema.ts';

/** Questions that one statement answers. */
const MAX_QUESTIONS = 100;

export interface StoredAccess {
  access: ThreadAccess;
  role: Role | null;
}

/** Answers what people may do: all that one turn asks by one statement, and each question by what is stored when it is asked. */
export function createAccessReader(run: Runners['run'], concurrent: number): Batcher<MemberKey, StoredAccess | null> {
  return new Batcher(
    async (keys) => {
      const found = await run((db) => readAccess(db, keys));
      return found.map((value) => ({ status: 'fulfilled', value }));
    },
    { max: MAX_QUESTIONS, concurrent },
  );
}

/** What each person is in each thread, in the order of the questions; null where there is no such thread. */
async function readAccess(db: Kysely<Schema>, keys: readonly MemberKey[]): Promise<(StoredAccess | null)[]> {
  const asked = sql.join(keys.map(({ threadId, userId }, index) => sql`(${sql.lit(index)}, ${threadId}, ${userId})`));
  // Both engines name the columns of a list of values like this.
  const { rows } = await sql<{ place: number; access: string; role: string | null }>`
    select asked.column1 as place, thread.access, member.role
    from (values ${asked}) as asked
    join latchkit_threads as thread on thread.id = asked.column2
    left join latchkit_members as member on member.thread_id = thread.id and member.user_id = asked.column3
  `.execute(db);
  const found: (StoredAccess | null)[] = keys.map(() => null);
  for (const { place, access, role } of rows) {
    found[place] = { access: toAccess(access), role: role === null ? null : toRole(role) };
  }
  return found;
}
