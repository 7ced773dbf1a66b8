import type { Clock } from '../clock.ts';
import type { AttachmentRecords } from '../storage/AttachmentTable.ts';
import type { Logger } from '../types.ts';
import type { FileStore } from './FileStore.ts';

/** How long an upload may take, and how long a file waits for its message. */
const UNSENT_MS = 86_400_000;
/** Between a file's being given to a message and that message's being stored. */
const CLAIMED_MS = 600_000;
const FIRST_MS = 60_000;
const PERIOD_MS = 3_600_000;
/** Between two pages of the table, so that other work comes in between. */
const PAUSE_MS = 20;

interface Ports {
  files: FileStore;
  records(): Promise<AttachmentRecords>;
  clock: Clock;
  logger: Logger;
}

/** Removes the files that nobody needs: unfinished, refused, never sent, or of a message that was deleted. Any number of nodes may do it. */
export class Sweeper {
  readonly #ports: Ports;
  #cancel: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'started';
    this.#schedule(FIRST_MS);
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#cancel?.();
    await this.#running;
  }

  /** One round. Rejects when the database cannot be asked; a file that cannot be removed is left for the next round. */
  async sweep(): Promise<void> {
    const { clock } = this.#ports;
    const records = await this.#ports.records();
    const times = { before: clock.now() - UNSENT_MS, claimedBefore: clock.now() - CLAIMED_MS };
    for (let after: string | null = ''; after !== null && this.#state !== 'stopped';) {
      const page = await records.sweepPage(after, times);
      for (const id of page.orphans) await this.#remove(id, times);
      after = page.next;
      if (after !== null) await new Promise<void>((resolve) => clock.setTimer(resolve, PAUSE_MS));
    }
  }

  /** Removes a file at once that its message does not hold any more. */
  removeReleased(id: string): Promise<void> {
    return this.#remove(id, { before: 0, claimedBefore: Number.MAX_SAFE_INTEGER });
  }

  async #remove(id: string, times: { before: number; claimedBefore: number }): Promise<void> {
    const { files, logger } = this.#ports;
    const records = await this.#ports.records();
    if (!(await records.startRemoval(id, times))) return;
    try {
      // The bytes first: a row without bytes is tried again, bytes without a row would stay for ever.
      await files.remove(id);
      await records.remove(id);
    } catch (cause) {
      logger.warn('A file could not be removed; it is tried again.', { cause, attachmentId: id });
    }
  }

  #schedule(ms: number): void {
    this.#cancel = this.#ports.clock.setTimer(() => {
      this.#running = this.sweep()
        .catch((cause: unknown) => this.#ports.logger.warn('Old files could not be looked for.', { cause }))
        .then(() => {
          if (this.#state === 'started') this.#schedule(PERIOD_MS);
        });
    }, ms);
  }
}
