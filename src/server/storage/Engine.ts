import type { Kysely } from 'kysely';
import type { ChatError } from '../../protocol/index.ts';
import type { SearchIndex } from './SearchIndex.ts';
import type { Schema } from './schema.ts';

/** What differs between the databases; everything else is one storage written once. */
export interface Engine {
  readonly db: Kysely<Schema>;
  readonly search: SearchIndex;
  /** Whether a statement locks the rows that it changes, and not the whole database. */
  readonly locksRows: boolean;
  /** Batches of messages, and of questions, that are better run at the same time than one after the other. */
  readonly concurrentBatches: number;
  /** Runs `work` while no other node migrates. */
  exclusively(work: (db: Kysely<Schema>) => Promise<void>): Promise<void>;
  /** Whether somebody else's lock was in the way, so that the same work may succeed in a moment. */
  isBusy(error: unknown): boolean;
  /** The engine's own error in LatchKit's words, with no password and no row in it. */
  explain(error: unknown): ChatError;
}
