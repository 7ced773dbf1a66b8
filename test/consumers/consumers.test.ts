import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

beforeAll(() => {
  const tarball = pack(folder);
  for (const name of ['vite-react', 'node-server'])
    cpSync(resolve('test/consumers', name), join(folder, name), { recursive: true });
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

  test('the command prints a secret that the server takes', () => {
    const secret = run('npx', ['latchkit', 'secret'], node).trim();
    expect(Buffer.from(secret, 'base64url').length).toBeGreaterThanOrEqual(32);
  });
});
