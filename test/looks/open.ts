import { build } from 'esbuild';
import { resolve } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright';
import { chromiumLaunch } from '../../scripts/chromium.mjs';
import { NOW, unsentOf, type Language } from './scenes.ts';

export interface Look {
  language?: Language;
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
  /** The conversations alone, where the window is too narrow for both. */
  list?: boolean;
  forcedColors?: 'active';
  contrast?: 'more';
  /** Reads back to the beginning. */
  fromStart?: boolean;
}

const ORIGIN = 'https://looks.test';
const html = (script: string, sheets: readonly string[]) =>
  `<!doctype html><html><head><meta charset="utf-8"><title>Looks</title><link rel="icon" href="data:,">
<style>html, body, #root { height: 100%; margin: 0; }</style>
${sheets.map((sheet) => `<link rel="stylesheet" href="/${sheet}.css">`).join('')}
</head><body><div id="root"></div><script type="module" src="/${script}.js"></script></body></html>`;
const TYPES: Record<string, string> = { js: 'text/javascript', css: 'text/css' };

/** Opens scenes in a browser whose clock, language, time zone and font are the same on every machine. */
export class Stage {
  readonly #browser: Browser;
  readonly #files: ReadonlyMap<string, Uint8Array>;

  private constructor(browser: Browser, files: ReadonlyMap<string, Uint8Array>) {
    this.#browser = browser;
    this.#files = files;
  }

  static async start(): Promise<Stage> {
    const { outputFiles } = await build({
      entryPoints: {
        page: resolve('test/looks/page.tsx'),
        plain: resolve('test/looks/plain.tsx'),
        whole: resolve('src/react/styles/index.css'),
        first: resolve('src/react/styles/first.css'),
        later: resolve('src/react/styles/later.css'),
      },
      bundle: true,
      splitting: true,
      write: false,
      outdir: '/',
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      alias: { 'latchkit/styles.css': resolve('src/react/styles/index.css') },
      loader: { '.woff2': 'dataurl', '.woff': 'empty' },
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'error',
    });
    const { launchOptions } = await chromiumLaunch();
    const browser = await chromium.launch({
      ...launchOptions,
      // Letters as the font draws them, not as a machine’s settings would fit them to its pixels.
      args: [...launchOptions.args, '--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'],
    });
    return new Stage(browser, new Map(outputFiles.map(({ path, contents }) => [path, contents])));
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /** A file of the page. */
  text(path: string): string {
    return new TextDecoder().decode(this.#files.get(path));
  }

  async blank(): Promise<Page> {
    return this.#browser.newPage();
  }

  /** The scene, once all that belongs to it is there and stands still. */
  async open(look: Look = {}): Promise<Page> {
    const { language = 'en', theme = 'light', list = false, forcedColors } = look;
    const query = new URLSearchParams({ language, theme, ...(list && { list: '' }) });
    const page = await this.#visit(look, `/?${query}`, html('page', ['page']));
    if (list) await this.#call(page, 'happen');
    else await this.#converse(page, language);
    await page.locator('.lk-thread .lk-presence').first().waitFor({ state: 'attached' });
    if (look.fromStart) await this.#toStart(page);
    await page.evaluate(() => document.fonts.ready);
    if (!list) await this.#call(page, 'type');
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
    await page.mouse.move(0, 0);
    // Forced colours show a caret that a picture would hide.
    if (forcedColors) await partsOf(page).composer.blur();
    return page;
  }

  /** A window of plain messages with the first style sheet alone, while the other is on its way. */
  async openPlain(look: Look & { density?: 'compact' } = {}): Promise<Page> {
    const { theme = 'light', list = false, density } = look;
    const query = new URLSearchParams({ theme, ...(density && { compact: '' }), ...(list && { threads: '' }) });
    const page = await this.#visit(look, `/?${query}`, html('plain', ['first']));
    const { log, composer } = partsOf(page);
    await log.locator('.lk-separator').first().waitFor();
    await this.#call(page, 'happen');
    await log.locator('.lk-reply-count').waitFor();
    await page.locator('.lk-composer-tools > :nth-child(3)').waitFor();
    await composer.fill('Perfect.');
    await composer.press('Enter');
    await log.locator('[data-delivery="failed"]').waitFor();
    await this.#call(page, 'type');
    await page.locator('.lk-typing-text').filter({ hasText: /./ }).waitFor();
    return page;
  }

  async #visit(look: Look, path: string, document: string): Promise<Page> {
    const { language = 'en', theme = 'light', width = 1080, height = 780, forcedColors, contrast } = look;
    const options: BrowserContextOptions = {
      viewport: { width, height },
      locale: language === 'ar' ? 'ar' : 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      colorScheme: theme,
      ...(forcedColors && { forcedColors }),
      ...(contrast && { contrast }),
    };
    const page = await (await this.#browser.newContext(options)).newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.clock.setFixedTime(NOW);
    await page.route('**/*', (route) => {
      const { origin, pathname } = new URL(route.request().url());
      if (origin !== ORIGIN) return route.abort();
      const file = this.#files.get(pathname);
      if (!file) return route.fulfill({ contentType: 'text/html', body: document });
      return route.fulfill({
        contentType: TYPES[pathname.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
        body: Buffer.from(file),
      });
    });
    await page.goto(`${ORIGIN}${path}`);
    return page;
  }

  async #converse(page: Page, language: Language): Promise<void> {
    const { log, composer } = partsOf(page);
    await log.locator('[data-message-id="invite"]').waitFor();
    await this.#call(page, 'happen');
    await log.locator('[data-answer="done"] .lk-answer-actions, [data-answer="done"] .lk-sources').first().waitFor();
    await page.locator('.lk-thread[data-selected="true"][data-unread="false"]').waitFor({ state: 'attached' });
    await this.#call(page, 'refuse');
    await composer.fill(unsentOf(language));
    await composer.press('Enter');
    await log.locator('[data-delivery="failed"]').waitFor();
    await this.#call(page, 'type');
    await page.locator('.lk-typing-text').filter({ hasText: /./ }).waitFor();
  }

  async #toStart(page: Page): Promise<void> {
    await partsOf(page).log.hover({ position: { x: 4, y: 4 } });
    await page.mouse.wheel(0, -10_000);
    await page.locator('[data-event="thread.created"]').waitFor();
    await page.locator('.lk-to-latest').waitFor();
    await page.waitForFunction(() => document.querySelector('.lk-viewport')?.scrollTop === 0);
  }

  #call(page: Page, name: string): Promise<void> {
    return page.evaluate((wanted) => (window as unknown as Record<string, () => void>)[wanted]?.(), name);
  }
}

/** What the person reads, and what they write into. */
const partsOf = (page: Page) => ({
  log: page.getByRole('log'),
  composer: page.locator('.lk-composer textarea'),
});
