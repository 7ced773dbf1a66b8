import type { Rating } from '../../protocol/index.ts';
import type { MessageKey } from './ChatStorage.ts';
import type { Db } from './rows.ts';

export interface RatingKey extends MessageKey {
  userId: string;
}

const NONE: Rating = { value: null, reason: null };

/** What somebody thinks of an answer, in place of what they thought before. */
export async function saveRating(db: Db, { messageId, userId }: RatingKey, rating: Rating, now: number): Promise<void> {
  const { value, reason } = rating;
  if (value === null) {
    await db.deleteFrom('latchkit_ratings').where('message_id', '=', messageId).where('user_id', '=', userId).execute();
    return;
  }
  await db
    .insertInto('latchkit_ratings')
    .values({ message_id: messageId, user_id: userId, value, reason, rated_at: now })
    .onConflict((conflict) => conflict.columns(['message_id', 'user_id']).doUpdateSet({ value, reason, rated_at: now }))
    .execute();
}

export async function getRating(db: Db, { messageId, userId }: RatingKey): Promise<Rating> {
  const row = await db
    .selectFrom('latchkit_ratings')
    .select(['value', 'reason'])
    .where('message_id', '=', messageId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row ? { value: row.value === 'good' ? 'good' : 'bad', reason: row.reason } : NONE;
}
