import type { RevocationEntry, TokenHolder } from '../token/Revocations.ts';
import type { Db } from './rows.ts';

export async function addRevocation(
  db: Db,
  { kind, id, before, expiresAt }: RevocationEntry,
  now: number,
): Promise<void> {
  await db
    .insertInto('latchkit_revocations')
    .values({ kind, id, before, expires_at: expiresAt })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'id'])
        .doUpdateSet({ before, expires_at: expiresAt })
        .where('latchkit_revocations.before', '<=', before),
    )
    .execute();
  // Only tidies up, so it needs no transaction with the above.
  await db.deleteFrom('latchkit_revocations').where('expires_at', '<=', now).execute();
}

export async function revokedBefore(
  db: Db,
  { userId, sessionId }: Pick<TokenHolder, 'userId' | 'sessionId'>,
  now: number,
): Promise<number> {
  const rows = await db
    .selectFrom('latchkit_revocations')
    .select('before')
    .where((eb) =>
      eb.or([
        eb.and([eb('kind', '=', 'user'), eb('id', '=', userId)]),
        eb.and([eb('kind', '=', 'session'), eb('id', '=', sessionId)]),
      ]),
    )
    .where('expires_at', '>', now)
    .execute();
  return Math.max(0, ...rows.map((row) => Number(row.before)));
}
