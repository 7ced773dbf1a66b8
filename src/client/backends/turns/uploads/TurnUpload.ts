import { ChatError, type UploadLimits } from '../../../../protocol/index.ts';
import {
  browserSignals,
  Store,
  type Clock,
  type FileToUpload,
  type PageSignals,
  type Upload,
  type UploadedAttachment,
  type UploadState,
} from '../../../index.ts';
import type { UploadedFiles } from './UploadedFiles.ts';
import type { UploadWay } from './UploadWay.ts';

/** Before each further attempt at what may pass, ms. There is none to go on in the middle: a file begins anew. */
const RETRY_AFTER = [1_000, 4_000, 15_000];
/** Bytes that have begun to move and move no more for so long will not, ms. */
const STALL_MS = 60_000;

/** What a browser does not know the type of. */
const UNKNOWN = 'application/octet-stream';

export interface TurnUploadPorts {
  files: UploadedFiles;
  limits: UploadLimits;
  way: UploadWay;
  clock: Clock;
  signals?: PageSignals | undefined;
}

/** One file on its way: tried again where that may help, waiting while the device is offline. */
export class TurnUpload implements Upload {
  readonly #file: FileToUpload;
  readonly #ports: TurnUploadPorts;
  readonly #signals: PageSignals;
  readonly #state: Store<UploadState>;
  readonly get: () => UploadState;
  readonly subscribe: (listener: () => void) => () => void;
  #done: Promise<UploadedAttachment>;
  #abort = new AbortController();

  constructor(file: FileToUpload, ports: TurnUploadPorts) {
    this.#file = file;
    this.#ports = ports;
    this.#signals = ports.signals ?? browserSignals;
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
    this.#set({ status: 'waiting', loaded: 0, error: null });
    this.#done = this.#begin();
  }

  cancel(): void {
    const { status } = this.get();
    if (status === 'done' || status === 'canceled') return;
    this.#set({ status: 'canceled', error: null });
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
      this.#check();
      const attachment = await this.#attempts(signal);
      this.#set({ status: 'done', loaded: this.get().total, attachment });
      this.#forget();
      return attachment;
    } catch (thrown) {
      signal.throwIfAborted();
      const error = ChatError.is(thrown) ? thrown : new ChatError('internal', 'The upload failed.', { cause: thrown });
      this.#set({ status: 'failed', error });
      throw error;
    }
  }

  /** @throws {ChatError} `attachment_too_large`, `attachment_refused` */
  #check(): void {
    const { size, type: given } = this.#file.file;
    const type = given || UNKNOWN;
    const { maxBytes, types } = this.#ports.limits;
    if (size > maxBytes) throw new ChatError('attachment_too_large', `A file has at most ${maxBytes} bytes.`);
    const [kind] = type.split('/');
    if (!types.some((each) => each === type || each === '*/*' || each === `${kind}/*`))
      throw new ChatError('attachment_refused', `Files of type ${type} are not taken.`);
  }

  async #attempts(signal: AbortSignal): Promise<UploadedAttachment> {
    for (let attempt = 0; ; attempt += 1) {
      await this.#online(signal);
      try {
        return await this.#attempt(signal);
      } catch (thrown) {
        signal.throwIfAborted();
        const wait = RETRY_AFTER[attempt];
        if (!ChatError.is(thrown) || !thrown.retryable || wait === undefined) throw thrown;
        this.#set({ status: 'waiting', loaded: 0 });
        await this.#wait(thrown.retryAfterMs ?? wait, signal);
      }
    }
  }

  async #attempt(signal: AbortSignal): Promise<UploadedAttachment> {
    const { files, way, clock } = this.#ports;
    const { threadId, file, filename = file instanceof File ? file.name : '' } = this.#file;
    const stalled = new AbortController();
    let watch = () => {};
    const onProgress = (sent: number) => {
      watch();
      watch = clock.setTimer(() => stalled.abort(), STALL_MS);
      // More than the file has to go: what is around it in the request.
      if (!signal.aborted) this.#set({ loaded: Math.min(sent, file.size) });
    };
    try {
      const part = await way({
        ...{ threadId, file, filename: filename || 'file', mediaType: file.type || UNKNOWN },
        signal: AbortSignal.any([signal, stalled.signal]),
        onBegin: () => this.#set({ status: 'uploading', loaded: 0 }),
        onProgress,
      });
      const { type: _, url: _url, urlExpiresAt: _end, ...uploaded } = files.add(part);
      return uploaded;
    } catch (thrown) {
      if (stalled.signal.aborted) throw new ChatError('connection_lost', 'The file moves no more.', { cause: thrown });
      throw thrown;
    } finally {
      watch();
    }
  }

  /** Resolves once the device believes that it has a network. */
  async #online(signal: AbortSignal): Promise<void> {
    if (this.#signals.online()) return;
    this.#set({ status: 'paused' });
    await new Promise<void>((resolve) => {
      const end = () => {
        stop();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const stop = this.#signals.subscribe(() => {
        if (this.#signals.online()) end();
      });
      signal.addEventListener('abort', end);
    });
    signal.throwIfAborted();
    this.#set({ status: 'waiting' });
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const stop = this.#ports.clock.setTimer(resolve, ms);
      signal.addEventListener('abort', () => {
        stop();
        resolve();
      });
    });
    signal.throwIfAborted();
  }

  #forget(): void {
    this.#file.signal?.removeEventListener('abort', this.#onAbort);
  }

  #set(change: Partial<UploadState>): void {
    this.#state.set({ ...this.get(), ...change });
  }
}
