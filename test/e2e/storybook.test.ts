import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkit-storybook-'));
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};
let server: Server;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  // As `npm run build-storybook` does, elsewhere.
  await promisify(execFile)('node_modules/.bin/storybook', ['build', '-o', folder, '--quiet'], {
    env: { ...process.env, CI: '1' },
  });
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = normalize(pathname === '/' ? '/index.html' : decodeURIComponent(pathname));
    try {
      const body = readFileSync(join(folder, file));
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page of the manual; resolves with who else was asked for anything, and what went wrong. */
async function visit(path: string, shown: (page: Page) => Promise<void>): Promise<string[]> {
  const page = await browser.newPage();
  const found: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !['data:', 'blob:'].includes(url.protocol)) found.push(`asked ${url.href}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) found.push(`${response.status()} ${response.url()}`);
  });
  page.on('pageerror', (error) => found.push(String(error)));
  await page.goto(`${origin}/${path}`);
  await shown(page);
  await page.waitForLoadState('networkidle');
  await page.close();
  return found;
}

test('the manual, built, opens at its start page and asks nobody else for anything', async () => {
  const found = await visit('', async (page) => {
    const preview = page.frameLocator('#storybook-preview-iframe');
    await preview.getByRole('heading', { level: 1 }).first().waitFor();
    await preview.getByText('npm run demo').first().waitFor();
  });
  expect(found).toEqual([]);
});

test('a component’s page shows its props and its stories, a story its window', async () => {
  const docs = await visit('iframe.html?viewMode=docs&id=chatwindow--docs', async (page) => {
    await page.getByRole('heading', { name: 'ChatWindow', level: 1 }).waitFor();
    await page
      .getByRole('cell', { name: /threadId/ })
      .first()
      .waitFor();
    await page.getByRole('log').first().waitFor();
  });
  expect(docs).toEqual([]);
  const story = await visit('iframe.html?viewMode=story&id=chatwindow--pinned', async (page) => {
    await page.getByRole('button', { name: '2 pinned messages' }).waitFor();
  });
  expect(story).toEqual([]);
});
