import type { FilePart } from '../../../../protocol/index.ts';

/** A file that is to go to the far side, and how its way is watched. */
export interface Journey {
  threadId: string;
  file: Blob;
  filename: string;
  mediaType: string;
  signal: AbortSignal;
  /** The bytes begin to move. */
  onBegin: () => void;
  /** Bytes that have left. Never called where nothing can tell. */
  onProgress: (sent: number) => void;
}

/** Brings a file to the far side: one attempt. Resolves with how a message holds it; rejects with a `ChatError`. */
export type UploadWay = (journey: Journey) => Promise<FilePart>;
