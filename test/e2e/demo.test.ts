import type { BrowserContext, Page } from 'playwright';
import { expect, test } from 'vitest';
import { serveDemo, statusOf } from '../support/demo.ts';

/** Longer than the 60-second token's renewal at 70–80 % of its life. */
const RENEWAL_WAIT_MS = 55_000;

const demo = serveDemo();

interface Person {
  page: Page;
  /** Sockets that the page has opened, ever. */
  sockets(): number;
  problems: string[];
}

async function signIn(name: string, context?: BrowserContext): Promise<Person> {
  const page = await (context ?? (await demo.browser.newContext())).newPage();
  let sockets = 0;
  const problems: string[] = [];
  page.on('websocket', () => (sockets += 1));
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await demo.signIn(page, name);
  return { page, sockets: () => sockets, problems };
}

async function send(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /General/ });
  await composer.fill(text);
  await composer.press('Enter');
}

const message = (page: Page, text: string) => page.getByRole('log').getByText(text, { exact: true });
const renewals = async (page: Page) => Number(await page.getByTestId('token-renewals').textContent());

test('two people sign in, talk, see a renewal on the same connection, and lose nothing to kill -9', async () => {
  const ada = await signIn('Ada Osei');
  const jun = await signIn('Jun Mori');

  await send(ada.page, 'Is the June invoice corrected?');
  await message(jun.page, 'Is the June invoice corrected?').waitFor();
  await send(jun.page, 'Yes, since this morning.');
  await message(ada.page, 'Yes, since this morning.').waitFor();

  // The secret stays on the server, and the session cookie is out of the page's reach.
  expect(await ada.page.evaluate(() => document.cookie)).toBe('');

  // The connection stays while its token is renewed. (In development StrictMode may open and drop one more at the start.)
  const socketsBefore = ada.sockets();
  await expect.poll(() => renewals(ada.page), { timeout: RENEWAL_WAIT_MS }).toBeGreaterThanOrEqual(1);
  await send(jun.page, 'Still here after the renewal.');
  await message(ada.page, 'Still here after the renewal.').waitFor();
  expect(ada.sockets()).toBe(socketsBefore);
  expect(ada.problems).toEqual([]);

  // History is there after a reload.
  await ada.page.reload();
  await message(ada.page, 'Is the June invoice corrected?').waitFor();

  // The server dies without a word; what is written meanwhile waits, and arrives once.
  await demo.kill();
  await statusOf(ada.page, 'reconnecting');
  await send(ada.page, 'Written while the server was down.');
  await message(ada.page, 'Written while the server was down.').waitFor();
  await demo.start();
  await statusOf(ada.page, 'connected');
  await message(jun.page, 'Written while the server was down.').waitFor();

  await jun.page.reload();
  await message(jun.page, 'Written while the server was down.').waitFor();
  for (const text of ['Is the June invoice corrected?', 'Yes, since this morning.', 'Still here after the renewal.']) {
    expect(await message(jun.page, text).count()).toBe(1);
  }
  expect(await message(jun.page, 'Written while the server was down.').count()).toBe(1);
});

test('under a strict Content-Security-Policy nothing is blocked, and nobody but the app’s own server is asked for anything', async () => {
  const context = await demo.browser.newContext();
  const asked = new Set<string>();
  const note = (address: string) => {
    const { protocol, host } = new URL(address);
    // What the page itself holds, such as a picture that is to be sent, is asked of nobody.
    if (protocol !== 'blob:') asked.add(protocol + host);
  };
  context.on('request', (request) => note(request.url()));
  context.on('page', (opened) => opened.on('websocket', (socket) => note(socket.url())));
  await context.addInitScript(() => {
    const blocked: string[] = [];
    Object.assign(window, { blocked });
    document.addEventListener('securitypolicyviolation', (event) => {
      blocked.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample} (${event.sourceFile})`);
    });
  });
  const { page, problems } = await signIn('Noor', context);
  const composer = page.getByRole('textbox', { name: /General/ });

  // Markdown with everything that is loaded for it: code in colours, a formula, a character by its name, a picture from elsewhere.
  await composer.fill(
    '# Title\n\n```ts\nconst a = 1;\n```\n\n$$\\textcolor{red}{x^2}$$\n\n&copy; ![there](https://elsewhere.example/a.png)',
  );
  await composer.press('Enter');
  const log = page.getByRole('log');
  await log.locator('math').waitFor();
  expect(await log.locator('math [style]').evaluate((node) => getComputedStyle(node).color)).toBe('rgb(255, 0, 0)');
  await log.locator('.hljs-keyword').waitFor();
  await log.getByText('© there').waitFor();

  // Emoji, a picture of one's own, a search, and the dialogs.
  await page.getByRole('button', { name: 'Emoji' }).click();
  await page.getByRole('searchbox').fill('thumbs up');
  await page.keyboard.press('Enter');
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach files' }).click(),
  ]);
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await chooser.setFiles({ name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(pixel, 'base64') });
  await page.getByRole('button', { name: 'Send' }).click();
  await log.getByRole('img', { name: 'dot.png' }).waitFor();

  // An answer that streams, with its reasoning, its tool and its source.
  await page.getByRole('button', { name: /^A tour/ }).click();
  const tour = page.getByRole('textbox', { name: /A tour/ });
  await tour.fill('Show me around');
  await tour.press('Enter');
  await log.getByText('JWT access tokens').waitFor({ timeout: 30_000 });

  // A form in it, that the server answers.
  await log.getByRole('radio', { name: '2' }).check();
  await log.getByRole('button', { name: 'Order' }).click();
  await log.getByText('2 tickets').waitFor();
  await log.getByText('sees this ticket now').waitFor();
  expect(await log.getByRole('button', { name: 'Order' }).count()).toBe(0);

  expect(await page.evaluate(() => (window as unknown as { blocked: string[] }).blocked)).toEqual([]);
  const { host } = new URL(demo.url);
  expect([...asked].sort()).toEqual([`http:${host}`, `ws:${host}`]);
  expect(problems).toEqual([]);
});

test('the session ends at sign-out, and the page shows the sign-in again', async () => {
  const mia = await signIn('Mia');
  await mia.page.getByRole('button', { name: 'Sign out' }).click();
  await mia.page.getByLabel('Your name').waitFor();
  await mia.page.reload();
  await mia.page.getByLabel('Your name').waitFor();
});
