import {
  Store,
  type BackendContext,
  type FileToUpload,
  type Upload,
  type UploadedAttachment,
  type UploadState,
} from '../client/index.ts';
import type { ChatError } from '../protocol/index.ts';
import { toChatError } from './fake-errors.ts';
import type { FakeWorld } from './fake-world.ts';

let count = 0;

/** A file on its way to the fake: half of it at once, and done after the latency, unless a fault or the line stands against it. */
export class FakeUpload implements Upload {
  readonly #world: FakeWorld;
  readonly #file: FileToUpload;
  readonly #state: Store<UploadState>;
  readonly get: () => UploadState;
  readonly subscribe: (listener: () => void) => () => void;
  #attempt = 0;

  constructor(world: FakeWorld, file: FileToUpload, { tokens }: Pick<BackendContext, 'tokens'>) {
    this.#world = world;
    this.#file = file;
    this.#state = new Store<UploadState>({
      status: 'waiting',
      loaded: 0,
      total: file.file.size,
      error: null,
      attachment: null,
    });
    this.get = this.#state.get;
    this.subscribe = this.#state.subscribe;
    world.requests.push({ name: 'upload', userId: tokens.current?.claims?.sub ?? '', threadId: file.threadId });
    file.signal?.addEventListener('abort', () => this.cancel());
    this.#begin();
  }

  get done(): Promise<UploadedAttachment> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const { attachment, error, status } = this.get();
        if (status === 'done' && attachment) resolve(attachment);
        else if (status === 'failed' && error) reject(error);
        else if (status === 'canceled') reject(new DOMException('The upload was canceled.', 'AbortError'));
        else return;
        stop();
      };
      const stop = this.subscribe(look);
      look();
    });
  }

  retry(): void {
    if (this.get().status !== 'failed') return;
    this.#begin();
  }

  cancel(): void {
    if (this.#isOver()) return;
    this.#set({ status: 'canceled', error: null });
    this.#end();
  }

  /** The line or a fault is another one now. */
  changed(): void {
    void this.#run();
  }

  #begin(): void {
    this.#world.uploading.add(this);
    this.#set({ status: 'uploading', loaded: 0, error: null });
    void this.#run();
  }

  async #run(): Promise<void> {
    const attempt = ++this.#attempt;
    const { clock } = this.#world;
    const { latencyMs, line, faults, uploads } = this.#world;
    if (line.status === 'offline') return this.#set({ status: 'paused' });
    this.#set({ status: 'uploading', loaded: Math.floor(this.#file.file.size / 2) });
    await new Promise<void>((resolve) => clock.setTimer(resolve, latencyMs));
    const fault = faults.get('upload');
    if (attempt !== this.#attempt || this.#isOver() || fault === 'never-answers') return;
    if (fault) return this.#fail(toChatError(fault));
    if (uploads && this.#file.file.size > uploads.maxBytes) return this.#fail(toChatError('attachment_too_large'));
    const attachment = this.#store();
    this.#set({ status: 'done', loaded: this.#file.file.size, attachment });
    this.#end();
  }

  #store(): UploadedAttachment {
    const { file, filename = file instanceof File ? file.name : '', threadId } = this.#file;
    const attachment = {
      attachmentId: `file-${++count}`,
      filename: filename || 'file',
      mediaType: file.type || 'application/octet-stream',
      size: file.size,
      width: file.type.startsWith('image/') ? 640 : null,
      height: file.type.startsWith('image/') ? 480 : null,
    };
    this.#world.log.thread(threadId).files.set(attachment.attachmentId, {
      type: 'file',
      ...attachment,
      url: typeof URL.createObjectURL === 'function' ? URL.createObjectURL(file) : `data:,${attachment.attachmentId}`,
      urlExpiresAt: Number.MAX_SAFE_INTEGER,
    });
    return attachment;
  }

  #fail(error: ChatError): void {
    this.#set({ status: 'failed', error });
    this.#end();
  }

  #isOver(): boolean {
    return ['done', 'failed', 'canceled'].includes(this.get().status);
  }

  #end(): void {
    this.#attempt += 1;
    this.#world.uploading.delete(this);
  }

  #set(change: Partial<UploadState>): void {
    this.#state.set({ ...this.get(), ...change });
  }
}
