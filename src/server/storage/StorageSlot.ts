import { ChatError } from '../../protocol/index.ts';
import type { Logger } from '../types.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

/** The server's one storage, opened by whoever asks first. A failure is told to everybody who waits, and the next call tries again. */
export class StorageSlot {
  readonly #database: string;
  readonly #logger: Logger;
  readonly #wrap: (storage: ChatStorage) => Promise<ChatStorage>;
  #opening: Promise<ChatStorage> | null = null;
  #closed = false;

  /** @param wrap what everybody gets in place of the opened storage: for watching it */
  constructor(
    database: string,
    logger: Logger,
    wrap: (storage: ChatStorage) => Promise<ChatStorage> = (storage) => Promise.resolve(storage),
  ) {
    this.#database = database;
    this.#logger = logger;
    this.#wrap = wrap;
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
      const storage = await openStorage(this.#database, {
        onIdleError: (cause) => this.#logger.warn('A connection to the database broke; it is opened again.', { cause }),
      });
      return await this.#wrap(storage);
    } catch (cause) {
      this.#opening = null;
      this.#logger.error('The database cannot be opened.', { cause });
      throw cause;
    }
  }
}
