import { randomUUID } from 'node:crypto';
import type { Server as TusServer, Upload } from '@tus/server';
import { ChatError, type ChatErrorCode, type ChatUser } from '../../protocol/index.ts';
import type { AttachmentRecord, AttachmentRecords } from '../storage/AttachmentTable.ts';
import { isId } from '../token/claims.ts';
import { corsHeaders, isCrossSite, preflight } from '../token/cross-site.ts';
import type { OriginPolicy } from '../token/OriginPolicy.ts';
import { problem } from '../token/problem.ts';
import type { Logger } from '../types.ts';
import type { FileInspector } from './FileInspector.ts';
import type { FileStore } from './FileStore.ts';
import { safeFilename } from './filename.ts';
import type { CheckedAttachmentOptions } from './options.ts';
import { toProblem } from './problems.ts';
import { UploadLocker } from './UploadLocker.ts';

const DAY_MS = 86_400_000;
/** How long a request that is asked to let go of its upload may write on. */
const DRAIN_MS = 500;
const METHODS = 'POST, HEAD, PATCH, DELETE';
const REQUEST_HEADERS =
  'authorization, content-type, tus-resumable, upload-length, upload-metadata, upload-offset, x-latchkit';
const EXPOSED = 'Location, Retry-After, Tus-Resumable, Upload-Length, Upload-Offset';
/** What tus answers, as what it means here. */
const CODES: Readonly<Record<number, ChatErrorCode>> = {
  404: 'attachment_not_found',
  410: 'attachment_not_found',
  413: 'attachment_too_large',
};

export interface UploadPorts {
  files: FileStore;
  records(): Promise<AttachmentRecords>;
  inspector: FileInspector;
  options: Pick<CheckedAttachmentOptions, 'maxBytes' | 'perUserBytesPerDay'>;
  now: () => number;
  /** Where the uploads are: `/chat/uploads`. */
  path: string;
  /** @throws {ChatError} who asks cannot be told from the request */
  authenticate(request: Request): Promise<ChatUser>;
  /** @throws {ChatError} the person may not upload to this thread now */
  requireUpload(user: ChatUser, threadId: string): Promise<void>;
  origins: OriginPolicy;
  logger: Logger;
}

/**
 * Uploads by the tus protocol, version 1 (https://tus.io), with one request more: `POST {path}/{id}` after the last byte checks the file
 * and answers what it is. Asking again gives the same answer, so that one lost on the way costs nothing.
 */
export class UploadRoutes {
  readonly #ports: UploadPorts;
  readonly #locker = new UploadLocker();
  /** Who sends a request that tus works on, and what it was refused with. */
  readonly #requests = new WeakMap<object, { user: ChatUser; error?: unknown }>();
  /** Checks that are under way, by attachment. */
  readonly #checks = new Map<string, Promise<AttachmentRecord>>();
  #tus: Promise<TusServer> | null = null;

  constructor(ports: UploadPorts) {
    this.#ports = ports;
  }

  async fetch(request: Request): Promise<Response> {
    const { origins, logger } = this.#ports;
    const headers = corsHeaders(request, origins);
    if (headers.has('access-control-expose-headers')) headers.set('access-control-expose-headers', EXPOSED);
    if (request.method === 'OPTIONS') {
      return preflight(request, origins, headers, { methods: METHODS, headers: REQUEST_HEADERS });
    }
    if (isCrossSite(request, origins)) return problem('cross_site_refused', { headers });
    try {
      const response = await this.#answer(request);
      for (const [name, value] of headers) response.headers.set(name, value);
      response.headers.set('cache-control', 'no-store');
      return response;
    } catch (error) {
      return await toProblem(error, logger, headers);
    }
  }

  async #answer(request: Request): Promise<Response> {
    const user = await this.#ports.authenticate(request);
    const { pathname } = new URL(request.url);
    const id = pathname.slice(this.#ports.path.length + 1);
    if (id === '') {
      if (request.method !== 'POST') return notAllowed('POST');
      // The protocol would let it be said later; limits and quotas want it now.
      if (!request.headers.has('upload-length')) {
        throw new ChatError('bad_request', 'Upload-Length must say how large the file is.');
      }
      return this.#relay(request, user);
    }
    const record = await this.#own(id, user);
    switch (request.method) {
      case 'HEAD':
        return this.#relay(request, user);
      case 'PATCH':
        await this.#ports.requireUpload(user, record.threadId);
        if (record.refused !== null) throw refused(record.refused);
        return this.#relay(request, user);
      case 'POST':
        await this.#ports.requireUpload(user, record.threadId);
        return this.#finish(record, user);
      case 'DELETE':
        return this.#withdraw(record);
      default:
        return notAllowed(METHODS);
    }
  }

  /** Somebody else's is not there, so that nobody learns which ids are. */
  async #own(id: string, user: ChatUser): Promise<AttachmentRecord> {
    const record = await (await this.#ports.records()).get(id);
    if (record?.uploaderId !== user.id) throw new ChatError('attachment_not_found', 'There is no such upload.');
    return record;
  }

  async #relay(request: Request, user: ChatUser): Promise<Response> {
    const tus = await (this.#tus ??= this.#openTus());
    const relayed = withoutBreaks(request);
    const entry: { user: ChatUser; error?: unknown } = { user };
    this.#requests.set(relayed, entry);
    const response = await tus.handleWeb(relayed);
    if (response.status < 400) return response;
    await response.body?.cancel();
    const { error } = entry;
    const headers = new Headers({ 'tus-resumable': '1.0.0' });
    if (ChatError.is(error)) return toProblem(error, this.#ports.logger, headers);
    if (error !== undefined) this.#ports.logger.error('The store of the files failed.', { cause: error });
    return toProblem(tusError(response.status), this.#ports.logger, headers, response.status);
  }

  async #openTus(): Promise<TusServer> {
    const { files, options, path } = this.#ports;
    const idOf = (request: { url: string }) => new URL(request.url).pathname.slice(path.length + 1);
    try {
      // With the first upload: servers that take no files load none of it.
      const { Server } = await import('@tus/server');
      return new Server({
        path,
        datastore: await files.open(),
        locker: this.#locker,
        lockDrainTimeout: DRAIN_MS,
        maxSize: options.maxBytes,
        allowedOrigins: [], // ours are in front of it
        namingFunction: () => files.keyOf(randomUUID()),
        getFileIdFromRequest: (request) => files.keyOf(idOf(request)),
        generateUrl: (_, { id }) => `${path}/${id.slice(files.keyOf('').length)}`,
        onUploadCreate: (request, upload) => this.#create(request, upload),
        onResponseError: (request, error) => {
          const entry = this.#requests.get(request);
          if (entry && !('status_code' in error)) entry.error = error;
          return undefined;
        },
      });
    } catch (error) {
      this.#tus = null;
      throw error;
    }
  }

  /** Before the first byte is taken. */
  async #create(request: object, { id: key, size, metadata }: Upload): Promise<{ metadata: Upload['metadata'] }> {
    const { files, options } = this.#ports;
    const user = this.#requests.get(request)?.user;
    if (!user) throw new Error('An upload came past the door.');
    const threadId = metadata?.threadId;
    if (!isId(threadId)) throw new ChatError('bad_request', 'Upload-Metadata names no threadId.');
    if (size === undefined) throw new ChatError('bad_request', 'Upload-Length must say how large the file is.');
    if (size === 0) throw refused('The file is empty.');
    await this.#ports.requireUpload(user, threadId);
    const id = key.slice(files.keyOf('').length);
    const quota = { bytes: options.perUserBytesPerDay, since: this.#ports.now() - DAY_MS };
    const filename = safeFilename(metadata?.filename ?? '');
    await (await this.#ports.records()).begin({ id, threadId, uploaderId: user.id, filename, size }, quota);
    // Nothing of what the sender said goes into the store.
    return { metadata: {} };
  }

  async #finish(record: AttachmentRecord, user: ChatUser): Promise<Response> {
    const { id, refused: reason, filename, mediaType, size, width, height } = await this.#checked(record, user);
    if (reason !== null) throw refused(reason);
    return Response.json({ attachmentId: id, filename, mediaType, size, width, height });
  }

  /** Decided once, also when it is asked for twice at a time. */
  #checked(record: AttachmentRecord, user: ChatUser): Promise<AttachmentRecord> {
    if (record.storedAt !== null || record.refused !== null) return Promise.resolve(record);
    const running = this.#checks.get(record.id);
    if (running) return running;
    const check = this.#check(record, user).finally(() => this.#checks.delete(record.id));
    this.#checks.set(record.id, check);
    return check;
  }

  async #check(record: AttachmentRecord, user: ChatUser): Promise<AttachmentRecord> {
    const { files, inspector } = this.#ports;
    const { offset } = await (await files.open()).getUpload(files.keyOf(record.id));
    if (offset !== record.size) {
      throw new ChatError('bad_request', `Only ${offset} of ${record.size} bytes are there.`, { status: 409 });
    }
    await files.settle(record.id);
    const verdict = await inspector.inspect(record, user);
    const records = await this.#ports.records();
    if ('refused' in verdict) {
      await records.refuse(record.id, verdict.refused);
      await files.remove(record.id);
    } else {
      await records.accept(record.id, verdict);
    }
    return this.#own(record.id, user);
  }

  async #withdraw({ id }: AttachmentRecord): Promise<Response> {
    const { files } = this.#ports;
    const records = await this.#ports.records();
    if (!(await records.withdraw(id)))
      throw new ChatError('bad_request', 'The file was sent already.', { status: 409 });
    await files.remove(id);
    await records.remove(id);
    return new Response(null, { status: 204 });
  }
}

/**
 * The same request, whose body ends where the connection broke: tus then keeps what has arrived, where an error would lose what it has
 * not written yet (to a bucket, up to 8 MiB).
 */
function withoutBreaks(request: Request): Request {
  if (!request.body) return request;
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (value) controller.enqueue(value);
      if (done) controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const { method, headers, url } = request;
  const init: RequestInit & { duplex: 'half' } = { method, headers, body, duplex: 'half' };
  return new Request(url, init);
}

function tusError(status: number): ChatError {
  const code = CODES[status] ?? (status < 500 ? 'bad_request' : 'internal');
  const words: Partial<Record<ChatErrorCode, string>> = {
    attachment_not_found: 'There is no such upload.',
    attachment_too_large: 'The file is too large.',
    bad_request: 'The request is not as the upload protocol has it.',
  };
  return new ChatError(code, words[code] ?? 'The file could not be stored just now.');
}

function refused(reason: string): ChatError {
  return new ChatError('attachment_refused', reason);
}

function notAllowed(allow: string): Response {
  return problem('method_not_allowed', { headers: { allow } });
}
