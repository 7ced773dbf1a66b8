import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { Upload as TusUpload } from 'tus-js-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { UploadState } from '../../src/client/attachments/types.ts';
import { createChatClient, latchkitBackend } from '../../src/client/index.ts';
import { launchBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/chat-server.ts';
import { buildPage, servePage, type PageServer } from '../support/page.ts';
import { startSlowReader } from '../support/slow-reader.ts';
import { png, TestUploader } from '../support/uploads.ts';
import type { UploadPage } from './pages/upload-page.ts';

const MB = 1_048_576;
let folder: string;
let server: TestServer;
let app: PageServer;
let browser: Browser;
let address: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkit-uploads-'));
  const files = await buildPage('test/e2e/pages/upload-page.ts');
  server = await startTestServer({
    attachments: { directory: join(folder, 'files'), maxBytes: 50 * MB },
    authenticate: () => ({ id: 'ada', name: 'Ada', sessionId: 's1' }),
  });
  await server.chat.threads.upsert({ id: 'general', title: 'General', access: 'open' });
  app = await servePage(files);
  server.chat.attach(app.http);
  address = app.url;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  app?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const onPage = <T>(page: Page, ask: (page: UploadPage) => T) =>
  page.evaluate<Awaited<T>>(`(${ask.toString()})(globalThis.page)`);
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('in a real browser', () => {
  test('a large file shows its progress, waits while the device is offline, and goes on at the byte where it was', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(address);
    await page.waitForFunction('globalThis.page !== undefined');
    const network = await page.context().newCDPSession(page);
    const emulate = (offline: boolean) =>
      network.send('Network.emulateNetworkConditions', {
        offline,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: 5 * MB,
      });
    await network.send('Network.enable');
    await emulate(false);
    const patched: { offset: number; method: string }[] = [];
    page.on('request', (request) => {
      const offset = request.headers()['upload-offset'];
      if (request.url().includes('/uploads/')) patched.push({ method: request.method(), offset: Number(offset ?? -1) });
    });

    const bytes = png(64, 48, new Uint8Array(20 * MB).fill(65));
    // In pieces: one argument of that size would take longer than the upload.
    await page.evaluate(
      ([head, tail, filler]) => {
        const decode = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
        const parts = [decode(head ?? ''), new Uint8Array(Number(filler)).fill(65), decode(tail ?? '')];
        const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
        let at = 0;
        for (const part of parts) {
          whole.set(part, at);
          at += part.byteLength;
        }
        (globalThis as unknown as { page: UploadPage }).page.begin(whole);
      },
      [bytes.subarray(0, 41).toString('base64'), bytes.subarray(41 + 20 * MB).toString('base64'), String(20 * MB)],
    );
    await page.waitForFunction(`globalThis.page.upload.get().loaded > ${10 * MB}`, null, {
      polling: 20,
      timeout: 30_000,
    });
    await emulate(true);
    await page.waitForFunction(`globalThis.page.upload.get().status === 'paused'`, null, { timeout: 30_000 });
    const whenPaused = patched.length;
    await page.waitForTimeout(500);
    expect(patched.length).toBe(whenPaused);
    await emulate(false);
    const attachment = await onPage(page, (page) => page.upload.done);
    expect(attachment).toMatchObject({
      filename: 'große Datei.png',
      mediaType: 'image/png',
      size: bytes.byteLength,
      width: 64,
      height: 48,
    });
    expect(sha(readFileSync(join(folder, 'files', attachment.attachmentId)))).toBe(sha(bytes));

    const after = patched.slice(whenPaused);
    expect(after[0]?.method).toBe('HEAD');
    expect(after[1]?.offset).toBeGreaterThanOrEqual(8 * MB);
    const states: UploadState[] = await onPage(page, (page) => page.states);
    expect(new Set(states.map(({ loaded }) => loaded)).size).toBeGreaterThan(8);
    expect([...new Set(states.map(({ status }) => status))]).toEqual([
      'waiting',
      'uploading',
      'paused',
      'processing',
      'done',
    ]);
    await page.context().close();
  });

  describe('before a server that reads slowly', () => {
    let slow: Awaited<ReturnType<typeof startSlowReader>>;
    let page: Page;
    /** Of the requests for the upload, in order. */
    let asked: string[];
    beforeEach(async () => {
      // About 4 MB a second: what the system buffers goes faster, the rest of each piece does not.
      slow = await startSlowReader(app.port, { bytes: 131_072, everyMs: 30 });
      page = await (await browser.newContext()).newPage();
      asked = [];
      page.on('request', (request) => {
        if (request.url().includes('/uploads')) asked.push(request.method());
      });
      await page.goto(slow.url);
      await page.waitForFunction('globalThis.page !== undefined');
    });
    afterEach(async () => {
      await page.context().close();
      await slow.end();
    });

    const state = () => onPage(page, (page) => page.upload.get());
    const begin = (bytes: number) =>
      page.evaluate((size) => {
        (globalThis as unknown as { page: UploadPage }).page.begin(new Uint8Array(size));
      }, bytes);
    const reaches = (bytes: number) =>
      page.waitForFunction(`globalThis.page.upload.get().loaded >= ${bytes}`, null, { polling: 10, timeout: 30_000 });

    test('progress rises as the bytes leave, stands still while the device is offline, and goes on from there', async () => {
      await begin(24 * MB);
      await reaches(10 * MB);
      await page.context().setOffline(true);
      // The browser ends no request for it: the connections are gone, too.
      await page.waitForFunction(`globalThis.page.upload.get().status === 'paused'`, null, { timeout: 30_000 });
      const { loaded } = await state();
      const requests = asked.length;
      await page.waitForTimeout(400);
      expect([(await state()).loaded, asked.length]).toEqual([loaded, requests]);
      const seen = (await onPage(page, (page) => page.states)).length;
      await page.context().setOffline(false);
      await page.waitForFunction(`['processing', 'failed'].includes(globalThis.page.upload.get().status)`, null, {
        timeout: 60_000,
      });
      const states: UploadState[] = await onPage(page, (page) => page.states);
      const [before, after] = [states.slice(0, seen), states.slice(seen)].map((each) =>
        each.filter(({ status }) => status === 'uploading').map((one) => one.loaded),
      );
      for (const run of [before!, after!]) {
        expect(new Set(run).size).toBeGreaterThan(2);
        expect(run).toEqual([...run].sort((a, b) => a - b));
      }
      // What was on the server is not sent once more: the whole pieces of 8 MB, at least.
      expect(after![0]).toBeGreaterThanOrEqual(8 * MB);
      expect(asked.slice(requests)[0]).toBe('HEAD');
    });

    test('a canceled one ends in the middle of its request, and leaves nothing on the server', async () => {
      const kept = () => readdirSync(join(folder, 'files'), { recursive: true }).length;
      const before = kept();
      await begin(24 * MB);
      await reaches(3 * MB);
      const failed = page.waitForEvent('requestfailed', (request) => request.method() === 'PATCH');
      const outcome = await onPage(page, (page) => {
        const done = page.upload.done.catch((error: Error) => error.name);
        page.upload.cancel();
        return done;
      });
      expect([outcome, (await state()).status]).toEqual(['AbortError', 'canceled']);
      await failed;
      await vi.waitFor(() => expect(asked.at(-1)).toBe('DELETE'), 5_000);
      const { loaded } = await state();
      await vi.waitFor(() => expect(kept()).toBe(before), 10_000);
      expect((await state()).loaded).toBe(loaded);
      expect(loaded).toBeLessThan(24 * MB);
    });
  });

  test('what is refused says why', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(address);
    await page.waitForFunction('globalThis.page !== undefined');
    await page.evaluate(() => {
      (globalThis as unknown as { page: UploadPage }).page.begin(new TextEncoder().encode('<!doctype html><script>'));
    });
    await page.waitForFunction(`globalThis.page.upload.get().status === 'failed'`);
    expect(await page.evaluate('globalThis.page.upload.get().error.code')).toBe('attachment_refused');
    expect(await page.evaluate('globalThis.page.upload.get().error.message')).toBe(
      'Files of this kind are not taken here.',
    );
    await page.context().close();
  });
});

test('any client of the tus protocol can upload: tus-js-client does', async () => {
  const ada = await TestUploader.for(server, 'ada');
  const bytes = png(5, 6, new Uint8Array(3 * MB).fill(65));
  const url = await new Promise<string>((resolve, reject) => {
    const upload = new TusUpload(bytes, {
      endpoint: `${server.url}/chat/uploads`,
      metadata: { threadId: 'general', filename: 'stock.png' },
      headers: { authorization: `Bearer ${ada.token}` },
      chunkSize: MB,
      onError: reject,
      onSuccess: () => resolve(upload.url ?? ''),
    });
    upload.start();
  });
  expect(await (await ada.finish(new URL(url).pathname)).json()).toMatchObject({ filename: 'stock.png', width: 5 });
});

test('from the device to everybody else: uploaded, sent, shown, and its link renewed', async () => {
  const connect = (userId: string) => {
    const client = createChatClient({
      url: `${server.url}/chat`,
      userId,
      fetchToken: () => server.mint(userId),
      backend: latchkitBackend({ url: `${server.url}/chat`, WebSocket: WebSocket as never }),
    });
    const thread = client.thread('shared');
    const release = client.retain();
    const stop = thread.subscribe(() => {});
    return { client, thread, end: () => (stop(), release(), client.dispose()) };
  };
  await server.chat.threads.upsert({ id: 'shared', title: 'Shared', access: 'open' });
  const [ada, also] = [connect('ada'), connect('ada')];
  const upload = ada.thread.upload(new File([new Uint8Array(png(7, 8))], 'a.png'));
  const { attachmentId } = await upload.done;
  const id = ada.thread.send([{ type: 'file', attachmentId }]);
  const part = await vi.waitFor(() => {
    const entry = also.thread.get().messages.find(({ message }) => message.id === id);
    const [first] = entry?.message.parts ?? [];
    if (first?.type !== 'file') throw new Error('Not there yet.');
    return first;
  });
  expect(part).toMatchObject({ attachmentId, filename: 'a.png', mediaType: 'image/png', width: 7, height: 8 });
  const { url } = await also.thread.attachmentLink(attachmentId);
  const shown = await fetch(new URL(url, server.url));
  expect(shown.headers.get('content-type')).toBe('image/png');
  expect(sha(new Uint8Array(await shown.arrayBuffer()))).toBe(sha(png(7, 8)));
  ada.end();
  also.end();
});
