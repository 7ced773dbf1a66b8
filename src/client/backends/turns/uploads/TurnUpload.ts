import { ChatError } from '../../../../protocol/index.ts';
import { Store, type FileToUpload, type Upload, type UploadedAttachment, type UploadState } from '../../../index.ts';
import type { travel as Travel } from './travel.ts';

/** How it travels, as far as the upload itself knows. */
type Go = (watched: Parameters<typeof Travel>[2]) => Promise<UploadedAttachment>;

/** One file on its way, as a window sees it. What brings it there is loaded with the first one: most pages send none. */
export class TurnUpload implements Upload {
  readonly #file: FileToUpload;
  readonly #go: Go;
  readonly #state: Store<UploadState>;
  readonly get: () => UploadState;
  readonly subscribe: (listener: () => void) => () => void;
  #done: Promise<UploadedAttachment>;
  #abort = new AbortController();

  constructor(file: FileToUpload, go: Go) {
    this.#file = file;
    this.#go = go;
    const total = file.file.size;
    this.#state = new Store<UploadState>({ status: 'waiting', loaded: 0, total, error: null, attachment: null });
    this.get = this.#state.get;
    this.subscribe = this.#state.subscribe;
    this.#done = this.#begin();
    file.signal?.addEventListener('abort', this.#onAbort);
    if (file.signal?.aborted) this.cancel();
  }

  get done(): Promise<UploadedAttachment> {
    return this.#done;
  }

  retry(): void {
    if (this.get().status !== 'failed') return;
    this.#change({ status: 'waiting', loaded: 0, error: null });
    this.#done = this.#begin();
  }

  cancel(): void {
    const { status } = this.get();
    if (status === 'done' || status === 'canceled') return;
    this.#change({ status: 'canceled', error: null });
    this.#forget();
    this.#abort.abort(this.#file.signal?.reason ?? new DOMException('The upload was canceled.', 'AbortError'));
  }

  readonly #onAbort = () => this.cancel();

  #begin(): Promise<UploadedAttachment> {
    this.#abort = new AbortController();
    const done = this.#run(this.#abort.signal);
    done.catch(() => {}); // Whoever watches the state knows of it, too.
    return done;
  }

  async #run(signal: AbortSignal): Promise<UploadedAttachment> {
    try {
      const attachment = await this.#go({ signal, change: (change) => this.#change(change) });
      signal.throwIfAborted();
      this.#change({ status: 'done', loaded: this.get().total, attachment });
      this.#forget();
      return attachment;
    } catch (thrown) {
      signal.throwIfAborted();
      const error = ChatError.is(thrown) ? thrown : new ChatError('internal', 'The upload failed.', { cause: thrown });
      this.#change({ status: 'failed', error });
      throw error;
    }
  }

  #forget(): void {
    this.#file.signal?.removeEventListener('abort', this.#onAbort);
  }

  #change(change: Partial<UploadState>): void {
    this.#state.set({ ...this.get(), ...change });
  }
}
