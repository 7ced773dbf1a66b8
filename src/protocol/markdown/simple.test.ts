import fc from 'fast-check';
import { Lexer } from 'marked';
import { expect, test } from 'vitest';
import { EXTENSIONS } from './extensions.ts';
import { lex } from './lex.ts';
import { simpleInline, simpleList } from './simple.ts';

const RUNS = Number(process.env.LATCHKIT_PROPERTY_RUNS ?? 5_000);

const piece = fc.constantFrom(' ', ' ', ...'word é 7 ** ** ` ` * _ . ! ( ) " - , www.a @ : / [ &'.split(' '));
const line = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const marked = fc
  .tuple(
    fc.constantFrom('- ', '- ', '* ', '+ ', '1. ', '2. ', '3) ', '  - ', '-  ', '- [ ] ', '', '# '),
    fc.constantFrom('word', 'a', '', '1'),
    line,
  )
  .map((parts) => parts.join(''));
const ending = fc.constantFrom('\n', '\n', '\n', '\n\n', '\n \n');
const mixed = fc.array(fc.tuple(marked, ending), { maxLength: 6 }).map((lines) => lines.flat().join(''));
const said = fc.constantFrom(
  'word',
  'two words',
  '**so** it is',
  'a `b`.',
  '`c`',
  'd ',
  '',
  '**',
  'e**f**',
  'Mr. X! (g)',
  '- h',
  '1. i',
);
const list = fc
  .tuple(fc.constantFrom('- ', '* ', '+ ', '1. ', '7) '), fc.array(fc.tuple(said, ending), { maxLength: 5 }))
  .map(([mark, items]) => items.map((item) => mark + item.join('')).join(''));
const source = fc.oneof(mixed, list);

/** marked alone. */
const whole = (text: string) => new Lexer({ gfm: true, breaks: true, extensions: EXTENSIONS }).lex(text);

test('what is read without marked is what marked reads: whole texts, at each of their ends', () => {
  let simple = 0;
  fc.assert(
    fc.property(source, fc.nat(), (text, at) => {
      const part = text.slice(0, text.length - (at % 8));
      if (simpleList(part)) simple += 1;
      expect([...lex(part, { breaks: true, links: {} })]).toEqual([...whole(part)]);
    }),
    { numRuns: RUNS, seed: 7 },
  );
  expect(simple).toBeGreaterThan(RUNS / 20);
});

test('what is read without marked is what marked reads: within a line', () => {
  let simple = 0;
  fc.assert(
    fc.property(line, (text) => {
      const tokens = simpleInline(text);
      if (!tokens) return;
      simple += 1;
      expect(tokens).toEqual(new Lexer({ gfm: true, breaks: true, extensions: EXTENSIONS }).inlineTokens(text));
    }),
    { numRuns: RUNS, seed: 7 },
  );
  expect(simple).toBeGreaterThan(RUNS / 10);
});

test.each([
  'Words, **strong** and `code`.',
  '- an item of words\n- **another** `one`\n',
  '3. three\n4. four',
  '- one\n- two\n',
])('%j is', (text) => {
  expect(simpleList(text) ?? simpleInline(text)).not.toBeNull();
});
