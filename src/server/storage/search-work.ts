import { sql, type Kysely } from 'kysely';
import type { FoundMessage, MessageSearch } from './ChatStorage.ts';
import { messages, toMessages, type Db } from './rows.ts';
import type { Schema } from './schema.ts';
import { searchText, type SearchIndex } from './SearchIndex.ts';
import type { StoredPart } from '../attachments/AttachmentPort.ts';

const BATCH = 500;

export async function searchMessages(db: Db, index: SearchIndex, search: MessageSearch): Promise<FoundMessage[]> {
  const { query, after, limit } = search;
  if (query.phrases.length === 0) return [];
  const rows = await index
    .narrow(messages(db), query.phrases, after)
    .where((eb) => {
      if ('threadId' in search.in) return eb('message.thread_id', '=', search.in.threadId);
      const { userId } = search.in;
      const threads = (access: 'open' | 'own') =>
        access === 'open'
          ? eb.selectFrom('latchkit_threads').select('id').where('access', '=', 'open')
          : eb.selectFrom('latchkit_members').select('thread_id as id').where('user_id', '=', userId);
      return eb.or([eb('message.thread_id', 'in', threads('own')), eb('message.thread_id', 'in', threads('open'))]);
    })
    .$if(query.from !== null, (all) => {
      const begins = `${(query.from ?? '').replace(/[\\%_]/g, '\\$&')}%`;
      const fits = (column: 'author.name' | 'message.author_id') =>
        sql<boolean>`lower(${sql.ref(column)}) like ${begins} escape '\\'`;
      return all.where((eb) => eb.or([fits('author.name'), fits('message.author_id')]));
    })
    .limit(limit)
    .execute();
  const found = await toMessages(db, rows);
  const ids = [...new Set(found.map(({ threadId }) => threadId))];
  if (ids.length === 0) return [];
  const threads = await db.selectFrom('latchkit_threads').select(['id', 'title']).where('id', 'in', ids).execute();
  const titles = new Map(threads.map(({ id, title }) => [id, title]));
  return found.map((message) => ({ message, threadTitle: titles.get(message.threadId) ?? '' }));
}

/** Reads in everything that was stored before there was an index, the oldest first. */
export async function indexMessages(db: Kysely<Schema>, index: SearchIndex): Promise<void> {
  await index.create(db);
  let last = { createdAt: -1, id: '' };
  for (;;) {
    const rows = await db
      .selectFrom('latchkit_messages')
      .select(['id', 'parts', 'created_at'])
      .where(sql<boolean>`(created_at, id) > (${last.createdAt}, ${last.id})`)
      .orderBy('created_at')
      .orderBy('id')
      .limit(BATCH)
      .execute();
    for (const { id, parts } of rows) await index.changed(db, id, searchText(JSON.parse(parts) as StoredPart[]));
    const end = rows.at(-1);
    if (!end || rows.length < BATCH) return;
    last = { createdAt: Number(end.created_at), id: end.id };
  }
}
