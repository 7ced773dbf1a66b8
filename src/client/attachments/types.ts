import type { ChatError } from '../../protocol/index.ts';
import type { TokenManager } from '../auth/types.ts';
import type { Clock } from '../clock.ts';
import type { PageSignals } from '../PageSignals.ts';
import type { Readable } from '../store.ts';
import type { UploadTransport } from './UploadTransport.ts';

/**
 * - `waiting`: not begun, or the server could not be reached and is tried again in a moment
 * - `uploading` · `paused`: the device is offline; goes on by itself · `processing`: all bytes are there, the server checks them
 * - `done` · `failed`: `error` says why; `retry()` goes on where it was · `canceled`
 */
export type UploadStatus = 'waiting' | 'uploading' | 'paused' | 'processing' | 'done' | 'failed' | 'canceled';

/** A new object per change. */
export interface UploadState {
  status: UploadStatus;
  /** Bytes that are on the server or on their way; goes back a little when the connection breaks. */
  loaded: number;
  /** Bytes of the file. */
  total: number;
  error: ChatError | null;
  /** What the server made of it, once it is done. */
  attachment: UploadedAttachment | null;
}

/** A file on the server, ready to be sent: `{ type: 'file', attachmentId }`. */
export interface UploadedAttachment {
  attachmentId: string;
  /** As the server keeps it: without folders and control characters, with an extension that fits. */
  filename: string;
  /** As its bytes say. */
  mediaType: string;
  /** Bytes. */
  size: number;
  /** CSS pixels of an image, else null. */
  width: number | null;
  height: number | null;
}

/** A file on its way to the server. */
export interface Upload extends Readable<UploadState> {
  /**
   * Of the present attempt; after `retry()` there is another one. Rejects with the `ChatError` of a failure, and with an `AbortError` when
   * it was canceled.
   */
  readonly done: Promise<UploadedAttachment>;
  /** Goes on after a failure, at the byte where it was. */
  retry(): void;
  /** Stops for good, and takes back what is on the server. Does nothing to a file that is done. */
  cancel(): void;
}

/** What is to be uploaded, and where to. */
export interface FileToUpload {
  threadId: string;
  file: Blob;
  /** Default: the file's own name. */
  filename?: string;
  /** Cancels. */
  signal?: AbortSignal;
}

export interface UploadOptions extends FileToUpload {
  /** A LatchKit server's base: the file goes to `{url}/uploads`. */
  url: string;
  /** Asked before each request, so that renewals in the middle do no harm. */
  tokens: Pick<TokenManager, 'get' | 'forceRefresh'>;
  /** Default: the browser's own. */
  signals?: PageSignals;
  clock?: Clock;
  /** How requests are sent. Default: XMLHttpRequest, which alone tells of progress; `fetch` where there is none. */
  transport?: UploadTransport;
}
