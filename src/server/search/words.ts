/** A word as it is looked up, and where it stands in the text, in UTF-16 code units. */
export interface Word {
  token: string;
  start: number;
  end: number;
}

/** Letters and digits with the marks on them. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
/** Scripts that put no space between words. */
const UNSPACED_LETTER =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}\\u30fc\\uff70]';
const SEGMENT = new RegExp(`(?:${UNSPACED_LETTER}\\p{M}*)+|(?:(?!${UNSPACED_LETTER})[^])+`, 'gu');
const IS_UNSPACED = new RegExp(`^${UNSPACED_LETTER}`, 'u');
const LETTER = /\P{M}\p{M}*/gu;
/** Accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic: written or left out by the same people. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]/g;

/** As it is compared: without case, accents and widths. */
function fold(text: string): string {
  return text.toLowerCase().normalize('NFKD').replace(ACCENTS, '').normalize('NFC').replaceAll(NO_WORD, '');
}
/** What a compatibility form may bring that is no letter, as the brackets of ⑴ or the slash of ½. */
const NO_WORD = /[^\p{L}\p{N}\p{M}]/gu;

/** What is longer is looked up by its beginning: engines have a limit, and nobody writes such words. */
const MAX_TOKEN = 64;

function tokenOf(text: string): string {
  const token = fold(text);
  return token.length <= MAX_TOKEN ? token : token.slice(0, MAX_TOKEN).replace(/[\ud800-\udbff]$/u, '');
}

/** A run of letters that is looked up in one piece: a spaced word, or a run of a script without spaces. */
interface Run {
  text: string;
  start: number;
  isUnspaced: boolean;
}

function* runsOf(text: string): Generator<Run> {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    for (const { 0: part, index: at } of word.matchAll(SEGMENT)) {
      yield { text: part, start: index + at, isUnspaced: IS_UNSPACED.test(part) };
    }
  }
}

/** Each letter that overlaps with the next one; and the last one, for who looks for that alone. */
function* pairsOf({ text, start }: Run): Generator<Word> {
  const letters = [...text.matchAll(LETTER)];
  for (const [at, letter] of letters.entries()) {
    const next = letters[at + 1];
    const end = next ? next.index + next[0].length : letter.index + letter[0].length;
    const token = tokenOf(text.slice(letter.index, end));
    if (token !== '') yield { token, start: start + letter.index, end: start + end };
  }
}

/** Of ASCII and white space, which is most of what is written: nothing to take apart, and nothing to fold but case. */
const PLAIN_TEXT = /^[ -~\s]*$/;
const PLAIN_WORD = /[A-Za-z0-9]+/g;

function* plainWordsOf(text: string): Generator<Word> {
  for (const { 0: word, index } of text.matchAll(PLAIN_WORD)) {
    yield { token: word.slice(0, MAX_TOKEN).toLowerCase(), start: index, end: index + word.length };
  }
}

/**
 * The words of a text, in order. Where words are not set apart by spaces, every two neighbouring letters are one: 東京都 is 東京, 京都 and 都.
 * Holds letters, digits and marks alone, so that it goes into any engine's syntax as it is.
 */
export function* wordsOf(text: string): Generator<Word> {
  if (PLAIN_TEXT.test(text)) {
    yield* plainWordsOf(text);
    return;
  }
  for (const run of runsOf(text)) {
    if (run.isUnspaced) yield* pairsOf(run);
    else {
      const token = tokenOf(run.text);
      if (token !== '') yield { token, start: run.start, end: run.start + run.text.length };
    }
  }
}

/** Words that are to stand one after the other; with `prefix`, the last one may go on. */
export interface Phrase {
  tokens: string[];
  prefix: boolean;
}

/**
 * What a part of a query asks for: with `exact`, its spaced words in this order; else each of them, or what begins with it. A run of a script
 * without spaces is in the text as it is written, whether it is quoted or not.
 */
export function phrasesOf(text: string, { exact }: { exact: boolean }): Phrase[] {
  const phrases: Phrase[] = [];
  let open: string[] = [];
  const close = () => {
    if (open.length > 0) phrases.push({ tokens: open, prefix: false });
    open = [];
  };
  for (const run of runsOf(text)) {
    if (run.isUnspaced) {
      close();
      const tokens = [...pairsOf(run)].map(({ token }) => token);
      // The last letter of a longer run is in the pair before it.
      if (tokens.length > 1) tokens.pop();
      if (tokens.length > 0) phrases.push({ tokens, prefix: true });
    } else {
      const token = tokenOf(run.text);
      if (token === '') continue;
      if (exact) open.push(token);
      else phrases.push({ tokens: [token], prefix: true });
    }
  }
  close();
  return phrases;
}
