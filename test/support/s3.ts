import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Multipart {
  key: string;
  parts: Map<number, Buffer>;
}

/**
 * As much of S3's language as uploading, serving and removing files speak, kept in memory: not S3, but strict where clients get it wrong
 * (parts below 5 MiB, an upload that is not there, a range beyond the end). Set `LATCHKIT_TEST_S3` to the address of a real server, and the
 * tests run against that.
 */
export class TestBucket {
  readonly objects = new Map<string, Buffer>();
  readonly uploads = new Map<string, Multipart>();
  /** `METHOD /key?query`, without values that change from run to run. */
  readonly calls: string[] = [];
  /** Answers every request with this status. */
  broken: number | null = null;
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  /** The address to pass as `endpoint`. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, , ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const query = url.searchParams;
    const body = await bodyOf(request);
    this.calls.push(`${request.method} ${[...query.keys()].filter((name) => name !== 'x-id').join('&')}`.trim());
    const fail = (status: number, code: string) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(
        request.method === 'HEAD' ? undefined : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
      );
    };
    const xml = (content: string) => response.writeHead(200, { 'content-type': 'application/xml' }).end(content);
    if (this.broken !== null) return fail(this.broken, 'InternalError');
    if (!/^AWS4-HMAC-SHA256 Credential=/.test(request.headers.authorization ?? '')) return fail(403, 'AccessDenied');
    const uploadId = query.get('uploadId');
    const upload = uploadId === null ? undefined : this.uploads.get(uploadId);
    if (uploadId !== null && upload?.key !== key) return fail(404, 'NoSuchUpload');

    if (request.method === 'POST' && query.has('uploads')) {
      const id = randomUUID();
      this.uploads.set(id, { key, parts: new Map() });
      return void xml(
        `<InitiateMultipartUploadResult><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      );
    }
    if (request.method === 'PUT' && upload) {
      upload.parts.set(Number(query.get('partNumber')), body);
      return void response.writeHead(200, { etag: etagOf(body) }).end();
    }
    if (request.method === 'GET' && upload) {
      const parts = [...upload.parts].sort(([a], [b]) => a - b);
      const listed = parts.map(
        ([number, part]) =>
          `<Part><PartNumber>${number}</PartNumber><ETag>${etagOf(part)}</ETag><Size>${part.byteLength}</Size></Part>`,
      );
      return void xml(`<ListPartsResult><IsTruncated>false</IsTruncated>${listed.join('')}</ListPartsResult>`);
    }
    if (request.method === 'POST' && upload && uploadId !== null) {
      const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) =>
        Number(number),
      );
      const parts = numbers.map((number) => upload.parts.get(number) ?? Buffer.alloc(0));
      if (parts.slice(0, -1).some((part) => part.byteLength < 5 * 1_048_576)) return fail(400, 'EntityTooSmall');
      this.objects.set(key, Buffer.concat(parts));
      this.uploads.delete(uploadId);
      return void xml(`<CompleteMultipartUploadResult><Key>${key}</Key></CompleteMultipartUploadResult>`);
    }
    if (request.method === 'DELETE' && uploadId !== null) {
      this.uploads.delete(uploadId);
      return void response.writeHead(204).end();
    }
    if (request.method === 'PUT') {
      this.objects.set(key, body);
      this.#metadata.set(key, metadataOf(request));
      return void response.writeHead(200, { etag: etagOf(body) }).end();
    }
    if (request.method === 'DELETE') {
      this.objects.delete(key);
      return void response.writeHead(204).end();
    }
    const object = this.objects.get(key);
    if (!object) return fail(404, 'NoSuchKey');
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [start, end] = range
      ? [Number(range[1]), Math.min(Number(range[2]), object.byteLength - 1)]
      : [0, object.byteLength - 1];
    if (range && start >= object.byteLength) return fail(416, 'InvalidRange');
    const slice = object.subarray(start, end + 1);
    response.writeHead(range ? 206 : 200, {
      'content-length': slice.byteLength,
      etag: etagOf(object),
      ...this.#metadata.get(key),
      ...(range && { 'content-range': `bytes ${start}-${end}/${object.byteLength}` }),
    });
    response.end(request.method === 'HEAD' ? undefined : slice);
  }

  readonly #metadata = new Map<string, Record<string, string>>();
}

/** What the AWS client sends in chunks with signatures or checksums between them is put together again. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  if (!/aws-chunked/.test(request.headers['content-encoding'] ?? '')) return raw;
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = raw.indexOf('\r\n', at);
    const size = Number.parseInt(raw.subarray(at, lineEnd).toString(), 16);
    if (!size) return Buffer.concat(parts);
    parts.push(raw.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

function metadataOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
