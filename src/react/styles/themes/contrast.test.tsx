import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Tokens = Map<string, string>;
type Rgb = [number, number, number];

const read = (path: string): string => readFileSync(`src/react/styles/${path}`, 'utf8');

/** The tokens that a stylesheet sets under one selector. */
function tokensIn(css: string, selector: string): Tokens {
  const [, ...rules] = css.split(`${selector} {`);
  const body = rules.map((rule) => rule.slice(0, rule.indexOf('}'))).join('');
  return new Map(Array.from(body.matchAll(/--lk-([\w-]+):\s*([^;]+);/gu), (match) => [match[1] ?? '', match[2] ?? '']));
}

function lookOf(theme: string): Record<'light' | 'dark' | 'system', Tokens> {
  const tokens = ['first', 'later'].map((part) => read(`${part}/tokens.css`)).join('');
  const sheets = [tokens, ...(theme !== 'default' ? [read(`themes/${theme}.css`)] : [])];
  const all = (selector: string) => sheets.flatMap((css) => [...tokensIn(css, selector)]);
  // A theme's own light values come over the default's dark ones only where its dark block is silent, so it may not be.
  const [base = [], own = []] = sheets.map((css) => [...tokensIn(css, '.lk-root')]);
  const dark = (selector: string) => {
    const [defaults = [], themed = []] = sheets.map((css) => [...tokensIn(css, selector)]);
    return new Map([...base, ...defaults, ...own, ...themed]);
  };
  return {
    light: new Map(all('.lk-root')),
    dark: dark(".lk-root[data-lk-theme='dark']"),
    system: dark(".lk-root[data-lk-theme='system']"),
  };
}

function rgb(value: string, over: Rgb = [255, 255, 255]): Rgb {
  const hex = value.slice(1);
  const long = hex.length <= 4 ? Array.from(hex, (digit) => digit + digit).join('') : hex;
  const [r = 0, g = 0, b = 0, a = 255] = (long.match(/../gu) ?? []).map((pair) => Number.parseInt(pair, 16));
  const mix = (channel: number, below: number) => channel * (a / 255) + below * (1 - a / 255);
  return [mix(r, over[0]), mix(g, over[1]), mix(b, over[2])];
}

function hsl(hue: number, rest: string): Rgb {
  const [s = 0, l = 0] = rest.split(' ').map((part) => Number.parseFloat(part) / 100);
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

/** WCAG 2.2, relative luminance. */
function luminance(color: Rgb): number {
  const [r = 0, g = 0, b = 0] = color.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Text, what it stands on, and the ratio that it needs. */
const PAIRS: [string, string, number][] = [
  ...['bg', 'panel', 'mine'].map((ground): [string, string, number] => ['text', ground, 4.5]),
  ...['bg', 'panel', 'mine'].map((ground): [string, string, number] => ['muted', ground, 4.5]),
  ...['bg', 'panel'].map((ground): [string, string, number] => ['faint', ground, 4.5]),
  ['accent', 'bg', 4.5],
  ['accent-ink', 'accent', 4.5],
  ['accent-ink', 'accent-hover', 4.5],
  ['warn', 'warn-bg', 4.5],
  ['danger', 'bg', 4.5],
  ['bg', 'danger', 4.5],
  ...['keyword', 'string', 'number', 'title'].map((part): [string, string, number] => [`code-${part}`, 'panel', 4.5]),
  // Borders of controls, and what is told by a shape: 3:1.
  ['control-line', 'bg', 3],
  ['control-line', 'panel', 3],
  ['warn', 'bg', 3],
  ['accent', 'panel', 3],
];

const THEMES = ['default', 'slate', 'plum', 'contrast'];
const CASES = THEMES.flatMap((theme) => (['light', 'dark'] as const).map((scheme) => ({ theme, scheme })));

test.each(CASES)('$theme $scheme: every text can be read on what it stands on', ({ theme, scheme }) => {
  const tokens = lookOf(theme)[scheme];
  const value = (name: string) => {
    const found = tokens.get(name);
    if (found === undefined) throw new Error(`There is no token --lk-${name}.`);
    return found;
  };
  const weak = PAIRS.map(([text, ground, least]) => {
    const ratio = contrast(rgb(value(text)), rgb(value(ground)));
    return ratio < least ? `${text} on ${ground}: ${ratio.toFixed(2)}, needs ${least}` : null;
  }).filter((line) => line !== null);
  expect(weak).toEqual([]);
  // Under the pointer, too.
  const bg = rgb(value('bg'));
  expect(contrast(rgb(value('muted')), rgb(value('hover'), bg))).toBeGreaterThanOrEqual(4.5);
  for (let hue = 0; hue < 360; hue += 5) {
    const ratio = contrast(hsl(hue, value('avatar-ink')), hsl(hue, value('avatar-bg')));
    expect(ratio, `initials of hue ${hue}`).toBeGreaterThanOrEqual(4.5);
  }
});

test.each(THEMES)('%s: what the device asks for is the same dark as the app’s', (theme) => {
  const { dark, system } = lookOf(theme);
  expect(Object.fromEntries(system)).toEqual(Object.fromEntries(dark));
});

test.each(THEMES.filter((theme) => theme !== 'default'))('%s: no light value is left standing in the dark', (theme) => {
  const css = read(`themes/${theme}.css`);
  const shapes = ['radius', 'radius-s'];
  const light = [...tokensIn(css, '.lk-root').keys()].filter((name) => !shapes.includes(name));
  expect([...tokensIn(css, ".lk-root[data-lk-theme='dark']").keys()]).toEqual(light);
});

test('docs/theming.md names every token with its values, and no other', () => {
  const { light, dark } = lookOf('default');
  const rows = Array.from(
    readFileSync('docs/theming.md', 'utf8').matchAll(
      /^\| `--lk-([\w-]+)` +\| `([^`]*)` +\| (?:`([^`]*)`|the same) +\|/gmu,
    ),
    ([, name, lightValue, darkValue]) => [name, [lightValue, darkValue ?? lightValue]],
  );
  const plain = (value: string | undefined) => value?.replace(/\s+/gu, ' ');
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries([...light].map(([name, value]) => [name, [plain(value), plain(dark.get(name))]])),
  );
});
