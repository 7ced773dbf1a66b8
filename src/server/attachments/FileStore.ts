import type { Readable } from 'node:stream';
import type { DataStore } from '@tus/server';

/** Both ends count, the first byte is 0. */
export interface ByteRange {
  start: number;
  end: number;
}

export type OpenFile = (range?: ByteRange) => Promise<Readable>;

/** Where the bytes of files are: a folder, or a bucket. */
export interface FileStore {
  /** What the upload protocol writes to. Rejects while it cannot be used. */
  open(): Promise<DataStore>;
  /** The name by which {@link open}'s store knows a file. */
  keyOf(id: string): string;
  /** Resolves once a complete file outlives a power loss. */
  settle(id: string): Promise<void>;
  /** Rejects when it is not there. */
  read(id: string, range?: ByteRange): Promise<Readable>;
  /** Where a file lies on this machine, for scanners that want a path. */
  pathOf?(id: string): string;
  /** Removes a file, finished or not. No error when there is none. */
  remove(id: string): Promise<void>;
}
