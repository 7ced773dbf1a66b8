// The two style sheets that the one is made of: what each holds, and that nobody can tell them from the whole.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Stage, type Look } from './open.ts';

const PHONE = { width: 390, height: 780 };

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start();
});

afterAll(async () => {
  await stage?.close();
});

/** The style rules of a sheet: each of their selectors, with those that it is nested in, and what it sets. */
async function rulesOf(page: Page, sheet: 'first' | 'later') {
  await page.goto('about:blank');
  const css = stage.text(`/${sheet}.css`);
  return page.evaluate((text) => {
    const found: { selector: string; sets: string[] }[] = [];
    /** A list's members: what stands within brackets belongs to one of them. */
    const members = (list: string) => {
      const found = [''];
      let depth = 0;
      for (const letter of list) {
        if (letter === '(') depth += 1;
        if (letter === ')') depth -= 1;
        if (letter === ',' && depth === 0) found.push('');
        else found.push(`${found.pop()}${letter}`);
      }
      return found;
    };
    const walk = (rules: CSSRuleList, around: string) => {
      for (const rule of rules) {
        if (rule instanceof CSSStyleRule) {
          for (const member of members(rule.selectorText)) {
            const selector = `${around} ${member.trim()}`.trim();
            if (rule.style.length > 0) found.push({ selector, sets: [...rule.style] });
            walk(rule.cssRules, selector);
          }
        } else if (rule instanceof CSSGroupingRule) walk(rule.cssRules, around);
      }
    };
    const parsed = new CSSStyleSheet();
    parsed.replaceSync(text);
    walk(parsed.cssRules, '');
    return found;
  }, css);
}

/** The classes and `data-` attributes that a text names; not where it looks for what others made. */
const namesIn = (text: string) =>
  [...text.matchAll(/(?<![.\w-])(?:lk|data)-[a-z]+(?:-[a-z]+)*/gu)].map(([name]) => name);

/** What the code names that an app with a window or a launcher loads at once, and the list that moves through its messages. */
async function firstNames(): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    stdin: {
      contents: `import { ChatLauncher, ChatProvider, ChatWindow } from './src/index.ts';
        import { MessageRows } from './src/react/components/messages/MessageRows.tsx';
        console.log(ChatLauncher, ChatProvider, ChatWindow, MessageRows);`,
      resolveDir: resolve('.'),
    },
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    outdir: 'out',
    packages: 'external',
    logLevel: 'error',
  });
  const { outputs } = metafile;
  const files = new Set(Object.keys(outputs).filter((file) => outputs[file]?.entryPoint === '<stdin>'));
  for (const file of files) {
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && !external) files.add(path);
    }
  }
  const sources = [...files].flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}));
  const used = sources.filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path.startsWith('src/react/'));
  return new Set(used.flatMap(([path]) => namesIn(readFileSync(path, 'utf8'))));
}

describe('what each sheet holds', () => {
  /** As a selector has them. */
  const namesOf = (selector: string) =>
    [...selector.matchAll(/(?:\.|\[)((?:lk|data|hljs)-[a-z]+(?:-[a-z]+)*)/gu)].map(([, name]) => name ?? '');

  test('the first: rules of what is shown first, and of nothing else', async () => {
    const page = await stage.blank();
    const [first, rules] = [await firstNames(), await rulesOf(page, 'first')];
    expect(rules.length).toBeGreaterThan(150);
    expect(rules.filter(({ selector }) => namesOf(selector).some((name) => !first.has(name)))).toEqual([]);
    await page.close();
  });

  test('the second: no rule that something of what is shown first could match', async () => {
    const page = await stage.blank();
    const [first, rules] = [await firstNames(), await rulesOf(page, 'later')];
    expect(rules.length).toBeGreaterThan(300);
    const early = rules.filter(({ selector }) => namesOf(selector).every((name) => first.has(name)));
    // What sets tokens alone shows nothing by itself.
    expect(early.filter(({ sets }) => !sets.every((name) => name.startsWith('--')))).toEqual([]);
    await page.close();
  });

  test('the first needs no token of the second, and both have their layers in one order', () => {
    const [first, later] = [stage.text('/first.css'), stage.text('/later.css')];
    const set = new Set([...first.matchAll(/(--lk-[\w-]+):/gu)].map(([, name]) => name));
    const used = new Set([...first.matchAll(/var\((--lk-[\w-]+)/gu)].map(([, name]) => name));
    // Each person's own, set where their picture is.
    expect([...used].filter((name) => !set.has(name))).toEqual(['--lk-hue']);
    const orderIn = (css: string) => /@layer [^{;]+;/u.exec(css)?.[0];
    expect(orderIn(first)).toBe(orderIn(later));
  });
});

/**
 * Where what is computed for the elements of the page differs, by other sheets in the place of the first ones: their element, what is
 * computed, and how often, the first of many. All within one task, so that the page does not notice.
 */
async function differences(page: Page, ...ways: string[][]): Promise<string[]> {
  for (const name of ways.flat()) {
    await page.evaluate(
      (href) =>
        new Promise((loaded, failed) => {
          const link = document.createElement('link');
          Object.assign(link, { rel: 'stylesheet', href, onload: loaded, onerror: failed });
          document.head.append(link);
        }),
      `/${name}.css`,
    );
  }
  return page.evaluate(
    (counts) => {
      const sheets = [...document.styleSheets].filter(({ href }) => href !== null);
      const count = counts.reduce((sum, each) => sum + each, 0);
      const own = sheets.slice(0, -count);
      const before = own.map(({ disabled }) => disabled);
      for (const sheet of own) sheet.disabled = true;
      const elements = [document.documentElement, ...document.querySelectorAll('body, .lk-root, .lk-root *')];
      // All of them but tokens, which show by what they are used for.
      const names = [...getComputedStyle(document.documentElement)].filter((name) => !name.startsWith('--'));
      const computed = (element: Element, pseudo?: string) => {
        const style = getComputedStyle(element, pseudo);
        const isThere = pseudo === undefined || element.matches('textarea') || /^["a]/u.test(style.content);
        return isThere ? names.map((name) => `${name}: ${style.getPropertyValue(name)}`) : [style.content];
      };
      const snapshot = () =>
        elements.flatMap((element) =>
          [undefined, '::before', '::after', '::placeholder'].map((pseudo) => computed(element, pseudo)),
        );
      const shown = counts.map((each, way) => {
        const from = sheets.length - count + counts.slice(0, way).reduce((sum, some) => sum + some, 0);
        for (const [index, sheet] of sheets.entries()) sheet.disabled = index < from || index >= from + each;
        return snapshot();
      });
      own.forEach((sheet, index) => (sheet.disabled = before[index] ?? false));
      for (const sheet of sheets.slice(-count)) sheet.disabled = true;
      const [expected = [], ...others] = shown;
      return others.flatMap((other) =>
        expected.flatMap((values, index) => {
          const element = elements[Math.floor(index / 4)];
          const different = other[index]?.filter((value, at) => value !== values[at]) ?? [];
          return different.map((value) => `${element?.tagName}.${element?.getAttribute('class')} ${value}`);
        }),
      );
    },
    ways.map(({ length }) => length),
  );
}

/** That it is looked at closely enough: a window without some of its rules is another one. */
test('what differs is seen', async () => {
  const page = await stage.openPlain();
  expect((await differences(page, ['whole'], ['later'])).length).toBeGreaterThan(1_000);
  await page.context().close();
});

describe('with the first sheet alone, while the other is on its way', () => {
  test.each<[string, Look & { density?: 'compact' }]>([
    ['desktop, light', {}],
    ['desktop, dark', { theme: 'dark' }],
    ['phone, light', PHONE],
    ['phone, dark', { ...PHONE, theme: 'dark' }],
    ['phone on its side', { width: 640, height: 340 }],
    ['compact', { density: 'compact' }],
    ['beside conversations that are not there yet', { list: true }],
    ['forced colours', { forcedColors: 'active' }],
    ['more contrast', { contrast: 'more' }],
  ])('%s: a window of plain messages is as with all styles', async (_, look) => {
    const page = await stage.openPlain(look);
    expect(await differences(page, ['whole'], ['first'])).toEqual([]);
    await page.locator('[data-delivery="failed"]').hover();
    await page.locator('[data-delivery="failed"] .lk-actions').waitFor();
    await page.locator('.lk-composer textarea').fill('x'.repeat(20));
    expect(await differences(page, ['whole'], ['first'])).toEqual([]);
    await page.evaluate(() => (window as unknown as { refuse: () => void }).refuse());
    await page.locator('.lk-connection[data-shown="true"]').waitFor();
    expect(await differences(page, ['whole'], ['first'])).toEqual([]);
    await page.context().close();
  });
});

describe('with both', () => {
  test.each<[string, Look]>([
    ['desktop, light', { fromStart: true }],
    ['desktop, dark', { theme: 'dark' }],
    ['phone', PHONE],
    ['conversations on a phone', { ...PHONE, list: true }],
    ['forced colours', { forcedColors: 'active' }],
    ['more contrast', { contrast: 'more' }],
  ])('%s: whichever comes first, a window with everything in it is as with the whole', async (_, look) => {
    const page = await stage.open(look);
    if (!look.list) {
      await page.locator('[data-message-id="label"]').click({ button: 'right' });
      await page.locator('[data-message-id="label"]').focus();
      await page.keyboard.press('Enter');
      await page.locator('.lk-menu').waitFor();
    }
    expect(await differences(page, ['whole'], ['first', 'later'], ['later', 'first'])).toEqual([]);
    await page.context().close();
  });
});
