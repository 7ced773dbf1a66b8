import type { Kysely } from 'kysely';
import type { StoredPart, StoredPreview } from '../attachments/AttachmentPort.ts';
import { linksIn } from '../previews/linksIn.ts';
import type { Schema } from './schema.ts';

type Db = Kysely<Schema>;

/** What a message's row says of the previews of its links. */
interface PreviewRecord {
  shown: StoredPreview[];
  /** Links whose preview its author took out. */
  removed: string[];
}

export function readPreviews(json: string | null): PreviewRecord {
  return json === null ? { shown: [], removed: [] } : (JSON.parse(json) as PreviewRecord);
}

function writePreviews({ shown, removed }: PreviewRecord): string | null {
  return shown.length + removed.length === 0 ? null : JSON.stringify({ shown, removed });
}

/** What is left of a message's previews once it says something else. */
export async function keptPreviews(db: Db, messageId: string, parts: readonly StoredPart[]): Promise<string | null> {
  const { shown, removed } = await readRecord(db, messageId);
  if (shown.length + removed.length === 0) return null;
  const links = linksIn(parts);
  return writePreviews({
    shown: shown.filter(({ url }) => links.includes(url)),
    removed: removed.filter((url) => links.includes(url)),
  });
}

export async function readRecord(db: Db, messageId: string): Promise<PreviewRecord> {
  const row = await db
    .selectFrom('latchkit_messages')
    .select('previews')
    .where('id', '=', messageId)
    .executeTakeFirstOrThrow();
  return readPreviews(row.previews);
}

export async function writeRecord(db: Db, messageId: string, record: PreviewRecord): Promise<void> {
  await db
    .updateTable('latchkit_messages')
    .set({ previews: writePreviews(record) })
    .where('id', '=', messageId)
    .execute();
}
