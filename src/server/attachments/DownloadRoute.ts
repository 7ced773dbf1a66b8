import { Readable } from 'node:stream';
import { ChatError } from '../../protocol/index.ts';
import type { AttachmentRecord, AttachmentRecords } from '../storage/AttachmentTable.ts';
import { corsHeaders } from '../token/cross-site.ts';
import type { OriginPolicy } from '../token/OriginPolicy.ts';
import { problem } from '../token/problem.ts';
import type { Logger } from '../types.ts';
import { parseRange } from './byte-range.ts';
import type { FileStore } from './FileStore.ts';
import { contentDisposition } from './filename.ts';
import type { LinkSigner } from './links.ts';
import { isInline } from './media-types.ts';
import { toProblem } from './problems.ts';

export interface DownloadPorts {
  files: FileStore;
  records(): Promise<AttachmentRecords>;
  signer(): Promise<LinkSigner>;
  /** Where the files are: `/chat/attachments`. */
  path: string;
  /** Whether pages of other sites may show the files. */
  crossSite: boolean;
  origins: OriginPolicy;
  logger: Logger;
  now: () => number;
}

/** `GET {path}/{id}?expires=…&signature=…`: the file, to whoever has the link, until it lapses or its message is deleted. */
export class DownloadRoute {
  readonly #ports: DownloadPorts;

  constructor(ports: DownloadPorts) {
    this.#ports = ports;
  }

  async fetch(request: Request): Promise<Response> {
    const { origins, logger } = this.#ports;
    const headers = corsHeaders(request, origins);
    try {
      return await this.#answer(request, headers);
    } catch (error) {
      return await toProblem(error, logger, headers);
    }
  }

  async #answer(request: Request, headers: Headers): Promise<Response> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      headers.set('allow', 'GET, HEAD');
      return problem('method_not_allowed', { headers });
    }
    const { path, now } = this.#ports;
    const url = new URL(request.url);
    const id = url.pathname.slice(path.length + 1);
    const verdict = (await this.#ports.signer()).verify(id, url, now());
    if (verdict === 'forged') return problem('forbidden', { headers });
    if (verdict === 'lapsed') return problem('attachment_not_found', { status: 410, headers });
    const record = await (await this.#ports.records()).getHeld(id);
    if (!record) throw notFound();
    this.#describe(record, url, headers);
    return this.#send(request, record, headers);
  }

  #describe({ id, mediaType, filename }: AttachmentRecord, url: URL, headers: Headers): void {
    const type = mediaType ?? 'application/octet-stream';
    const left = Math.max(0, Number(url.searchParams.get('expires')) - Math.ceil(this.#ports.now() / 1_000));
    const described = {
      'content-type': type.startsWith('text/') ? `${type}; charset=utf-8` : type,
      'content-disposition': contentDisposition(isInline(type) ? 'inline' : 'attachment', filename),
      'x-content-type-options': 'nosniff',
      // In a page of its own it gets no origin, no script and nothing to load.
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': this.#ports.crossSite ? 'cross-origin' : 'same-site',
      'referrer-policy': 'no-referrer',
      'cache-control': `private, max-age=${left}`,
      'accept-ranges': 'bytes',
      // A file never changes, so its id says which bytes it has.
      etag: `"${id}"`,
    };
    for (const [name, value] of Object.entries(described)) headers.set(name, value);
  }

  async #send(request: Request, { id, size }: AttachmentRecord, headers: Headers): Promise<Response> {
    const etag = headers.get('etag') ?? '';
    const known = request.headers.get('if-none-match');
    if (known === '*' || known?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag)) {
      return new Response(null, { status: 304, headers });
    }
    const ifRange = request.headers.get('if-range');
    const asked = ifRange === null || ifRange === etag ? request.headers.get('range') : null;
    const range = parseRange(asked, size);
    if (range === 'unsatisfiable') {
      headers.set('content-range', `bytes */${size}`);
      return new Response(null, { status: 416, headers });
    }
    if (range) headers.set('content-range', `bytes ${range.start}-${range.end}/${size}`);
    headers.set('content-length', String(range ? range.end - range.start + 1 : size));
    const status = range ? 206 : 200;
    if (request.method === 'HEAD') return new Response(null, { status, headers });
    const stream = await this.#ports.files.read(id, range ?? undefined).catch((cause: unknown) => {
      this.#ports.logger.error('A file that the database knows is not in the store.', { cause, attachmentId: id });
      throw notFound();
    });
    return new Response(Readable.toWeb(stream) as ReadableStream, { status, headers });
  }
}

function notFound(): ChatError {
  return new ChatError('attachment_not_found', 'The file is not there any more.');
}
