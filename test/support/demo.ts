import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll } from 'vitest';
import { launchBrowser } from './browser.ts';
import { freePort, startServer, type RunningServer } from './processes.ts';

/** The demo with a database of its own, and a browser to look at it. */
class Demo {
  /** A folder that goes with it: what it stores is here. */
  readonly data = mkdtempSync(join(tmpdir(), 'latchkit-demo-'));
  #port: number | undefined;
  #server: RunningServer | undefined;
  #browser: Browser | undefined;

  get browser(): Browser {
    return this.#browser!;
  }

  get url(): string {
    return this.#server!.url;
  }

  /** Also after `kill`: on the same address, with what is stored. */
  async start(): Promise<void> {
    this.#port ??= await freePort();
    const env = { LATCHKIT_DATA: this.data };
    this.#server = await startServer(['examples/demo/server.ts'], { cwd: resolve('.'), port: this.#port, env });
  }

  /** The server dies without a word. */
  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  async open(): Promise<void> {
    await this.start();
    this.#browser = await launchBrowser();
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Resolves when the page is connected. */
  async signIn(page: Page, name: string): Promise<void> {
    await page.goto(this.url);
    await page.getByLabel('Your name').fill(name);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await statusOf(page, 'connected');
  }
}

/** Serves the demo for the tests of a file. */
export function serveDemo(): Demo {
  const demo = new Demo();
  beforeAll(() => demo.open());
  afterAll(() => demo.close());
  return demo;
}

/** Waits until a page of the demo says so of its connection. */
export function statusOf(page: Page, status: string): Promise<void> {
  return page.locator(`[data-testid="connection-status"][data-status="${status}"]`).waitFor();
}
