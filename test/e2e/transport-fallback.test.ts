import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createFaultProxy, type FaultProxy } from '../../src/testing/node/index.ts';
import { launchBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/chat-server.ts';
import { buildPage, pageHtml, sendHtml, servePage, type PageServer } from '../support/page.ts';

const BODY = '<div id="status"></div><div id="messages"></div><form><input aria-label="Message"></form>';

let server: TestServer;
let app: PageServer;
let proxy: FaultProxy;
let browser: Browser;

beforeAll(async () => {
  const files = await buildPage('test/e2e/pages/transport-page.ts');
  server = await startTestServer({
    // The test's own connections say who they are by a header; the page by its cookie.
    authenticate: (request) => {
      const id = request.headers.get('x-user') ?? /user=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
      return id === undefined ? null : { id, name: id, sessionId: 's1' };
    },
  });
  await server.chat.threads.upsert({ id: 'general', title: 'General', access: 'open' });
  app = await servePage(files, (request, response) => {
    const user = new URL(request.url ?? '/', 'http://page').searchParams.get('user') ?? '';
    sendHtml(response, pageHtml(files, BODY), { 'set-cookie': `user=${user}; HttpOnly; Path=/` });
  });
  server.chat.attach(app.http);
  proxy = await createFaultProxy({ target: app.url });
  browser = await launchBrowser();
});

afterEach(() => proxy.heal());

afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  app?.stop();
  await server?.stop();
});

interface Visit {
  page: Page;
  /** Paths of the page's requests since it was last asked, and `socket` for each WebSocket. */
  asked: () => string[];
}

async function visit(user: string): Promise<Visit> {
  const page = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  page.on('websocket', () => asked.push('socket'));
  await page.goto(`${proxy.url}/?user=${user}`);
  return { page, asked: () => asked.splice(0) };
}

const connected = (page: Page) => page.getByText('connected', { exact: true }).waitFor({ timeout: 30_000 });

describe('in a real browser', () => {
  test('where sockets go through, no event stream is asked for and its code is not loaded', async () => {
    const { page, asked } = await visit('ada');
    await connected(page);
    const paths = asked();
    expect(paths.filter((path) => path === 'socket').length).toBe(1);
    expect(paths.filter((path) => /EventStream|events/.test(path))).toEqual([]);
    await page.context().close();
  });

  test('behind a proxy that refuses upgrades the chat works by event stream, and after a reload at once', async () => {
    proxy.refuseUpgrades(403);
    const { page, asked } = await visit('ben');
    await connected(page);
    const paths = asked();
    expect(paths.filter((path) => path === '/chat/events').length).toBe(1);
    expect(paths.filter((path) => /EventStreamLine/.test(path)).length).toBe(1);

    const other = await server.connect('cleo');
    await other.request({ type: 'thread.subscribe', threadId: 'general' }, 'thread.subscribed');
    await page.getByLabel('Message').fill('over HTTP');
    await page.keyboard.press('Enter');
    await page.getByText('ben: over HTTP (sent)').waitFor();
    expect((await other.take('message.created')).message.author.id).toBe('ben');
    await other.sendText('general', 'heard you');
    await page.getByText('cleo: heard you (sent)').waitFor();
    expect(proxy.connections.some(({ kind }) => kind === 'event-stream')).toBe(true);
    expect(asked()).not.toContain('/chat/events');

    await page.reload();
    await connected(page);
    await page.getByText('cleo: heard you (sent)').waitFor();
    const again = asked();
    expect(again).toContain('/chat/events');
    expect(again).not.toContain('socket');

    // The line breaks: the same way back, and nothing is lost or doubled.
    proxy.cut();
    await other.sendText('general', 'while you were away');
    await page.getByText('cleo: while you were away (sent)').waitFor({ timeout: 30_000 });
    expect(await page.getByText('heard you').count()).toBe(1);
    expect(asked()).not.toContain('socket');
    other.close();
    await page.context().close();
  });
});
