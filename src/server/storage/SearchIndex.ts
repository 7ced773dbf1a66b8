import type { Kysely, RawBuilder } from 'kysely';
import { textOf } from '../../protocol/index.ts';
import type { StoredPart } from '../attachments/AttachmentPort.ts';
import type { SearchQuery } from '../search/parseQuery.ts';
import type { SearchPosition } from './ChatStorage.ts';
import type { Db, MessageQuery } from './rows.ts';
import type { Schema } from './schema.ts';

interface SearchableMessage {
  id: string;
  /** As {@link searchText} gives it. */
  text: string;
}

/** One engine's own full text search. What is found, and in which order, is the same on all of them. */
export interface SearchIndex {
  /** Makes its tables, as a migration. */
  create(db: Kysely<Schema>): Promise<void>;
  /** What a new message's row holds of it. */
  columns(text: string): { search?: RawBuilder<string> };
  /** Messages were stored with {@link columns}, in this order; nothing was indexed of them before. */
  added(db: Db, messages: readonly SearchableMessage[]): Promise<void>;
  /** A message says something else; what says nothing is found no longer. */
  changed(db: Db, messageId: string, text: string): Promise<void>;
  /** The messages that hold all phrases of the query, the newest first. */
  narrow(query: MessageQuery, phrases: SearchQuery['phrases'], after: SearchPosition | undefined): MessageQuery;
}

/** What of a message can be found: what it says, and how its files are called. */
export function searchText(parts: readonly StoredPart[]): string {
  const files = parts.flatMap((part) => (part.type === 'file' ? [part.filename] : []));
  return [textOf(parts), ...files].join('\n');
}
