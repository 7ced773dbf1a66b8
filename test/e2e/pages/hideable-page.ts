import { chromium, type Page } from 'playwright';
import { chromiumLaunch } from '../../../scripts/chromium.mjs';
import { freePort } from '../../support/processes.ts';

export interface HideablePage {
  page: Page;
  /** As another tab in front of it does. Its timers go on. */
  hide(): Promise<void>;
  /** As a phone does with a page in the background: hidden, and none of its timers run. */
  freeze(): Promise<void>;
  show(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A page in a Chromium of its own that can be hidden: Playwright holds its pages visible and focused for ever, but for those of
 * a browser that it did not launch and was told to take as it is.
 */
export async function openHideablePage(): Promise<HideablePage> {
  const { launchOptions } = await chromiumLaunch();
  const port = await freePort();
  const args = [...launchOptions.args, `--remote-debugging-port=${port}`];
  const launched = await chromium.launch({ ...launchOptions, args });
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
  const [context] = browser.contexts();
  if (!context) throw new Error('This Chromium has no default context.');
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const freeze = async () => {
    await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: false });
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
  };
  return {
    page,
    async hide() {
      // Freezing hides, and thawing does not show.
      await freeze();
      await cdp.send('Page.setWebLifecycleState', { state: 'active' });
    },
    freeze,
    async show() {
      await cdp.send('Page.setWebLifecycleState', { state: 'active' });
      await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: true });
      await page.bringToFront();
    },
    async close() {
      await browser.close();
      await launched.close();
    },
  };
}
