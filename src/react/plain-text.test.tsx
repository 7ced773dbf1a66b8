import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

test.each([
  ['Any **owner** can, under *Settings, People*.', 'Any owner can, under Settings, People.'],
  ['***Both***, ~~gone~~ and `code`', 'Both, gone and code'],
  ['**Run `npm test`** first', 'Run npm test first'],
  ['See [**the** page](https://example.com/a?b=c) and ![a cat](cat.png)', 'See the page and a cat'],
  ['# Title\n\n- one\n- two\n> said', 'Title\n\none\ntwo\nsaid'],
  ['```ts\nlet a = 1;\n```', 'let a = 1;\n'],
  ['Run:\n```sh\nnpm i *x* # **not** a title\n```\nand **go**', 'Run:\nnpm i *x* # **not** a title\n\nand go'],
  ['~~~\n# still _being_ written', '# still _being_ written'],
  // Tables: a row per line, whoever draws it.
  ['| Plan | Price |\n| :--- | ---: |\n| **Free** | 0 |\n| Team | `5` |', 'Plan · Price\nFree · 0\nTeam · 5'],
  ['Name | Value\n--- | ---\na \\| b | 1\n\nThen | this', 'Name · Value\na | b · 1\n\nThen | this'],
  ['|x| is not negative', '|x| is not negative'],
  // What is escaped is what was meant.
  ['\\*not emphasised\\* and 1\\. not a list, C:\\dir', '*not emphasised* and 1. not a list, C:\\dir'],
  ['a **bold \\* star** and `\\*` in code', 'a bold * star and \\* in code'],
  // Formulas, without what they stand between.
  ['$x_1 * x_2$ and \\(a_1 * b_1\\)', 'x_1 * x_2 and a_1 * b_1'],
  ['so:\n$$\na_i * b_i\n$$\nor \\[ c_1 \\]', 'so:\na_i * b_i\nor c_1'],
  ['$5 and US$ 6, or *$7*', '$5 and US$ 6, or $7'],
  // Footnotes: the mark says nothing, the note does.
  ['It is so[^1], and **so**[^why].\n\n[^1]: They say *so*.', 'It is so, and so.\n\nThey say so.'],
  ['- [ ] to do\n- [x] done', 'to do\ndone'],
  ['Title\n=====\n\nabove\n\n---\n\nbelow', 'Title\n\n\nabove\n\n\n\nbelow'],
  // Characters by their names and numbers, but where code is shown as it is.
  ['Ada &amp; Ben &#8212; **&copy; 2026**, &lt;b&gt;', 'Ada & Ben — © 2026, <b>'],
  ['`&amp;` and \\&amp; stay, &nothing; too', '&amp; and &amp; stay, &nothing; too'],
  ['&#42;&#42;no marks&#42;&#42; &#xE000;0&#xE001;', '**no marks** \uE0000\uE001'],
  ['[page](https://example.com \"its title\") and <https://example.com/>', 'page and https://example.com/'],
])('%j is read as %j', (markdown, text) => {
  expect(plainText(markdown)).toBe(text);
});

test.each([
  '2 * 3 * 4 = 24',
  'snake_case_name',
  'a*b*c',
  '-5 degrees',
  'x ** y',
  '#tag',
  'array[0](is not a link)',
  'a \\ b',
  'x < y > z',
  '[^',
])('%j has no marks, and stays', (text) => {
  expect(plainText(text)).toBe(text);
});

test('a line of nothing but marks takes no time', () => {
  const began = performance.now();
  plainText('*`_~'.repeat(2_000));
  plainText('[('.repeat(5_000));
  plainText('\\('.repeat(20_000));
  plainText('$x '.repeat(20_000));
  plainText('`'.repeat(100_000));
  plainText(Array.from({ length: 400 }, (_, index) => '`'.repeat(index)).join(' '));
  plainText('|-'.repeat(20_000));
  plainText('a|'.repeat(20_000));
  plainText('**a '.repeat(5_000));
  plainText('a|\n'.repeat(20_000));
  plainText('```\n'.repeat(20_000));
  expect(performance.now() - began).toBeLessThan(1_000);
});
