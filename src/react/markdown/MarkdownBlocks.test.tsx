import { tests as commonMark } from 'commonmark-spec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkdownBlocks, type Block } from './MarkdownBlocks.ts';
import { mend } from './mend.ts';

const read = (blocks: MarkdownBlocks, text: string, streaming = false): Block[] =>
  blocks.update(text, streaming).flat();
const whole = (text: string) => tokens(read(new MarkdownBlocks({ breaks: false, mend }), text));
const tokens = (blocks: Block[]) => blocks.map(({ token }) => token);

function streamed(text: string, ends: Iterable<number>): Block[] {
  const blocks = new MarkdownBlocks({ breaks: false, mend });
  for (const end of ends) read(blocks, text.slice(0, end), true);
  return read(blocks, text);
}

const GFM = [
  '| a | b |\n| - | :-: |\n| 1 | 2 |\n\nafter',
  '| a | b |\n|---|---|\n| `x` | **y** |\n| 1 |\n| 1 | 2 | 3 |\n> q',
  '- [ ] to do\n- [x] done\n  - [ ] inner\n\n1. one\n\n2. two\n\n10) other',
  '~~gone~~ and ~one~ https://example.com/a_b_c, www.example.com. me@example.com',
  'one[^1]\n\n[^1]: the note\n\ntwo',
  '```js\nconst a = "`";\n```\n\ntext\n\n~~~\n```\n~~~\n',
  'line\r\nother\r\n\r\n- a\r\n- b\r\n',
  '> - quote\n>   more\nlazy\n\n>\n> again',
  '- a\n\n  b\n\n      code\n\n- c\n\nend',
  'a[^note] and b[^2]\n\n[^note]: what it says\n  and *more*\n[^2]: other\nlazy\n\nend[^note]',
  'so:\n$$\na^2 + b^2\n= c^2\n$$\nand \\(x\\) or $x_1$ for $5 or US$ 6\n\n\\[ \\int f \\]\n\n$$open\n\nend',
];

describe('a text that comes piece by piece', () => {
  it.each([
    ...commonMark.map(({ number, markdown }) => [`example ${number}`, markdown] as const),
    ...GFM.map((text, index) => [`GFM ${index}`, text] as const),
  ])('ends as the whole does, split at every byte: %s', (_, text) => {
    const expected = whole(text);
    expect(
      tokens(
        streamed(
          text,
          Array.from({ length: text.length }, (_, index) => index + 1),
        ),
      ),
    ).toEqual(expected);
    for (let end = 1; end < text.length; end += 1) expect(tokens(streamed(text, [end]))).toEqual(expected);
  });

  it('ends as the whole does, whatever follows whatever, however it is cut', () => {
    const sources = [
      ...commonMark.map(({ markdown }) => markdown),
      ...GFM,
      'plain words\n\n',
      '## Title\n\n',
      '\n',
      '1',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...sources), { minLength: 2, maxLength: 8 }),
        fc.array(fc.nat(2_000), { maxLength: 40 }),
        (parts, cuts) => {
          const text = parts.join('\n');
          const ends = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
          expect(tokens(streamed(text, ends))).toEqual(whole(text));
        },
      ),
      { numRuns: Number(process.env.LATCHKIT_PROPERTY_RUNS ?? 2_000) / 2, seed: 20261122 },
    );
  });

  it('keeps a finished block as it is, and its group', () => {
    const blocks = new MarkdownBlocks({ breaks: false, mend });
    const paragraphs = Array.from({ length: 60 }, (_, index) => `paragraph ${index} with **words**`).join('\n\n');
    const before = blocks.update(paragraphs, true);
    const after = blocks.update(`${paragraphs} and more`, true);
    expect(before.length).toBe(15);
    expect(after.slice(0, 14).every((group, index) => group === before[index])).toBe(true);
    expect(after.flat().slice(0, 59)).toEqual(before.flat().slice(0, 59));
    expect(
      after
        .flat()
        .slice(0, 59)
        .every((block, index) => block === before.flat()[index]),
    ).toBe(true);
    const ended = blocks.update(`${paragraphs} and more`, false);
    expect(
      ended
        .flat()
        .slice(0, 59)
        .every((block, index) => block === after.flat()[index]),
    ).toBe(true);
  });

  it('has no group of definitions, of which nothing is seen', () => {
    const definitions = Array.from({ length: 9 }, (_, index) => `[${index}]: /${index}`).join('\n');
    const text = `${definitions}\n\n[1] and\n\n${definitions.replaceAll('[', '[a')}\n`;
    for (const streaming of [true, false]) {
      const groups = new MarkdownBlocks({ breaks: false, mend }).update(text, streaming);
      expect(groups.map((group) => group.map(({ token }) => token.type))).toEqual([['paragraph']]);
    }
    expect(tokens(streamed(text, [20, 80, 120]))).toEqual(whole(text));
  });

  it('shows the same where plain words are taken in without being read', () => {
    const sources = [...commonMark.map(({ markdown }) => markdown), ...GFM];
    const words = [
      ' and more',
      ' words, an',
      'er',
      'a1',
      ' so’s it',
      ' é',
      ' ',
      '\n',
      '. ',
      '**b** ',
      '- ',
      '1',
      '\n\n',
      '`c` ',
      '|',
    ];
    let extended = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...sources),
        fc.array(fc.constantFrom(...words), { maxLength: 60 }),
        fc.nat(5),
        (source, more, every) => {
          const [read, taken] = [0, 1].map(() => new MarkdownBlocks({ breaks: false, mend }));
          let text = '';
          const pieces = [...source.match(/[^]{1,3}/g)!, ...more];
          for (const [index, piece] of pieces.entries()) {
            text += piece;
            if (index % (every + 2) > 0 && taken!.extend(text)) extended += 1;
            expect(taken!.update(text, true)).toEqual(read!.update(text, true));
          }
          expect(taken!.update(text, false)).toEqual(read!.update(text, false));
        },
      ),
      { numRuns: Number(process.env.LATCHKIT_PROPERTY_RUNS ?? 2_000) / 2, seed: 20261129 },
    );
    expect(extended).toBeGreaterThan(500);
  });

  it('is in colours once its fence is closed, and not before', () => {
    const blocks = new MarkdownBlocks({ breaks: false, mend });
    expect(tokens(read(blocks, 'so:\n\n```js\nlet a', true)).at(-1)).toMatchObject({ type: 'code', open: true });
    expect(tokens(read(blocks, 'so:\n\n```js\nlet a;\n```', true)).at(-1)).not.toHaveProperty('open');
  });

  it('is another text when it does not go on from the one before', () => {
    const blocks = new MarkdownBlocks({ breaks: false, mend });
    read(blocks, 'one\n\ntwo\n\nthree', true);
    expect(tokens(read(blocks, 'four\n\ntwo', true))).toEqual(whole('four\n\ntwo'));
  });
});
