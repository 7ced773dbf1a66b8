import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from './parseQuery.ts';
import { snippetOf } from './snippetOf.ts';
import { wordsOf } from './words.ts';

const tokens = (text: string) => [...wordsOf(text)].map(({ token }) => token);

describe('words', () => {
  it.each([
    ['Crème brûlée, ÉTÉ!', ['creme', 'brulee', 'ete']],
    ['the 2nd v1.2-rc', ['the', '2nd', 'v1', '2', 'rc']],
    ['東京都', ['東京', '京都', '都']],
    ['iPhone15を買う', ['iphone15', 'を買', '買う', 'う']],
    ['カタカナー', ['カタ', 'タカ', 'カナ', 'ナー', 'ー']],
    ['한국어로 말하기', ['한국어로', '말하기']],
    ['ｆｕｌｌ ﬁne', ['full', 'fine']],
    ['שָׁלוֹם', ['שלום']],
    ['İstanbul STRASSE', ['istanbul', 'strasse']],
    ['👍 … \u0000 \ud800', []],
  ])('of %s', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  it('of plain text are read faster, and are the same', () => {
    // A letter beyond ASCII has the whole text read the long way; its own word is left out again.
    const theLongWay = (text: string) => [...wordsOf(`${text} é`)].slice(0, -1);
    const long = fc.integer({ min: 60, max: 70 }).map((length) => 'Ab1'.repeat(length).slice(0, length));
    const texts = fc.array(
      fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.constantFrom(' ', '\u00a0', '\u2028'), long),
    );
    fc.assert(
      fc.property(texts, (parts) => {
        const text = parts.join('');
        expect([...wordsOf(text)]).toEqual(theLongWay(text));
      }),
    );
    expect([...wordsOf('Late again')]).toEqual(theLongWay('Late again'));
  });

  it('are letters, digits and marks alone, and stand where they say, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        let last = 0;
        for (const { token, start, end } of wordsOf(text)) {
          expect(token).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = start;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a query', () => {
  it('is words that may go on, phrases, and whose it is', () => {
    expect(parseQuery('Late "the order" from:Ada invo')).toEqual({
      phrases: [
        { tokens: ['late'], prefix: true },
        { tokens: ['the', 'order'], prefix: false },
        { tokens: ['invo'], prefix: true },
      ],
      from: 'ada',
    });
    expect(parseQuery('from:"Ada Lovelace"')).toEqual({ phrases: [], from: 'ada lovelace' });
    expect(parseQuery('東京都 京')).toEqual({
      phrases: [
        { tokens: ['東京', '京都'], prefix: true },
        { tokens: ['京'], prefix: true },
      ],
      from: null,
    });
    expect(parseQuery('"never closed').phrases).toEqual([{ tokens: ['never', 'closed'], prefix: false }]);
    expect(parseQuery('from: "" OR * NEAR/3 (').phrases.map((phrase) => phrase.tokens.join())).toEqual([
      'from',
      'or',
      'near',
      '3',
    ]);
  });
});

describe('a snippet', () => {
  const marked = (text: string, query: string) => {
    const { text: piece, ranges } = snippetOf(text, parseQuery(query).phrases);
    return ranges.reduceRight(
      (all, [from, to]) => `${all.slice(0, from)}[${all.slice(from, to)}]${all.slice(to)}`,
      piece,
    );
  };

  it.each([
    ['Where is my order?', 'ord', 'Where is my [ord]er?'],
    ['Crème  brûlée\nfor two', 'brulee creme', '[Crème] [brûlée] for two'],
    ['one two one two', '"two one"', 'one [two one] two'],
    ['昨日、東京都庁に行った', '東京都', '昨日、[東京都]庁に行った'],
    ['昨日、東京都庁に行った', '都', '昨日、東京[都]庁に行った'],
    ['nothing here', 'order', 'nothing here'],
  ])('of “%s” for “%s”', (text, query, expected) => {
    expect(marked(text, query)).toBe(expected);
  });

  it('is cut around what was found, never within a letter, and its places are in it', () => {
    const long = `${'lorem ipsum '.repeat(40)}needle ${'dolor 👍 '.repeat(40)}`;
    const { text, ranges } = snippetOf(long, parseQuery('needle').phrases);
    expect(text.length).toBeLessThanOrEqual(163);
    expect(text.slice(...ranges[0]!)).toBe('needle');
    expect(text).toMatch(/^….*…$/u);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), fc.string({ maxLength: 3 }), (any, query) => {
        const snippet = snippetOf(any, parseQuery(query).phrases);
        for (const [from, to] of snippet.ranges) expect(from >= 0 && from < to && to <= snippet.text.length).toBe(true);
      }),
    );
  });
});
