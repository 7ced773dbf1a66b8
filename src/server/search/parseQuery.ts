import { phrasesOf, type Phrase } from './words.ts';

/** More than this nobody looks for; and each costs. */
const MAX_PHRASES = 16;

export interface SearchQuery {
  /** All of them are to be in the message. */
  phrases: Phrase[];
  /** What its author's name or id begins with, in lower case; null for anybody's. */
  from: string | null;
}

const PART = /(from:)?"([^"]*)"?|(\S+)/giu;

/**
 * Reads what a person typed: words, which may go on; "words in this order"; from:name, from:"whole name". Anything else is words, too: nothing
 * that can be typed is an error.
 */
export function parseQuery(typed: string): SearchQuery {
  const phrases: Phrase[] = [];
  let from: string | null = null;
  for (const [, isFrom, quoted, word] of typed.matchAll(PART)) {
    const name = isFrom === undefined ? /^from:([^\u0000]+)$/iu.exec(word ?? '')?.[1] : quoted;
    if (name !== undefined) from = name.trim().toLowerCase() || from;
    else phrases.push(...phrasesOf(quoted ?? word ?? '', { exact: quoted !== undefined }));
  }
  return { phrases: phrases.slice(0, MAX_PHRASES), from };
}
