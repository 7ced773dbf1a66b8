import { Store, type ChatClient, type Upload, type UploadState } from '../client/index.ts';
import type { FilePart } from '../protocol/index.ts';
import { findEntry } from './entries.ts';

/** A file that stands in a composer, to go out with the next message. A new object per change. */
export interface AttachedFile {
  /** Unique on the page. */
  id: string;
  file: File;
  /** `blob:` address of the file on this device. */
  url: string;
  state: UploadState;
  /** Null where it was refused before it was uploaded. */
  upload: Upload | null;
}

/** By thread, kept while the client lives: another thread, or another view, loses no file. */
const attached = new WeakMap<ChatClient, Map<string, Store<readonly AttachedFile[]>>>();

/** The files that stand in a thread's composer, in the order in which they were chosen. */
export function attachedTo(client: ChatClient, threadId: string): Store<readonly AttachedFile[]> {
  let own = attached.get(client);
  if (!own) attached.set(client, (own = new Map<string, Store<readonly AttachedFile[]>>()));
  let store = own.get(threadId);
  if (!store) own.set(threadId, (store = new Store<readonly AttachedFile[]>([])));
  return store;
}

/** `failed`: one of them is not there, and the person has to say what becomes of it. `running`: not all are there yet. */
export type AttachedStatus = 'none' | 'running' | 'failed' | 'ready';

export function statusOf(files: readonly AttachedFile[]): AttachedStatus {
  if (files.length === 0) return 'none';
  if (files.some(({ state }) => state.status === 'failed')) return 'failed';
  return files.every(({ state }) => state.attachment) ? 'ready' : 'running';
}

/** As parts that show at once, from this device. */
export function partsOf(files: readonly AttachedFile[]): FilePart[] {
  return files.flatMap(({ url, state: { attachment } }) =>
    attachment ? [{ type: 'file', ...attachment, url, urlExpiresAt: Number.MAX_SAFE_INTEGER }] : [],
  );
}

/** They went out with a message: they stand in the composer no longer, and the device's copies go once the server has it. */
export function filesSent(client: ChatClient, threadId: string, messageId: string): void {
  const store = attachedTo(client, threadId);
  const files = store.get();
  store.set([]);
  const handle = client.thread(threadId);
  const stop = handle.subscribe(() => {
    const entry = findEntry(handle.get().entries, messageId);
    if (entry && entry.delivery !== 'sent') return;
    stop();
    for (const { url } of files) URL.revokeObjectURL(url);
  });
}
