import { ChatError } from '../../protocol/index.ts';
import type { Logger } from '../types.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

/** The server's one storage, opened by whoever asks first. A failure is told to everybody who waits, and the next call tries again. */
export class StorageSlot {
  readonly #database: string;
  readonly #logger: Logger;
  #opening: Promise<ChatStorage> | null = null;
  #closed = false;

  constructor(database: string, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
  }

  open(): Promise<ChatStorage> {
    if (this.#closed) return Promise.reject(new ChatError('disposed', 'This server was closed.'));
    return (this.#opening ??= this.#open());
  }

  async close(): Promise<void> {
    this.#closed = true;
    const storage = await this.#opening?.catch(() => null);
    await storage?.close();
  }

  async #open(): Promise<ChatStorage> {
    try {
      return await openStorage(this.#database, {
        onIdleError: (cause) => this.#logger.warn('A connection to the database broke; it is opened again.', { cause }),
      });
    } catch (cause) {
      this.#opening = null;
      this.#logger.error('The database cannot be opened.', { cause });
      throw cause;
    }
  }
}
