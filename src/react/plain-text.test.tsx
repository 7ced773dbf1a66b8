import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

test.each([
  ['Any **owner** can, under *Settings, People*.', 'Any owner can, under Settings, People.'],
  ['***Both***, ~~gone~~ and `code`', 'Both, gone and code'],
  ['**Run `npm test`** first', 'Run npm test first'],
  ['See [**the** page](https://example.com/a?b=c) and ![a cat](cat.png)', 'See the page and a cat'],
  ['# Title\n\n- one\n- two\n> said', 'Title\n\none\ntwo\nsaid'],
  ['```ts\nlet a = 1;\n```', '\nlet a = 1;\n'],
])('%j is read as %j', (markdown, text) => {
  expect(plainText(markdown)).toBe(text);
});

test.each(['2 * 3 * 4 = 24', 'snake_case_name', 'a*b*c', '-5 degrees', 'x ** y', '#tag', 'array[0](is not a link)'])(
  '%j has no marks, and stays',
  (text) => {
    expect(plainText(text)).toBe(text);
  },
);

test('a line of nothing but marks takes no time', () => {
  const began = performance.now();
  plainText('*`_~'.repeat(2_000));
  plainText('[('.repeat(5_000));
  expect(performance.now() - began).toBeLessThan(500);
});
