import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import { TestSocket } from '../../../test/support/socket.ts';
import { png, TestUploader, type Uploaded } from '../../../test/support/uploads.ts';
import { PROTOCOL_VERSION } from '../../protocol/index.ts';
import type { ChatServerOptions } from '../types.ts';
import type { AttachmentOptions, ScannedFile, ScanVerdict } from './options.ts';

let folder: string;
const servers: TestServer[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkit-files-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function start(attachments: AttachmentOptions = {}, options: Partial<ChatServerOptions> = {}) {
  const server = await startTestServer({
    attachments: { ...attachments, ...(attachments.s3 === undefined && { directory: join(folder, 'files') }) } as never,
    ...options,
  });
  servers.push(server);
  await server.chat.threads.upsert({ id: 'general', title: 'General', access: 'open' });
  await server.chat.threads.upsert({ id: 'ours', title: 'Ours', members: ['ada', 'bob'] });
  return server;
}

const filesOnDisk = () => readdirSync(join(folder, 'files'));
const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return (await response.json()) as { code: string; detail?: string; retryable: boolean };
};

it('every client is told which files are taken, and none where there are none', async () => {
  const accepted = async (server: TestServer) => {
    const socket = await TestSocket.connect(server.socketUrl);
    socket.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token: await server.mint('ada') });
    return socket.take('auth.accepted');
  };
  expect(await accepted(await start({ maxBytes: 5_000, types: ['image/*'] }))).toMatchObject({
    uploads: { maxBytes: 5_000, types: ['image/*'] },
  });
  const none = await startTestServer({});
  servers.push(none);
  expect(await accepted(none)).not.toHaveProperty('uploads');
});

describe('an upload', () => {
  it('is stored as what its bytes are, with an image’s measures', async () => {
    const ada = await TestUploader.for(await start(), 'ada');
    const bytes = png(640, 480);
    expect(await ada.uploaded(bytes, 'holiday.png')).toEqual({
      attachmentId: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      filename: 'holiday.png',
      mediaType: 'image/png',
      size: bytes.byteLength,
      width: 640,
      height: 480,
    });
  });

  it('goes on at the byte where the connection broke', async () => {
    const ada = await TestUploader.for(await start(), 'ada');
    const bytes = png(2, 3, new Uint8Array(3_000_000).fill(65));
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
    cut.write(bytes.subarray(0, 1_000_000));
    await vi.waitFor(() => expect(kept()).toBe(1_000_000), { timeout: 5_000, interval: 50 });
    cut.destroy();
    const offset = await ada.offset(address);
    expect(offset).toBe(1_000_000);
    expect((await ada.patch(address, offset, new Uint8Array(bytes.subarray(offset)))).status).toBe(204);
    expect(await (await ada.finish(address)).json()).toMatchObject({ mediaType: 'image/png', size: bytes.byteLength });

    function kept() {
      const [file] = filesOnDisk();
      return file === undefined ? 0 : statSync(join(folder, 'files', file)).size;
    }
  });

  it('takes over from a connection that hangs', async () => {
    const ada = await TestUploader.for(await start(), 'ada');
    const bytes = png(2, 3, new Uint8Array(300_000).fill(65));
    const address = await ada.begin(bytes.byteLength, 'a.png');
    const hanging = httpRequest(new URL(address, ada.server.url), {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${ada.token}`,
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': bytes.byteLength,
      },
    });
    hanging.on('error', () => {});
    hanging.write(bytes.subarray(0, 100_000));
    await vi.waitFor(() => expect(filesOnDisk()).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const offset = await ada.offset(address);
    expect(offset).toBe(100_000);
    expect((await ada.patch(address, offset, new Uint8Array(bytes.subarray(offset)))).status).toBe(204);
    expect((await ada.finish(address)).status).toBe(200);
    hanging.destroy();
  });

  it('two at once do not disturb each other', async () => {
    const server = await start();
    const [ada, bob] = [await TestUploader.for(server, 'ada'), await TestUploader.for(server, 'bob')];
    const big = (seed: number) => png(2, 3, new Uint8Array(1_000_000).fill(seed));
    const all = await Promise.all([
      ada.uploaded(big(65), 'a.png'),
      ada.uploaded(big(66), 'b.png'),
      bob.uploaded(big(67), 'c.png'),
    ]);
    expect(new Set(all.map((file) => file.attachmentId)).size).toBe(3);
    expect(all.map((file) => file.filename)).toEqual(['a.png', 'b.png', 'c.png']);
  });

  it('goes on after the server was started anew', async () => {
    const database = join(folder, 'chat.db');
    const first = await start({}, { database });
    const bytes = png(2, 3, new Uint8Array(100_000).fill(65));
    const before = await TestUploader.for(first, 'ada');
    const address = await before.begin(bytes.byteLength, 'a.png');
    expect((await before.patch(address, 0, new Uint8Array(bytes.subarray(0, 40_000)))).status).toBe(204);
    await servers.splice(0)[0]?.stop();
    const after = await TestUploader.for(await start({}, { database }), 'ada');
    expect(await after.offset(address)).toBe(40_000);
    expect((await after.patch(address, 40_000, new Uint8Array(bytes.subarray(40_000)))).status).toBe(204);
    expect((await after.finish(address)).status).toBe(200);
  });

  it('answers the last request again when the answer was lost, and to two at once the same', async () => {
    const scan = vi.fn<(file: ScannedFile) => ScanVerdict>(() => 'clean');
    const ada = await TestUploader.for(await start({ scan }), 'ada');
    const bytes = png();
    const address = await ada.begin(bytes.byteLength, 'a.png');
    await ada.patch(address, 0, new Uint8Array(bytes));
    const [one, two] = await Promise.all([ada.finish(address), ada.finish(address)]);
    const first = (await one.json()) as Uploaded;
    expect(await two.json()).toEqual(first);
    expect(await (await ada.finish(address)).json()).toEqual(first);
    expect(scan).toHaveBeenCalledOnce();
  });

  it('is not finished before the last byte', async () => {
    const ada = await TestUploader.for(await start(), 'ada');
    const address = await ada.begin(1_000, 'a.png');
    const early = await ada.finish(address);
    expect(early.status).toBe(409);
    expect(await problemOf(early)).toMatchObject({ code: 'bad_request' });
  });

  it('can be taken back', async () => {
    const ada = await TestUploader.for(await start(), 'ada');
    const address = await ada.begin(1_000, 'a.png');
    expect((await ada.request(address, { method: 'DELETE' })).status).toBe(204);
    expect(filesOnDisk()).toEqual([]);
    expect((await ada.request(address, { method: 'HEAD' })).status).toBe(404);
  });

  it('an answer before the end of the body leaves the connection in order', async () => {
    const server = await start();
    const refused = await fetch(`${server.url}/chat/uploads`, { method: 'POST', body: new Uint8Array(2_000_000) });
    expect(refused.status).toBe(401);
    expect((await fetch(`${server.url}/chat/healthz`)).status).toBe(200);
  });
});

describe('a folder that cannot be used', () => {
  it('is told to the log and to who waits for ready(), ends no process, and is tried again', async () => {
    const errors: string[] = [];
    writeFileSync(join(folder, 'files'), 'in the way');
    const server = await start(
      {},
      { logger: { error: (message) => errors.push(message), warn: () => {}, info: () => {} } },
    );
    await expect(server.chat.ready()).rejects.toMatchObject({ code: 'internal', cause: { code: 'EEXIST' } });
    const ada = await TestUploader.for(server, 'ada');
    const response = await ada.create(10, { filename: 'a.txt', threadId: 'general' });
    expect(response.status).toBe(500);
    expect(await problemOf(response)).toMatchObject({ code: 'internal', retryable: true });
    expect(errors).toContain('Files cannot be stored; it is tried again with the next one.');
    rmSync(join(folder, 'files'));
    await server.chat.ready();
    expect((await ada.uploaded(Buffer.from('text'), 'a.txt')).size).toBe(4);
  });

  it('holds nothing that others of the machine may read', async () => {
    const ada = await TestUploader.for(await start(), 'ada');
    const { attachmentId } = await ada.uploaded(Buffer.from('text'), 'a.txt');
    expect(statSync(join(folder, 'files')).mode & 0o077).toBe(0);
    expect(statSync(join(folder, 'files', attachmentId)).mode & 0o077).toBe(0);
  });
});

describe('who may upload', () => {
  it('without attachments there is no such route', async () => {
    const server = await startTestServer();
    servers.push(server);
    const ada = await TestUploader.for(server, 'ada');
    expect((await ada.create(10, { filename: 'a', threadId: 'general' })).status).toBe(404);
    expect((await fetch(`${server.url}/chat/attachments/x`)).status).toBe(404);
  });

  it.each([
    ['no token', undefined, 'token_invalid'],
    ['a forged one', 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.x', 'token_invalid'],
    ['another scheme', 'Basic YTpi', 'token_invalid'],
  ])('nobody with %s', async (_, authorization, code) => {
    const server = await start();
    const response = await fetch(`${server.url}/chat/uploads`, {
      method: 'POST',
      headers: { ...(authorization && { authorization }), 'tus-resumable': '1.0.0', 'upload-length': '5' },
    });
    expect(response.status).toBe(401);
    expect(await problemOf(response)).toMatchObject({ code });
  });

  it('G9 nobody to a thread that is not theirs, and nobody any more once they are out of it', async () => {
    const server = await start();
    const eve = await TestUploader.for(server, 'eve');
    const stranger = await eve.create(10, { filename: 'a.png', threadId: 'ours' });
    expect(stranger.status).toBe(403);
    expect(await problemOf(stranger)).toMatchObject({ code: 'thread_forbidden' });
    expect((await eve.create(10, { filename: 'a.png', threadId: 'nowhere' })).status).toBe(404);
    expect((await eve.create(10, { filename: 'a.png' })).status).toBe(400);

    const bob = await TestUploader.for(server, 'bob');
    const address = await bob.begin(4, 'a.txt', 'ours');
    await server.chat.threads.removeMember('ours', 'bob');
    expect((await bob.patch(address, 0, 'text')).status).toBe(403);
    expect((await bob.finish(address)).status).toBe(403);
  });

  it('somebody else’s upload is not there for others, whatever they do', async () => {
    const server = await start();
    const [ada, bob] = [await TestUploader.for(server, 'ada'), await TestUploader.for(server, 'bob')];
    const address = await ada.begin(4, 'a.txt');
    for (const method of ['HEAD', 'PATCH', 'POST', 'DELETE']) {
      const headers = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
      const body = method === 'PATCH' ? 'evil' : undefined;
      expect((await bob.request(address, { method, headers, body })).status, method).toBe(404);
    }
    expect(await ada.offset(address)).toBe(0);
  });

  it('a revoked session no more', async () => {
    const server = await start();
    const ada = await TestUploader.for(server, 'ada');
    const address = await ada.begin(4, 'a.txt');
    await server.chat.revoke({ sessionId: 's1' });
    const response = await ada.patch(address, 0, 'text');
    expect(response.status).toBe(401);
    expect(await problemOf(response)).toMatchObject({ code: 'token_revoked' });
  });

  it('pages of listed origins only', async () => {
    const server = await start({}, { allowedOrigins: ['https://app.example'] });
    const ada = await TestUploader.for(server, 'ada');
    const from = (origin: string) =>
      ada.create(10, { filename: 'a.png', threadId: 'general' }, { origin, 'sec-fetch-site': 'cross-site' });
    expect((await from('https://evil.example')).status).toBe(403);
    const good = await from('https://app.example');
    expect(good.status).toBe(201);
    expect(good.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(good.headers.get('access-control-expose-headers')).toContain('Upload-Offset');
    const preflight = await fetch(`${server.url}/chat/uploads`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'PATCH' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    const evil = await fetch(`${server.url}/chat/uploads`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example' },
    });
    expect(evil.status).toBe(403);
  });
});

describe('sizes', () => {
  it('too large is refused before a byte is taken', async () => {
    const ada = await TestUploader.for(await start({ maxBytes: 1_000 }), 'ada');
    const response = await ada.create(1_001, { filename: 'a.png', threadId: 'general' });
    expect(response.status).toBe(413);
    expect(await problemOf(response)).toMatchObject({ code: 'attachment_too_large', detail: 'The file is too large.' });
    expect(filesOnDisk()).toEqual([]);
  });

  it.each(['-5', '1e3', '0x10', '9'.repeat(30), 'NaN', ''])('a length of %j is none', async (length) => {
    const ada = await TestUploader.for(await start(), 'ada');
    const response = await ada.create(length, { filename: 'a.png', threadId: 'general' });
    expect([400, 413]).toContain(response.status);
    expect(filesOnDisk()).toEqual([]);
  });

  it('an upload that does not say how large it will be is refused, and an empty one', async () => {
    const ada = await TestUploader.for(await start(), 'ada');
    const fields = Buffer.from('general').toString('base64');
    const deferred = await ada.request('/chat/uploads', {
      method: 'POST',
      headers: { 'upload-defer-length': '1', 'upload-metadata': `threadId ${fields}` },
    });
    expect(deferred.status).toBe(400);
    const empty = await ada.create(0, { filename: 'a.txt', threadId: 'general' });
    expect(empty.status).toBe(422);
    expect(await problemOf(empty)).toMatchObject({ code: 'attachment_refused', detail: 'The file is empty.' });
  });

  it('more bytes than announced are refused while they come, with and without a Content-Length', async () => {
    const ada = await TestUploader.for(await start({ maxBytes: 5_000_000 }), 'ada');
    const address = await ada.begin(1_000, 'a.txt');
    expect((await ada.patch(address, 0, 'x'.repeat(1_001))).status).toBe(413);
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(65)),
    });
    const init = { duplex: 'half' } as RequestInit;
    const outcome = await ada
      .patch(address, 0, endless, { ...init, signal: AbortSignal.timeout(3_000) })
      .then((response) => response.status)
      .catch(() => 'cut off');
    expect([413, 'cut off']).toContain(outcome);
    const [file] = filesOnDisk();
    expect(statSync(join(folder, 'files', file ?? '')).size).toBeLessThanOrEqual(1_000);
  });

  it('what one person uploads in a day is bounded, also by uploads at once, and nobody else pays for it', async () => {
    const server = await start({ maxBytes: 1_000, perUserBytesPerDay: 2_500 });
    const [ada, bob] = [await TestUploader.for(server, 'ada'), await TestUploader.for(server, 'bob')];
    const all = await Promise.all(
      Array.from({ length: 6 }, () => ada.create(1_000, { filename: 'a.txt', threadId: 'general' })),
    );
    expect(all.map((response) => response.status).sort()).toEqual([201, 201, 429, 429, 429, 429]);
    expect((await bob.create(1_000, { filename: 'a.txt', threadId: 'general' })).status).toBe(201);
  });
});

describe('what a file is', () => {
  const html = '<!doctype html><script>alert(1)</script>';

  it.each([
    ['HTML named .png', html, 'cat.png'],
    ['HTML named .txt', `\n  <!-- hello -->\n${html}`, 'notes.txt'],
    ['HTML without a doctype', '<img src=x onerror=alert(1)>', 'notes.txt'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'a.svg'],
    ['SVG named .png', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', 'a.png'],
    ['text named .png', 'only text', 'a.png'],
    ['a script', 'alert(1)', 'a.js'],
    ['a Windows program', `MZ${'\u0000'.repeat(100)}`, 'a.png'],
    ['an ELF program', `\u007fELF${'\u0001'.repeat(100)}`, 'a.txt'],
    ['bytes of no kind', '\u0001\u0002\u0003\u0004', 'a.bin'],
    ['a PNG cut off after its head', png().subarray(0, 12), 'a.png'],
  ])('%s is refused and nothing of it is kept', async (_, content, filename) => {
    const ada = await TestUploader.for(await start(), 'ada');
    const response = await ada.upload(Buffer.from(content as string, 'latin1'), filename);
    expect(response.status).toBe(422);
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ code: 'attachment_refused', retryable: false });
    expect(problem.detail).toBeTruthy();
    expect(filesOnDisk()).toEqual([]);
  });

  it.each([
    ['plain text', 'grüß dich\n', 'a.txt', 'text/plain', 'a.txt'],
    ['text without an extension', 'hello', 'README', 'text/plain', 'README.txt'],
    ['Markdown', '# Hi', 'a.md', 'text/markdown', 'a.md'],
    ['a table', 'a,b\n1,2', 'a.csv', 'text/csv', 'a.csv'],
    ['a PDF', '%PDF-1.7\n1 0 obj<<>>endobj', 'a.pdf', 'application/pdf', 'a.pdf'],
    [
      'a GIF that is also a script',
      `GIF89a\u0001\u0000\u0001\u0000/*${'\u0000'.repeat(20)}*/=alert(1)`,
      'x.hta',
      'image/gif',
      'x.hta.gif',
    ],
  ])('%s is taken for what it is', async (_, content, filename, mediaType, kept) => {
    const ada = await TestUploader.for(await start(), 'ada');
    expect(await ada.uploaded(Buffer.from(content), filename)).toMatchObject({ mediaType, filename: kept });
  });

  it('an image that unpacks into a gigabyte is refused', async () => {
    const ada = await TestUploader.for(await start(), 'ada');
    const response = await ada.upload(png(50_000, 50_000), 'bomb.png');
    expect(await problemOf(response)).toMatchObject({ detail: 'The image has too many pixels.' });
  });

  it('only the types that the app lists', async () => {
    const ada = await TestUploader.for(await start({ types: ['application/pdf'] }), 'ada');
    expect((await ada.upload(png(), 'a.png')).status).toBe(422);
    expect((await ada.upload(Buffer.from('%PDF-1.7\n'), 'a.pdf')).status).toBe(200);
  });

  it.each([
    ['../../../etc/passwd.txt', 'passwd.txt'],
    ['C:\\Windows\\system.txt', 'system.txt'],
    ['a\u0000b\r\nSet-Cookie: x=1.txt', 'abSet-Cookie_ x=1.txt'],
    ['photo\u202egpj.txt', 'photogpj.txt'],
    ['...', 'file.txt'],
    ['', 'file.txt'],
    ['con.txt', '_con.txt'],
    [`${'ü'.repeat(500)}.txt`, `${'ü'.repeat(116)}.txt`],
  ])('the name %j becomes %j', async (name, kept) => {
    const ada = await TestUploader.for(await start(), 'ada');
    expect((await ada.uploaded(Buffer.from('hello'), name)).filename).toBe(kept);
    expect(filesOnDisk()).toHaveLength(1);
  });

  it.each(['..%2f..%2fetc%2fpasswd', '%2e%2e', 'x.json', '%00', '%E0%A4%A'])('the id %s leads nowhere', async (id) => {
    const ada = await TestUploader.for(await start(), 'ada');
    await ada.begin(10, 'a.txt');
    expect((await ada.request(`/chat/uploads/${id}`, { method: 'HEAD' })).status).toBe(404);
  });
});

describe('the scan', () => {
  it('is told of the file and sees its bytes before anybody gets it', async () => {
    const seen: unknown[] = [];
    const bytes = png(4, 5);
    const ada = await TestUploader.for(
      await start({
        async scan({ stream, path, ...about }) {
          let size = 0;
          for await (const chunk of await stream()) size += (chunk as Buffer).byteLength;
          seen.push({ ...about, read: size, sizeAtPath: statSync(path ?? '').size });
          return 'clean' as const;
        },
      }),
      'ada',
    );
    await ada.uploaded(bytes, 'a.png');
    expect(seen).toEqual([
      {
        mediaType: 'image/png',
        size: bytes.byteLength,
        filename: 'a.png',
        threadId: 'general',
        user: { id: 'ada', name: 'Name of ada', avatarUrl: null },
        read: bytes.byteLength,
        sizeAtPath: bytes.byteLength,
      },
    ]);
  });

  it('refuses with the app’s words, for good, and nothing is kept', async () => {
    const ada = await TestUploader.for(await start({ scan: () => ({ refused: 'It holds a virus.' }) }), 'ada');
    const bytes = png();
    const address = await ada.begin(bytes.byteLength, 'a.png');
    await ada.patch(address, 0, new Uint8Array(bytes));
    for (const _ of [1, 2]) {
      const response = await ada.finish(address);
      expect(response.status).toBe(422);
      expect(await problemOf(response)).toMatchObject({ code: 'attachment_refused', detail: 'It holds a virus.' });
    }
    expect(filesOnDisk()).toEqual([]);
    expect((await ada.patch(address, 0, 'x')).status).toBe(422);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('clamd is down');
      },
    ],
    ['answers nonsense', () => true as unknown as ScanVerdict],
  ])('that %s accepts nothing, is logged, and can be tried again', async (_, broken) => {
    const error = vi.fn();
    let scan: () => ScanVerdict = broken;
    const server = await start({ scan: () => scan() }, { logger: { error, warn: () => {}, info: () => {} } });
    const ada = await TestUploader.for(server, 'ada');
    const bytes = png();
    const address = await ada.begin(bytes.byteLength, 'a.png');
    await ada.patch(address, 0, new Uint8Array(bytes));
    const response = await ada.finish(address);
    expect(response.status).toBe(500);
    expect(await problemOf(response)).toMatchObject({ code: 'internal', retryable: true });
    expect(error).toHaveBeenCalledWith(expect.stringContaining('attachments.scan'), expect.anything());
    scan = () => 'clean';
    expect((await ada.finish(address)).status).toBe(200);
  });
});

it('many small uploads leave no listener and no file behind', async () => {
  const server = await start();
  const ada = await TestUploader.for(server, 'ada');
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  for (let n = 0; n < 30; n++) await ada.uploaded(png(), `${n}.png`);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
  expect(filesOnDisk()).toHaveLength(30);
});
