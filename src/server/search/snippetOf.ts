import type { Phrase, Word } from './words.ts';
import { wordsOf } from './words.ts';

const BEFORE = 40;
const MAX_LENGTH = 160;

/** A piece of a text around what was found in it. */
export interface Snippet {
  text: string;
  /** What was found, as places in `text` in UTF-16 code units: start and end, ascending, none within another. */
  ranges: [number, number][];
}

type Range = [number, number];

/** The piece of `text` around the first place where something was found, its white space as single spaces. */
export function snippetOf(text: string, phrases: readonly Phrase[]): Snippet {
  const line = text.replace(/\s+/gu, ' ').trim();
  const words = [...wordsOf(line)];
  const found = joined(phrases.flatMap((phrase) => placesOf(words, phrase)));
  const first = found[0]?.[0] ?? 0;
  const from = first > BEFORE ? startOfWord(line, first - BEFORE) : 0;
  const to = line.length - from > MAX_LENGTH ? endOfLetter(line, from + MAX_LENGTH) : line.length;
  const [before, after] = [from > 0 ? '…' : '', to < line.length ? '…' : ''];
  const ranges = found
    .filter(([start, end]) => start >= from && end <= to)
    .map(([start, end]): Range => [start - from + before.length, end - from + before.length]);
  return { text: before + line.slice(from, to) + after, ranges };
}

function placesOf(words: readonly Word[], { tokens, prefix }: Phrase): Range[] {
  const places: Range[] = [];
  for (let at = 0; at + tokens.length <= words.length; at += 1) {
    const fits = tokens.every((token, index) => {
      const word = words[at + index]?.token ?? '';
      return prefix && index === tokens.length - 1 ? word.startsWith(token) : word === token;
    });
    const [first, last] = [words[at], words[at + tokens.length - 1]];
    if (fits && first && last) places.push([first.start, endIn(last, tokens.at(-1) ?? '')]);
  }
  return places;
}

/** The end of what was looked for within a longer word; of the whole word where folding changed its length. */
function endIn({ token, start, end }: Word, sought: string): number {
  return token.length === end - start ? start + sought.length : end;
}

function joined(ranges: Range[]): Range[] {
  const all: Range[] = [];
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = all.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else all.push([start, end]);
  }
  return all;
}

function startOfWord(text: string, at: number): number {
  const space = text.indexOf(' ', at);
  return space >= 0 && space < at + BEFORE / 2 ? space + 1 : endOfLetter(text, at);
}

/** Never between the halves of a surrogate pair. */
function endOfLetter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
