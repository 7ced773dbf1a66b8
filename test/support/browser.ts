import { chromium, type Browser } from 'playwright';
import { chromiumLaunch } from '../../scripts/chromium.mjs';

/** A real Chromium, wherever this machine has one. */
export async function launchBrowser(): Promise<Browser> {
  const { launchOptions } = await chromiumLaunch();
  return chromium.launch(launchOptions);
}
