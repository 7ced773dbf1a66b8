import { ChatError } from '../../../../protocol/index.ts';
import { authorizedFetch, type AuthorizedFetch } from '../../turns/authorizedFetch.ts';
import type { Attachment, OpenAiChatKitBackendOptions } from '../types.ts';
import type { Attachments } from './Attachments.ts';
import { progressFetch } from '../../turns/uploads/progressFetch.ts';
import type { Journey, UploadWay } from '../../turns/uploads/UploadWay.ts';

/** The server names a place for the file, which need not be its own, and it is put there: by the headers that came with the place, without the token. */
export function twoPhases(attachments: Attachments, fetch: AuthorizedFetch): UploadWay {
  return async (journey) => {
    const { file, filename, mediaType, signal } = journey;
    const created = await attachments.create(
      { fetch, signal },
      { name: filename, size: file.size, mime_type: mediaType },
    );
    try {
      await put(created, journey);
    } catch (thrown) {
      // As well as it goes: nothing will be sent under this id.
      attachments.remove({ fetch, signal: new AbortController().signal }, created.id).catch(() => {});
      throw thrown;
    }
    return attachments.partOf(created, file.size);
  };
}

/** In one request to the server’s own address for files, with the token. */
export function direct(
  attachments: Attachments,
  url: string,
  tokens: Parameters<typeof authorizedFetch>[0],
  { headers: given, credentials = 'same-origin', fetch }: OpenAiChatKitBackendOptions,
): UploadWay {
  return async ({ file, filename, mediaType, signal, onBegin, onProgress }) => {
    const body = new FormData();
    body.append('file', new File([file], filename, { type: mediaType }));
    const send = authorizedFetch(tokens, () => fetch ?? progressFetch(onProgress));
    onBegin();
    const headers = typeof given === 'function' ? given() : (given ?? {});
    const response = await send(url, { method: 'POST', headers, body, signal, credentials });
    check(response, 'The server');
    const made: unknown = await response.json().catch(() => null);
    if (isAttachment(made)) return attachments.partOf(made, file.size);
    throw new ChatError('attachment_refused', 'The server answered with something that is no attachment.');
  };
}

async function put({ upload_descriptor: place }: Attachment, journey: Journey): Promise<void> {
  if (!place || !/^https?:/.test(place.url))
    throw new ChatError('attachment_refused', 'The server gave no place to put the file.');
  const { file: body, signal, onBegin, onProgress } = journey;
  const { url, method, headers = {} } = place;
  const once = { redirect: 'error', credentials: 'omit', cache: 'no-store' } as const;
  onBegin();
  let response: Response;
  try {
    response = await progressFetch(onProgress)(url, { method, headers, body, signal, ...once });
  } catch (cause) {
    throw new ChatError('connection_lost', 'The place for the file could not be reached.', { cause });
  }
  void response.body?.cancel().catch(() => {});
  check(response, 'The place for the file');
}

function check({ ok, status }: Response, who: string): void {
  if (ok) return;
  const answered = `${who} answered ${status}.`;
  if (status === 413) throw new ChatError('attachment_too_large', answered, { status });
  const mayPass = status === 408 || status === 429 || status >= 500;
  throw new ChatError(mayPass ? 'connection_lost' : 'attachment_refused', answered, { status });
}

function isAttachment(value: unknown): value is Attachment {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, mime_type: type } = value as Record<string, unknown>;
  return [id, name, type].every((each) => typeof each === 'string');
}
