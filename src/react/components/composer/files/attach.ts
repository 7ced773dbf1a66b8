import type { ChatClient, Upload, UploadState } from '../../../../client/index.ts';
import { ChatError, MAX_PARTS, type UploadLimits } from '../../../../protocol/index.ts';
import { attachedTo, type AttachedFile } from '../../../attached.ts';

/** Beside the text. */
export const MAX_FILES = MAX_PARTS - 1;

let count = 0;

/**
 * Puts files into a thread's composer, and begins to upload them. What is known to be refused is not uploaded.
 * @param place where it stands: a panel of replies has a composer of its own
 */
export function attachFiles(client: ChatClient, threadId: string, files: Iterable<File>, place = threadId): void {
  const store = attachedTo(client, place);
  for (const file of files) {
    const id = `file-${++count}`;
    const change = (next: Partial<AttachedFile>) =>
      store.set(store.get().map((each) => (each.id === id ? { ...each, ...next } : each)));
    const refusal = refusalOf(file, store.get().length, client.uploads.get());
    const upload = refusal ? null : begin(client, threadId, file);
    const state: UploadState = ChatError.is(upload)
      ? failedState(file, upload)
      : (upload?.get() ?? failedState(file, refusal));
    const running = ChatError.is(upload) ? null : upload;
    running?.done.catch(() => {}); // the state says it
    store.set([...store.get(), { id, file, url: URL.createObjectURL(file), state, upload: running }]);
    running?.subscribe(() => change({ state: running.get() }));
  }
}

function begin(client: ChatClient, threadId: string, file: File): Upload | ChatError {
  try {
    return client.thread(threadId).upload(file);
  } catch (thrown) {
    if (ChatError.is(thrown)) return thrown;
    throw thrown;
  }
}

function failedState(file: File, error: ChatError | null): UploadState {
  return { status: 'failed', loaded: 0, total: file.size, error, attachment: null };
}

/** What no upload can change. Of the type only what is certain: browsers and systems name documents differently. */
function refusalOf(file: File, before: number, limits: UploadLimits | null): ChatError | null {
  if (before >= MAX_FILES) return new ChatError('message_too_long', `A message holds at most ${MAX_FILES} files.`);
  if (!limits) return null;
  if (file.size > limits.maxBytes) return new ChatError('attachment_too_large', 'The file is too large.');
  const kind = /^(?:image|audio|video)\//.exec(file.type)?.[0];
  const taken = kind === undefined || limits.types.some((type) => type.startsWith(kind) || type.startsWith('*/'));
  return taken ? null : new ChatError('attachment_refused', 'Files of this type are not taken.');
}

/** Takes a file out again; what is on its way stops. */
export function detachFile(client: ChatClient, place: string, id: string): void {
  const store = attachedTo(client, place);
  const found = store.get().find((file) => file.id === id);
  if (!found) return;
  store.set(store.get().filter((file) => file !== found));
  URL.revokeObjectURL(found.url);
  found.upload?.cancel();
}
