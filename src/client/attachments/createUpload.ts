import { ChatError } from '../../protocol/index.ts';
import { browserSignals } from '../PageSignals.ts';
import { Store } from '../store.ts';
import { Deferred } from './Deferred.ts';
import type { Upload, UploadedAttachment, UploadOptions, UploadState } from './types.ts';

/**
 * Uploads a file to a thread, beginning at once: in pieces, with progress, waiting while the device is offline and going on at the byte
 * where it was. Send it by its `attachmentId` when it is done; what is not sent within 24 hours is removed. The code that does it is
 * loaded with the first file.
 *
 * What the server refuses is in the state and in `done`: `attachment_too_large`, `attachment_refused`, `thread_forbidden`,
 * `rate_limited` …
 */
export function createUpload(options: UploadOptions): Upload {
  return new LoadingUpload(options);
}

/** Stands for the upload until its code is there. */
class LoadingUpload implements Upload {
  readonly #options: UploadOptions;
  readonly #state: Store<UploadState>;
  readonly get: () => UploadState;
  readonly subscribe: (listener: () => void) => () => void;
  #done = new Deferred<UploadedAttachment>();
  #upload: Upload | null = null;

  constructor(options: UploadOptions) {
    this.#options = options;
    const total = options.file.size;
    this.#state = new Store<UploadState>({ status: 'waiting', loaded: 0, total, error: null, attachment: null });
    this.get = this.#state.get;
    this.subscribe = this.#state.subscribe;
    options.signal?.addEventListener('abort', () => this.cancel(), { once: true });
    void this.#load();
  }

  get done(): Promise<UploadedAttachment> {
    return this.#upload?.done ?? this.#done.promise;
  }

  retry(): void {
    if (this.#upload) return this.#upload.retry();
    if (this.get().status !== 'failed') return;
    this.#done = new Deferred();
    this.#set({ status: 'waiting', error: null });
    void this.#load();
  }

  cancel(): void {
    if (this.#upload) return this.#upload.cancel();
    if (this.get().status === 'canceled') return;
    this.#set({ status: 'canceled', error: null });
    this.#done.reject(this.#options.signal?.reason ?? new DOMException('The upload was canceled.', 'AbortError'));
  }

  async #load(): Promise<void> {
    try {
      // A browser may remember for good that a module could not be loaded, so nothing is tried while it cannot be.
      await this.#online();
      if (this.get().status === 'canceled') return;
      const { FileUpload } = await import('./FileUpload.ts');
      if (this.get().status === 'canceled') return;
      const upload = new FileUpload(this.#options);
      this.#upload = upload;
      this.#state.set(upload.get());
      upload.subscribe(() => this.#state.set(upload.get()));
      this.#done.resolve(upload.done);
    } catch (cause) {
      const error = ChatError.is(cause)
        ? cause
        : new ChatError('connection_lost', 'The code for uploads could not be loaded.', { cause });
      this.#set({ status: 'failed', error });
      this.#done.reject(error);
    }
  }

  async #online(): Promise<void> {
    const { signals = browserSignals } = this.#options;
    if (signals.online()) return;
    this.#set({ status: 'paused' });
    await new Promise<void>((resolve) => {
      const stop = signals.subscribe(() => {
        if (!signals.online()) return;
        stop();
        resolve();
      });
    });
    if (this.get().status === 'paused') this.#set({ status: 'waiting' });
  }

  #set(change: Partial<UploadState>): void {
    this.#state.set({ ...this.get(), ...change });
  }
}
