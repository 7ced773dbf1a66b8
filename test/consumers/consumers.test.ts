import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { freePort, startServer, type RunningServer } from '../support/processes.ts';
import { codeLines, readmeBlock } from '../support/readme.ts';
import { at, install, pack, run } from './install.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkit-consumers-'));
const vite = join(folder, 'vite-react');
const node = join(folder, 'node-server');
/** What an app does with the words of another language. */
const WORDS = `
import type { ChatStrings } from 'latchkit';
import { localeStrings } from 'latchkit/locales';
import { GERMAN } from 'latchkit/locales/de';
export const words: ChatStrings = { ...GERMAN, windowLabel: 'Hilfe' };
export const readers: Promise<ChatStrings> = localeStrings(navigator.language);
`;
/** An app whose styles come in two. */
const SPLIT = `
import { createRoot } from 'react-dom/client';
import { ChatProvider, ChatWindow } from 'latchkit';
import 'latchkit/styles/first.css';

const id = new URLSearchParams(location.search).get('user') ?? 'nobody';
createRoot(document.getElementById('root')!).render(
  <ChatProvider userId={id} loadStyles={() => import('latchkit/styles/later.css')}>
    <ChatWindow threadId="general" />
  </ChatProvider>,
);
`;
const split = join(vite, 'split');

beforeAll(() => {
  const tarball = pack(folder);
  for (const name of ['vite-react', 'node-server'])
    cpSync(resolve('test/consumers', name), join(folder, name), { recursive: true });
  mkdirSync(join(split, 'src'), { recursive: true });
  cpSync(join(vite, 'index.html'), join(split, 'index.html'));
  writeFileSync(join(split, 'src', 'main.tsx'), SPLIT);
  writeFileSync(join(vite, 'src', 'Chat.tsx'), readmeBlock('tsx'));
  writeFileSync(join(vite, 'src', 'words.ts'), WORDS);
  writeFileSync(join(node, 'server.js'), readmeBlock('js'));
  const types = at('typescript', '@types/node');
  install(vite, [
    tarball,
    ...at('react', 'react-dom', '@tanstack/react-query', '@types/react', '@types/react-dom', 'vite'),
    ...types,
  ]);
  install(node, [tarball, ...types]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the README’s code', () => {
  test('is at most ten lines each', () => {
    expect(codeLines(readmeBlock('tsx')).length).toBeLessThanOrEqual(10);
    expect(codeLines(readmeBlock('js')).length).toBeLessThanOrEqual(10);
  });

  test('compiles against the packed types, client and server', () => {
    expect(run('npx', ['tsc', '-p', '.'], vite)).toBe('');
    expect(run('npx', ['tsc', '-p', '.'], node)).toBe('');
  });
});

describe('the packed package in a Vite + React app and a plain Node server', () => {
  let browser: Browser;
  let server: RunningServer;

  beforeAll(async () => {
    run('npx', ['vite', 'build', '--logLevel', 'warn'], vite);
    server = await startServer(['server.js'], {
      cwd: node,
      port: await freePort(),
      env: { CHAT_SECRET: randomBytes(32).toString('base64url'), PAGE_FOLDER: join(vite, 'dist') },
    });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.kill();
  });

  test('two people talk, and the page asks nothing of any other host', async () => {
    const hosts = new Set<string>();
    const open = async (user: string) => {
      const page = await (await browser.newContext()).newPage();
      page.on('request', (request) => hosts.add(new URL(request.url()).host));
      await page.goto(`${server.url}/?user=${user}`);
      return page;
    };
    const ada = await open('ada');
    const jun = await open('jun');

    const composer = ada.getByRole('textbox', { name: /General/ });
    await composer.fill('Can you see this?');
    await composer.press('Enter');
    await jun.getByText('Can you see this?').waitFor();

    expect([...hosts]).toEqual([new URL(server.url).host]);
  });

  describe('with its styles in two', () => {
    let apart: RunningServer;

    beforeAll(async () => {
      run('npx', ['vite', 'build', split, '--logLevel', 'warn'], vite);
      apart = await startServer(['server.js'], {
        cwd: node,
        port: await freePort(),
        env: {
          CHAT_SECRET: randomBytes(32).toString('base64url'),
          PAGE_FOLDER: join(split, 'dist'),
        },
      });
    });

    afterAll(() => apart?.kill());

    test('the compiler finds the sheet that an expression imports, by the package alone', () => {
      writeFileSync(join(vite, 'alone.ts'), `export const loadStyles = () => import('latchkit/styles/later.css');`);
      const options = ['--noEmit', '--types', 'react', '--moduleResolution', 'bundler', '--module', 'esnext'];
      expect(run('npx', ['tsc', '--ignoreConfig', ...options, 'alone.ts'], vite)).toBe('');
    });

    test('a window is styled without the second sheet, and a menu comes with it; also where it could not be loaded at first', async () => {
      const page = await (await browser.newContext()).newPage();
      const sheets: string[] = [];
      page.on('request', (request) => {
        if (request.resourceType() === 'stylesheet') sheets.push(new URL(request.url()).pathname);
      });
      // Of what is fetched when the page is idle, nothing is: what is, is needed.
      await page.addInitScript(() => (window.requestIdleCallback = () => 0));
      await page.goto(`${apart.url}/?user=ada`);
      const composer = page.getByRole('textbox', { name: /General/ });
      await composer.fill('Plain words');
      await composer.press('Enter');
      const message = page.locator('[data-following] [data-delivery="sent"]').first();
      await message.waitFor();
      await message.hover();
      const styleOf = (selector: string, name: string) =>
        page
          .locator(selector)
          .evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name);
      expect(await styleOf('.lk-composer-box', 'border-top-left-radius')).toBe('16px');
      expect(await styleOf('.lk-actions', 'position')).toBe('absolute');
      expect(sheets).toHaveLength(1);

      await page.route('**/later-*.css', (route) => route.abort());
      const failed = page.waitForEvent('requestfailed', (request) => request.resourceType() === 'stylesheet');
      await message.locator('[data-menu]').click();
      await failed;
      await message.locator('[data-menu][aria-expanded="false"]').waitFor();
      expect(await page.getByRole('menu').count()).toBe(0);

      await page.unroute('**/later-*.css');
      await message.hover();
      await message.locator('[data-menu]').click();
      await page.getByRole('menu').waitFor();
      expect(await styleOf('.lk-menu', 'flex-direction')).toBe('column');
      expect(new Set(sheets).size).toBe(2);
      expect(sheets).toHaveLength(3);
    });
  });

  test('the command prints a secret that the server takes', () => {
    const secret = run('npx', ['latchkit', 'secret'], node).trim();
    expect(Buffer.from(secret, 'base64url').length).toBeGreaterThanOrEqual(32);
  });
});
