import { Readable } from 'node:stream';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { buildPage, pageHtml, sendHtml, servePage, type PageServer } from '../support/page.ts';
import { startSlowReader } from '../support/slow-reader.ts';
import type { ChatKitUploadPage } from './pages/chatkit-upload-page.ts';

const MB = 1_048_576;
let app: PageServer;
let slow: Awaited<ReturnType<typeof startSlowReader>>;
let browser: Browser;
let page: Page;
/** What was posted, in order; `size` once all of it is there. */
let posted: { token: string | undefined; app: unknown; name?: string; size?: number; aborted: boolean }[] = [];

beforeAll(async () => {
  const files = await buildPage('test/e2e/pages/chatkit-upload-page.ts');
  app = await servePage(files, (request, response) => {
    if (request.url !== '/upload') return sendHtml(response, pageHtml(files));
    const { authorization: token, 'x-app': from, 'content-type': type = '' } = request.headers;
    const post: (typeof posted)[number] = { token, app: from, aborted: false };
    posted.push(post);
    request.on('close', () => (post.aborted = !request.complete));
    if (token !== 'Bearer good') return void request.resume().on('end', () => response.writeHead(401).end());
    void (async () => {
      const body = new Response(Readable.toWeb(request) as never, { headers: { 'content-type': type } });
      const file = (await body.formData()).get('file') as File;
      Object.assign(post, { name: file.name, size: file.size });
      const made = { id: 'atc_1', type: 'file', name: file.name, mime_type: file.type };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(made));
    })().catch(() => {});
  });
  slow = await startSlowReader(app.port, { bytes: 262_144, everyMs: 20 });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await slow?.end();
  app?.stop();
});
beforeEach(async () => {
  posted = [];
  page = await browser.newPage();
  await page.goto(slow.url);
  await page.waitForFunction('globalThis.page !== undefined');
});

const onPage = <T>(ask: (page: ChatKitUploadPage) => T) =>
  page.evaluate<Awaited<T>>(`(${ask.toString()})(globalThis.page)`);
const begin = (bytes: number) => page.evaluate(`globalThis.page.begin(${bytes})`);

test('a file goes in one request with its progress; a token that is refused is replaced, and the file sent once more', async () => {
  await begin(12 * MB);
  expect(await onPage((page) => page.upload.done)).toMatchObject({
    attachmentId: 'atc_1',
    filename: 'große Datei.txt',
  });
  expect(posted).toMatchObject([
    { token: 'Bearer stale' },
    { token: 'Bearer good', app: 'shop', name: 'große Datei.txt', size: 12 * MB },
  ]);
  const states = await onPage((page) => page.states);
  const loaded = states.filter(({ status }) => status === 'uploading').map((each) => each.loaded);
  expect(new Set(loaded).size).toBeGreaterThan(3);
  expect(Math.max(...loaded)).toBeLessThanOrEqual(12 * MB);
  expect(states.at(-1)).toMatchObject({ status: 'done', loaded: 12 * MB });
});

test('a canceled one ends in the middle', async () => {
  await begin(40 * MB);
  await page.waitForFunction(`globalThis.page.upload.get().loaded > ${MB}`, null, { polling: 10 });
  const outcome = await onPage((page) => {
    const done = page.upload.done.catch((error: Error) => error.name);
    page.upload.cancel();
    return done;
  });
  expect(outcome).toBe('AbortError');
  await vi.waitFor(() => expect(posted.at(-1)).toMatchObject({ aborted: true }), 5_000);
  expect(await onPage((page) => page.upload.get().status)).toBe('canceled');
});
