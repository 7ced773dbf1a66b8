import type { Browser, Page, Request, Response } from 'playwright';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { openHideablePage } from './pages/hideable-page.ts';
import { searchPage } from './pages/search-page.ts';
import { startTokenPageServer, type TokenPageServer } from './pages/token-page-server.ts';

/** The shortest that a server allows: renewed at 10.5–12 s, no longer used after 13.5 s. */
const TTL_SECONDS = 15;
const RENEWED_MS = 13_000;
const LAPSED_MS = 15_500;
/** Long enough for timers that run once a minute to show it. */
const MINUTES_MS = 130_000;

let server: TokenPageServer;
let browser: Browser;

beforeAll(async () => {
  server = await startTokenPageServer({ ttl: TTL_SECONDS });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

interface Visit {
  page: Page;
  mints: () => number;
  /** Token requests of the page under way at once, at most. */
  most: () => number;
  /** Every raw token that the page was given, once all have arrived. */
  raws: () => Promise<string[]>;
  /** HTTP statuses of all answers. */
  statuses: number[];
  /** What the page wrote to the console, threw, and asked of the network. */
  traces: string[];
}

async function open(user: string): Promise<Visit> {
  return visit(await (await browser.newContext()).newPage(), user);
}

async function visit(page: Page, user: string): Promise<Visit> {
  const answers: Promise<{ token: string }>[] = [];
  const statuses: number[] = [];
  const traces: string[] = [];
  const running = new Set<unknown>();
  let most = 0;
  const isMint = (each: Request | Response) => each.url().endsWith('/chat/token');
  page.on('request', (request) => {
    traces.push(request.url());
    if (isMint(request)) most = Math.max(most, running.add(request).size);
  });
  page.on('requestfailed', (request) => running.delete(request));
  page.on('requestfinished', (request) => running.delete(request));
  page.on('response', (response) => {
    statuses.push(response.status());
    if (!isMint(response)) return;
    const body = response.json() as Promise<{ token: string }>;
    // Of a page that is left meanwhile it cannot be read any more: `raws` says so to whoever asks for it.
    body.catch(() => {});
    answers.push(body);
  });
  page.on('websocket', (socket) => traces.push(socket.url()));
  page.on('pageerror', (error) => traces.push(`${error.message} ${error.stack}`));
  // With the previews of objects that a browser's console shows, and error reporters send.
  const cdp = await page.context().newCDPSession(page);
  cdp.on('Runtime.consoleAPICalled', ({ args }) => traces.push(JSON.stringify(args)));
  await cdp.send('Runtime.enable');
  await page.goto(`${server.url}/?user=${user}`);
  await connected(page);
  return {
    page,
    mints: () => server.mints(user),
    most: () => most,
    raws: async () => (await Promise.all(answers)).map(({ token }) => token),
    statuses,
    traces,
  };
}

const reader = (page: Page, state: Record<string, string | number>) =>
  page
    .locator(
      `[data-testid="first"]${Object.entries(state)
        .map(([name, value]) => `[data-${name}="${value}"]`)
        .join('')}`,
    )
    .waitFor({ timeout: 20_000 });
const connected = (page: Page) => reader(page, { connection: 'connected', status: 'ready' });
const useToken = (page: Page) => page.evaluate(() => window.page.useToken());
const said = (page: Page, text: string) => page.getByRole('log').getByText(text, { exact: true });

async function send(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /General/ });
  await composer.fill(text);
  await composer.press('Enter');
}

// Each has a person and a browser context of its own, and waits for a token's life: so all wait at once.
describe.concurrent('a page in Chromium', () => {
  test('T11 T12 StrictMode costs one mint, and 200 suspending remounts no more', async ({ expect }) => {
    const { page, mints, most } = await open('storm');
    expect(mints()).toBe(1);
    const turns = 200;
    await page.evaluate(async (last) => {
      for (let turn = 1; turn <= last; turn += 1) {
        window.page.showStorm(turn);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }, turns);
    await page.locator(`[data-testid="storm"][data-turn="${turns}"]`).getByText('ready ready').waitFor();
    // The provider's, and one for the scope of its own.
    expect(mints()).toBe(2);
    expect(most()).toBe(1);
    expect(await useToken(page)).toBe(200);
  });

  test('T16 offline beyond the token’s life: a status that says so, one mint on return, and the message arrives', async ({
    expect,
  }) => {
    const other = await open('witness');
    const { page, mints } = await open('traveller');
    const context = page.context();
    await context.setOffline(true);
    server.cut('traveller');
    await reader(page, { connection: 'offline' });
    await send(page, 'Written in a tunnel');
    await said(page, 'Written in a tunnel').waitFor();
    await page.waitForTimeout(LAPSED_MS);
    await reader(page, { status: 'offline', connection: 'offline' });
    expect(mints()).toBe(1);
    expect(await said(other.page, 'Written in a tunnel').count()).toBe(0);
    await context.setOffline(false);
    await connected(page);
    await said(other.page, 'Written in a tunnel').waitFor();
    expect(mints()).toBe(2);
    expect(await said(other.page, 'Written in a tunnel').count()).toBe(1);
    expect(await useToken(page)).toBe(200);
  });

  test('T18 T19 hidden, then frozen, beyond the token’s life: the first use on return is valid', async ({ expect }) => {
    const { page, hide, freeze, show, close } = await openHideablePage();
    try {
      const { mints, statuses } = await visit(page, 'sleeper');
      // The very first moment of the return, before any timer or effect.
      const useOnReturn = () =>
        page.evaluate(() => {
          const onReturn = () => {
            if (document.visibilityState === 'hidden') return;
            document.removeEventListener('visibilitychange', onReturn);
            window.firstUse = window.page.useToken();
          };
          document.addEventListener('visibilitychange', onReturn);
        });
      const firstUse = () => page.evaluate(() => window.firstUse);

      await hide();
      await useOnReturn();
      expect(await page.evaluate(() => document.visibilityState)).toBe('hidden');
      await page.waitForTimeout(LAPSED_MS);
      // The connection lives, so the server asks for a renewal in time: once per life, and no more.
      expect(mints()).toBe(2);
      await reader(page, { connection: 'connected', renewals: 1 });
      await show();
      expect(await firstUse()).toBe(200);
      expect(mints()).toBe(2);

      await freeze();
      await page.waitForTimeout(LAPSED_MS);
      expect(mints()).toBe(2);
      await useOnReturn();
      await show();
      expect(await firstUse()).toBe(200);
      await connected(page);
      expect(mints()).toBe(3);
      expect(statuses.every((status) => status < 400)).toBe(true);
    } finally {
      await close();
    }
  });

  test(
    'T18 T19 hidden for minutes, its timers held back to one a minute: renewed by the server’s word alone, once per life',
    { timeout: 240_000 },
    async ({ expect }) => {
      const { page, hide, show, close } = await openHideablePage({ throttled: true });
      try {
        const { mints, statuses } = await visit(page, 'background');
        await page.evaluate(() => {
          window.ticks = [];
          const tick = () => {
            window.ticks?.push(performance.now());
            setTimeout(tick, 1_000);
          };
          tick();
        });
        const began = Date.now();
        await hide();
        await new Promise((resolve) => setTimeout(resolve, MINUTES_MS));
        const lives = (Date.now() - began) / (TTL_SECONDS * 1_000);
        const ticks = await page.evaluate(() => window.ticks ?? []);
        const longest = Math.max(...ticks.slice(1).map((at, index) => at - (ticks[index] ?? 0)));
        expect(longest, 'the timers were held back').toBeGreaterThan(30_000);
        await reader(page, { connection: 'connected', status: 'ready' });
        // Renewed at 70–75 % of each life.
        expect(mints()).toBeGreaterThanOrEqual(Math.floor(lives));
        expect(mints()).toBeLessThanOrEqual(Math.ceil(lives / 0.7) + 1);
        await show();
        expect(await useToken(page)).toBe(200);
        expect(statuses.every((status) => status < 400)).toBe(true);
      } finally {
        await close();
      }
    },
  );

  test('T46 after a renewal the raw token is nowhere in reach of the page’s own code', async ({ expect }) => {
    const { page, raws, traces, mints } = await open('secretive');
    await send(page, 'A text that is to be found');
    await said(page, 'A text that is to be found').waitFor();
    await page.waitForTimeout(RENEWED_MS);
    await reader(page, { status: 'ready', renewals: 1 });
    expect(await useToken(page)).toBe(200);
    expect(mints()).toBe(2);

    const { surfaces, counts } = await page.evaluate(searchPage);
    const everywhere = Object.entries({ ...surfaces, traces: traces.join('\n') });
    const where = (text: string) => everywhere.filter(([, content]) => content.includes(text)).map(([name]) => name);
    // The search reaches far enough to find what is there: a message, and the objects that hold the tokens.
    expect(where('A text that is to be found')).toEqual(['React’s props and state', 'page']);
    expect(where('[ChatToken]')).toEqual(['query cache, as JSON', 'query cache, dehydrated', 'traces']);
    expect(counts.fibres).toBeGreaterThan(100);
    expect(counts.chatTokens).toBeGreaterThan(0);
    const tokens = await raws();
    expect(tokens).toHaveLength(2);
    // Header, payload and signature; of these the header is the same for all tokens.
    for (const piece of tokens.flatMap((raw) => raw.split('.').slice(1))) expect(where(piece)).toEqual([]);
  });
});
