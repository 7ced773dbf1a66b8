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

/** As after five minutes in the background, after ten seconds: timers run once a minute. */
const SOON_THROTTLED = '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10';
/** By which Playwright spares its pages that. */
const UNTHROTTLED = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/**
 * A page in a Chromium of its own that can be hidden: Playwright holds its pages visible and focused for ever, but for those of
 * a browser that it did not launch and was told to take as it is.
 * @param throttled whether its timers are held back soon, as a browser does with pages that were in the background for minutes
 */
export async function openHideablePage({ throttled = false } = {}): Promise<HideablePage> {
  const { launchOptions } = await chromiumLaunch();
  const port = await freePort();
  const args = [...launchOptions.args, `--remote-debugging-port=${port}`, ...(throttled ? [SOON_THROTTLED] : [])];
  const ignoreDefaultArgs = throttled ? UNTHROTTLED : [];
  const launched = await chromium.launch({ ...launchOptions, args, ignoreDefaultArgs });
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
