import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export async function createAttachments(db: Kysely<Schema>): Promise<void> {
  // No reference to threads and messages: a row outlives them until the bytes that it stands for are removed.
  await db.schema
    .createTable('latchkit_attachments')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('thread_id', 'text', (column) => column.notNull())
    .addColumn('uploader_id', 'text', (column) => column.notNull())
    .addColumn('filename', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('stored_at', 'bigint')
    .addColumn('refused', 'text')
    .addColumn('media_type', 'text')
    .addColumn('width', 'integer')
    .addColumn('height', 'integer')
    .addColumn('message_id', 'text')
    .addColumn('claimed_at', 'bigint')
    .addColumn('swept_at', 'bigint')
    .execute();
  await db.schema
    .createIndex('latchkit_attachments_by_uploader')
    .on('latchkit_attachments')
    .columns(['uploader_id', 'created_at'])
    .execute();
  await db.schema
    .createTable('latchkit_keys')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
}
