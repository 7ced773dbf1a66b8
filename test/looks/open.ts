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
const HTML = `<!doctype html><html><head><meta charset="utf-8"><title>Looks</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css"></head><body><div id="root"></div><script type="module" src="/page.js"></script></body></html>`;
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
      entryPoints: { page: resolve('test/looks/page.tsx') },
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

  async blank(): Promise<Page> {
    return this.#browser.newPage();
  }

  /** The scene, once all that belongs to it is there and stands still. */
  async open(look: Look = {}): Promise<Page> {
    const { language = 'en', theme = 'light', width = 1080, height = 780, list = false, forcedColors, contrast } = look;
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
      if (!file) return route.fulfill({ contentType: 'text/html', body: HTML });
      return route.fulfill({
        contentType: TYPES[pathname.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
        body: Buffer.from(file),
      });
    });
    await page.goto(`${ORIGIN}/?${new URLSearchParams({ language, theme, ...(list && { list: '' }) })}`);
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
