import { generateKeyPair } from 'jose';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FilePart } from '../../protocol/index.ts';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';
import { png, TestUploader, type Uploaded } from '../../../test/support/uploads.ts';
import type { ChatServerOptions } from '../types.ts';
import type { AttachmentOptions } from './options.ts';

let folder: string;
const servers: TestServer[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkit-files-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

interface Scene {
  server: TestServer;
  ada: TestUploader;
  socket: TestSocket;
}

async function start(attachments: AttachmentOptions = {}, options: Partial<ChatServerOptions> = {}): Promise<Scene> {
  const server = await startTestServer({
    attachments: { ...attachments, directory: join(folder, 'files') } as AttachmentOptions,
    ...options,
  });
  servers.push(server);
  await server.chat.threads.upsert({ id: 'ours', title: 'Ours', members: ['ada', 'bob'] });
  await server.chat.threads.upsert({ id: 'other', title: 'Other', members: ['ada', 'bob'] });
  const ada = await TestUploader.for(server, 'ada');
  return { server, ada, socket: await server.connect('ada') };
}

const filesOnDisk = () => readdirSync(join(folder, 'files'));
const file = ({ attachmentId }: Pick<Uploaded, 'attachmentId'>) => ({ type: 'file' as const, attachmentId });

async function send(socket: TestSocket, parts: unknown[], threadId = 'ours', messageId: string = crypto.randomUUID()) {
  const { message } = await socket.request({ type: 'message.send', threadId, messageId, parts }, 'message.accepted');
  return message;
}

/** Uploads a file, sends it, and gives the part that everybody gets. */
async function sent(
  { ada, socket }: Scene,
  bytes: Uint8Array,
  filename: string,
): Promise<FilePart & { messageId: string }> {
  const uploaded = await ada.uploaded(bytes, filename, 'ours');
  const message = await send(socket, [{ type: 'text', text: 'look' }, file(uploaded)]);
  return { ...(message.parts[1] as FilePart), messageId: message.id };
}

const get = (scene: Scene, url: string, init?: RequestInit) => fetch(new URL(url, scene.server.url), init);
const refusal = (code: string) =>
  expect.objectContaining({ message: expect.stringContaining(`"${code}"`) as string }) as Error;

describe('a file in a message', () => {
  it('reaches every reader with its link, and history gives it again', async () => {
    const scene = await start();
    const bob = await scene.server.connect('bob');
    await bob.request({ type: 'thread.subscribe', threadId: 'ours' }, 'thread.subscribed');
    const bytes = png(12, 34);
    const part = await sent(scene, bytes, 'a.png');
    expect(part).toMatchObject({
      type: 'file',
      filename: 'a.png',
      mediaType: 'image/png',
      size: bytes.byteLength,
      width: 12,
      height: 34,
    });
    expect(part.urlExpiresAt).toBeGreaterThan(Date.now() + 1_790_000);
    expect(part.urlExpiresAt).toBeLessThanOrEqual(Date.now() + 3_600_000);
    const live = (await bob.take('message.created')).message.parts[1] as FilePart;
    expect(live.url).toBe(part.url);
    const page = await bob.request({ type: 'thread.subscribe', threadId: 'ours' }, 'thread.subscribed');
    expect((page.messages[0]?.parts[1] as FilePart).attachmentId).toBe(part.attachmentId);
    const response = await get(scene, live.url);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('S2 sending again is the same; a file is one message’s, its uploader’s, and its thread’s', async () => {
    const scene = await start();
    const uploaded = await scene.ada.uploaded(png(), 'a.png', 'ours');
    const id = crypto.randomUUID();
    const first = await send(scene.socket, [file(uploaded)], 'ours', id);
    expect((await send(scene.socket, [file(uploaded)], 'ours', id)).seq).toBe(first.seq);
    await expect(send(scene.socket, [file(uploaded)])).rejects.toEqual(refusal('attachment_not_found'));
    const another = await scene.ada.uploaded(png(), 'b.png', 'ours');
    await expect(send(scene.socket, [file(another)], 'other')).rejects.toEqual(refusal('attachment_not_found'));
    const bob = await scene.server.connect('bob');
    await expect(send(bob, [file(another)])).rejects.toEqual(refusal('attachment_not_found'));
    await expect(send(bob, [file({ attachmentId: crypto.randomUUID() })])).rejects.toEqual(
      refusal('attachment_not_found'),
    );
    expect((await send(scene.socket, [file(another)])).parts).toHaveLength(1);
  });

  it('one that is not checked yet, or was refused, cannot be sent', async () => {
    const scene = await start();
    const address = await scene.ada.begin(4, 'a.txt', 'ours');
    const attachmentId = address.split('/').at(-1) ?? '';
    await scene.ada.patch(address, 0, '<br>');
    await expect(send(scene.socket, [file({ attachmentId })])).rejects.toEqual(refusal('attachment_not_found'));
    expect((await scene.ada.finish(address)).status).toBe(422);
    await expect(send(scene.socket, [file({ attachmentId })])).rejects.toEqual(refusal('attachment_not_found'));
  });

  it('one that waited in a message that was never stored can be sent in the next', async () => {
    const scene = await start();
    const taken = (await send(scene.socket, [{ type: 'text', text: 'x' }], 'other')).id;
    const uploaded = await scene.ada.uploaded(png(), 'a.png', 'ours');
    await expect(send(scene.socket, [file(uploaded)], 'ours', taken)).rejects.toEqual(refusal('message_conflict'));
    expect((await send(scene.socket, [file(uploaded)])).parts).toHaveLength(1);
  });

  it('G9 the next link is given to whoever may read at that moment, and to nobody else', async () => {
    const scene = await start();
    const part = await sent(scene, png(), 'a.png');
    const bob = await scene.server.connect('bob');
    const ask = (threadId = 'ours', attachmentId = part.attachmentId) =>
      bob.request({ type: 'attachment.link', threadId, attachmentId }, 'attachment.linked');
    const linked = await ask();
    expect((await get(scene, linked.url)).status).toBe(200);
    expect(linked.urlExpiresAt).toBeGreaterThan(Date.now());
    await expect(ask('other')).rejects.toEqual(refusal('attachment_not_found'));
    const unsent = await scene.ada.uploaded(png(), 'b.png', 'ours');
    await expect(ask('ours', unsent.attachmentId)).rejects.toEqual(refusal('attachment_not_found'));
    await scene.server.chat.threads.removeMember('ours', 'bob');
    await expect(ask()).rejects.toEqual(refusal('thread_forbidden'));
  });

  it('goes with its message, at once and for good, and takes no other file with it', async () => {
    const scene = await start();
    const [kept, gone] = [await sent(scene, png(), 'a.png'), await sent(scene, png(), 'b.png')];
    await scene.socket.request(
      { type: 'message.delete', threadId: 'ours', messageId: gone.messageId },
      'message.saved',
    );
    expect((await get(scene, gone.url)).status).toBe(404);
    expect((await get(scene, kept.url)).status).toBe(200);
    await vi.waitFor(() => expect(filesOnDisk()).toEqual([kept.attachmentId]));
    const ask = { type: 'attachment.link', threadId: 'ours', attachmentId: gone.attachmentId };
    await expect(scene.socket.request(ask, 'attachment.linked')).rejects.toEqual(refusal('attachment_not_found'));
  });

  it('goes when an edit takes it out, and stays when an edit keeps it', async () => {
    const scene = await start();
    const part = await sent(scene, png(), 'a.png');
    const edit = (parts: unknown[]) =>
      scene.socket.request(
        { type: 'message.edit', threadId: 'ours', messageId: part.messageId, parts },
        'message.saved',
      );
    const { message } = await edit([{ type: 'text', text: 'new words' }, file(part)]);
    expect(message.parts[1]).toMatchObject({ filename: 'a.png', url: part.url });
    expect((await get(scene, part.url)).status).toBe(200);
    await edit([{ type: 'text', text: 'no picture' }]);
    expect((await get(scene, part.url)).status).toBe(404);
    await vi.waitFor(() => expect(filesOnDisk()).toEqual([]));
  });

  it('goes with its thread', async () => {
    const scene = await start();
    const part = await sent(scene, png(), 'a.png');
    await scene.server.chat.threads.remove('ours');
    expect((await get(scene, part.url)).status).toBe(404);
  });

  it('a server that takes no files any more leaves them out of its messages', async () => {
    const database = join(folder, 'chat.db');
    const scene = await start({}, { database });
    await sent(scene, png(), 'a.png');
    await servers.splice(0)[0]?.stop();
    const server = await startTestServer({ database });
    servers.push(server);
    const bob = await server.connect('bob');
    const { messages } = await bob.request({ type: 'thread.subscribe', threadId: 'ours' }, 'thread.subscribed');
    expect(messages[0]?.parts).toEqual([{ type: 'text', text: 'look' }]);
  });
});

describe('a link', () => {
  it('opens one file, and nothing that was changed about it', async () => {
    const scene = await start();
    const [one, two] = [await sent(scene, png(), 'a.png'), await sent(scene, png(), 'b.png')];
    const changed = (change: (url: URL) => void) => {
      const url = new URL(one.url, scene.server.url);
      change(url);
      return fetch(url);
    };
    const statuses = await Promise.all([
      changed((url) => (url.pathname = url.pathname.replace(one.attachmentId, two.attachmentId))),
      changed((url) => url.searchParams.set('expires', String(Number(url.searchParams.get('expires')) + 1))),
      changed((url) => url.searchParams.set('expires', `0${url.searchParams.get('expires')}`)),
      changed((url) => url.searchParams.set('expires', '99999999999')),
      changed((url) => url.searchParams.set('signature', 'A'.repeat(43))),
      changed((url) => url.searchParams.set('signature', '')),
      changed((url) => url.searchParams.delete('signature')),
      changed((url) => url.searchParams.delete('expires')),
      changed((url) => (url.search = '')),
    ]);
    expect(statuses.map((response) => response.status)).toEqual(statuses.map(() => 403));
    expect((await changed((url) => (url.pathname += '/x'))).status).toBe(403);
  });

  it('lapses', async () => {
    const scene = await start({ linkTtlSeconds: 60 });
    const part = await sent(scene, png(), 'a.png');
    const now = Date.now();
    const { Date: RealDate } = globalThis;
    try {
      globalThis.Date = class extends RealDate {
        static override now = () => now + 61_000;
      } as DateConstructor;
      expect((await get(scene, part.url)).status).toBe(410);
    } finally {
      globalThis.Date = RealDate;
    }
    expect((await get(scene, part.url)).status).toBe(200);
  });

  it('is another server’s only with the same secret, and outlives a change of it', async () => {
    const database = join(folder, 'chat.db');
    const [old, next] = ['o'.repeat(32), 'n'.repeat(32)];
    const part = await sent(await start({}, { database, secret: old }), png(), 'a.png');
    const status = async (secret: string | string[]) => {
      await Promise.all(servers.splice(0).map((server) => server.stop()));
      return (await get(await start({}, { database, secret }), part.url)).status;
    };
    expect(await status([next, old])).toBe(200);
    expect(await status(next)).toBe(403);
  });

  it('of servers that sign with a key pair is good on all of them', async () => {
    const database = join(folder, 'chat.db');
    const { privateKey } = await generateKeyPair('Ed25519', { extractable: true });
    const options = {
      database,
      keys: { signing: { kid: 'k1', alg: 'EdDSA', privateKey } },
    } as Partial<ChatServerOptions>;
    const [one, two] = [await start({}, options), await start({}, options)];
    const part = await sent(one, png(), 'a.png');
    expect((await get(two, part.url)).status).toBe(200);
  });
});

describe('a file is served', () => {
  it.each([
    ['an image', png(), 'ein Bild "1".png', 'image/png', 'inline'],
    ['plain text', Buffer.from('a < b <script>'), 'a.txt', 'text/plain; charset=utf-8', 'attachment'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'a.pdf', 'application/pdf', 'attachment'],
  ])('%s: by its own type, in a sandbox, and never guessed at', async (_, bytes, filename, type, disposition) => {
    const scene = await start();
    const { headers } = await get(scene, (await sent(scene, bytes, filename)).url);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-site',
      'referrer-policy': 'no-referrer',
      'accept-ranges': 'bytes',
      'content-length': String(bytes.byteLength),
    });
    expect(headers.get('cache-control')).toMatch(/^private, max-age=\d+$/);
    expect(headers.get('content-disposition')).toMatch(new RegExp(`^${disposition}; filename="`));
    expect(headers.has('set-cookie')).toBe(false);
  });

  it('active kinds that the app lists by name are for saving only', async () => {
    const scene = await start({ types: ['image/svg+xml', 'text/html'] });
    for (const [content, filename] of [
      ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'a.svg'],
      ['<!doctype html><p>', 'a.html'],
    ] as const) {
      const { headers } = await get(scene, (await sent(scene, Buffer.from(content), filename)).url);
      expect(headers.get('content-disposition')).toMatch(/^attachment;/);
      expect(headers.get('content-security-policy')).toContain('sandbox');
    }
  });

  it('names of any language arrive (RFC 6266)', async () => {
    const scene = await start();
    const { headers } = await get(scene, (await sent(scene, png(), '写真 "é" 100%.png')).url);
    expect(headers.get('content-disposition')).toBe(
      `inline; filename="__ ___ 100_.png"; filename*=UTF-8''%E5%86%99%E7%9C%9F%20_%C3%A9_%20100%25.png`,
    );
  });

  it.each([
    ['bytes=0-9', 206, [0, 10]],
    ['bytes=100-', 206, [100, undefined]],
    ['bytes=-7', 206, [-7, undefined]],
    ['bytes=5-999999999', 206, [5, undefined]],
    ['bytes=0-1,4-5', 200, [0, undefined]],
    ['bytes=9-3', 200, [0, undefined]],
    ['lines=1-2', 200, [0, undefined]],
    ['bytes=999999-', 416, null],
    ['bytes=-0', 416, null],
  ] as const)('by ranges, for seeking: %s', async (range, status, slice) => {
    const scene = await start();
    const bytes = png(2, 3, new Uint8Array(5_000).fill(65));
    const response = await get(scene, (await sent(scene, bytes, 'a.png')).url, { headers: { range } });
    expect(response.status).toBe(status);
    const body = Buffer.from(await response.arrayBuffer());
    if (slice === null) {
      expect(response.headers.get('content-range')).toBe(`bytes */${bytes.byteLength}`);
      return;
    }
    const wanted = bytes.subarray(slice[0], slice[1]);
    expect(body.equals(wanted)).toBe(true);
    expect(response.headers.get('content-length')).toBe(String(wanted.byteLength));
    const from = slice[0] < 0 ? bytes.byteLength + slice[0] : slice[0];
    const end = from + wanted.byteLength - 1;
    expect(response.headers.get('content-range')).toBe(
      status === 206 ? `bytes ${from}-${end}/${bytes.byteLength}` : null,
    );
  });

  it('HEAD without the bytes, 304 to who has them, 405 to the rest', async () => {
    const scene = await start();
    const bytes = png();
    const { url } = await sent(scene, bytes, 'a.png');
    const head = await get(scene, url, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(String(bytes.byteLength));
    const etag = head.headers.get('etag') ?? '';
    expect((await get(scene, url, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const stale = { range: 'bytes=0-3', 'if-range': '"other"' };
    expect((await get(scene, url, { headers: stale })).status).toBe(200);
    expect((await get(scene, url, { headers: { ...stale, 'if-range': etag } })).status).toBe(206);
    expect((await get(scene, url, { method: 'POST' })).status).toBe(405);
  });

  it('to pages of listed origins elsewhere, when there are any', async () => {
    const scene = await start({}, { allowedOrigins: ['https://app.example'] });
    const { url } = await sent(scene, png(), 'a.png');
    const { headers } = await get(scene, url, { headers: { origin: 'https://app.example' } });
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example');
  });

  it('a file that vanished from the folder is not there, and the server says so to its log', async () => {
    const errors: string[] = [];
    const scene = await start(
      {},
      { logger: { error: (message) => errors.push(message), warn: () => {}, info: () => {} } },
    );
    const part = await sent(scene, png(), 'a.png');
    rmSync(join(folder, 'files', part.attachmentId));
    expect((await get(scene, part.url)).status).toBe(404);
    expect(errors).toEqual(['A file that the database knows is not in the store.']);
  });
});
