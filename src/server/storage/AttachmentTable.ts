import { sql, type Kysely } from 'kysely';
import { ChatError } from '../../protocol/index.ts';
import type { AttachmentRow, Schema } from './schema.ts';

/** A file that somebody uploads or has uploaded. Times in ms since 1970. */
export interface AttachmentRecord {
  id: string;
  threadId: string;
  uploaderId: string;
  filename: string;
  /** Bytes. */
  size: number;
  createdAt: number;
  /** Null until it is complete, checked and accepted. */
  storedAt: number | null;
  /** Why it was refused, in words for the person. */
  refused: string | null;
  mediaType: string | null;
  width: number | null;
  height: number | null;
  messageId: string | null;
}

export type NewAttachment = Pick<AttachmentRecord, 'id' | 'threadId' | 'uploaderId' | 'filename' | 'size'>;
export type StoredFacts = Pick<AttachmentRecord, 'filename' | 'width' | 'height'> & { mediaType: string };

/** A page of the table as the sweep walks through it. */
export interface SweepPage {
  /** Whose bytes can go. */
  orphans: string[];
  /** Where the next page begins; null after the last one. */
  next: string | null;
}

/** What the storage keeps of attachments. */
export interface AttachmentRecords {
  /**
   * Enters an upload that begins.
   * @param quota most bytes that one person may upload since a moment
   * @throws {ChatError} `rate_limited` above it: nothing was entered
   */
  begin(attachment: NewAttachment, quota?: { bytes: number; since: number }): Promise<void>;
  /** Null when there is none, or it is on its way out. */
  get(id: string): Promise<AttachmentRecord | null>;
  /** Enters what was found in a complete file. Once: an earlier verdict stands. */
  accept(id: string, facts: StoredFacts): Promise<void>;
  refuse(id: string, reason: string): Promise<void>;
  /**
   * Makes stored files one message's.
   * @returns their records; fewer than asked for where one is not the sender's own in this thread, or belongs to another message
   */
  claim(
    ids: readonly string[],
    message: { messageId: string; threadId: string; userId: string },
  ): Promise<AttachmentRecord[]>;
  /** The record of a file that its message holds at this moment, else null. */
  getHeld(id: string): Promise<AttachmentRecord | null>;
  /** Walks through the table: files that no message holds, uploads and unsent files older than `before`, claims older than `claimedBefore`. */
  sweepPage(after: string, times: { before: number; claimedBefore: number }): Promise<SweepPage>;
  /** False when it may not go after all: it was sent in the meantime. From `true` on nobody gets it. */
  startRemoval(id: string, times: { before: number; claimedBefore: number }): Promise<boolean>;
  /** Takes back an upload that was not sent. From then on nobody gets it. */
  withdraw(id: string): Promise<boolean>;
  /** After the bytes are gone. */
  remove(id: string): Promise<void>;
  /** The key that all nodes share by this name; `made` if there was none. */
  sharedKey(name: string, made: string): Promise<string>;
}

const PAGE = 200;

type Run = <T>(work: (db: Kysely<Schema>) => Promise<T>) => Promise<T>;

/** Its message still shows it. Ids are UUIDs, so that one found in the text is that one. */
const HELD = sql<boolean>`exists (
  select 1 from latchkit_messages as message
  where message.id = latchkit_attachments.message_id
    and message.thread_id = latchkit_attachments.thread_id
    and (
      message.parts like '%"' || latchkit_attachments.id || '"%'
      or message.previews like '%"' || latchkit_attachments.id || '"%'
    )
)`;

export class AttachmentTable implements AttachmentRecords {
  readonly #run: Run;
  readonly #now: () => number;

  constructor(run: Run, now: () => number) {
    this.#run = run;
    this.#now = now;
  }

  begin({ id, threadId, uploaderId, filename, size }: NewAttachment, quota?: { bytes: number; since: number }) {
    return this.#run((db) =>
      db.transaction().execute(async (transaction) => {
        // First, because it locks: the person's row in Postgres, the database in SQLite. So two uploads at once are counted both.
        await transaction
          .updateTable('latchkit_users')
          .set((eb) => ({ updated_at: eb.ref('updated_at') }))
          .where('id', '=', uploaderId)
          .execute();
        await transaction
          .insertInto('latchkit_attachments')
          .values({
            id,
            thread_id: threadId,
            uploader_id: uploaderId,
            filename,
            size,
            created_at: this.#now(),
          })
          .execute();
        if (!quota) return;
        const { total } = await transaction
          .selectFrom('latchkit_attachments')
          .select((eb) => eb.fn.sum<number | string>('size').as('total'))
          .where('uploader_id', '=', uploaderId)
          .where('created_at', '>', quota.since)
          .executeTakeFirstOrThrow();
        if (Number(total) > quota.bytes) {
          throw new ChatError('rate_limited', 'You have uploaded too much today. Try again tomorrow.');
        }
      }),
    );
  }

  get(id: string): Promise<AttachmentRecord | null> {
    return this.#run(async (db) => {
      const row = await present(db).where('id', '=', id).executeTakeFirst();
      return row ? toRecord(row) : null;
    });
  }

  accept(id: string, { filename, mediaType, width, height }: StoredFacts): Promise<void> {
    return this.#settle(id, { stored_at: this.#now(), filename, media_type: mediaType, width, height });
  }

  refuse(id: string, reason: string): Promise<void> {
    return this.#settle(id, { refused: reason });
  }

  claim(
    ids: readonly string[],
    { messageId, threadId, userId }: { messageId: string; threadId: string; userId: string },
  ): Promise<AttachmentRecord[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.#run(async (db) => {
      const rows = await db
        .updateTable('latchkit_attachments')
        .set({ message_id: messageId, claimed_at: this.#now() })
        .where('id', 'in', [...ids])
        .where('thread_id', '=', threadId)
        .where('uploader_id', '=', userId)
        .where('stored_at', 'is not', null)
        .where('swept_at', 'is', null)
        .where((eb) => eb.or([eb('message_id', 'is', null), eb('message_id', '=', messageId), eb.not(HELD)]))
        .returningAll()
        .execute();
      return rows.map(toRecord);
    });
  }

  getHeld(id: string): Promise<AttachmentRecord | null> {
    return this.#run(async (db) => {
      const row = await present(db).where('id', '=', id).where(HELD).executeTakeFirst();
      return row && row.stored_at !== null ? toRecord(row) : null;
    });
  }

  sweepPage(after: string, times: { before: number; claimedBefore: number }): Promise<SweepPage> {
    return this.#run(async (db) => {
      // The page first and the verdict on its rows only: one statement must not walk through the whole table.
      const rows = await db
        .selectFrom('latchkit_attachments')
        .select(['id', 'message_id', 'created_at', 'claimed_at', 'swept_at', HELD.as('held')])
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE)
        .execute();
      const isOrphan = (row: (typeof rows)[number]) => {
        if (row.swept_at !== null) return true;
        if (row.message_id === null) return Number(row.created_at) < times.before;
        return !row.held && Number(row.claimed_at) < times.claimedBefore;
      };
      return {
        orphans: rows.filter(isOrphan).map((row) => row.id),
        next: rows.length === PAGE ? (rows.at(-1)?.id ?? null) : null,
      };
    });
  }

  startRemoval(id: string, { before, claimedBefore }: { before: number; claimedBefore: number }): Promise<boolean> {
    return this.#run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('latchkit_attachments')
        .set({ swept_at: this.#now() })
        .where('id', '=', id)
        .where((eb) =>
          eb.or([
            eb('swept_at', 'is not', null),
            eb.and([eb('message_id', 'is', null), eb('created_at', '<', before)]),
            eb.and([eb('claimed_at', '<', claimedBefore), eb.not(HELD)]),
          ]),
        )
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }

  withdraw(id: string): Promise<boolean> {
    return this.#run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('latchkit_attachments')
        .set({ swept_at: this.#now() })
        .where('id', '=', id)
        .where('message_id', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }

  remove(id: string): Promise<void> {
    return this.#run(async (db) => {
      await db.deleteFrom('latchkit_attachments').where('id', '=', id).where('swept_at', 'is not', null).execute();
    });
  }

  sharedKey(name: string, made: string): Promise<string> {
    return this.#run(async (db) => {
      await db
        .insertInto('latchkit_keys')
        .values({ name, value: made })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute();
      const { value } = await db
        .selectFrom('latchkit_keys')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return value;
    });
  }

  #settle(id: string, verdict: Partial<AttachmentRow>): Promise<void> {
    return this.#run(async (db) => {
      await db
        .updateTable('latchkit_attachments')
        .set(verdict)
        .where('id', '=', id)
        .where('stored_at', 'is', null)
        .where('refused', 'is', null)
        .execute();
    });
  }
}

function present(db: Kysely<Schema>) {
  return db.selectFrom('latchkit_attachments').selectAll().where('swept_at', 'is', null);
}

function toRecord(row: AttachmentRow): AttachmentRecord {
  return {
    id: row.id,
    threadId: row.thread_id,
    uploaderId: row.uploader_id,
    filename: row.filename,
    size: Number(row.size),
    createdAt: Number(row.created_at),
    storedAt: row.stored_at === null ? null : Number(row.stored_at),
    refused: row.refused,
    mediaType: row.media_type,
    width: row.width,
    height: row.height,
    messageId: row.message_id,
  };
}
