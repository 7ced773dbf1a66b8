import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { freePort, startServer, type RunningServer } from '../support/processes.ts';
import { install, pack, run } from './install.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkit-next-'));
const next = join(folder, 'app');

describe('the example for Next’s App Router, on the packed package', () => {
  const env = {
    CHAT_SECRET: randomBytes(32).toString('base64url'),
    CHAT_DATABASE: join(folder, 'next.db'),
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production',
  };
  let browser: Browser;
  let server: RunningServer;

  beforeAll(async () => {
    cpSync(resolve('examples/next'), next, { recursive: true, filter: (path) => !/node_modules|\.next$/.test(path) });
    install(next, [pack(folder)]);
    run('npx', ['next', 'build'], next, env);
    server = await startServer(['server.ts'], { cwd: next, port: await freePort(), env });
    browser = await launchBrowser();
  }, 480_000);

  afterAll(async () => {
    await browser?.close();
    await server?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** In a time zone where the server's days are other days. */
  async function open(user: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ timezoneId: 'Pacific/Auckland', ...options });
    await context.addCookies([{ name: 'example_user', value: user, url: server.url }]);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(server.url);
    return { page, complaints: () => complaints.filter((text) => !text.includes('favicon')) };
  }

  test('the messages are in the markup without any script, no token is, and hydration complains of nothing', async () => {
    const ada = await open('ada');
    const composer = ada.page.getByRole('textbox', { name: /General/ });
    for (const text of ['First of all', 'And **then** some']) {
      await composer.fill(text);
      await composer.press('Enter');
    }
    await expect.poll(() => ada.page.locator('[data-delivery="sent"]').count()).toBe(2);

    const html = await (await fetch(server.url, { headers: { cookie: 'example_user=ben' } })).text();
    expect(html).toContain('First of all');
    expect(html).not.toContain('eyJ');
    expect(await (await fetch(server.url)).text()).not.toContain('First of all');

    const plain = await open('ben', { javaScriptEnabled: false });
    await plain.page.getByText('First of all').waitFor();
    await plain.page.getByRole('textbox', { name: /General/ }).waitFor();

    const ben = await open('ben');
    await ben.page.locator('[data-following]').getByText('First of all').waitFor();
    await composer.fill('While you watch');
    await composer.press('Enter');
    await ben.page.getByText('While you watch').waitFor();
    expect(ben.complaints()).toEqual([]);
    expect(ada.complaints()).toEqual([]);
  });
});
