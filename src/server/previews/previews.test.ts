import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';
import type { AttachmentOptions } from '../attachments/options.ts';
import { systemNetwork } from './Network.ts';
import { checkPreviewOptions, type LinkPreviewOptions } from './options.ts';

/** For these tests, the one address of this machine that is public. */
const PUBLIC = '127.0.0.2';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAKUlEQVR42u3NMQEAAAgDoGn/zjOFDyRgGmSbVtDR0dHR0dHR0dHR0dHRqQMOvAHBRf6zXwAAAABJRU5ErkJggg==',
  'base64',
);

let folder: string;
let site: Server;
let port: number;
/** What was asked of the site, and those whom it leaves waiting. */
let asked: string[];
let held: ServerResponse[];
let server: TestServer;
let ada: TestSocket;
let ben: TestSocket;

const pageAt = (path: string) => `http://docs.example:${port}${path}`;

async function start(
  linkPreviews: boolean | LinkPreviewOptions | undefined,
  attachments: AttachmentOptions | null = {},
) {
  server = await startTestServer({
    linkPreviews,
    ...(attachments && { attachments: { directory: join(folder, 'files'), ...attachments } as AttachmentOptions }),
  });
  await server.chat.threads.upsert({ id: 'general', title: 'General', access: 'open' });
  ada = await server.connect('ada');
  ben = await server.connect('ben');
  for (const person of [ada, ben])
    await person.request({ type: 'thread.subscribe', threadId: 'general' }, 'thread.subscribed');
}

const messageOf = async (messageId: string) => {
  const frame = { type: 'history.fetch', threadId: 'general', aroundMessageId: messageId, limit: 1 };
  return (await ben.request(frame, 'history.page')).messages[0];
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkit-link-previews-'));
  asked = [];
  held = [];
  site = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (path === '/cover.png') return void response.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
    if (path.startsWith('/held')) return void held.push(response);
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(
        `<title>Page ${path}</title><meta name="description" content="About"><meta property="og:image" content="/cover.png">`,
      );
  });
  site.listen(0, PUBLIC);
  await once(site, 'listening');
  port = (site.address() as AddressInfo).port;
  vi.spyOn(systemNetwork, 'resolve').mockResolvedValue([{ address: PUBLIC, family: 4 }]);
  vi.spyOn(systemNetwork, 'isPublic').mockImplementation((address) => address === PUBLIC);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.stop();
  site.closeAllConnections();
  site.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the preview of a link', () => {
  it('comes after the message, to everybody, and is there for who comes later', async () => {
    await start({ ports: [port] });
    const { message } = await ada.sendText('general', `see ${pageAt('/a?b=c')}`, 'm1');
    expect(message.previews).toBeUndefined();
    const { message: updated } = await ben.take('message.updated');
    const image = {
      type: 'file',
      attachmentId: expect.any(String) as string,
      mediaType: 'image/png',
      filename: 'preview.png',
      size: PNG.length,
      width: 32,
      height: 32,
      url: expect.stringContaining('/chat/attachments/') as string,
      urlExpiresAt: expect.any(Number) as number,
    };
    const preview = {
      url: pageAt('/a?b=c'),
      host: 'docs.example',
      siteName: null,
      title: 'Page /a?b=c',
      description: 'About',
      image,
    };
    expect(updated).toMatchObject({ id: 'm1', version: 2, editedAt: null, previews: [preview] });
    expect((await ada.take('message.updated')).message).toEqual(updated);
    const eve = await server.connect('eve');
    const page = await eve.request({ type: 'thread.subscribe', threadId: 'general' }, 'thread.subscribed');
    expect(page.messages[0]?.previews).toEqual([preview]);
    // A line of a list has no room for it.
    expect(page.thread.lastMessage?.previews).toBeUndefined();
    expect(asked).toEqual(['/a?b=c', '/cover.png']);

    const { url, attachmentId } = updated.previews![0]!.image!;
    const picture = await fetch(new URL(url, server.url));
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(PNG);
    const renewed = await ben.request(
      { type: 'attachment.link', threadId: 'general', attachmentId },
      'attachment.linked',
    );
    expect((await fetch(new URL(renewed.url, server.url))).status).toBe(200);
  });

  it('keeps nobody waiting: the message is acknowledged and told of while the page hangs', async () => {
    await start({ ports: [port] });
    await ada.sendText('general', pageAt('/held'), 'm1');
    await ben.take('message.created');
    await vi.waitFor(() => expect(held).toHaveLength(1));
    await ada.sendText('general', 'next', 'm2');
    expect((await ben.take('message.created')).message.id).toBe('m2');
    held[0]!.writeHead(200, { 'content-type': 'text/html' }).end('<title>At last</title>');
    expect((await ben.take('message.updated')).message).toMatchObject({
      id: 'm1',
      version: 3,
      previews: [{ title: 'At last' }],
    });
  });

  it('is of the first links, not those in code, each page asked once for all messages', async () => {
    await start({ ports: [port], maxLinks: 2, images: false });
    const [a, b, c] = ['/a', '/b', '/c'].map(pageAt);
    await ada.sendText('general', `\`${c}\` ${a} ${b} ${c}`, 'm1');
    expect((await ben.take('message.updated')).message.previews?.map(({ url }) => url)).toEqual([a, b]);
    await ada.sendText('general', `${b} again`, 'm2');
    expect((await ben.take('message.updated')).message).toMatchObject({
      id: 'm2',
      previews: [{ url: b, title: 'Page /b' }],
    });
    expect(asked.sort()).toEqual(['/a', '/b']);
  });

  it('goes with its link, and comes with another one', async () => {
    await start({ ports: [port] });
    await ada.sendText('general', pageAt('/a'), 'm1');
    const { message } = await ben.take('message.updated');
    const { url } = message.previews![0]!.image!;
    const parts = [{ type: 'text', text: pageAt('/b') }];
    const edit = { type: 'message.edit', threadId: 'general', messageId: 'm1', parts };
    const { message: saved } = await ada.request(edit, 'message.saved');
    expect(saved.previews).toBeUndefined();
    expect((await ben.take('message.updated')).message).toEqual(saved);
    expect((await ben.take('message.updated')).message.previews).toMatchObject([
      { url: pageAt('/b'), title: 'Page /b' },
    ]);
    await vi.waitFor(async () => expect((await fetch(new URL(url, server.url))).status).toBe(404));
    await ada.request({ type: 'message.delete', threadId: 'general', messageId: 'm1' }, 'message.saved');
    expect((await ben.take('message.updated')).message.previews).toBeUndefined();
  });

  it('is not shown of a link that was edited away meanwhile', async () => {
    await start({ ports: [port] });
    await ada.sendText('general', pageAt('/held'), 'm1');
    await vi.waitFor(() => expect(held).toHaveLength(1));
    const parts = [{ type: 'text', text: 'nothing to see' }];
    await ada.request({ type: 'message.edit', threadId: 'general', messageId: 'm1', parts }, 'message.saved');
    held[0]!
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<title>Late</title><meta property="og:image" content="/cover.png">');
    await vi.waitFor(() => expect(asked).toContain('/cover.png'));
    // Its end is stored: nothing more comes of it.
    await server.chat.close();
    expect(ben.frames.filter(({ type }) => type === 'message.updated')).toHaveLength(1);
  });

  it('is removed by its author alone, for everybody and for good', async () => {
    await start({ ports: [port] });
    await ada.sendText('general', pageAt('/a'), 'm1');
    const { message } = await ben.take('message.updated');
    const image = message.previews![0]!.image!;
    const remove = { type: 'preview.remove', threadId: 'general', messageId: 'm1', url: pageAt('/a') };
    await expect(ben.request(remove, 'message.saved')).rejects.toThrow('action_forbidden');
    expect((await ada.request(remove, 'message.saved')).message.previews).toBeUndefined();
    expect((await ben.take('message.updated')).message.previews).toBeUndefined();
    await vi.waitFor(async () => expect((await fetch(new URL(image.url, server.url))).status).toBe(404));
    const parts = [{ type: 'text', text: `once more: ${pageAt('/a')}` }];
    await ada.request({ type: 'message.edit', threadId: 'general', messageId: 'm1', parts }, 'message.saved');
    // Behind it in the one queue of a page that was looked at: by now that of the edit would be there.
    await ada.sendText('general', pageAt('/b'), 'm2');
    await vi.waitFor(async () => expect((await messageOf('m2'))?.previews).toHaveLength(1));
    expect((await messageOf('m1'))?.previews).toBeUndefined();
  });

  it('is looked at once of a message that is sent twice', async () => {
    await start({ ports: [port], cacheSeconds: 0, images: false });
    await ada.sendText('general', pageAt('/a'), 'm1');
    await ben.take('message.updated');
    const { message } = await ada.sendText('general', pageAt('/a'), 'm1');
    expect(message.previews).toHaveLength(1);
    await ada.sendText('general', pageAt('/b'), 'm2');
    await vi.waitFor(async () => expect((await messageOf('m2'))?.previews).toHaveLength(1));
    expect(asked).toEqual(['/a', '/b']);
  });

  it('has no picture where no file can be kept, and where the person has no room left', async () => {
    await start({ ports: [port] }, null);
    await ada.sendText('general', pageAt('/a'), 'm1');
    expect((await ben.take('message.updated')).message.previews?.[0]).not.toHaveProperty('image');
    expect(asked).toEqual(['/a']);
    await server.stop();
    await start({ ports: [port] }, { maxBytes: 50, perUserBytesPerDay: 50 });
    await ada.sendText('general', pageAt('/a'), 'm1');
    expect((await ben.take('message.updated')).message.previews?.[0]).not.toHaveProperty('image');
    expect(asked).toEqual(['/a', '/a', '/cover.png']);
  });

  it('is looked for in so many messages of one person per minute', async () => {
    await start({ ports: [port], images: false, perUserPerMinute: 2 });
    for (const n of [1, 2, 3]) await ada.sendText('general', pageAt(`/${n}`), `m${n}`);
    const eve = await server.connect('eve');
    await eve.sendText('general', pageAt('/4'), 'm4');
    await vi.waitFor(async () => expect((await messageOf('m4'))?.previews).toHaveLength(1));
    expect(asked.sort()).toEqual(['/1', '/2', '/4']);
  });

  it('is not looked for where nobody asked for that', async () => {
    await start(undefined);
    await ada.sendText('general', 'http://docs.example/', 'm1');
    await ada.ping();
    expect([asked, (await messageOf('m1'))?.previews]).toEqual([[], undefined]);
    expect(systemNetwork.resolve).not.toHaveBeenCalled();
  });
});

describe('the options', () => {
  beforeEach(() => start(true));

  it('have defaults, and are told when they are wrong', () => {
    expect(checkPreviewOptions(true)).toEqual(checkPreviewOptions({}));
    expect(checkPreviewOptions({}).ports).toEqual([80, 443]);
  });

  it.each([
    [{ maxLinks: 4 }, 'maxLinks'],
    [{ maxLinks: 0 }, 'maxLinks'],
    [{ images: 'yes' }, 'images'],
    [{ allow: true }, 'allow'],
    [{ ports: [] }, 'ports'],
    [{ ports: [0] }, 'ports'],
    [{ timeoutMs: 10 }, 'timeoutMs'],
    [{ concurrency: 0 }, 'concurrency'],
    [{ perUserPerMinute: 1.5 }, 'perUserPerMinute'],
    [{ cacheSeconds: -1 }, 'cacheSeconds'],
    [{ userAgent: 'a\r\nb: c' }, 'userAgent'],
    ['yes', 'linkPreviews'],
  ])('%j is refused: %s', (options, name) => {
    expect(() => checkPreviewOptions(options as LinkPreviewOptions)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining(name) as string }),
    );
  });
});
