import type { Lock, Locker, RequestRelease } from '@tus/server';
import { ChatError } from '../../protocol/index.ts';

/** How long somebody waits for the request before to let go. */
const TIMEOUT_MS = 10_000;

interface Holder {
  requestRelease: RequestRelease;
  /** Who comes next, first come first served. */
  waiting: (() => void)[];
}

/**
 * One request at a time per upload. A connection that died unnoticed still holds its upload when the client comes back: it is asked to
 * let go, keeping what it has. tus's own locker asks in a loop without a pause, which takes a whole core while it waits.
 */
export class UploadLocker implements Locker {
  readonly #holders = new Map<string, Holder>();

  newLock(id: string): Lock {
    return {
      lock: (signal, requestRelease) => this.#lock(id, signal, requestRelease),
      unlock: () => Promise.resolve(this.#unlock(id)),
    };
  }

  async #lock(id: string, signal: AbortSignal, requestRelease: RequestRelease): Promise<void> {
    const holder = this.#holders.get(id);
    if (!holder) {
      this.#holders.set(id, { requestRelease, waiting: [] });
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        holder.waiting.splice(holder.waiting.indexOf(next), 1);
        end();
        reject(new ChatError('request_timeout', 'Another request of this upload is still under way.'));
      };
      const timer = setTimeout(giveUp, TIMEOUT_MS);
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
      };
      const next = () => {
        end();
        holder.requestRelease = requestRelease;
        resolve();
      };
      signal.addEventListener('abort', giveUp);
      holder.waiting.push(next);
      void holder.requestRelease();
    });
  }

  #unlock(id: string): void {
    const holder = this.#holders.get(id);
    const next = holder?.waiting.shift();
    if (next) next();
    else this.#holders.delete(id);
  }
}
