import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FilePart } from '../../protocol/index.ts';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import { TestBucket } from '../../../test/support/s3.ts';
import { png, TestUploader } from '../../../test/support/uploads.ts';
import { s3Store } from './s3Store.ts';

const MB = 1_048_576;
/** A real server's, with a bucket `latchkit` that `test` / `test` may use; else {@link TestBucket}, which is none. */
const real = process.env.LATCHKIT_TEST_S3;
const bucket = new TestBucket();
let endpoint: string;
let prefix: string;
const settings = () => ({
  bucket: 'latchkit',
  endpoint,
  region: 'us-east-1',
  accessKeyId: 'test',
  secretAccessKey: 'test',
  forcePathStyle: true,
  prefix,
});
const servers: TestServer[] = [];

beforeAll(async () => {
  endpoint = real ?? (await bucket.listen());
});
beforeEach(() => {
  prefix = `run-${randomUUID()}/`;
});
afterEach(async () => {
  bucket.broken = null;
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
afterAll(() => bucket.close());

async function start() {
  const server = await startTestServer({ attachments: { s3: settings() } });
  servers.push(server);
  await server.chat.threads.upsert({ id: 'general', title: 'General', access: 'open' });
  return { server, ada: await TestUploader.for(server, 'ada'), socket: await server.connect('ada') };
}

/** The keys of this test, where they can be seen. */
const keys = () => [...bucket.objects.keys()].filter((key) => key.startsWith(prefix));

async function send({ socket }: Awaited<ReturnType<typeof start>>, attachmentId: string) {
  const parts = [{ type: 'file', attachmentId }];
  const frame = { type: 'message.send', threadId: 'general', messageId: randomUUID(), parts };
  const { message } = await socket.request(frame, 'message.accepted');
  return { id: message.id, part: message.parts[0] as FilePart };
}

describe(`files in a bucket (${real ? 'of a real server' : 'of the tests’ own'})`, () => {
  it('are uploaded, measured, served, sought in, and removed with their message', async () => {
    const scene = await start();
    const bytes = png(30, 40, new Uint8Array(2 * MB).fill(65));
    const uploaded = await scene.ada.uploaded(bytes, 'a.png');
    expect(uploaded).toMatchObject({ mediaType: 'image/png', width: 30, height: 40, size: bytes.byteLength });
    const { id, part } = await send(scene, uploaded.attachmentId);
    const url = new URL(part.url, scene.server.url);
    const whole = await fetch(url);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    expect(whole.headers.get('x-content-type-options')).toBe('nosniff');
    const range = await fetch(url, { headers: { range: 'bytes=100-199' } });
    expect(range.status).toBe(206);
    expect(Buffer.from(await range.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);
    await scene.socket.request({ type: 'message.delete', threadId: 'general', messageId: id }, 'message.saved');
    await scene.socket.ping();
    expect((await fetch(url)).status).toBe(404);
    await vi.waitFor(() => expect(keys()).toEqual([]));
    await expect(s3Store(settings()).read(uploaded.attachmentId)).rejects.toThrow();
  });

  it('are put together from many pieces, small ones too', async () => {
    const { ada } = await start();
    const bytes = png(3, 4, new Uint8Array(14 * MB).fill(66));
    const address = await ada.begin(bytes.byteLength, 'big.png');
    let offset = 0;
    for (const size of [6 * MB, MB, 50, 7 * MB, bytes.byteLength]) {
      const piece = new Uint8Array(bytes.subarray(offset, offset + size));
      expect((await ada.patch(address, offset, piece)).status).toBe(204);
      offset += piece.byteLength;
      expect(await ada.offset(address)).toBe(offset);
    }
    const finished = await ada.finish(address);
    expect(await finished.json()).toMatchObject({ mediaType: 'image/png', size: bytes.byteLength, width: 3 });
  });

  it('keep what had arrived when the connection broke', async () => {
    const { ada } = await start();
    const bytes = png(3, 4, new Uint8Array(3 * MB).fill(67));
    const address = await ada.begin(bytes.byteLength, 'a.png');
    const cut = httpRequest(new URL(address, ada.server.url), {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${ada.token}`,
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': bytes.byteLength,
      },
    });
    cut.on('error', () => {});
    await new Promise<void>((resolve) => cut.write(bytes.subarray(0, 2 * MB), () => resolve()));
    await new Promise((resolve) => setTimeout(resolve, 300));
    cut.destroy();
    const offset = await ada.offset(address);
    expect(offset).toBeGreaterThan(0);
    expect((await ada.patch(address, offset, new Uint8Array(bytes.subarray(offset)))).status).toBe(204);
    expect((await ada.finish(address)).status).toBe(200);
  });

  it('are taken back unfinished, and refused ones leave nothing', async () => {
    const { ada } = await start();
    const address = await ada.begin(10 * MB, 'a.png');
    expect((await ada.patch(address, 0, new Uint8Array(1_000))).status).toBe(204);
    expect((await ada.request(address, { method: 'DELETE' })).status).toBe(204);
    expect((await ada.upload(Buffer.from('<!doctype html>'), 'a.png')).status).toBe(422);
    expect(keys()).toEqual([]);
    if (!real) expect(bucket.uploads.size).toBe(0);
  });

  it.skipIf(real)('a bucket that fails is told as something that passes, without its words', async () => {
    const { ada } = await start();
    bucket.broken = 503;
    const response = await ada.create(10, { filename: 'a.png', threadId: 'general' });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      code: 'internal',
      retryable: true,
      detail: 'The file could not be stored just now.',
    });
  });
});
