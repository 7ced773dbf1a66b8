import axe from 'axe-core';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Stage, type Look } from './open.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start();
});

afterAll(async () => {
  await stage?.close();
});

async function withPage<T>(look: Look, use: (page: Page) => Promise<T>): Promise<T> {
  const page = await stage.open(look);
  try {
    return await use(page);
  } finally {
    await page.context().close();
  }
}

/** What of the window stands outside of the page, or is cut off in its own box where nothing scrolls: by class and words. */
function cutOff(): string[] {
  const root = document.querySelector('.lk-window');
  const found: string[] = [];
  for (const element of root?.querySelectorAll<HTMLElement>('button, a, textarea, h2, p, time, [role="article"]') ??
    []) {
    const style = getComputedStyle(element);
    const { left, right, width, height } = element.getBoundingClientRect();
    if (width <= 1 || height <= 1 || style.visibility === 'hidden') continue;
    const says = `${element.className} “${element.textContent?.slice(0, 40)}”`;
    if (left < -1 || right > innerWidth + 1) found.push(`outside: ${says}`);
    const clips = style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis';
    if (clips && element.scrollWidth > element.clientWidth + 1) found.push(`cut: ${says}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  return found;
}

/** Whether a pointer would hit it where it is. */
const reachable = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    return hit !== null && element.contains(hit);
  });

describe.each([
  ['200 % of 1280 × 800', { width: 640, height: 400 }],
  ['400 % of 1280 × 1024', { width: 320, height: 256 }],
  ['400 % of 1280 × 1024, in Arabic', { width: 320, height: 256, language: 'ar' }],
] as [string, Look][])('zoomed to %s', (_, look) => {
  test('nothing is cut off or leads sideways, and one can read and write', async () => {
    await withPage(look, async (page) => {
      expect(await page.evaluate(cutOff)).toEqual([]);
      expect(await reachable(page, '.lk-composer textarea')).toBe(true);
      expect(await reachable(page, '.lk-composer .lk-send')).toBe(true);
      // A line of the conversation at least stands between header and composer.
      const room = await page.locator('.lk-viewport').evaluate((element) => element.clientHeight);
      expect(room).toBeGreaterThan(40);
    });
  });
});

test('with the text spaced as WCAG 1.4.12 has it nothing is cut off', async () => {
  await withPage({ width: 390, height: 780 }, async (page) => {
    await page.addStyleTag({
      content: '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }',
    });
    expect(await page.evaluate(cutOff)).toEqual([]);
  });
});

describe.each(['light', 'dark'] as const)('who prefers more contrast, %s', (theme) => {
  test('gets text of 7 : 1', async () => {
    await withPage({ theme, contrast: 'more' }, async (page) => {
      await page.evaluate(axe.source);
      const low = await page.evaluate(async () => {
        const run = (window as unknown as { axe: typeof axe }).axe.run;
        const { violations } = await run('.lk-window', {
          runOnly: ['color-contrast', 'color-contrast-enhanced'],
          rules: { 'color-contrast-enhanced': { enabled: true } },
        });
        return violations.flatMap(({ nodes }) => nodes.map(({ html, any }) => `${any[0]?.message} ${html}`));
      });
      expect(low).toEqual([]);
    });
  });
});

test('who prefers less motion sees none', async () => {
  await withPage({}, async (page) => {
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll('.lk-root, .lk-root *')].flatMap((element) => {
        const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
        const lasts = (duration: string) => duration.split(', ').some((each) => Number.parseFloat(each) > 0.01);
        const moves = (animationName !== 'none' && lasts(animationDuration)) || lasts(transitionDuration);
        return moves ? [`${element.className}: ${animationName} ${animationDuration} ${transitionDuration}`] : [];
      }),
    );
    expect(moving).toEqual([]);
  });
});
