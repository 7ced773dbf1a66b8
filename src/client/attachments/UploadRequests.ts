import { ChatError } from '../../protocol/index.ts';
import type { ChatToken } from '../auth/ChatToken.ts';
import type { UploadedAttachment, UploadOptions } from './types.ts';
import { errorForResponse, isPassing, readProblem } from './upload-errors.ts';
import type { UploadRequest, UploadResponse, UploadTransport } from './UploadTransport.ts';

/** Something that passes: worth another attempt, after asking how far the file is. `cause` is what to tell when it does not. */
export class Passing extends Error {}
/** The server does not know the upload any more. */
export class Gone extends Error {}
/** Something in between takes no body of this size. It knows nothing of the file's. */
export class BodyTooLarge extends Error {}

type Asked = Pick<UploadRequest, 'method' | 'url' | 'signal'> & Partial<UploadRequest>;

/**
 * The requests of the tus protocol (https://tus.io, version 1.0.0), and LatchKit's own last one, which checks the file. Each carries a
 * token of its own. They reject with the errors of this file, and with a `ChatError` for what is final.
 */
export class UploadRequests {
  readonly #endpoint: string;
  readonly #tokens: UploadOptions['tokens'];
  readonly #transport: UploadTransport;

  constructor(endpoint: string, tokens: UploadOptions['tokens'], transport: UploadTransport) {
    this.#endpoint = endpoint;
    this.#tokens = tokens;
    this.#transport = transport;
  }

  /** Begins an upload; its address. */
  async create(
    { threadId, filename, size }: { threadId: string; filename: string; size: number },
    signal: AbortSignal,
  ): Promise<string> {
    const headers = {
      'upload-length': String(size),
      'upload-metadata': `threadId ${toBase64(threadId)},filename ${toBase64(filename)}`,
    };
    const response = await this.#ask({ method: 'POST', url: this.#endpoint, headers, signal });
    // Only the id is taken from the answer: the token goes nowhere but to this server.
    const id = /([\w-]+)$/.exec(response.header('location') ?? '')?.[1];
    if (response.status !== 201 || id === undefined) throw unexpected(response);
    return `${this.#endpoint}/${id}`;
  }

  /** How many bytes the server has. */
  async offset(url: string, signal: AbortSignal): Promise<number> {
    return readOffset(await this.#ask({ method: 'HEAD', url, signal }));
  }

  /** Sends what follows `offset`; how many bytes the server has then. */
  async append(
    url: string,
    { offset, body, onProgress }: { offset: number; body: Blob; onProgress: (sent: number) => void },
    signal: AbortSignal,
  ): Promise<number> {
    const headers = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' };
    return readOffset(await this.#ask({ method: 'PATCH', url, headers, body, onProgress, signal }));
  }

  /** After the last byte: what the server made of the file. May be asked again. */
  async finish(url: string, signal: AbortSignal): Promise<UploadedAttachment> {
    return readAttachment(await this.#ask({ method: 'POST', url, signal }));
  }

  async remove(url: string): Promise<void> {
    await this.#ask({ method: 'DELETE', url, signal: new AbortController().signal });
  }

  async #ask(request: Asked): Promise<UploadResponse> {
    let token = await this.#token(() => this.#tokens.get());
    let response = await this.#send(request, token);
    if (response.status === 401) {
      token = await this.#token(() => this.#tokens.forceRefresh(token));
      response = await this.#send(request, token);
    }
    const { status } = response;
    if (status < 300) return response;
    if (isPassing(status)) throw new Passing('', { cause: errorForResponse(response) });
    const isOfUpload = request.url !== this.#endpoint;
    if (isOfUpload && (status === 404 || status === 410)) throw new Gone('', { cause: errorForResponse(response) });
    if (status === 413 && request.body && !readProblem(response)) throw new BodyTooLarge();
    throw errorForResponse(response);
  }

  async #token(get: () => Promise<ChatToken>): Promise<ChatToken> {
    try {
      return await get();
    } catch (cause) {
      throw ChatError.is(cause) && cause.retryable ? new Passing('', { cause }) : cause;
    }
  }

  async #send(request: Asked, token: ChatToken): Promise<UploadResponse> {
    // It may have been given up while the token was fetched.
    request.signal.throwIfAborted();
    const headers = { ...request.headers, 'tus-resumable': '1.0.0', authorization: `Bearer ${token.raw()}` };
    try {
      return await this.#transport({ body: null, onProgress: () => {}, ...request, headers });
    } catch (cause) {
      throw new Passing('', { cause: new ChatError('connection_lost', 'The server cannot be reached.', { cause }) });
    }
  }
}

function readOffset(response: UploadResponse): number {
  const offset = Number(response.header('upload-offset') ?? Number.NaN);
  if (!Number.isSafeInteger(offset) || offset < 0) throw unexpected(response);
  return offset;
}

function readAttachment(response: UploadResponse): UploadedAttachment {
  try {
    const { attachmentId, filename, mediaType, size, width, height } = JSON.parse(response.body) as UploadedAttachment;
    if (typeof attachmentId === 'string') return { attachmentId, filename, mediaType, size, width, height };
  } catch {
    // Told below.
  }
  throw unexpected(response);
}

function unexpected({ status }: UploadResponse): ChatError {
  return new ChatError('internal', `The upload was answered in a way that is not the protocol’s (${status}).`);
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
