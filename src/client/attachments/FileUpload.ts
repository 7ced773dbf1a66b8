import { ChatError } from '../../protocol/index.ts';
import { fullJitter } from '../backoff.ts';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { serverUrl } from '../connection/addresses.ts';
import { browserSignals } from '../PageSignals.ts';
import type { PageSignals } from '../PageSignals.ts';
import { Store } from '../store.ts';
import { Deferred } from './Deferred.ts';
import type { Upload, UploadedAttachment, UploadOptions, UploadState } from './types.ts';
import { BodyTooLarge, Gone, Passing, UploadRequests } from './UploadRequests.ts';
import { defaultTransport } from './UploadTransport.ts';

/** Bytes per request: proxies bound their bodies, and Node the time of a request. */
const CHUNK_BYTES = 8 * 1_048_576;
/** A proxy that takes less is none to upload through. */
const MIN_CHUNK_BYTES = 131_072;
const RETRY_BASE_MS = 1_000;
const RETRY_CAP_MS = 30_000;
/** Failures in a row, without a byte more on the server, until it is left to the person. */
const MAX_FAILURES = 8;
/** A connection that moves nothing for so long is dead, whatever the browser believes. */
const STALL_MS = 60_000;

/**
 * One file on its way, in requests of {@link CHUNK_BYTES}. After each break the server is asked how far the file is, so that it goes on at
 * that byte.
 */
export class FileUpload implements Upload {
  readonly #options: UploadOptions;
  readonly #clock: Clock;
  readonly #signals: PageSignals;
  readonly #requests: UploadRequests;
  readonly #state: Store<UploadState>;
  readonly get: () => UploadState;
  readonly subscribe: (listener: () => void) => () => void;
  #done = new Deferred<UploadedAttachment>();
  /** The upload's address on the server, once it is begun. */
  #address: string | null = null;
  /** Bytes that the server has; null while that is to be asked. */
  #offset: number | null = null;
  #chunkBytes = CHUNK_BYTES;
  /** Most bytes that the server ever had. */
  #furthest = 0;
  #failures = 0;
  /** It was gone on the server and begun once more. */
  #begunAgain = false;
  /** Counts the attempts: what belongs to an older one stops. */
  #attempt = 0;
  /** Ends the request or the wait that is under way. */
  #interrupt = new AbortController();
  #stopListening: (() => void) | undefined;

  constructor(options: UploadOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#signals = options.signals ?? browserSignals;
    const endpoint = `${serverUrl(options.url)}/uploads`;
    this.#requests = new UploadRequests(endpoint, options.tokens, options.transport ?? defaultTransport());
    const total = options.file.size;
    this.#state = new Store<UploadState>({ status: 'waiting', loaded: 0, total, error: null, attachment: null });
    this.get = this.#state.get;
    this.subscribe = this.#state.subscribe;
    options.signal?.addEventListener('abort', this.#onAbort);
    if (options.signal?.aborted) this.cancel();
    else this.#begin();
  }

  get done(): Promise<UploadedAttachment> {
    return this.#done.promise;
  }

  retry(): void {
    if (this.get().status !== 'failed') return;
    this.#done = new Deferred();
    this.#failures = 0;
    this.#begunAgain = false;
    this.#offset = null;
    this.#begin();
  }

  cancel(): void {
    const { status } = this.get();
    if (status === 'done' || status === 'canceled') return;
    const reason: unknown = this.#options.signal?.reason ?? new DOMException('The upload was canceled.', 'AbortError');
    this.#end({ status: 'canceled', error: null });
    this.#interrupt.abort();
    this.#done.reject(reason);
    // As well as it goes: the server sweeps what is left.
    if (this.#address !== null) this.#requests.remove(this.#address).catch(() => {});
  }

  readonly #onAbort = () => this.cancel();

  #begin(): void {
    this.#set({ status: 'waiting', error: null });
    this.#stopListening = this.#signals.subscribe((signal) => {
      // Good news end a wait as well: what was unreachable a moment ago may be there now.
      const { status } = this.get();
      if (signal === 'offline' || status === 'waiting' || status === 'paused') this.#interrupt.abort();
    });
    void this.#run(++this.#attempt);
  }

  async #run(attempt: number): Promise<void> {
    while (attempt === this.#attempt && isUnderWay(this.get())) {
      this.#interrupt = new AbortController();
      const { signal } = this.#interrupt;
      try {
        if (this.#signals.online()) await this.#step(signal);
        else await this.#pause(signal);
      } catch (error) {
        if (!isUnderWay(this.get())) return;
        this.#offset = null;
        if (!signal.aborted) await this.#recover(error);
      }
    }
  }

  /** One request. */
  async #step(signal: AbortSignal): Promise<void> {
    const { total } = this.get();
    if (this.#address === null) {
      const { threadId, file, filename = file instanceof File ? file.name : '' } = this.#options;
      this.#address = await this.#requests.create({ threadId, filename, size: total }, signal);
      this.#advance(0);
    } else if (this.#offset === null) {
      this.#advance(await this.#requests.offset(this.#address, signal));
    } else if (this.#offset < total) {
      this.#advance(await this.#sendChunk(this.#address, this.#offset));
    } else {
      this.#set({ status: 'processing', loaded: total });
      const attachment = await this.#requests.finish(this.#address, signal);
      this.#end({ status: 'done', attachment });
      this.#done.resolve(attachment);
    }
  }

  async #sendChunk(address: string, offset: number): Promise<number> {
    this.#set({ status: 'uploading', loaded: offset });
    const { signal } = this.#interrupt;
    const body = this.#options.file.slice(offset, offset + this.#chunkBytes);
    const chunk = new AbortController();
    const abort = () => chunk.abort();
    signal.addEventListener('abort', abort);
    let stopWatching = this.#clock.setTimer(abort, STALL_MS);
    const onProgress = (sent: number) => {
      if (chunk.signal.aborted) return;
      stopWatching();
      stopWatching = this.#clock.setTimer(abort, STALL_MS);
      this.#set({ loaded: offset + Math.min(sent, body.size) });
    };
    try {
      return await this.#requests.append(address, { offset, body, onProgress }, chunk.signal);
    } finally {
      stopWatching();
      signal.removeEventListener('abort', abort);
    }
  }

  async #recover(error: unknown): Promise<void> {
    if (error instanceof Passing) return this.#wait(error.cause);
    if (error instanceof Gone && !this.#begunAgain) {
      // Expired, or lost with the server's disk.
      this.#begunAgain = true;
      this.#address = null;
      return;
    }
    if (error instanceof BodyTooLarge && this.#chunkBytes > MIN_CHUNK_BYTES) {
      this.#chunkBytes /= 4;
      return;
    }
    this.#fail(toChatError(error));
  }

  #advance(offset: number): void {
    if (offset > this.#furthest) this.#failures = 0;
    this.#furthest = Math.max(offset, this.#furthest);
    this.#offset = offset;
    this.#set({ loaded: offset });
  }

  /** Until the device believes that it is online. */
  async #pause(signal: AbortSignal): Promise<void> {
    this.#set({ status: 'paused' });
    this.#offset = null;
    await aborted(signal);
  }

  async #wait(cause: unknown): Promise<void> {
    this.#failures += 1;
    if (this.#failures > MAX_FAILURES) return this.#fail(toChatError(cause));
    // The last request's failures go on being about the check.
    if (this.get().status !== 'processing') this.#set({ status: 'waiting' });
    this.#interrupt = new AbortController();
    const { signal } = this.#interrupt;
    const ms = fullJitter(this.#clock, this.#failures - 1, RETRY_BASE_MS, RETRY_CAP_MS);
    const cancel = this.#clock.setTimer(() => this.#interrupt.abort(), ms);
    await aborted(signal);
    cancel();
  }

  #fail(error: ChatError): void {
    this.#end({ status: 'failed', error });
    this.#done.reject(error);
  }

  #end(state: Partial<UploadState>): void {
    this.#stopListening?.();
    if (state.status !== 'failed') this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#set(state);
  }

  #set(change: Partial<UploadState>): void {
    const before = this.get();
    const names = Object.keys(change) as (keyof UploadState)[];
    if (names.some((name) => before[name] !== change[name])) this.#state.set({ ...before, ...change });
  }
}

function isUnderWay({ status }: UploadState): boolean {
  return status !== 'done' && status !== 'failed' && status !== 'canceled';
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

function toChatError(error: unknown): ChatError {
  if (ChatError.is(error)) return error;
  if (error instanceof Error && ChatError.is(error.cause)) return error.cause;
  return new ChatError('internal', 'The upload failed.', { cause: error });
}
