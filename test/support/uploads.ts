import { deflateSync } from 'node:zlib';
import type { TestServer } from './chat-server.ts';

const TUS = { 'tus-resumable': '1.0.0' };

const metadata = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');

export interface Uploaded {
  attachmentId: string;
  filename: string;
  mediaType: string;
  size: number;
  width: number | null;
  height: number | null;
}

/** The upload protocol by hand: what a hostile or clumsy client may send, as well as what a good one does. */
export class TestUploader {
  readonly server: TestServer;
  readonly token: string;

  constructor(server: TestServer, token: string) {
    this.server = server;
    this.token = token;
  }

  static async for(server: TestServer, userId: string): Promise<TestUploader> {
    return new TestUploader(server, await server.mint(userId));
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(new URL(path, this.server.url), {
      ...init,
      headers: { authorization: `Bearer ${this.token}`, ...TUS, ...(init.headers as Record<string, string>) },
    });
  }

  create(size: number | string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return this.request('/chat/uploads', {
      method: 'POST',
      headers: { 'upload-length': String(size), 'upload-metadata': metadata(fields), ...headers },
    });
  }

  /** The upload's address. */
  async begin(size: number, filename: string, threadId = 'general'): Promise<string> {
    const response = await this.create(size, { filename, threadId });
    if (response.status !== 201) throw new Error(`Not begun: ${response.status} ${await response.text()}`);
    return response.headers.get('location') ?? '';
  }

  patch(address: string, offset: number, body: BodyInit, init: RequestInit = {}) {
    return this.request(address, {
      method: 'PATCH',
      body,
      ...init,
      headers: { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream', ...init.headers },
    });
  }

  async offset(address: string): Promise<number> {
    const response = await this.request(address, { method: 'HEAD' });
    if (!response.ok) throw new Error(`No offset: ${response.status}`);
    return Number(response.headers.get('upload-offset'));
  }

  finish(address: string) {
    return this.request(address, { method: 'POST' });
  }

  /** All of it; the answer to the last request. */
  async upload(bytes: Uint8Array, filename: string, threadId?: string): Promise<Response> {
    const address = await this.begin(bytes.byteLength, filename, threadId);
    const patched = await this.patch(address, 0, new Uint8Array(bytes));
    if (patched.status !== 204) return patched;
    return this.finish(address);
  }

  async uploaded(bytes: Uint8Array, filename: string, threadId?: string): Promise<Uploaded> {
    const response = await this.upload(bytes, filename, threadId);
    if (!response.ok) throw new Error(`Not uploaded: ${response.status} ${await response.text()}`);
    return (await response.json()) as Uploaded;
  }
}

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (crcTable[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.byteLength + 8);
  out.writeUInt32BE(data.byteLength, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), out.byteLength - 4);
  return out;
}

/** A true PNG: grey, of any measures; only small ones hold their pixels. */
export function png(width = 2, height = 3, extra: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = width * height < 1_000_000 ? Buffer.alloc((width + 1) * height) : Buffer.alloc(16);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    ...(extra.byteLength > 0 ? [chunk('tEXt', extra)] : []),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array()),
  ]);
}
