import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compare, TOLERANCE } from './compare.ts';
import { Stage, type Look } from './open.ts';

const PICTURES = resolve('test/looks/pictures');
/** What a failed test saw; git does not keep it. */
const SEEN = resolve('node_modules/.cache/looks');
const UPDATE = process.env.LATCHKIT_UPDATE_LOOKS === '1';

const PHONE = { width: 390, height: 780 };

const LOOKS: Record<string, Look> = {
  'desktop-light': {},
  'desktop-dark': { theme: 'dark', fromStart: true },
  'desktop-arabic': { language: 'ar' },
  'desktop-forced-colors': { forcedColors: 'active' },
  'phone-light': { ...PHONE, fromStart: true },
  'phone-dark': { ...PHONE, theme: 'dark' },
  'phone-arabic': { ...PHONE, language: 'ar', theme: 'dark' },
  'phone-conversations': { ...PHONE, list: true },
};

let stage: Stage;
let judge: Page;

beforeAll(async () => {
  stage = await Stage.start();
  judge = await stage.blank();
});

afterAll(async () => {
  await stage?.close();
});

/** A picture of the page with nothing in it that moves. */
const take = (page: Page) => page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' });

test.each(Object.entries(LOOKS))('%s looks as it did', async (name, look) => {
  const page = await stage.open(look);
  const picture = join(PICTURES, `${name}.png`);
  const actual = await take(page);
  await page.context().close();
  if (UPDATE) return writeFileSync(picture, actual);
  expect(existsSync(picture), `no picture: ${picture}`).toBe(true);
  const difference = await compare(judge, readFileSync(picture), actual);
  if (process.env.LATCHKIT_LOOKS_REPORT) console.log(name, difference);
  const seen = join(SEEN, `${name}.png`);
  if (difference.squares > 0) {
    mkdirSync(SEEN, { recursive: true });
    writeFileSync(seen, actual);
  }
  expect(
    difference.squares,
    `${name} differs from ${picture} by up to ${Math.round(difference.most)} (more than ${TOLERANCE}), first at ` +
      `${JSON.stringify(difference.at)}: see ${seen}. If it should: LATCHKIT_UPDATE_LOOKS=1 npm test -- test/looks`,
  ).toBe(0);
});

test('what is moved by a little, or gone, shows', async () => {
  const page = await stage.open();
  const before = await take(page);
  const differs = async (css: string) => {
    const style = await page.addStyleTag({ content: css });
    const { squares } = await compare(judge, before, await take(page));
    await style.evaluate((element: Element) => element.remove());
    return squares;
  };
  expect(await differs('/* nothing */')).toBe(0);
  expect(await differs('.lk-thread-meta { translate: 0 3px; }')).toBeGreaterThan(0);
  expect(await differs('.lk-presence { display: none; }')).toBeGreaterThan(0);
  expect(await differs('.lk-answer-actions { opacity: 0; }')).toBeGreaterThan(0);
  expect(await differs('.lk-root { --lk-accent: #2f5e6f; }')).toBeGreaterThan(0);
  await page.context().close();
});

test('a window is heard as it is meant to be', async () => {
  // High enough for all of it: further away, a list’s rows come into the page and go as it needs them.
  const page = await stage.open({ height: 1_600 });
  await page.locator('[data-event="thread.created"]').waitFor();
  await expect(await page.locator('.lk-window').ariaSnapshot()).toMatchFileSnapshot('window.aria.txt');
  await page.context().close();
});
