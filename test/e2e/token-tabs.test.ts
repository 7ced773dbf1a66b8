import { build } from 'esbuild';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { chromiumLaunch } from '../../scripts/chromium.mjs';
import { createFakeToken } from '../../src/testing/index.ts';
import { launchBrowser } from '../support/browser.ts';
import type { TokenTab } from './pages/token-tab.ts';

/** Short, so that cycles pass quickly: renewed at 5.6 to 6.4 s, usable until 7 s. */
const TTL_SECONDS = 8;
const LATENCY_MS = 30;

let browser: Browser;
let context: BrowserContext;
let server: Server;
let url: string;
let mints: { tab: string; at: number }[] = [];
/** Requests of these tabs are never answered. */
let mute: (tab: string) => boolean = () => false;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [resolve('test/e2e/pages/token-tab.ts')],
    bundle: true,
    write: false,
    format: 'esm',
  });
  const script = outputFiles[0]?.text ?? '';
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST' && pathname === '/chat/token') mint(request.headers.referer, response);
    else if (pathname === '/tab.js') response.setHeader('content-type', 'text/javascript').end(script);
    else if (pathname === '/tab') html(response, '<script type="module" src="/tab.js"></script>');
    else html(response, 'another page');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
});

beforeEach(async () => {
  mints = [];
  mute = () => false;
  context = await browser.newContext();
});

afterEach(() => context.close());

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

function html(response: ServerResponse, body: string): void {
  response.setHeader('content-type', 'text/html').end(`<!doctype html><title>tab</title>${body}`);
}

function mint(referer: string | undefined, response: ServerResponse): void {
  const at = Date.now();
  const tab = new URL(referer ?? 'http://x').searchParams.get('tab') ?? '';
  mints.push({ tab, at });
  if (mute(tab)) return;
  const token = createFakeToken({ userId: 'ada', ttlSeconds: TTL_SECONDS, claims: { jti: String(mints.length) } });
  setTimeout(() => {
    response.setHeader('content-type', 'application/json').setHeader('cache-control', 'no-store');
    response.end(JSON.stringify({ token, expires_in: TTL_SECONDS }));
  }, LATENCY_MS);
}

interface OpenTab {
  name: string;
  page: Page;
  cdp: CDPSession;
}

async function openTabs(...names: string[]): Promise<OpenTab[]> {
  const pages = await Promise.all(names.map(() => context.newPage()));
  await Promise.all(pages.map((page, i) => page.goto(`${url}/tab?tab=${names[i]}`)));
  await Promise.all(pages.map((page) => page.waitForFunction(() => window.tab.jti() !== null)));
  return Promise.all(
    pages.map(async (page, i) => ({ name: names[i] ?? '', page, cdp: await context.newCDPSession(page) })),
  );
}

const jti = ({ page }: OpenTab) => page.evaluate(() => window.tab.jti());
const gaps = ({ page }: OpenTab) => page.evaluate(() => window.tab.gaps);
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function until(test: () => boolean, ms: number, what: string): Promise<void> {
  const end = Date.now() + ms;
  while (!test()) {
    if (Date.now() > end) throw new Error(`Not within ${ms} ms: ${what}`);
    await pause(10);
  }
}

/** Waits until a tab asks for the next token, which it never gets; returns it and the others. */
async function silenceLeader(tabs: OpenTab[]): Promise<{ leader: OpenTab; others: OpenTab[]; at: number }> {
  let leader: string | null = null;
  const before = mints.length;
  mute = (tab) => tab === (leader ??= tab);
  await until(() => mints.length > before, 8_000, 'a renewal');
  const found = tabs.find(({ name }) => name === leader);
  if (!found) throw new Error(`No tab is named ${leader}.`);
  return { leader: found, others: tabs.filter((tab) => tab !== found), at: Date.now() };
}

// A machine that stalls for longer than tabs wait for each other makes a second mint right: then it is looked at once more.
test('T41 four tabs: one mint for a cold start, one per cycle, and nobody without a token', { retry: 2 }, async () => {
  const tabs = await openTabs('a', 'b', 'c', 'd');
  expect(mints.length).toBeLessThanOrEqual(2);
  const cold = mints.length;
  for (let cycle = 1; cycle <= 3; cycle += 1) {
    await until(() => mints.length >= cold + cycle, 8_000, `cycle ${cycle}`);
    await pause(300);
    expect(mints.length).toBe(cold + cycle);
    expect(new Set(await Promise.all(tabs.map(jti)))).toEqual(new Set([String(cold + cycle)]));
  }
  expect(await Promise.all(tabs.map(gaps))).toEqual([0, 0, 0, 0]);
});

test('T42 the tab that asks is killed: another one asks before the margin', async () => {
  const tabs = await openTabs('a', 'b', 'c');
  const { leader, others, at } = await silenceLeader(tabs);
  void leader.cdp.send('Page.crash').catch(() => {});
  const before = mints.length;
  await until(() => mints.length > before, 5_000, 'another tab asks');
  expect(Date.now() - at).toBeLessThan(2_000);
  await pause(300);
  expect(await Promise.all(others.map(gaps))).toEqual([0, 0]);
  expect(new Set(await Promise.all(others.map(jti))).size).toBe(1);
});

test('T42 the tab that asks is frozen: another one asks; thawed, it follows', async () => {
  const tabs = await openTabs('a', 'b', 'c');
  const { leader, others } = await silenceLeader(tabs);
  await leader.cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
  const before = mints.length;
  await until(() => mints.length > before, 5_000, 'another tab asks');
  mute = () => false;
  await pause(300);
  expect(await Promise.all(others.map(gaps))).toEqual([0, 0]);
  await leader.cdp.send('Page.setWebLifecycleState', { state: 'active' });
  await expect.poll(async () => new Set(await Promise.all(tabs.map(jti))).size, { timeout: 3_000 }).toBe(1);
  expect(await jti(leader)).not.toBeNull();
});

test('T45 nothing keeps a page out of the back/forward cache; others go on without it, and it follows when it is back', async () => {
  // Playwright switches the cache off by default.
  const { launchOptions } = await chromiumLaunch();
  const cached = await chromium.launch({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  try {
    context = await cached.newContext();
    const [away, other] = await openTabs('a', 'b');
    if (!away || !other) throw new Error('no tabs');
    await away.cdp.send('Page.enable');
    const blockers: string[] = [];
    away.cdp.on('Page.backForwardCacheNotUsed', ({ notRestoredExplanations }) => {
      for (const { type, reason } of notRestoredExplanations) if (type !== 'Circumstantial') blockers.push(reason);
    });
    await away.page.goto(`${url}/elsewhere`);
    const before = mints.length;
    await until(() => mints.length > before, 8_000, 'the other tab renews');
    expect(mints.at(-1)?.tab).toBe('b');
    await away.page.goBack({ waitUntil: 'commit' });
    await expect
      .poll(async () => (await jti(away)) !== null && (await jti(away)) === (await jti(other)), { timeout: 3_000 })
      .toBe(true);
    // A headless Chromium never restores a page (BackForwardCacheDisabledForDelegate), but it judges whether it could have: an unload
    // handler would be named here. That the channel is closed is tested beside its source: not every browser counts an open one.
    expect(blockers).toEqual([]);
  } finally {
    await cached.close();
  }
});

test('T16 offline and online: the tokens stay in use, and the return costs one mint', async () => {
  const tabs = await openTabs('a', 'b', 'c');
  await context.setOffline(true);
  await pause(9_000);
  expect(mints.length).toBe(1);
  expect(await Promise.all(tabs.map(jti))).toEqual([null, null, null]);
  await context.setOffline(false);
  for (const { page } of tabs)
    await page.waitForFunction(() => window.tab.jti() !== null, undefined, { timeout: 5_000 });
  await pause(300);
  expect(mints.length).toBe(2);
  expect(new Set(await Promise.all(tabs.map(jti)))).toEqual(new Set(['2']));
});

test('T43 a sign-out reaches all tabs within 1 s', async () => {
  const tabs = await openTabs('a', 'b', 'c', 'd');
  const [first] = tabs;
  const at = await first?.page.evaluate(() => {
    window.tab.signOut();
    return Date.now();
  });
  await Promise.all(tabs.map(({ page }) => page.waitForFunction(() => window.tab.status() === 'unauthenticated')));
  const heard = await Promise.all(
    tabs.map(({ page }) => page.evaluate((): TokenTab['log'][number] | undefined => window.tab.log.at(-1))),
  );
  for (const entry of heard) {
    expect(entry?.type).toBe('signed-out');
    expect((entry?.at ?? Infinity) - (at ?? 0)).toBeLessThan(1_000);
  }
});

test('T18 a hidden tab never asks by itself, and lives from the others’ tokens', async () => {
  const tabs = await openTabs('a', 'b', 'c');
  const hide = ({ page }: OpenTab) =>
    // A headless Chromium shows all its pages: they are told that they are hidden, and their timers stay on time.
    page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
  await Promise.all(tabs.slice(0, 2).map(hide));
  const cold = mints.length;
  await until(() => mints.length >= cold + 2, 15_000, 'two renewals');
  expect(mints.slice(cold).map(({ tab }) => tab)).toEqual(['c', 'c']);
  await pause(300);
  expect(await Promise.all(tabs.map(gaps))).toEqual([0, 0, 0]);
  expect(new Set(await Promise.all(tabs.map(jti))).size).toBe(1);
  if (tabs[2]) await hide(tabs[2]);
  await pause(8_000);
  expect(mints.length).toBe(cold + 2);
});
