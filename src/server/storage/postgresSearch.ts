import { sql } from 'kysely';
import { wordsOf, type Phrase } from '../search/words.ts';
import type { SearchIndex } from './SearchIndex.ts';

/** Later words share the last place that a tsvector has. */
const MAX_PLACE = 16_383;

/** A tsvector in the message's own row, made of the words that are read out here: no dictionary, no extension, the same for every language. */
export const postgresSearch: SearchIndex = {
  async create(db) {
    await sql`alter table latchkit_messages add column search tsvector`.execute(db);
    await sql`create index latchkit_messages_search on latchkit_messages using gin (search)`.execute(db);
  },
  columns: (text) => ({ search: vector(text) }),
  added: () => Promise.resolve(),
  async changed(db, messageId, text) {
    await db
      .updateTable('latchkit_messages')
      .set({ search: vector(text) })
      .where('id', '=', messageId)
      .execute();
  },
  narrow(query, phrases, after) {
    const match = phrases.map(phraseText).join(' & ');
    return query
      .where(sql<boolean>`message.search @@ ${match}::tsquery`)
      .$if(after !== undefined, (rest) =>
        rest.where(sql<boolean>`(message.created_at, message.id) < (${after?.time}::bigint, ${after?.id})`),
      )
      .orderBy('message.created_at', 'desc')
      .orderBy('message.id', 'desc');
  },
};

function vector(text: string) {
  const places = new Map<string, number[]>();
  let place = 0;
  for (const { token } of wordsOf(text)) {
    place = Math.min(place + 1, MAX_PLACE);
    const of = places.get(token);
    if (of) of.push(place);
    else places.set(token, [place]);
  }
  // A word has 256 places at most; more are left out by the engine.
  const lexemes = [...places].map(([token, at]) => `'${token}':${at.join(',')}`);
  return sql<string>`${lexemes.join(' ')}::tsvector`;
}

/** Words are letters, digits and marks, so that nothing in them needs quoting. */
function phraseText({ tokens, prefix }: Phrase): string {
  const words = tokens.map((token, index) => `'${token}'${prefix && index === tokens.length - 1 ? ':*' : ''}`);
  return `(${words.join(' <-> ')})`;
}
