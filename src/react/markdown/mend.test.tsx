import { tests as commonMark } from 'commonmark-spec';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mend, mendEnd } from './mend.ts';

const WORDS = [
  'word',
  'two words',
  ' ',
  '. ',
  ', ',
  '\n',
  '\n\n',
  '- ',
  '1. ',
  '## ',
  '> ',
  '---',
  '===',
  '2',
  'a1.',
  '!',
];
const MARKS = '** * __ _ ~~ ` `` ``` [ ]( ) $$ $ | < \\ \\('.split(' ');
const PIECES = [...WORDS, ...MARKS, '**a b**', '`c d`'];

it('lets alone what is whole, as a closer look would', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), (pieces) => {
      const source = pieces.join('');
      expect(mend(source)).toBe(mendEnd(source));
    }),
    { numRuns: Number(process.env.LATCHKIT_PROPERTY_RUNS ?? 20_000), seed: 20261130 },
  );
});

it('lets alone each beginning of CommonMark’s examples that is whole', () => {
  for (const { markdown } of commonMark) {
    for (let end = 1; end <= markdown.length; end += 1) {
      const source = markdown.slice(0, end);
      expect(mend(source)).toBe(mendEnd(source));
    }
  }
});
