import type { Kysely, Transaction } from 'kysely';
import { appendBatch } from './append-batch.ts';
import { Batcher } from './Batcher.ts';
import type { MessageInput, StoredMessage } from './ChatStorage.ts';
import type { Engine } from './Engine.ts';
import { again, AlreadyStored, append } from './message-work.ts';
import type { Schema } from './schema.ts';

/** Messages that one transaction takes: more would make the first of them wait longer than it saves the last. */
const MAX_BATCH = 100;

/** A thread's messages are stored in the order in which they came; they would wait for each other's lock in any case. */
const keyOf = ({ threadId }: MessageInput) => threadId;

export interface Runners {
  run: <T>(work: (db: Kysely<Schema>) => Promise<T>) => Promise<T>;
  transaction: <T>(work: (db: Transaction<Schema>) => Promise<T>) => Promise<T>;
}

/**
 * Appends messages, those that come together in one transaction: each is answered when it is durable, and one wait for the disk is
 * enough for all of them. One that cannot be stored harms no other.
 */
export class MessageAppender {
  readonly #runners: Runners;
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #batcher: Batcher<MessageInput, StoredMessage>;

  constructor(runners: Runners, engine: Engine, now: () => number) {
    this.#runners = runners;
    this.#engine = engine;
    this.#now = now;
    const options = { max: MAX_BATCH, concurrent: engine.concurrentBatches, keyOf };
    this.#batcher = new Batcher((inputs) => this.#together(inputs), options);
  }

  append(input: MessageInput): Promise<StoredMessage> {
    // A reply changes another message, too, and an answer has more to store than what a person writes.
    const isPlain = input.replyTo === undefined && input.answer === undefined;
    return isPlain ? this.#batcher.add(input) : this.#alone(input);
  }

  async #together(inputs: readonly MessageInput[]): Promise<PromiseSettledResult<StoredMessage>[]> {
    if (inputs.length > 1) {
      try {
        const work = (db: Transaction<Schema>) => appendBatch(db, inputs, this.#now(), this.#engine);
        const stored = await this.#runners.transaction(work);
        return stored.map((value) => ({ status: 'fulfilled', value }));
      } catch {
        // Nothing of it is left. Which of them it was shows when each is tried by itself.
      }
    }
    return Promise.allSettled(inputs.map((input) => this.#alone(input)));
  }

  async #alone(input: MessageInput): Promise<StoredMessage> {
    try {
      return await this.#runners.transaction((db) => append(db, input, this.#now(), this.#engine.search));
    } catch (error) {
      if (!(error instanceof AlreadyStored)) throw error;
      return this.#runners.run((db) => again(db, input));
    }
  }
}
