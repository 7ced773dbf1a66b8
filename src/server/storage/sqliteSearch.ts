import { sql } from 'kysely';
import { wordsOf, type Phrase } from '../search/words.ts';
import type { SearchIndex } from './SearchIndex.ts';

/**
 * FTS5 over the words that are read out here: its `ascii` tokenizer takes them as they come. Its rows count up with the messages, so
 * the newest are read first without sorting.
 */
export const sqliteSearch: SearchIndex = {
  async create(db) {
    await db.schema
      .createTable('latchkit_search_messages')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('message_id', 'text', (column) =>
        column.notNull().unique().references('latchkit_messages.id').onDelete('cascade'),
      )
      .execute();
    await sql`create virtual table latchkit_search_words using fts5(words, tokenize='ascii')`.execute(db);
    // Else a deleted word would stay in the file until the index is merged some day.
    await sql`insert into latchkit_search_words (latchkit_search_words, rank) values ('secure-delete', 1)`.execute(db);
    // Also when a thread is removed with all that is in it.
    await sql`create trigger latchkit_search_removed after delete on latchkit_search_messages begin
      delete from latchkit_search_words where rowid = old.id;
    end`.execute(db);
  },
  columns: () => ({}),
  async added(db, messages) {
    const words = new Map(
      messages.map(({ id, text }) => [id, wordsIn(text)] as const).filter(([, each]) => each !== ''),
    );
    if (words.size === 0) return;
    const places = await db
      .insertInto('latchkit_search_messages')
      .values([...words.keys()].map((id) => ({ message_id: id })))
      .returning(['id', 'message_id'])
      .execute();
    await db
      .insertInto('latchkit_search_words')
      .values(places.map(({ id, message_id }) => ({ rowid: id, words: words.get(message_id) ?? '' })))
      .execute();
  },
  async changed(db, messageId, text) {
    const known = await db
      .selectFrom('latchkit_search_messages')
      .select('id')
      .where('message_id', '=', messageId)
      .executeTakeFirst();
    if (!known) return this.added(db, [{ id: messageId, text }]);
    // Its place among the others stays.
    await db.deleteFrom('latchkit_search_words').where('rowid', '=', known.id).execute();
    await db
      .insertInto('latchkit_search_words')
      .values({ rowid: known.id, words: wordsIn(text) })
      .execute();
  },
  narrow(query, phrases, after) {
    const match = phrases.map(phraseText).join(' AND ');
    const found = query
      .innerJoin('latchkit_search_messages as place', 'place.message_id', 'message.id')
      .innerJoin('latchkit_search_words as index', 'index.rowid', 'place.id')
      .where(sql<boolean>`"index".words match ${match}`)
      .$if(after !== undefined, (rest) =>
        rest.where('index.rowid', '<', (eb) =>
          eb
            .selectFrom('latchkit_search_messages')
            .select(sql<number>`id`.as('id'))
            .where('message_id', '=', after?.id ?? ''),
        ),
      )
      .orderBy('index.rowid', 'desc');
    // What the joins bring along is selected by nobody.
    return found;
  },
};

function wordsIn(text: string): string {
  return [...wordsOf(text)].map(({ token }) => token).join(' ');
}

/** Quoted, so that no word is an operator. */
function phraseText({ tokens, prefix }: Phrase): string {
  return `"${tokens.join(' ')}"${prefix ? ' *' : ''}`;
}
